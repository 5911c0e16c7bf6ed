#include "tls/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/offer.h"
#include "tls/record.h"
#include "tls/scheme_lane.h"
#include "tls/server_hello.h"
#include "tls/server_key_exchange.h"
#include "tls/sslv2.h"

namespace rta::tls {
namespace {

// What recorded bytes say.
struct Record {
  std::optional<ServerHello> hello;
  std::optional<std::uint8_t> alert;
  bool ssl2 = false;
};

// The first message of a record that was kept only in part: servers may put
// the whole flight into one record.
std::optional<ServerHello> hello_in_part(const Bytes& bytes) {
  ByteReader in{bytes};
  if (in.u8() != static_cast<std::uint8_t>(ContentType::handshake)) return std::nullopt;
  in.bytes(4);  // version and length of the record
  if (in.u8() != static_cast<std::uint8_t>(HandshakeType::server_hello)) return std::nullopt;
  const std::size_t size = in.u24();
  const ByteView body = in.bytes(size);
  if (!in.ok()) return std::nullopt;
  auto hello = parse_server_hello(body);
  if (!hello) return std::nullopt;
  return std::move(*hello);
}

Record read_record(const Bytes& bytes) {
  Record record;
  if (bytes.size() > 2 && (bytes[0] & 0x80U) != 0) {
    record.ssl2 = looks_like_ssl2(bytes);
    return record;
  }
  MessageStream stream;
  stream.feed(bytes);
  if (const auto message = stream.next(); message && message->type == HandshakeType::server_hello)
    if (auto hello = parse_server_hello(message->body)) record.hello = std::move(*hello);
  if (!record.hello) record.hello = hello_in_part(bytes);
  if (stream.alert()) record.alert = stream.alert()->description;
  return record;
}

bool is_version(const Record& record, ProtocolVersion version) {
  if (version == ProtocolVersion::ssl2) return record.ssl2;
  return record.hello && record.hello->version == static_cast<std::uint16_t>(version);
}

// The ServerHello of SSL 3.0 or newer at this version; null where there is none.
const ServerHello* hello_at(const Record& record, ProtocolVersion version) {
  return record.hello && is_version(record, version) ? &*record.hello : nullptr;
}

std::optional<ServerKeyExchange> read_exchange(const OfferAnswer& proof) {
  const Record record = read_record(proof.deciding);
  constexpr std::size_t kHeader = 4;
  if (!record.hello || proof.exchange.size() <= kHeader) return std::nullopt;
  auto exchange = parse_server_key_exchange(ByteView{proof.exchange}.subspan(kHeader),
                                            record.hello->suite, record.hello->version);
  if (!exchange) return std::nullopt;
  return std::move(*exchange);
}

class Replay {
 public:
  explicit Replay(TlsSurvey& survey) : survey_(survey) {}

  std::vector<std::string> run() {
    for (VersionOffer& offer : survey_.versions) check_version(offer);
    for (SuiteInventory& inventory : survey_.suites) check_suites(inventory);
    for (GroupInventory& inventory : survey_.groups) check_groups(inventory);
    for (SchemeInventory& inventory : survey_.signatures) check_schemes(inventory);
    check_dh();
    for (const BehaviourProof& proof : survey_.behaviour_proofs) check_behaviour(proof);
    check_signatures_of_sha1();
    return std::move(notes_);
  }

 private:
  void note(std::string text) { notes_.push_back(std::move(text)); }

  void check_version(VersionOffer& offer) {
    OfferAnswer& claim = offer.answer;
    const std::string name{name_of(offer.version)};
    const Record record = read_record(claim.deciding);
    if (is_version(record, offer.version)) {
      if (claim.answer == Answer::supported) return;
      note(fmt::format("{}: recorded as {}, but the bytes are its ServerHello", name,
                       name_of(claim.answer)));
      claim.answer = Answer::supported;
    } else if (claim.answer == Answer::supported) {
      note(fmt::format("{}: recorded as supported, but the bytes are no ServerHello of it", name));
      claim.answer = record.alert ? Answer::not_supported : Answer::inconclusive;
      claim.alert = record.alert;
      claim.reason = "the recorded bytes do not prove what was recorded";
    } else if (claim.answer == Answer::not_supported && claim.alert && claim.alert != record.alert) {
      note(fmt::format("{}: recorded as refused by alert {}, but the bytes are another answer", name,
                       *claim.alert));
      claim.answer = Answer::inconclusive;
      claim.reason = "the recorded bytes do not prove what was recorded";
    }
  }

  // Refusals whose bytes are a ServerHello of what was asked are none.
  template <class Inventory>
  void check_refusals(Inventory& inventory, const std::string& name) {
    const std::size_t dropped = std::erase_if(inventory.refused, [&](const RefusedOffer& offer) {
      return is_version(read_record(offer.proof.deciding), inventory.version) &&
             offer.proof.answer == Answer::not_supported;
    });
    if (dropped > 0) note(name + ": a recorded refusal is a ServerHello");
  }

  void check_suites(SuiteInventory& inventory) {
    const std::string name = fmt::format("suites of {}", name_of(inventory.version));
    std::vector<AcceptedSuite> proven;
    for (AcceptedSuite& accepted : inventory.accepted) {
      const Record record = read_record(accepted.proof.deciding);
      const ServerHello* hello = hello_at(record, inventory.version);
      if (hello == nullptr) {
        note(fmt::format("{}: no bytes prove {}", name, suite_name(accepted.suite)));
        inventory.complete = false;
        inventory.incomplete_reason = "the recorded bytes do not prove what was recorded";
        continue;
      }
      if (hello->suite != accepted.suite) {
        note(fmt::format("{}: recorded {}, but the ServerHello chose {}", name,
                         suite_name(accepted.suite), suite_name(hello->suite)));
        accepted.suite = hello->suite;
      }
      if (std::ranges::count(proven, accepted.suite, &AcceptedSuite::suite) == 0)
        proven.push_back(std::move(accepted));
    }
    inventory.accepted = std::move(proven);
    check_refusals(inventory, name);
    follow(name + ", the choice", inventory, inventory.chosen_proof, inventory.chosen);
    const Record order = read_record(inventory.order_proof.deciding);
    // A third suite, neither the usual choice nor the client's first, may be either.
    if (inventory.order == OrderBy::client && order.hello && inventory.chosen == order.hello->suite) {
      note(name + ": the order is another one by the bytes");
      inventory.order = OrderBy::server;
    }
    if (!inventory.complete) return;
    for (const SuiteProperties& suite : all_suites())
      if (!is_told(inventory, suite.code)) {
        note(fmt::format("{}: recorded as complete, but {} was neither accepted nor refused", name,
                         suite.name));
        inventory.complete = false;
        inventory.incomplete_reason = "the recorded refusals do not cover every suite";
        return;
      }
  }

  static bool is_told(const SuiteInventory& inventory, CipherSuite code) {
    return std::ranges::count(inventory.accepted, code, &AcceptedSuite::suite) > 0 ||
           std::ranges::count(inventory.broken_off, code, &AcceptedSuite::suite) > 0 ||
           is_refused(inventory.refused, code);
  }

  void follow(const std::string& name, SuiteInventory& inventory, const OfferAnswer& proof,
              std::optional<CipherSuite>& chosen) {
    if (!chosen) return;
    const Record record = read_record(proof.deciding);
    const ServerHello* hello = hello_at(record, inventory.version);
    if (hello == nullptr) {
      note(name + ": no bytes prove it");
      chosen.reset();
      return;
    }
    if (hello->suite != *chosen) note(name + ": the ServerHello chose another suite");
    chosen = hello->suite;
    if (!is_told(inventory, *chosen)) {
      note(fmt::format("{}: {} was chosen and is not among the accepted ones", name,
                       suite_name(*chosen)));
      inventory.accepted.push_back({*chosen, proof});
    }
  }

  void check_groups(GroupInventory& inventory) {
    const std::string name = fmt::format("groups of {}", name_of(inventory.version));
    const bool tls13 = inventory.version == ProtocolVersion::tls1_3;
    std::erase_if(inventory.accepted, [&](AcceptedGroup& accepted) {
      const Record record = read_record(accepted.proof.deciding);
      const auto exchange = tls13 ? std::nullopt : read_exchange(accepted.proof);
      const auto group = tls13 ? (record.hello ? record.hello->group : std::nullopt)
                               : (exchange ? exchange->group : std::nullopt);
      const NamedGroup told = group.value_or(0);
      if (group && told == accepted.group) return false;
      inventory.complete = false;
      inventory.incomplete_reason = "the recorded bytes do not prove what was recorded";
      note(fmt::format("{}: recorded {}, but the bytes name {}", name, group_name(accepted.group),
                       group ? group_name(told) : "none"));
      if (group) accepted.group = told;
      return !group;
    });
    check_refusals(inventory, name);
    if (!inventory.complete) return;
    for (const NamedGroup group : tls13 ? groups_of_tls13() : groups_up_to_tls12())
      if (std::ranges::count(inventory.accepted, group, &AcceptedGroup::group) == 0 &&
          !is_refused(inventory.refused, group)) {
        note(fmt::format("{}: recorded as complete, but {} was neither accepted nor refused", name,
                         group_name(group)));
        inventory.complete = false;
        inventory.incomplete_reason = "the recorded refusals do not cover every group";
        return;
      }
  }

  void check_schemes(SchemeInventory& inventory) {
    const std::string name = fmt::format("signature schemes of {}", name_of(inventory.version));
    std::erase_if(inventory.accepted, [&](AcceptedScheme& accepted) {
      const Record record = read_record(accepted.proof.deciding);
      if (inventory.version == ProtocolVersion::tls1_3 && is_version(record, inventory.version))
        return false;
      const auto exchange = read_exchange(accepted.proof);
      if (exchange && exchange->scheme == accepted.scheme) return false;
      note(fmt::format("{}: the bytes do not name {}", name, signature_name(accepted.scheme)));
      inventory.complete = false;
      inventory.incomplete_reason = "the recorded bytes do not prove what was recorded";
      if (exchange && exchange->scheme) accepted.scheme = *exchange->scheme;
      return !exchange || !exchange->scheme;
    });
    check_refusals(inventory, name);
    if (!inventory.complete) return;
    for (const SignatureProperties& scheme : all_signatures())
      if (std::ranges::count(inventory.accepted, scheme.code, &AcceptedScheme::scheme) == 0 &&
          !is_refused(inventory.refused, scheme.code)) {
        note(name + ": recorded as complete, but not every scheme was accepted or refused");
        inventory.complete = false;
        inventory.incomplete_reason = "the recorded refusals do not cover every scheme";
        return;
      }
  }

  void check_dh() {
    for (DhParameters& parameters : survey_.dh_parameters) {
      const auto exchange = read_exchange(parameters.proof);
      if (!exchange || !exchange->is_finite_field()) {
        note("Diffie-Hellman: no bytes prove the recorded prime");
        parameters.prime.clear();
      } else if (exchange->prime != parameters.prime) {
        note("Diffie-Hellman: the ServerKeyExchange holds another prime than recorded");
        parameters.prime = exchange->prime;
        parameters.generator = exchange->generator;
      }
    }
    std::erase_if(survey_.dh_parameters,
                  [](const DhParameters& parameters) { return parameters.prime.empty(); });
  }

  void follow(const std::string& claim, std::optional<bool>& field, bool told) {
    if (!field || *field == told) return;
    note(claim + ": the bytes say otherwise");
    field = told;
  }

  void check_behaviour(const BehaviourProof& proof) {
    TlsBehaviour& behaviour = survey_.behaviour;
    const Record record = read_record(proof.proof.deciding);
    const auto acknowledges = [&](std::uint16_t type) {
      return record.hello->extension(type) != nullptr;
    };
    if (proof.claim == "fallback_scsv_honoured") {
      follow(proof.claim, behaviour.fallback_scsv_honoured,
             record.alert == alerts::kInappropriateFallback);
      return;
    }
    if (!record.hello) return;
    if (proof.claim == "compression_accepted")
      follow(proof.claim, behaviour.compression_accepted, record.hello->compression != 0);
    else if (proof.claim == "secure_renegotiation")
      follow(proof.claim, behaviour.secure_renegotiation,
             acknowledges(extensions::kRenegotiationInfo));
    else if (proof.claim == "extended_master_secret")
      follow(proof.claim, behaviour.extended_master_secret,
             acknowledges(extensions::kExtendedMasterSecret));
    else if (proof.claim == "heartbeat")
      follow(proof.claim, behaviour.heartbeat, acknowledges(extensions::kHeartbeat));
    else if (proof.claim == "encrypt_then_mac")
      follow(proof.claim, behaviour.encrypt_then_mac, acknowledges(extensions::kEncryptThenMac));
    else if (proof.claim == "downgrade_sentinel")
      follow(proof.claim, behaviour.downgrade_sentinel,
             record.hello->sentinel != DowngradeSentinel::absent);
    else if (proof.claim == "post_quantum_preferred" && record.hello->group) {
      const GroupProperties* group = find_group(*record.hello->group);
      follow(proof.claim, behaviour.post_quantum_preferred,
             group != nullptr && group->is_post_quantum());
    } else if (proof.claim == "signature_scheme") {
      const auto exchange = read_exchange(proof.proof);
      if (exchange && exchange->scheme && exchange->scheme != behaviour.signature_scheme) {
        note("signature: the ServerKeyExchange names another scheme than recorded");
        behaviour.signature_scheme = exchange->scheme;
      }
    }
  }

  void check_signatures_of_sha1() {
    const SchemeInventory* schemes = survey_.signatures_of(ProtocolVersion::tls1_2);
    if (schemes == nullptr) return;
    const auto told = accepts_sha1(*schemes);
    if (told == survey_.behaviour.sha1_signature_accepted) return;
    note("SHA-1 signatures: the recorded schemes say otherwise");
    survey_.behaviour.sha1_signature_accepted = told;
  }

  TlsSurvey& survey_;
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> follow_the_bytes(TlsSurvey& survey) { return Replay{survey}.run(); }

}  // namespace rta::tls

#include "tls/endpoint_survey.h"

#include <algorithm>

#include "tls/behaviour.h"
#include "tls/code_points.h"
#include "tls/group_lane.h"
#include "tls/key_shares.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

constexpr std::array kVersions{ProtocolVersion::ssl2,   ProtocolVersion::ssl3,
                               ProtocolVersion::tls1_0, ProtocolVersion::tls1_1,
                               ProtocolVersion::tls1_2, ProtocolVersion::tls1_3};

// A registered, forward-secret AEAD suite of AES or ChaCha20 that a certificate
// authenticates: what every profile allows.
bool is_always_allowed(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->registered && !suite->is_broken() && suite->has_forward_secrecy() &&
         suite->is_aead() && suite->mode != CipherMode::ccm8 &&
         (suite->cipher == Cipher::aes || suite->cipher == Cipher::chacha20);
}

std::vector<CipherSuite> every_code_point() {
  std::vector<CipherSuite> codes = suites_in_neutral_order();
  for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
    const auto suite = static_cast<CipherSuite>(code);
    if (find_suite(suite) == nullptr && suite != kRenegotiationScsv && suite != kFallbackScsv)
      codes.push_back(suite);
  }
  return codes;
}

std::vector<CipherSuite> keep_if_any(const std::vector<CipherSuite>& suites,
                                     bool (*wanted)(const SuiteProperties&)) {
  std::vector<CipherSuite> kept;
  for (const CipherSuite suite : suites)
    if (const SuiteProperties* properties = find_suite(suite);
        properties != nullptr && wanted(*properties))
      kept.push_back(suite);
  return kept;
}

bool costs_nothing(const SuiteProperties& suite) { return !suite.makes_server_sign(); }
bool signs(const SuiteProperties& suite) { return suite.makes_server_sign(); }
bool uses_curve(const SuiteProperties& suite) { return suite.key_exchange == KeyExchange::ecdhe; }

// Suites that the server answers without signing, if it accepts any.
std::vector<CipherSuite> cheapest(const std::vector<CipherSuite>& accepted) {
  std::vector<CipherSuite> cheap = keep_if_any(accepted, costs_nothing);
  return cheap.empty() ? accepted : cheap;
}

}  // namespace

EndpointSurvey::EndpointSurvey(SurveyOptions options) : options_(std::move(options)) {
  learnt_.survey.gate_mode = options_.gate;
  start_first_hello();
}

Offer EndpointSurvey::base(ProtocolVersion version) const {
  Offer offer;
  offer.version = version;
  offer.server_name = options_.server_name;
  offer.groups = version == ProtocolVersion::tls1_3 ? groups_of_tls13() : groups_up_to_tls12();
  return offer;
}

std::vector<CipherSuite> EndpointSurvey::suites_to_offer(ProtocolVersion version) const {
  std::vector<CipherSuite> suites = options_.sweep ? every_code_point() : suites_in_neutral_order();
  const bool allowed_version = version >= ProtocolVersion::tls1_2;
  if (options_.gate && allowed_version) std::erase_if(suites, is_always_allowed);
  const auto is_older = [](CipherSuite code) {
    const SuiteProperties* suite = find_suite(code);
    return suite == nullptr || !suite->is_tls13();
  };
  if (options_.gate && version == ProtocolVersion::tls1_3) std::erase_if(suites, is_older);
  if (version == ProtocolVersion::tls1_3)
    std::ranges::stable_partition(suites, [](CipherSuite code) {
      const SuiteProperties* suite = find_suite(code);
      return suite != nullptr && suite->is_tls13();
    });
  return suites;
}

void EndpointSurvey::add(std::unique_ptr<Lane> lane) {
  slots_.emplace_back().lane = std::move(lane);
}

void EndpointSurvey::ask(Offer offer, SingleLane::Learn learn) {
  add(std::make_unique<SingleLane>(std::move(offer), std::move(learn)));
}

void EndpointSurvey::start_first_hello() {
  Offer offer = base(ProtocolVersion::tls1_3);
  offer.also_tls12 = true;
  offer.groups.resize(12);
  for (const SuiteProperties& suite : all_suites())
    if (suite.is_tls13() && is_always_allowed(suite.code)) offer.suites.push_back(suite.code);
  for (const CipherSuite suite : suites_in_neutral_order())
    if (offer.suites.size() < 40 && !find_suite(suite)->is_tls13()) offer.suites.push_back(suite);
  constexpr std::array<CipherSuite, 7> kCommonLegacy{0x009D, 0x009C, 0xC014, 0xC013,
                                                     0x0035, 0x002F, 0x000A};
  offer.suites.insert(offer.suites.end(), kCommonLegacy.begin(), kCommonLegacy.end());
  offer.record_length = kNewlineRecordLength;
  add(std::make_unique<SingleLane>(
      std::move(offer), [this](const HandshakeAnswer& answer) { first_ = answer; },
      [](const HandshakeAnswer&) {}));
}

void EndpointSurvey::start_versions() {
  add(std::make_unique<Ssl2Lane>(learnt_, base(ProtocolVersion::ssl2)));
  for (const ProtocolVersion version : kVersions) {
    if (version == ProtocolVersion::ssl2) continue;
    const bool only_forbidden = options_.gate && version >= ProtocolVersion::tls1_2;
    if (only_forbidden) ask_version(version);
    add(std::make_unique<SuiteLane>(learnt_, base(version), suites_to_offer(version),
                                    !only_forbidden));
  }
}

// Gate mode: whether an allowed version is spoken, and what it chooses.
void EndpointSurvey::ask_version(ProtocolVersion version) {
  Offer offer = base(version);
  for (const CipherSuite suite : suites_in_neutral_order())
    if (is_always_allowed(suite) &&
        find_suite(suite)->is_tls13() == (version == ProtocolVersion::tls1_3))
      offer.suites.push_back(suite);
  ask(std::move(offer), [this, version](const HandshakeAnswer& answer) {
    if (answer.is(Answer::supported)) {
      learnt_.suites(version).chosen = answer.hello->suite;
      if (version <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
    }
    if (answer.is(Answer::supported) || !learnt_.speaks(version))
      learnt_.set_version(version, answer.outcome);
  });
}

void EndpointSurvey::start_groups() {
  const std::vector<CipherSuite> tls13 = learnt_.accepted(ProtocolVersion::tls1_3);
  if (!tls13.empty()) {
    Offer offer = base(ProtocolVersion::tls1_3);
    offer.suites = tls13;
    add(std::make_unique<GroupLane>(learnt_, offer, groups_of_tls13()));
    // A server that wants a share at once (some do with post-quantum groups)
    // refuses the empty offer; a share that nobody holds the secret of settles it.
    offer.groups = {0x11EC, 0x11EB, 0x11ED};
    offer.key_shares = {unheld_key_share(0x11EC, options_.seed)};
    ask(std::move(offer), [this](const HandshakeAnswer& answer) {
      GroupInventory& groups = learnt_.groups(ProtocolVersion::tls1_3);
      const auto group = answer.hello ? answer.hello->group : std::nullopt;
      if (answer.is(Answer::supported) && group) {
        if (std::ranges::count(groups.accepted, *group, &AcceptedGroup::group) == 0)
          groups.accepted.push_back({*group, answer.outcome});
      } else if (!answer.is(Answer::not_supported)) {
        groups.complete = false;
        groups.incomplete_reason = "post-quantum share: " + answer.outcome.reason;
      }
    });
  }
  const std::vector<CipherSuite> curves =
      keep_if_any(learnt_.accepted(ProtocolVersion::tls1_2), uses_curve);
  if (!curves.empty()) {
    Offer offer = base(ProtocolVersion::tls1_2);
    offer.suites = curves;
    add(std::make_unique<GroupLane>(learnt_, offer, groups_up_to_tls12()));
  }
}

void EndpointSurvey::start_details() {
  if (!options_.gate) start_groups();
  start_behaviour();
  if (options_.gate) return;
  for (const ProtocolVersion version : kVersions) {  // order: the same suites, the other way round
    std::vector<CipherSuite> accepted = learnt_.accepted(version);
    if (accepted.size() < 2 || accepted.size() > 127) continue;
    const CipherSuite chosen = accepted.front();
    std::ranges::reverse(accepted);
    Offer offer = base(version);
    offer.suites = std::move(accepted);
    ask(std::move(offer), [this, version, chosen](const HandshakeAnswer& answer) {
      if (!answer.is(Answer::supported)) return;
      learnt_.suites(version).order =
          answer.hello->suite == chosen ? OrderBy::server : OrderBy::client;
      if (version <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
    });
  }
}

// TLS 1.3 only: three answered shares tell whether the server uses its key again.
void EndpointSurvey::ask_for_shares() {
  Offer offer = base(ProtocolVersion::tls1_3);
  offer.suites = learnt_.accepted(ProtocolVersion::tls1_3);
  constexpr std::array<NamedGroup, 3> kUsual{0x001D, 0x0017, 0x0018};
  for (const NamedGroup group : kUsual)
    offer.key_shares.push_back(unheld_key_share(group, options_.seed));
  if (offer.suites.empty()) return;
  for (int i = 0; i < 3; ++i)
    ask(offer, [this](const HandshakeAnswer& answer) {
      if (answer.is(Answer::supported)) learnt_.flights.push_back(answer);
    });
}

void EndpointSurvey::start_behaviour() {
  const auto highest = learnt_.highest_up_to_tls12();
  if (!highest) {
    if (!options_.gate) ask_for_shares();
    return;
  }
  const std::vector<CipherSuite> accepted = learnt_.accepted(*highest);
  TlsBehaviour& behaviour = learnt_.survey.behaviour;

  Offer deflate = base(*highest);
  deflate.suites = cheapest(accepted);
  deflate.deflate = true;
  ask(deflate, [&behaviour](const HandshakeAnswer& answer) {
    behaviour.compression_accepted.reset();
    if (answer.is(Answer::supported))
      behaviour.compression_accepted = answer.hello->compression != 0;
  });

  const auto spoken = std::ranges::count_if(learnt_.survey.versions, [](const VersionOffer& offer) {
    return offer.answer.answer == Answer::supported && offer.version != ProtocolVersion::ssl2;
  });
  const bool newer = learnt_.speaks(ProtocolVersion::tls1_3);
  ProtocolVersion below = *highest;
  if (!newer)
    for (const ProtocolVersion version : kVersions)
      if (version < *highest && learnt_.speaks(version) && version != ProtocolVersion::ssl2)
        below = version;
  if (spoken >= 2 && (newer || below != *highest)) {
    Offer fallback = base(below);
    fallback.suites = cheapest(learnt_.accepted(below));
    fallback.fallback_scsv = true;
    ask(fallback, [&behaviour](const HandshakeAnswer& answer) {
      behaviour.fallback_scsv_honoured.reset();
      if (answer.outcome.alert == alerts::kInappropriateFallback)
        behaviour.fallback_scsv_honoured = true;
      else if (answer.is(Answer::supported))
        behaviour.fallback_scsv_honoured = false;
    });
  }

  const std::vector<CipherSuite> signing =
      keep_if_any(learnt_.accepted(ProtocolVersion::tls1_2), signs);
  if (signing.empty() || options_.gate) return;
  Offer sha1 = base(ProtocolVersion::tls1_2);
  sha1.suites = signing;
  sha1.signatures = {0x0201, 0x0203, 0x0202};
  ask(sha1, [&behaviour](const HandshakeAnswer& answer) {
    behaviour.sha1_signature_accepted.reset();
    if (answer.is(Answer::not_supported)) behaviour.sha1_signature_accepted = false;
    // Chosen and signed with what was offered, not with something stronger.
    const auto scheme = answer.exchange ? answer.exchange->scheme : std::nullopt;
    const SignatureProperties* signature = scheme ? find_signature(*scheme) : nullptr;
    if (answer.is(Answer::supported) && answer.broken_off)
      behaviour.sha1_signature_accepted = false;
    else if (answer.is(Answer::supported) && signature != nullptr)
      behaviour.sha1_signature_accepted = signature->hash == HashAlgorithm::sha1;
  });
}

void EndpointSurvey::start_control() {
  const bool doubtful = std::ranges::any_of(
      slots_, [&](const Slot& slot) { return slot.last_refusal > last_success_; });
  if (!doubtful) return;
  if (!control_) {
    doubt_refusals("no hello of any kind was accepted");
    return;
  }
  add(std::make_unique<SingleLane>(
      *control_,
      [this](const HandshakeAnswer& answer) {
        if (answer.is(Answer::supported)) return;
        doubt_refusals("a hello that worked before fails at the end of the survey: " +
                       answer.outcome.reason);
      },
      [](const HandshakeAnswer&) {}));
}

// Refusals after the last success prove nothing.
void EndpointSurvey::doubt_refusals(const std::string& why) {
  for (Slot& slot : slots_)
    if (slot.last_refusal > last_success_) slot.lane->doubt(why);
}

// The next phase, once every lane of this one came to its end.
void EndpointSurvey::advance() {
  const auto in_work = [](const Slot& slot) { return !slot.done; };
  while (phase_ != Phase::done && std::ranges::none_of(slots_, in_work)) {
    switch (phase_) {
      case Phase::first_hello: {
        const bool worth_it = first_.ending != Ending::foreign && first_.ending != Ending::silent &&
                              first_.ending != Ending::unreachable &&
                              first_.ending != Ending::stopped;
        if (first_.ending == Ending::foreign) learnt_.survey.foreign = first_.outcome.reason;
        phase_ = worth_it ? Phase::versions : Phase::done;
        if (worth_it) start_versions();
        break;
      }
      case Phase::versions:
        phase_ = Phase::details;
        start_details();
        break;
      case Phase::details:
        phase_ = Phase::control;
        start_control();
        break;
      case Phase::control:
      case Phase::done:
        phase_ = Phase::done;
        break;
    }
  }
}

std::unique_ptr<Probe> EndpointSurvey::next() {
  if (stopped_) return nullptr;
  for (;;) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      Slot& slot = slots_[i];
      if (slot.done || slot.in_flight) continue;
      if (!slot.inquiry) {
        std::optional<Offer> offer = slot.lane->next();
        if (!offer) {
          slot.done = true;
          continue;
        }
        offer->nonce = options_.seed * 0x9E3779B97F4A7C15U + ++nonce_;
        slot.inquiry.emplace(std::move(*offer), control_);
      }
      if (options_.max_connections != 0 && connections_ >= options_.max_connections) {
        stopped_ = true;
        return nullptr;
      }
      slot.in_flight = true;
      ++connections_;
      return std::make_unique<HandshakeProbe>(slot.inquiry->next(), i);
    }
    const Phase before = phase_;
    advance();
    if (phase_ == before || phase_ == Phase::done) return nullptr;
  }
}

void EndpointSurvey::learn(std::unique_ptr<Probe> probe) {
  const auto* handshake = dynamic_cast<const HandshakeProbe*>(probe.get());
  RTA_ASSERT(handshake != nullptr && handshake->tag() < slots_.size());
  Slot& slot = slots_[handshake->tag()];
  const HandshakeAnswer& answer = handshake->answer();
  slot.in_flight = false;
  if (answer.is(Answer::supported)) {
    // The cheapest hello that worked is the control from now on.
    if (!control_ || (control_->costs_signature() && !handshake->offer().costs_signature()))
      if (handshake->offer().version != ProtocolVersion::ssl2) control_ = handshake->offer();
    last_success_ = settled_ + 1;
  }
  slot.inquiry->learn(answer);
  if (slot.inquiry->settled()) settle(slot);
  advance();
}

void EndpointSurvey::settle(Slot& slot) {
  ++settled_;
  const HandshakeAnswer answer = slot.inquiry->answer();
  slot.inquiry.reset();
  if (answer.is(Answer::not_supported)) slot.last_refusal = settled_;
  if (answer.ending == Ending::stopped) stopped_ = true;
  slot.lane->learn(answer);
}

bool EndpointSurvey::finished() const {
  const bool idle = std::ranges::none_of(slots_, &Slot::in_flight);
  return (phase_ == Phase::done || stopped_) && idle;
}

TlsSurvey EndpointSurvey::result() const {
  TlsSurvey survey = learnt_.survey;
  for (const ProtocolVersion version : kVersions) {
    if (survey.version(version) != nullptr) continue;
    VersionOffer& open = survey.versions.emplace_back();
    open.version = version;
    open.answer.reason = first_.ending == Ending::answered ? "the survey ended early"
                                                           : "not asked: " + first_.outcome.reason;
  }
  // A first hello that was answered proves its version even when nothing more came.
  if (first_.is(Answer::supported)) {
    const auto version = ProtocolVersion{first_.hello->version};
    for (VersionOffer& offer : survey.versions)
      if (offer.version == version && offer.answer.answer == Answer::inconclusive)
        offer.answer = first_.outcome;
  }
  std::ranges::sort(survey.versions, {}, &VersionOffer::version);
  std::ranges::sort(survey.suites, {}, &SuiteInventory::version);
  std::ranges::sort(survey.groups, {}, &GroupInventory::version);
  describe_flights(learnt_.flights, survey);
  return survey;
}

}  // namespace rta::tls

#include "tls/behaviour.h"

#include <algorithm>
#include <map>

#include "tls/code_points.h"

namespace rta::tls {
namespace {

constexpr std::uint16_t kTls12 = static_cast<std::uint16_t>(ProtocolVersion::tls1_2);

bool acknowledges(const HandshakeAnswer& flight, std::uint16_t type) {
  return flight.hello->extension(type) != nullptr;
}

// The bytes of the first flight that says so.
void prove(TlsSurvey& survey, std::string_view claim, const HandshakeAnswer& flight) {
  OfferAnswer proof = flight.outcome;
  proof.exchange.clear();
  const auto found =
      std::ranges::find(survey.behaviour_proofs, claim, &BehaviourProof::claim);
  if (found == survey.behaviour_proofs.end())
    survey.behaviour_proofs.push_back({std::string{claim}, std::move(proof)});
  else
    found->proof = std::move(proof);
}

// A claim that one flight makes; the bytes of a flight that changes it prove it.
void claim(TlsSurvey& survey, std::string_view name, std::optional<bool>& field, bool value,
           const HandshakeAnswer& flight) {
  if (field == value) return;
  field = value;
  prove(survey, name, flight);
}

void describe_extensions(const HandshakeAnswer& flight, TlsSurvey& survey) {
  TlsBehaviour& behaviour = survey.behaviour;
  if (flight.hello->version > kTls12 || flight.hello->version == 0x0300) return;
  claim(survey, "secure_renegotiation", behaviour.secure_renegotiation,
        acknowledges(flight, extensions::kRenegotiationInfo), flight);
  if (flight.few_extensions) return;  // what was not offered is not acknowledged
  claim(survey, "extended_master_secret", behaviour.extended_master_secret,
        acknowledges(flight, extensions::kExtendedMasterSecret), flight);
  claim(survey, "heartbeat", behaviour.heartbeat,
        behaviour.heartbeat.value_or(false) || acknowledges(flight, extensions::kHeartbeat),
        flight);
  const SuiteProperties* suite = find_suite(flight.hello->suite);
  if (suite != nullptr && suite->mode == CipherMode::cbc)
    claim(survey, "encrypt_then_mac", behaviour.encrypt_then_mac,
          behaviour.encrypt_then_mac.value_or(true) &&
              acknowledges(flight, extensions::kEncryptThenMac),
          flight);
}

void describe_sentinel(const HandshakeAnswer& flight, TlsSurvey& survey) {
  const OfferAnswer* tls13 = survey.version(ProtocolVersion::tls1_3);
  if (tls13 == nullptr || tls13->answer != Answer::supported) return;
  const bool present = flight.hello->sentinel != DowngradeSentinel::absent;
  claim(survey, "downgrade_sentinel", survey.behaviour.downgrade_sentinel,
        survey.behaviour.downgrade_sentinel.value_or(true) && present, flight);
}

void describe_exchange(const HandshakeAnswer& flight, TlsSurvey& survey) {
  if (!flight.exchange) return;
  const ServerKeyExchange& exchange = *flight.exchange;
  if (exchange.scheme && !survey.behaviour.signature_scheme) {
    survey.behaviour.signature_scheme = exchange.scheme;
    survey.behaviour_proofs.push_back({"signature_scheme", flight.outcome});
  }
  if (!exchange.is_finite_field()) return;
  if (std::ranges::count(survey.dh_parameters, exchange.prime, &DhParameters::prime) > 0) return;
  survey.dh_parameters.push_back(
      {exchange.prime, exchange.generator, flight.hello->suite, flight.outcome});
}

}  // namespace

std::optional<bool> ephemeral_key_reused(const std::vector<HandshakeAnswer>& flights) {
  std::map<Bytes, std::vector<Bytes>> seen;  // group or prime -> public values
  for (const HandshakeAnswer& flight : flights) {
    ServerKeyExchange exchange = flight.exchange.value_or(ServerKeyExchange{});
    if (flight.hello && !flight.hello->key_share.empty()) {  // TLS 1.3
      exchange.group = flight.hello->group;
      exchange.public_value = flight.hello->key_share;
    }
    if (exchange.public_value.empty()) continue;
    Bytes domain = exchange.prime;
    if (exchange.group)
      domain = {static_cast<std::uint8_t>(*exchange.group >> 8U),
                static_cast<std::uint8_t>(*exchange.group)};
    std::vector<Bytes>& values = seen[domain];
    if (std::ranges::count(values, exchange.public_value) > 0) return true;
    values.push_back(exchange.public_value);
  }
  const bool enough =
      std::ranges::any_of(seen, [](const auto& entry) { return entry.second.size() >= 3; });
  if (enough) return false;
  return std::nullopt;
}

void describe_flights(const std::vector<HandshakeAnswer>& flights, TlsSurvey& survey) {
  for (const HandshakeAnswer& flight : flights) {
    if (!flight.hello || flight.hello->version > kTls12) continue;
    describe_extensions(flight, survey);
    describe_sentinel(flight, survey);
    describe_exchange(flight, survey);
    if (flight.flight_completed)
      survey.behaviour.certificate_requested =
          survey.behaviour.certificate_requested.value_or(false) || flight.certificate_requested;
  }
  survey.behaviour.ephemeral_key_reused = ephemeral_key_reused(flights);
}

}  // namespace rta::tls

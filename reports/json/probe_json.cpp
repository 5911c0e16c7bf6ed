#include "reports/json/probe_json.h"

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/text.h"
#include "reports/common/strength.h"
#include "reports/json/utf8.h"
#include "tls/code_points.h"
#include "tls/completeness.h"
#include "tls/dh_prime.h"
#include "tls/sslv2.h"
#include "x509/certificate.h"

namespace rta {
namespace {

using nlohmann::json;
using reports::valid_utf8;

json gap_json(const Gap& gap) {
  return {{"gap",
           {{"reason", name_of(gap.reason)},
            {"detail", valid_utf8(gap.detail)},
            {"remedy", valid_utf8(gap.remedy)}}}};
}

json texts(const std::vector<std::string>& list) {
  json array = json::array();
  for (const std::string& text : list) array.push_back(valid_utf8(text));
  return array;
}

template <class T>
json optional_json(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

std::string code_text(std::uint16_t code) { return fmt::format("0x{:04X}", code); }

// --- The raw survey.

json versions_json(const TlsSurvey& survey) {
  json array = json::array();
  for (const VersionOffer& offer : survey.versions)
    array.push_back({{"version", name_of(offer.version)},
                     {"answer", name_of(offer.answer.answer)},
                     {"reason", valid_utf8(offer.answer.reason)},
                     {"alert", optional_json(offer.answer.alert)}});
  return array;
}

std::string_view strength_name(reports::Strength strength) {
  switch (strength) {
    case reports::Strength::good:
      return "good";
    case reports::Strength::weak:
      return "weak";
    case reports::Strength::broken:
      return "broken";
    case reports::Strength::unknown:
      return "unknown";
  }
  return "unknown";
}

json suite_json(const Endpoint& endpoint, ProtocolVersion version, CipherSuite code) {
  const TlsSurvey* survey = endpoint.tls.value();
  const auto strength =
      survey == nullptr ? reports::strength_of(code) : reports::strength_of(code, *survey);
  const tls::SuiteProperties* suite = tls::find_suite(code);
  return {{"code", code_text(code)},
          {"name", tls::suite_name(code)},
          {"openssl_name", tls::openssl_suite_name(code)},
          {"key_exchange", reports::key_exchange_of(endpoint, version, code)},
          {"bits", reports::cipher_bits(code)},
          {"forward_secrecy", suite != nullptr && suite->has_forward_secrecy()},
          {"aead", suite != nullptr && suite->is_aead()},
          {"strength", strength_name(strength.strength)},
          {"remark", strength.words}};
}

// What was offered and not taken: the proof of every absence.
json refused_json(const std::vector<RefusedOffer>& refused) {
  json array = json::array();
  for (const RefusedOffer& offer : refused) {
    json offered = json::array();
    for (const CodeRange& range : offer.offered)
      offered.push_back({{"first", code_text(range.first)}, {"last", code_text(range.last)}});
    array.push_back({{"offered", std::move(offered)}, {"reason", valid_utf8(offer.proof.reason)}});
  }
  return array;
}

json suites_json(const Endpoint& endpoint, const TlsSurvey& survey) {
  json array = json::array();
  for (const SuiteInventory& inventory : survey.suites) {
    json accepted = json::array();
    for (const AcceptedSuite& suite : inventory.accepted)
      accepted.push_back(suite_json(endpoint, inventory.version, suite.suite));
    json broken_off = json::array();
    for (const AcceptedSuite& suite : inventory.broken_off)
      broken_off.push_back({{"code", code_text(suite.suite)},
                            {"name", tls::suite_name(suite.suite)}});
    array.push_back({{"version", name_of(inventory.version)},
                     {"order", name_of(inventory.order)},
                     {"complete", inventory.complete},
                     {"incomplete_reason", valid_utf8(inventory.incomplete_reason)},
                     {"accepted", std::move(accepted)},
                     {"broken_off", std::move(broken_off)},
                     {"refused", refused_json(inventory.refused)}});
  }
  return array;
}

json groups_json(const TlsSurvey& survey) {
  json array = json::array();
  for (const GroupInventory& inventory : survey.groups) {
    json accepted = json::array();
    for (const AcceptedGroup& group : inventory.accepted) {
      const tls::GroupProperties* known = tls::find_group(group.group);
      accepted.push_back({{"code", code_text(group.group)},
                          {"name", tls::group_name(group.group)},
                          {"preferred", inventory.preferred == group.group},
                          {"post_quantum", known != nullptr && known->is_post_quantum()}});
    }
    array.push_back({{"version", name_of(inventory.version)},
                     {"order", name_of(inventory.order)},
                     {"complete", inventory.complete},
                     {"incomplete_reason", valid_utf8(inventory.incomplete_reason)},
                     {"accepted", std::move(accepted)},
                     {"refused", refused_json(inventory.refused)}});
  }
  return array;
}

json signatures_json(const TlsSurvey& survey) {
  json array = json::array();
  for (const SchemeInventory& inventory : survey.signatures) {
    json accepted = json::array();
    for (const AcceptedScheme& scheme : inventory.accepted)
      accepted.push_back({{"code", code_text(scheme.scheme)},
                          {"name", tls::signature_name(scheme.scheme)}});
    array.push_back({{"version", name_of(inventory.version)},
                     {"complete", inventory.complete},
                     {"incomplete_reason", valid_utf8(inventory.incomplete_reason)},
                     {"accepted", std::move(accepted)}});
  }
  return array;
}

// Each null of behaviour_json, and why.
json not_seen_json(const TlsSurvey& survey) {
  static constexpr std::array<std::pair<const char*, std::string_view>, 12> kClaims{
      {{"compression", "compression_accepted"},
       {"secure_renegotiation", "secure_renegotiation"},
       {"fallback_scsv", "fallback_scsv_honoured"},
       {"downgrade_sentinel", "downgrade_sentinel"},
       {"extended_master_secret", "extended_master_secret"},
       {"encrypt_then_mac", "encrypt_then_mac"},
       {"heartbeat", "heartbeat"},
       {"ephemeral_key_reused", "ephemeral_key_reused"},
       {"post_quantum_preferred", "post_quantum_preferred"},
       {"post_quantum_exclusive", "post_quantum_exclusive"},
       {"sha1_signature", "sha1_signature_accepted"},
       {"signature", "signature_scheme"}}};
  json reasons = json::object();
  for (const auto& [name, claim] : kClaims)
    if (std::string why = tls::why_not_seen(survey, claim); !why.empty())
      reasons[name] = valid_utf8(why);
  return reasons;
}

json behaviour_json(const TlsBehaviour& seen) {
  return {{"compression", optional_json(seen.compression_accepted)},
          {"secure_renegotiation", optional_json(seen.secure_renegotiation)},
          {"fallback_scsv", optional_json(seen.fallback_scsv_honoured)},
          {"downgrade_sentinel", optional_json(seen.downgrade_sentinel)},
          {"extended_master_secret", optional_json(seen.extended_master_secret)},
          {"encrypt_then_mac", optional_json(seen.encrypt_then_mac)},
          {"heartbeat", optional_json(seen.heartbeat)},
          {"ephemeral_key_reused", optional_json(seen.ephemeral_key_reused)},
          {"post_quantum_preferred", optional_json(seen.post_quantum_preferred)},
          {"post_quantum_exclusive", optional_json(seen.post_quantum_exclusive)},
          {"sha1_signature", optional_json(seen.sha1_signature_accepted)},
          {"signature", seen.signature_scheme ? json(tls::signature_name(*seen.signature_scheme))
                                              : json(nullptr)}};
}

json survey_json(const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.tls.gap()) return gap_json(*gap);
  const TlsSurvey& survey = *endpoint.tls;
  json dh = json::array();
  for (const DhParameters& parameters : survey.dh_parameters) {
    const tls::PrimeFacts prime = tls::facts_of_prime(parameters.prime);
    dh.push_back({{"bits", prime.bits}, {"name", prime.name}});
  }
  json kinds = json::array();
  for (const std::uint32_t kind : survey.ssl2_kinds)
    kinds.push_back({{"code", fmt::format("0x{:06X}", kind)}, {"name", tls::ssl2_kind_name(kind)}});
  return {{"versions", versions_json(survey)},
          {"suites", suites_json(endpoint, survey)},
          {"ssl2_kinds", std::move(kinds)},
          {"groups", groups_json(survey)},
          {"signatures", signatures_json(survey)},
          {"dh", std::move(dh)},
          {"behaviour", behaviour_json(survey.behaviour)},
          {"not_seen", not_seen_json(survey)},
          {"derived_attacks", texts(reports::derived_attacks(survey))}};
}

// --- Sessions and certificates.

json demands_json(const SessionFacts& sessions) {
  json versions = json::array();
  for (const VersionDemand& demand : sessions.demands)
    versions.push_back({{"version", name_of(demand.version)},
                        {"demand", name_of(demand.demand)},
                        {"requested", demand.requested},
                        {"alert", optional_json(demand.alert)},
                        {"reason", valid_utf8(demand.reason)}});
  json made_up = json::array();
  for (const RogueCertificate& rogue : sessions.rogue_certificates)
    made_up.push_back({{"kind", name_of(rogue.kind)},
                       {"version", name_of(rogue.version)},
                       {"outcome", name_of(rogue.outcome)},
                       {"alert", optional_json(rogue.alert)},
                       {"reason", valid_utf8(rogue.reason)}});
  return {{"demand", name_of(sessions.demand)},
          {"versions", std::move(versions)},
          {"authorities", texts(sessions.acceptable_authorities)},
          {"made_up", std::move(made_up)},
          {"none_made_up_because", valid_utf8(sessions.no_rogue_because)}};
}

json sessions_json(const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.sessions.gap()) return gap_json(*gap);
  const SessionFacts& sessions = *endpoint.sessions;
  json features = json::array();
  for (const SessionFact& fact : sessions.facts)
    features.push_back({{"feature", name_of(fact.feature)},
                        {"version", name_of(fact.version)},
                        {"answer", name_of(fact.answer)},
                        {"reason", valid_utf8(fact.reason)},
                        {"seconds", optional_json(fact.seconds)}});
  json names = json::array();
  for (const NameAnswer& answer : sessions.names)
    names.push_back({{"asked", name_of(answer.asked)},
                     {"name", valid_utf8(answer.name)},
                     {"answer", name_of(answer.answer)},
                     {"alert", optional_json(answer.alert)},
                     {"same_certificate", answer.same_certificate},
                     {"reason", valid_utf8(answer.reason)}});
  return {{"features", std::move(features)},
          {"client_certificate", demands_json(sessions)},
          {"server_names", std::move(names)}};
}

json certificate_json(const Bytes& der) {
  const Result<x509::Certificate> read = x509::parse_certificate(der);
  if (!read) return {{"sha256", sha256_hex(der)}, {"problem", valid_utf8(read.error().text())}};
  return {{"sha256", read->sha256},
          {"subject", valid_utf8(read->subject)},
          {"issuer", valid_utf8(read->issuer)},
          {"serial", read->serial},
          {"key", {{"type", read->key.type}, {"bits", read->key.bits}, {"curve", read->key.curve}}},
          {"signature", read->signature_algorithm},
          {"spki_sha256", read->spki_sha256},
          {"not_before", read->dates_are_readable ? json(to_rfc3339(read->not_before)) : json()},
          {"not_after", read->dates_are_readable ? json(to_rfc3339(read->not_after)) : json()},
          {"self_signed", read->self_signed}};
}

json chain_json(const ServedChain& chain) {
  json certificates = json::array();
  for (const Bytes& der : chain.certificates) certificates.push_back(certificate_json(der));
  return {{"way", name_of(chain.way)},
          {"address", valid_utf8(chain.address)},
          {"server_name", valid_utf8(chain.server_name_sent)},
          {"version", name_of(chain.version)},
          {"suite", tls::suite_name(chain.suite)},
          {"group", valid_utf8(chain.group)},
          {"certificates", std::move(certificates)}};
}

json chains_json(const Endpoint& endpoint) {
  json array = json::array();
  if (const ServedChain* usual = endpoint.chain.value()) array.push_back(chain_json(*usual));
  for (const ServedChain& chain : endpoint.further_chains) array.push_back(chain_json(chain));
  return array;
}

// --- The endpoint.

json port_json(const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.port_answer.gap()) return gap_json(*gap);
  const PortAnswer& port = *endpoint.port_answer;
  return {{"speech", name_of(port.speech)},
          {"protocol", valid_utf8(port.protocol)},
          {"tls_answer", valid_utf8(port.tls_answer)},
          {"plaintext_answer", valid_utf8(port.plaintext_answer)},
          {"plaintext_refused", port.plaintext_refused}};
}

json footprint_json(const Footprint& cost) {
  return {{"connections", cost.connections},   {"handshakes_completed", cost.handshakes_completed},
          {"bytes_sent", cost.bytes_sent},     {"bytes_received", cost.bytes_received},
          {"milliseconds", cost.milliseconds}, {"expected_log_lines", cost.expected_log_lines},
          {"commands", cost.commands}};
}

json endpoint_json(const Endpoint& endpoint) {
  const std::string open = reports::why_incomplete(endpoint);
  return {{"key", valid_utf8(endpoint.key)},
          {"host", valid_utf8(endpoint.host)},
          {"port", endpoint.port},
          {"address", valid_utf8(endpoint.address)},
          {"complete", open.empty()},
          {"incomplete_reason", valid_utf8(open)},
          {"speech", port_json(endpoint)},
          {"tls", survey_json(endpoint)},
          {"sessions", sessions_json(endpoint)},
          {"chains", chains_json(endpoint)},
          {"fingerprint", endpoint.behaviour_fingerprint.empty()
                              ? json(nullptr)
                              : json(endpoint.behaviour_fingerprint)},
          {"no_fingerprint_because", valid_utf8(endpoint.no_fingerprint_because)},
          {"footprint", footprint_json(endpoint.footprint)}};
}

}  // namespace

std::string write_probe_json(const Evidence& evidence) {
  json endpoints = json::array();
  for (const Endpoint& endpoint : evidence.endpoints) endpoints.push_back(endpoint_json(endpoint));
  json notes = json::array();
  for (const Gap& note : evidence.scope.notes) notes.push_back(valid_utf8(note.detail));
  const json document{
      {"schema", "redis-tls-audit/probe"},
      {"version", "1.0"},
      {"tool", {{"name", "redis-tls-audit"}, {"version", valid_utf8(evidence.tool_version)}}},
      {"as_of", to_rfc3339(evidence.as_of)},
      {"endpoints", std::move(endpoints)},
      {"notes", std::move(notes)}};
  return document.dump(1, ' ', true) + "\n";
}

}  // namespace rta

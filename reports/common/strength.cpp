#include "reports/common/strength.h"

#include <algorithm>

#include "base/text.h"
#include "tls/code_points.h"
#include "tls/completeness.h"
#include "tls/dh_prime.h"
#include "x509/certificate.h"

namespace rta::reports {
namespace {

using tls::KeyExchange;
using tls::SuiteProperties;

// The group that a client without wishes gets, where it was seen.
std::string preferred_group(const TlsSurvey& survey, ProtocolVersion version) {
  const GroupInventory* groups = survey.groups_of(version);
  if (groups == nullptr) return {};
  if (groups->preferred) return tls::group_name(*groups->preferred);
  return groups->accepted.size() == 1 ? tls::group_name(groups->accepted.front().group) : "";
}

constexpr int kShortestPrime = 2048;  // SP 800-131A

// Of the smallest prime that was seen; 0 = none was.
int dh_bits(const TlsSurvey& survey) {
  int smallest = 0;
  for (const DhParameters& parameters : survey.dh_parameters) {
    const int bits = tls::facts_of_prime(parameters.prime).bits;
    if (smallest == 0 || bits < smallest) smallest = bits;
  }
  return smallest;
}

std::string dh_size(const TlsSurvey& survey) {
  const int bits = dh_bits(survey);
  return bits == 0 ? "DHE" : fmt::format("DH {}", bits);
}

std::string rsa_size(const Endpoint& endpoint) {
  std::vector<const ServedChain*> chains;
  if (const ServedChain* usual = endpoint.chain.value()) chains.push_back(usual);
  for (const ServedChain& further : endpoint.further_chains)
    if (further.way == ChainWay::rsa_only) chains.push_back(&further);
  for (const ServedChain* chain : chains) {
    if (chain->certificates.empty()) continue;
    const Result<x509::Certificate> leaf = x509::parse_certificate(chain->certificates.front());
    if (leaf && leaf->key.type.starts_with("RSA")) return fmt::format("RSA {}", leaf->key.bits);
  }
  return "RSA";
}

}  // namespace

Judged<std::string> strength_of(CipherSuite code) {
  const SuiteProperties* suite = tls::find_suite(code);
  if (suite == nullptr) return {Strength::unknown, "not in the registry"};
  if (suite->is_broken()) return {Strength::broken, fmt::format("broken: {}", suite->broken_because())};
  if (!suite->has_forward_secrecy()) return {Strength::weak, "weak: no forward secrecy"};
  if (!suite->is_aead()) return {Strength::weak, "weak: CBC, separate MAC"};
  return {Strength::good, "good"};
}

Judged<std::string> strength_of(CipherSuite code, const TlsSurvey& survey) {
  Judged<std::string> judged = strength_of(code);
  const SuiteProperties* suite = tls::find_suite(code);
  const int bits = dh_bits(survey);
  if (judged.strength == Strength::good && suite != nullptr &&
      suite->key_exchange == KeyExchange::dhe && bits != 0 && bits < kShortestPrime)
    return {Strength::weak, fmt::format("weak: DH of {} bits", bits)};
  return judged;
}

std::string key_exchange_of(const Endpoint& endpoint, ProtocolVersion version, CipherSuite code) {
  const SuiteProperties* suite = tls::find_suite(code);
  const TlsSurvey* survey = endpoint.tls.value();
  if (suite == nullptr || survey == nullptr) return "-";
  switch (suite->key_exchange) {
    case KeyExchange::any:
    case KeyExchange::ecdhe: {
      const std::string group = preferred_group(*survey, version);
      return group.empty() ? "ECDHE" : group;
    }
    case KeyExchange::dhe:
      return dh_size(*survey);
    case KeyExchange::rsa:
      return rsa_size(endpoint);
    default:
      return "other";
  }
}

int cipher_bits(CipherSuite code) {
  const SuiteProperties* suite = tls::find_suite(code);
  return suite == nullptr ? 0 : suite->bits;
}

std::vector<std::string> derived_attacks(const TlsSurvey& survey) {
  std::vector<std::string> found;
  for (const tls::NamedAttack& attack : tls::named_attacks(survey))
    if (attack.exposure == tls::Exposure::exposed)
      found.push_back(fmt::format("{}: {}", attack.name, attack.because));
  return found;
}

std::vector<std::string> attacks_of(const TlsSurvey& survey, tls::Exposure exposure) {
  std::vector<std::string> names;
  for (const tls::NamedAttack& attack : tls::named_attacks(survey))
    if (attack.exposure == exposure) names.emplace_back(attack.name);
  return names;
}

std::string why_incomplete(const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.tls.gap()) return gap->detail;
  return tls::why_open(*endpoint.tls);
}

}  // namespace rta::reports

#include "reports/common/strength.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "tls/code_points.h"
#include "tls/completeness.h"
#include "tls/dh_prime.h"
#include "x509/certificate.h"

namespace rta::reports {
namespace {

using tls::KeyExchange;
using tls::SuiteProperties;

bool is_spoken(const TlsSurvey& survey, ProtocolVersion version) {
  const OfferAnswer* answer = survey.version(version);
  return answer != nullptr && answer->answer == Answer::supported;
}

// The group that a client without wishes gets, where it was seen.
std::string preferred_group(const TlsSurvey& survey, ProtocolVersion version) {
  const GroupInventory* groups = survey.groups_of(version);
  if (groups == nullptr) return {};
  if (groups->preferred) return tls::group_name(*groups->preferred);
  return groups->accepted.size() == 1 ? tls::group_name(groups->accepted.front().group) : "";
}

std::string dh_size(const TlsSurvey& survey) {
  int smallest = 0;
  for (const DhParameters& parameters : survey.dh_parameters) {
    const int bits = tls::facts_of_prime(parameters.prime).bits;
    if (smallest == 0 || bits < smallest) smallest = bits;
  }
  return smallest == 0 ? "DHE" : fmt::format("DH {}", smallest);
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

struct Attack {
  std::string_view name;
  std::string_view because;
  std::function<bool(const SuiteProperties&, ProtocolVersion)> applies;
};

}  // namespace

Judged<std::string> strength_of(CipherSuite code) {
  const SuiteProperties* suite = tls::find_suite(code);
  if (suite == nullptr) return {Strength::unknown, "not in the registry"};
  if (suite->is_broken()) return {Strength::broken, fmt::format("broken: {}", suite->broken_because())};
  if (!suite->has_forward_secrecy()) return {Strength::weak, "weak: no forward secrecy"};
  if (!suite->is_aead()) return {Strength::weak, "weak: CBC, separate MAC"};
  return {Strength::good, "good"};
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
  using tls::Cipher;
  static const std::vector<Attack> kAttacks{
      {"SWEET32", "64-bit blocks",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.cipher == Cipher::triple_des || suite.cipher == Cipher::des ||
                suite.cipher == Cipher::idea;
       }},
      {"FREAK", "export RSA",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.exportable && suite.key_exchange == KeyExchange::rsa;
       }},
      {"LOGJAM", "export DHE",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.exportable && suite.key_exchange == KeyExchange::dhe;
       }},
      {"RC4", "a biased stream cipher",
       [](const SuiteProperties& suite, ProtocolVersion) { return suite.cipher == Cipher::rc4; }},
      {"BEAST", "CBC with predictable vectors",
       [](const SuiteProperties& suite, ProtocolVersion version) {
         return suite.mode == tls::CipherMode::cbc && version <= ProtocolVersion::tls1_0;
       }},
      {"POODLE", "CBC at SSL 3.0",
       [](const SuiteProperties& suite, ProtocolVersion version) {
         return suite.mode == tls::CipherMode::cbc && version == ProtocolVersion::ssl3;
       }},
      {"Lucky13", "CBC without encrypt-then-MAC",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.mode == tls::CipherMode::cbc;
       }},
      {"ROBOT precondition", "RSA key transport",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.key_exchange == KeyExchange::rsa ||
                suite.key_exchange == KeyExchange::rsa_psk;
       }},
      {"Raccoon precondition", "static DH",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.key_exchange == KeyExchange::dh;
       }},
  };
  std::vector<std::string> found;
  if (is_spoken(survey, ProtocolVersion::ssl2)) found.push_back("DROWN: SSL 2.0 is spoken");
  if (survey.behaviour.compression_accepted == true)
    found.push_back("CRIME: compression is accepted");
  for (const DhParameters& parameters : survey.dh_parameters)
    if (tls::facts_of_prime(parameters.prime).bits <= 1024)
      found.push_back("LOGJAM: a Diffie-Hellman prime of at most 1024 bits");
  for (const Attack& attack : kAttacks) {
    if (attack.name == "Lucky13" && survey.behaviour.encrypt_then_mac.value_or(true)) continue;
    std::vector<std::string> versions;
    for (const SuiteInventory& inventory : survey.suites) {
      const bool applies =
          std::ranges::any_of(inventory.accepted, [&](const AcceptedSuite& accepted) {
            const SuiteProperties* suite = tls::find_suite(accepted.suite);
            return suite != nullptr && attack.applies(*suite, inventory.version);
          });
      if (applies) versions.emplace_back(name_of(inventory.version));
    }
    if (!versions.empty())
      found.push_back(
          fmt::format("{}: {} at {}", attack.name, attack.because, join(versions, ", ")));
  }
  return found;
}

std::string why_incomplete(const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.tls.gap()) return gap->detail;
  return tls::why_open(*endpoint.tls);
}

}  // namespace rta::reports

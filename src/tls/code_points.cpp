#include "tls/code_points.h"

#include <algorithm>

namespace rta::tls {
namespace {

constexpr SuiteProperties kSuites[] = {
#include "tls/suites.inc"
};

constexpr GroupProperties kGroups[] = {
#include "tls/groups.inc"
};

constexpr SignatureProperties kSignatures[] = {
#include "tls/signatures.inc"
};

template <class Table, class Code>
constexpr auto find_in(const Table& table, Code code) {
  const auto found =
      std::ranges::lower_bound(table, code, {}, [](const auto& row) { return row.code; });
  return found != std::end(table) && found->code == code ? &*found : nullptr;
}

template <class Properties>
std::string name_or_number(const Properties* properties, std::uint16_t code) {
  return properties == nullptr ? fmt::format("{:#06x}", code) : std::string{properties->name};
}

// Smaller is offered earlier.
int neutral_rank(const SuiteProperties& suite) {
  int rank = 0;
  if (suite.is_broken()) rank += 1000;
  if (!suite.has_forward_secrecy()) rank += 400;
  if (!suite.is_aead()) rank += 200;
  switch (suite.cipher) {
    case Cipher::aes:
      break;
    case Cipher::chacha20:
      rank += 20;
      break;
    case Cipher::aria:
    case Cipher::camellia:
      rank += 40;
      break;
    default:
      rank += 60;
      break;
  }
  if (suite.mode == CipherMode::ccm) rank += 8;
  if (suite.mode == CipherMode::ccm8) rank += 10;
  if (suite.key_exchange == KeyExchange::dhe) rank += 4;
  if (suite.bits < 256) rank += 2;
  if (!suite.registered) rank += 100;
  return rank;
}

}  // namespace

bool SuiteProperties::has_forward_secrecy() const {
  switch (key_exchange) {
    case KeyExchange::any:
    case KeyExchange::dhe:
    case KeyExchange::ecdhe:
    case KeyExchange::dhe_psk:
    case KeyExchange::ecdhe_psk:
    case KeyExchange::srp:
    case KeyExchange::eccpwd:
    case KeyExchange::cecpq1:
      return true;
    case KeyExchange::rsa:
    case KeyExchange::dh:
    case KeyExchange::ecdh:
    case KeyExchange::psk:
    case KeyExchange::rsa_psk:
    case KeyExchange::krb5:
    case KeyExchange::gost:
    case KeyExchange::fortezza:
      return false;
  }
  return false;
}

bool SuiteProperties::makes_server_sign() const {
  const bool ephemeral = key_exchange == KeyExchange::dhe || key_exchange == KeyExchange::ecdhe ||
                         key_exchange == KeyExchange::srp || key_exchange == KeyExchange::cecpq1;
  return ephemeral && authentication != Authentication::none &&
         authentication != Authentication::srp;
}

std::string_view SuiteProperties::broken_because() const {
  if (cipher == Cipher::null) return "no encryption";
  if (authentication == Authentication::none) return "no authentication";
  if (exportable || bits < 112) return "export or single-DES strength";
  switch (cipher) {
    case Cipher::rc4:
      return "RC4";
    case Cipher::rc2:
      return "RC2";
    case Cipher::des:
      return "DES";
    case Cipher::triple_des:
      return "3DES, 64-bit blocks";
    case Cipher::idea:
      return "IDEA, 64-bit blocks";
    case Cipher::fortezza:
      return "Fortezza";
    case Cipher::null:
    case Cipher::seed:
    case Cipher::aes:
    case Cipher::aria:
    case Cipher::camellia:
    case Cipher::chacha20:
    case Cipher::aegis:
    case Cipher::sm4:
    case Cipher::gost:
      break;
  }
  if (mac == Mac::md5) return "MD5";
  switch (authentication) {
    case Authentication::psk:
      return "pre-shared key instead of a certificate";
    case Authentication::srp:
      return "SRP instead of a certificate";
    case Authentication::krb5:
      return "Kerberos instead of a certificate";
    case Authentication::any:
    case Authentication::none:
    case Authentication::rsa:
    case Authentication::dss:
    case Authentication::ecdsa:
    case Authentication::gost:
    case Authentication::other:
      break;
  }
  return key_exchange == KeyExchange::srp ? "SRP" : std::string_view{};
}

bool SuiteProperties::is_broken() const { return !broken_because().empty(); }

std::span<const SuiteProperties> all_suites() { return kSuites; }
const SuiteProperties* find_suite(CipherSuite suite) { return find_in(kSuites, suite); }
std::string suite_name(CipherSuite suite) { return name_or_number(find_suite(suite), suite); }

std::string openssl_suite_name(CipherSuite suite) {
  const SuiteProperties* properties = find_suite(suite);
  return properties == nullptr || properties->openssl_name.empty()
             ? suite_name(suite)
             : std::string{properties->openssl_name};
}

std::vector<std::string> suite_names(const std::vector<CipherSuite>& suites) {
  std::vector<std::string> names;
  for (const CipherSuite suite : suites) names.push_back(openssl_suite_name(suite));
  return names;
}

bool is_of_tls13(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->is_tls13();
}

const std::vector<CipherSuite>& suites_in_neutral_order() {
  static const std::vector<CipherSuite> order = [] {
    std::vector<const SuiteProperties*> rows;
    for (const SuiteProperties& suite : kSuites) rows.push_back(&suite);
    std::ranges::stable_sort(rows, {},
                             [](const SuiteProperties* row) { return neutral_rank(*row); });
    std::vector<CipherSuite> codes;
    for (const SuiteProperties* row : rows) codes.push_back(row->code);
    return codes;
  }();
  return order;
}

std::span<const GroupProperties> all_groups() { return kGroups; }
const GroupProperties* find_group(NamedGroup group) { return find_in(kGroups, group); }
std::string group_name(NamedGroup group) { return name_or_number(find_group(group), group); }

std::span<const SignatureProperties> all_signatures() { return kSignatures; }
const SignatureProperties* find_signature(SignatureScheme scheme) {
  return find_in(kSignatures, scheme);
}
std::string signature_name(SignatureScheme scheme) {
  return name_or_number(find_signature(scheme), scheme);
}

}  // namespace rta::tls

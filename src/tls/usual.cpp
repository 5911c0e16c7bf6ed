#include "tls/usual.h"

#include <algorithm>

#include "tls/code_points.h"

namespace rta::tls {
namespace {

bool is_usual_of_tls13(CipherSuite code) { return code >= 0x1301 && code <= 0x1303; }

// OpenSSL's DEFAULT for this kind of key, as other libraries have it too.
bool is_usual_before(const SuiteProperties& suite, Authentication key) {
  const bool exchange = suite.key_exchange == KeyExchange::ecdhe ||
                        suite.key_exchange == KeyExchange::dhe ||
                        suite.key_exchange == KeyExchange::rsa;
  const bool cipher = suite.cipher == Cipher::aes || suite.cipher == Cipher::chacha20;
  const bool ccm = suite.mode == CipherMode::ccm || suite.mode == CipherMode::ccm8;
  return suite.registered && exchange && cipher && !ccm && suite.authentication == key;
}

}  // namespace

std::vector<CipherSuite> usual_suites(ProtocolVersion version, CipherSuite chosen) {
  const SuiteProperties* model = find_suite(chosen);
  std::vector<CipherSuite> usual;
  for (const CipherSuite code : suites_in_neutral_order()) {
    const SuiteProperties* suite = find_suite(code);
    const bool wanted = version == ProtocolVersion::tls1_3
                            ? is_usual_of_tls13(code)
                            : model != nullptr && !suite->is_tls13() &&
                                  suite->first_version <= version &&
                                  is_usual_before(*suite, model->authentication);
    if (wanted) usual.push_back(code);
  }
  return usual;
}

const std::vector<NamedGroup>& usual_groups() {
  static const std::vector<NamedGroup> groups{0x001D, 0x0017, 0x001E, 0x0019, 0x0018,
                                              0x0100, 0x0101, 0x0102, 0x0103, 0x0104};
  return groups;
}

std::vector<std::uint16_t> pick_usual(const std::vector<std::uint16_t>& usual,
                                      std::vector<std::uint16_t>& all) {
  std::vector<std::uint16_t> picked;
  for (const std::uint16_t code : usual)
    if (std::erase(all, code) > 0) picked.push_back(code);
  return picked;
}

}  // namespace rta::tls

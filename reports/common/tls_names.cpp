#include "reports/common/tls_names.h"

#include <fmt/format.h>

#include "tls/code_points.h"

namespace rta::reports {
namespace {

std::string_view mode_words(tls::CipherMode mode) {
  switch (mode) {
    case tls::CipherMode::none:
      return "none";
    case tls::CipherMode::stream:
      return "stream";
    case tls::CipherMode::cbc:
      return "CBC";
    case tls::CipherMode::gcm:
      return "AEAD (GCM)";
    case tls::CipherMode::ccm:
      return "AEAD (CCM)";
    case tls::CipherMode::ccm8:
      return "AEAD (CCM, short tag)";
    case tls::CipherMode::poly1305:
      return "AEAD (Poly1305)";
    case tls::CipherMode::aead:
      return "AEAD";
  }
  return "?";
}

}  // namespace

std::string suite_name(CipherSuite suite) { return tls::suite_name(suite); }
std::string group_name(NamedGroup group) { return tls::group_name(group); }

bool is_tls13_suite(CipherSuite suite) {
  const tls::SuiteProperties* known = tls::find_suite(suite);
  return known != nullptr && known->is_tls13();
}

std::string secrecy_words(CipherSuite suite) {
  const tls::SuiteProperties* known = tls::find_suite(suite);
  if (known == nullptr) return "not known";
  return known->has_forward_secrecy() ? "yes" : "no";
}

std::string encryption_words(CipherSuite suite) {
  const tls::SuiteProperties* known = tls::find_suite(suite);
  if (known == nullptr) return "not known";
  if (known->cipher == tls::Cipher::null) return "none";
  return fmt::format("{}, {} bits", mode_words(known->mode), known->bits);
}

}  // namespace rta::reports

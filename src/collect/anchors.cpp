#include "collect/anchors.h"

#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/live/endpoint_network.h"
#include "collect/key_material.h"

namespace rta {
namespace {

constexpr const char* kForms = "give a file, a SHA-256 in hexadecimal, or \"public\"";

// Empty unless the text is a SHA-256.
std::string digest_in(const std::string& given) {
  std::string digits = lower_ascii(given);
  std::erase(digits, ':');
  return digits.size() == 64 && from_hex(digits) ? digits : std::string{};
}

}  // namespace

Result<Anchor> read_anchor(const std::string& given) {
  Anchor anchor;
  anchor.public_store = given == "public";
  anchor.sha256 = digest_in(given);
  if (anchor.public_store || !anchor.sha256.empty()) return anchor;
  const Result<Bytes> bytes = read_operator_file(given, limits::kCertificateBundle);
  if (!bytes) {
    Error error = bytes.error();
    error.remedy = kForms;
    return error;
  }
  anchor.certificates = read_certificates(*bytes).certificates;
  if (anchor.certificates.empty()) return Error{"holds no certificate", printable(given), kForms};
  return anchor;
}

}  // namespace rta

#include "tls/alert.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rta::tls {
namespace {

constexpr std::array<std::pair<std::uint8_t, std::string_view>, 36> kNames{{
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {117, "general_error"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
}};

}  // namespace

std::string_view alert_name(std::uint8_t description) {
  const auto found = std::ranges::find(kNames, description, &decltype(kNames)::value_type::first);
  return found == kNames.end() ? std::string_view{} : found->second;
}

std::string alert_text(std::uint8_t description) {
  std::string text = "alert " + std::to_string(description);
  if (const std::string_view name = alert_name(description); !name.empty())
    text += " " + std::string{name};
  return text;
}

}  // namespace rta::tls

// Names of TLS alerts (IANA "TLS Alerts", with the historic ones). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rta::tls {

struct Alert {
  std::uint8_t level = 2;  // 1 warning, 2 fatal
  std::uint8_t description = 0;
};

namespace alerts {
inline constexpr std::uint8_t kCloseNotify = 0;
inline constexpr std::uint8_t kHandshakeFailure = 40;
inline constexpr std::uint8_t kIllegalParameter = 47;
inline constexpr std::uint8_t kProtocolVersion = 70;
inline constexpr std::uint8_t kInsufficientSecurity = 71;
inline constexpr std::uint8_t kInternalError = 80;
inline constexpr std::uint8_t kInappropriateFallback = 86;
inline constexpr std::uint8_t kUnrecognizedName = 112;
inline constexpr std::uint8_t kCertificateRequired = 116;
}  // namespace alerts

std::string_view alert_name(std::uint8_t description);  // empty: not registered
std::string alert_text(std::uint8_t description);       // "alert 70 protocol_version"

}  // namespace rta::tls

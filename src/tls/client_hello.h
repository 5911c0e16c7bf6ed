// ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2), written for probes and read
// back for tests. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <string_view>
#include <vector>

namespace rta::tls {

struct Extension {
  std::uint16_t type = 0;
  Bytes body;
};

// IANA "TLS ExtensionType Values" that probes speak about.
namespace extensions {
inline constexpr std::uint16_t kServerName = 0;
inline constexpr std::uint16_t kStatusRequest = 5;
inline constexpr std::uint16_t kSupportedGroups = 10;
inline constexpr std::uint16_t kEcPointFormats = 11;
inline constexpr std::uint16_t kSignatureAlgorithms = 13;
inline constexpr std::uint16_t kHeartbeat = 15;
inline constexpr std::uint16_t kSignedCertificateTimestamp = 18;
inline constexpr std::uint16_t kPadding = 21;
inline constexpr std::uint16_t kEncryptThenMac = 22;
inline constexpr std::uint16_t kExtendedMasterSecret = 23;
inline constexpr std::uint16_t kSessionTicket = 35;
inline constexpr std::uint16_t kSupportedVersions = 43;
inline constexpr std::uint16_t kPskKeyExchangeModes = 45;
inline constexpr std::uint16_t kSignatureAlgorithmsCert = 50;
inline constexpr std::uint16_t kKeyShare = 51;
inline constexpr std::uint16_t kRenegotiationInfo = 0xFF01;
}  // namespace extensions

struct KeyShare {
  NamedGroup group = 0;
  Bytes key;
};

struct ClientHello {
  std::uint16_t record_version = 0x0301;
  std::uint16_t legacy_version = 0x0303;
  Bytes random;      // 32 bytes
  Bytes session_id;  // at most 32 bytes
  std::vector<CipherSuite> suites;
  Bytes compressions{0};
  std::vector<Extension> extensions;  // none: no extension block at all
};

// The bodies of extensions.
Extension server_name_extension(std::string_view host);
Extension supported_groups_extension(const std::vector<NamedGroup>& groups);
Extension ec_point_formats_extension();
Extension signature_algorithms_extension(const std::vector<SignatureScheme>& schemes);
Extension supported_versions_extension(const std::vector<ProtocolVersion>& versions);
Extension key_share_extension(
    const std::vector<KeyShare>& shares);  // empty: ask for HelloRetryRequest
Extension psk_modes_extension();
Extension status_request_extension();
Extension heartbeat_extension();
Extension renegotiation_info_extension();
Extension empty_extension(std::uint16_t type);

// The whole record. A hello too long for one record is an assertion: offers
// hold at most kSuitesPerHello suites.
Bytes write_client_hello(const ClientHello& hello);

// A record length of 0x020A puts a newline at offset 4, before any NUL byte:
// plaintext Redis then reads the hello as an inline command and answers -ERR.
inline constexpr std::size_t kNewlineRecordLength = 0x020A;
// Adds a padding extension (RFC 7685) so that the record's length is `length`.
// False when the hello is already too long for that.
bool pad_to_record_length(ClientHello& hello, std::size_t length);

// Reads the body of a ClientHello message.
Result<ClientHello> parse_client_hello(ByteView body);
// Reads an extension block with its length in front; duplicates are an error.
Result<std::vector<Extension>> parse_extensions(ByteReader& in);

}  // namespace rta::tls

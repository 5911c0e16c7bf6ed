// Every limit on bytes, counts and depth from outside, in one place. Sizes
// are in bytes. Readers enforce them; callers need not.
#pragma once

#include <chrono>
#include <cstddef>

namespace rta::limits {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

// TLS wire.
inline constexpr std::size_t kTlsRecord = 16384 + 2048;   // RFC 5246 6.2.3 ciphertext
inline constexpr std::size_t kHandshakeMessage = 256 * kKiB;
inline constexpr std::size_t kCertificateChain = 1 * kMiB;
inline constexpr std::size_t kCertificatesInChain = 100;
inline constexpr std::size_t kRecordsWithoutProgress = 32;
inline constexpr std::size_t kSuitesPerHello = 128;       // wolfSSL drops hellos of more than 150
inline constexpr std::size_t kBytesPerProbe = 2 * kMiB;

// RESP.
inline constexpr std::size_t kRespReply = 8 * kMiB;
inline constexpr std::size_t kRespStreamed = 64 * kMiB;   // CLIENT LIST and ACL LOG, line by line
inline constexpr std::size_t kRespLine = 64 * kKiB;
inline constexpr std::size_t kRespElements = 100'000;
inline constexpr std::size_t kRespDepth = 7;

// Files.
inline constexpr std::size_t kTextFile = 1 * kMiB;
inline constexpr std::size_t kKeyFile = 1 * kMiB;
inline constexpr std::size_t kCertificateBundle = 16 * kMiB;
inline constexpr std::size_t kNesting = 64;               // YAML, JSON, TOML
inline constexpr std::size_t kFilesInProject = 200'000;
inline constexpr std::size_t kDirectoryDepth = 64;
inline constexpr std::size_t kIncludeDepth = 16;
inline constexpr std::size_t kIncludedFiles = 1'000;
inline constexpr std::size_t kYamlNodes = 100'000;        // after aliases are expanded
inline constexpr std::size_t kPluginOutput = 8 * kMiB;
inline constexpr std::size_t kEvidenceFile = 256 * kMiB;
inline constexpr std::size_t kServerLogEnd = 8 * kMiB;    // of a log, the newest part
inline constexpr std::size_t kEarlierReport = 32 * kMiB;
inline constexpr std::size_t kEarlierReports = 1'000;     // the newest ones of the store

// Time. All deadlines run on the monotonic clock.
inline constexpr std::chrono::seconds kConnect{10};
inline constexpr std::chrono::seconds kEndpoint{30};

}  // namespace rta::limits

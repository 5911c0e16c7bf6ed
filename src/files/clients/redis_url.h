// RedisUrl takes redis://, rediss:// and their relatives apart, and masks what
// must not be shown. Pure; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct UrlHost {
  std::string host;  // without brackets
  std::optional<std::uint16_t> port;
};

struct RedisUrl {
  std::string scheme;                        // as written: ioredis compares case
  bool is_tls = false;                       // rediss, valkeys, rediss+..., in any case
  bool is_unix = false;                      // unix://, redis-socket://: `path` is a file
  std::string username;                      // percent-decoded
  std::optional<std::string> password;       // percent-decoded; a secret
  std::vector<UrlHost> hosts;                // several for Sentinel and Cluster
  std::string path;                          // "/0"
  std::map<std::string, std::string> query;  // the last of equal keys
};

// Accepts "//host" and bare "host:port" too (ioredis does); their scheme is empty.
Result<RedisUrl> parse_redis_url(std::string_view text);

// The place of the password inside a URL's user information; absent when it
// has none.
struct TextRange {
  std::size_t begin = 0;
  std::size_t size = 0;
};
std::optional<TextRange> password_in_url(std::string_view text);
std::string percent_encoded(std::string_view text);  // RFC 3986 unreserved stay
std::string percent_decoded(std::string_view text);

// The text with all user information, and every value that looks like a
// password, replaced by "***"; safe for text that is no URL.
std::string mask_url(std::string_view text);

}  // namespace rta::files

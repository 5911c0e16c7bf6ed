// Names of environment variables by which applications configure their Redis
// connection, and what each means. Names are case-sensitive. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

enum class VariableMeaning {
  tls_switch,        // REDIS_TLS_ENABLED
  url,               // REDIS_URL
  ca,                // REDIS_TLS_CA_PATH
  certificate,       // REDIS_TLS_CERT_PATH
  key,               // REDIS_TLS_KEY_PATH
  verify,            // REDIS_TLS_VERIFY: true is safe
  skip_verify,       // REDIS_TLS_INSECURE: true is unsafe
  node_kill_switch,  // NODE_TLS_REJECT_UNAUTHORIZED: "0" is unsafe
  node_env,
  host,              // also "host:port", and "tls://host" (phpredis)
  address,           // REDIS_ADDR: "host:port", a list of them, or a URL
  rest_url,          // UPSTASH_REDIS_REST_URL: https:// is TLS, verified by the HTTP client
  port,
  username,
  password,
  other_redis,  // REDIS_DB and the like
};

std::optional<VariableMeaning> meaning_of_variable(std::string_view name);
// The same with its value: whatever it is called, a Redis URL is one.
std::optional<VariableMeaning> meaning_of_setting(std::string_view name, std::string_view value);
// The name alone makes its file a Redis consumer's (NODE_ENV does not).
bool names_redis(std::string_view name);
// The known name that decides about TLS and that this one looks like: another
// case, or one or two characters differ. Absent for known names.
std::optional<std::string> look_alike_of(std::string_view name);
// All names that meaning_of_variable() knows by heart.
const std::vector<std::string>& known_variables();

}  // namespace rta::files

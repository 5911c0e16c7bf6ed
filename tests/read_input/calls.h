// The calls of read_input. Each takes the arguments behind its name and
// returns the answer; a wrong call is an Error.
#pragma once

#include <redis_tls_audit/result.h>

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace rta::read_input {

using Arguments = std::span<const std::string>;
using Json = nlohmann::ordered_json;

struct Call {
  std::string_view name;
  std::string_view usage;
  Result<Json> (*answer)(Arguments);
};

Result<Json> answer_client_url(Arguments arguments);
Result<Json> answer_compose(Arguments arguments);
Result<Json> answer_dotenv(Arguments arguments);
Result<Json> answer_gitignore(Arguments arguments);
Result<Json> answer_gitstate(Arguments arguments);
Result<Json> answer_redis_conf(Arguments arguments);

}  // namespace rta::read_input

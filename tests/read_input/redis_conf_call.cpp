// redis-conf: what redis-server would make of these arguments in directory D.
#include <cstdio>
#include <cstdlib>

#include "tests/read_input/calls.h"
#include "tests/support/real_server_files.h"

namespace rta::read_input {
namespace {

std::string standard_input() {
  std::string text;
  for (int c; (c = std::getchar()) != EOF;) text += static_cast<char>(c);
  return text;
}

Json config_of(const RedisConfReading& reading) {
  Json config = Json::object();
  for (const auto& [name, value] : reading.facts.effective) config[name] = value;
  for (const auto& [name, secret] : reading.secrets) config[name] = std::string{secret.expose()};
  return config;
}

}  // namespace

Result<Json> answer_redis_conf(Arguments arguments) {
  RedisConfInput input;
  std::size_t next = 0;
  for (; next < arguments.size() && arguments[next] != "--"; ++next)
    if (arguments[next] == "--dir" && next + 1 < arguments.size())
      input.working_directory = arguments[++next];
  if (next >= arguments.size()) return Error{"no -- before the arguments of redis-server", "", ""};
  input.arguments.assign(arguments.begin() + static_cast<std::ptrdiff_t>(next) + 1,
                         arguments.end());
  // The program's own name may come along, as compose prints it.
  if (!input.arguments.empty() && input.arguments.front() == "redis-server")
    input.arguments.erase(input.arguments.begin());
  input.source = "redis.conf";
  if (std::ranges::count(input.arguments, "-") > 0) input.standard_input = standard_input();

  char* real =
      realpath(input.working_directory.empty() ? "." : input.working_directory.c_str(), nullptr);
  if (real == nullptr) return Error{"no such directory", input.working_directory, ""};
  input.working_directory = real;
  std::free(real);

  const RedisConfReading reading = read_redis_conf(input, rta::testing::real_server_files());
  Json answer;
  answer["started"] = !reading.facts.refused.has_value();
  if (reading.facts.refused) {
    answer["line"] = reading.redis_line;
    answer["error"] = *reading.facts.refused;
    return answer;
  }
  answer["config"] = config_of(reading);
  answer["listeners"] = reading.listeners;
  answer["open_without_auth"] = reading.facts.default_user_open;
  return answer;
}

}  // namespace rta::read_input

#include "files/redis_conf/redis_argv.h"

#include <algorithm>
#include <array>

#include "files/redis_conf/redis_values.h"
#include "files/redis_conf/sds_words.h"

namespace rta {
namespace {

bool is_option(std::string_view argument) { return argument.starts_with("--"); }

// "--port" or "--port ": a name whose value is in the next argument.
bool is_name_alone(const std::string& argument) {
  const auto words = split_sds_words(argument);
  return words && words->size() == 1;
}

}  // namespace

RedisCommandLine read_redis_argv(std::span<const std::string> arguments) {
  RedisCommandLine line;
  line.sentinel = std::ranges::count(arguments, "--sentinel") > 0;
  if (arguments.empty()) return line;
  constexpr std::array<std::string_view, 6> kExits{"-v", "--version",     "--help",
                                                   "-h", "--test-memory", "--check-system"};
  line.prints_and_exits = std::ranges::count(kExits, arguments[0]) > 0;

  std::size_t next = 0;
  if (!arguments[0].starts_with('-')) line.file = arguments[next++];

  // An option name directly behind an option name is that option's value.
  bool has_value = true;
  for (; next < arguments.size(); ++next) {
    const std::string& argument = arguments[next];
    const bool is_last = next + 1 == arguments.size();
    if (argument == "-" && (next == 0 || is_last)) {
      line.from_stdin = true;
    } else if (has_value && is_option(argument)) {
      if (!line.options.empty()) line.options += '\n';
      line.options += argument.substr(2) + ' ';
      has_value = !is_name_alone(argument);
      if (has_value) continue;
      const bool option_follows = !is_last && is_option(arguments[next + 1]);
      // An empty list of save points, and a directive without value.
      if (same_word(argument, "--save") && (option_follows || is_last)) line.options += "\"\"";
      if ((same_word(argument, "--save") || same_word(argument, "--sentinel")) && option_follows)
        has_value = true;
    } else {
      line.options += quote_sds_word(argument) + ' ';
      has_value = true;
    }
  }
  return line;
}

}  // namespace rta

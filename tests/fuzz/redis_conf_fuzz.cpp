// Any bytes as redis.conf: the first line is the command line, words apart by
// blanks; the file includes itself under the name "self" and has an ACL file.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "files/redis_conf/redis_conf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  const std::size_t line = text.find('\n');
  rta::RedisConfInput input{.source = "redis.conf", .accept_newer = size % 2 == 0};
  for (const std::string_view word : rta::split(std::string_view{text}.substr(0, line), ' '))
    input.arguments.emplace_back(word);
  const std::string file = line == std::string::npos ? "" : text.substr(line + 1);
  const rta::RedisConfFiles files{
      .read = [&file](const std::string& path) -> rta::RedisConfFiles::Text {
        if (path.find("missing") != std::string::npos)
          return {.refusal = "No such file or directory"};
        return {.text = file, .path = "redis.conf"};
      },
      .glob = [](const std::string&) { return std::vector<std::string>{"self", "self"}; }};
  const rta::RedisConfReading reading = rta::read_redis_conf(input, files);
  // Refused or effective, never half of each.
  if (reading.facts.refused.has_value() != reading.facts.effective.empty()) std::abort();
  return 0;
}

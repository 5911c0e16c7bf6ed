// From a project's redis.conf to the private server's: nothing that the project
// writes becomes a directive outside the allow-list, and every line keeps its
// place. The same bytes are read as the last words of a server.
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "files/redis_conf/redis_conf.h"
#include "rehearse/conf_rewrite.h"
#include "rehearse/directive_treatment.h"
#include "rehearse/last_words.h"

namespace {

bool is_expected(std::string_view directive) {
  using rta::rehearse::Treatment;
  for (const std::string_view ours : {"cluster-config-file", "maxmemory", "databases", "user",
                                      "rename-command", "crash-log-enabled"})
    if (directive == ours) return true;
  const auto* known = rta::rehearse::treatment_of(directive);
  return known != nullptr && known->treatment != Treatment::refused;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  const std::string text{as_text({data, size})};
  const auto words = rehearse::read_last_words(text);
  if (words.text.find('\x1b') != std::string::npos) std::abort();
  const RedisConfFiles files{.read = [&text](const std::string&) {
    return RedisConfFiles::Text{.text = text, .path = "redis.conf"};
  }};
  const auto facts =
      read_redis_conf({.arguments = {"redis.conf"}, .source = "redis.conf", .accept_newer = true},
                      files)
          .facts;
  const auto rewritten = rehearse::rewrite_configuration(
      facts, {.address = "127.1.2.3", .certificate = "c", .key = "k", .observer = "observer"});
  const auto lines = split(rewritten.text, '\n');
  if (lines.size() != rewritten.lines.size() + 1) std::abort();
  for (std::size_t i = 0; i < rewritten.lines.size(); ++i) {
    if (!lines[i].starts_with(rewritten.lines[i].directive + " ")) std::abort();
    if (!is_expected(rewritten.lines[i].directive)) std::abort();
  }
  return 0;
}

// read_input CALL [ARGUMENT]... prints one JSON document and ends with 0, or
// says on standard error how it is called and ends with 2.
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <vector>

#include "tests/read_input/calls.h"

using namespace rta::read_input;

namespace {

constexpr std::array kCalls{
    Call{"client-url", "--client \"NAME VERSION\" [--env K=V]... FORM", answer_client_url},
    Call{"compose", "--dir D [-f F]... [--profile P]... [--env-file F]... [--env K=V]...",
         answer_compose},
    Call{"dotenv", "--dialect D [--env K=V]... FILE", answer_dotenv},
    Call{"gitignore", "REPO  (paths on standard input, separated by NUL)", answer_gitignore},
    Call{"gitstate", "REPO", answer_gitstate},
    Call{"redis-conf", "--dir D -- ARGV...", answer_redis_conf},
};

int usage() {
  for (const Call& call : kCalls) fmt::print(stderr, "read_input {} {}\n", call.name, call.usage);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  if (arguments.empty()) return usage();
  for (const Call& call : kCalls) {
    if (call.name != arguments[0]) continue;
    const rta::Result<Json> answer = call.answer(Arguments{arguments}.subspan(1));
    if (!answer) {
      fmt::print(stderr, "read_input {}: {}\n", call.name, answer.error().text());
      return 2;
    }
    // Bytes that are no UTF-8 become U+FFFD: JSON has no other way.
    const std::string text = answer->dump(1, ' ', false, Json::error_handler_t::replace);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    return 0;
  }
  return usage();
}

#include "redis/resp_guard.h"

#include <doctest/doctest.h>

using namespace rta;
using rta::redis::RespGuard;
using rta::redis::RespLimits;

namespace {

// "complete", "more" or the reason of the refusal.
std::string told(std::string_view text, RespLimits limits = {}) {
  RespGuard guard{limits};
  guard.scan(as_bytes(text));
  if (const Gap* refusal = guard.refusal()) return std::string{name_of(refusal->reason)};
  return guard.complete() ? "complete" : "more";
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "*1\r\n";
  return text + ":1\r\n";
}

}  // namespace

TEST_CASE("the guard knows where each kind of reply ends") {
  for (const std::string_view whole :
       {"+PONG\r\n", "-NOAUTH Authentication required.\r\n", ":-12\r\n", "$-1\r\n", "$0\r\n\r\n",
        "$5\r\na\r\nbc\r\n", "*-1\r\n", "*0\r\n", "*2\r\n$1\r\na\r\n*1\r\n:1\r\n"}) {
    INFO(whole);
    CHECK(told(whole) == "complete");
    for (std::size_t cut = 0; cut < whole.size(); ++cut)
      CHECK(told(whole.substr(0, cut)) == "more");
  }
}

TEST_CASE("a reply that comes byte by byte is the same reply, and what follows is left alone") {
  const std::string_view two = "*2\r\n$3\r\nabc\r\n:7\r\n+PONG\r\n";
  RespGuard guard;
  std::size_t used = 0;
  for (std::size_t i = 0; i < two.size(); ++i) used += guard.scan(as_bytes(two.substr(i, 1)));
  CHECK(guard.complete());
  CHECK(two.substr(used) == "+PONG\r\n");
}

TEST_CASE("announcements are not believed and cost nothing") {
  CHECK(told("*2147483647\r\n") == "too_large");
  CHECK(told("$9223372036854775807\r\n") == "too_large");
  CHECK(told("$536870912\r\n") == "too_large");
  CHECK(told("*100001\r\n") == "too_large");
  CHECK(told("*100000\r\n") == "more");
  // Together, not each on its own.
  CHECK(told("*60000\r\n*60000\r\n") == "too_large");
}

TEST_CASE("nesting, lines and whole replies are bounded") {
  CHECK(told(nested(7)) == "complete");
  CHECK(told(nested(8)) == "too_large");
  CHECK(told("+" + std::string(100'000, 'x')) == "too_large");
  const RespLimits small{.total = 64, .line = 16, .elements = 4, .depth = 2};
  CHECK(told("+" + std::string(15, 'x') + "\r\n", small) == "complete");
  CHECK(told("+" + std::string(16, 'x') + "\r\n", small) == "too_large");
  CHECK(told("*4\r\n$20\r\n" + std::string(20, 'a') + "\r\n$20\r\n" + std::string(20, 'b') +
                 "\r\n$20\r\n" + std::string(20, 'c'),
             small) == "too_large");
}

TEST_CASE("what is not RESP2 is malformed") {
  for (const std::string_view wrong :
       {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "%1\r\n", ">2\r\n", "_\r\n", "SSH-2.0-x\r\n",
        "+a\nb\r\n", "+a\rb\r\n", ":\r\n", ":1x\r\n", ":99999999999999999999\r\n", "$-2\r\n",
        "*-2\r\n", "$1\r\nabc\r\n", "$x\r\n"}) {
    INFO(wrong);
    CHECK(told(wrong) == "malformed");
  }
}

#include "files/artefacts/systemd_exec.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace rta;
using namespace rta::files;

namespace {

// "word|word", each command behind "; "; why not, where it is not told.
std::string told(const std::string& unit, const std::vector<UnitText>& texts) {
  std::vector<std::string> all;
  for (const UnitCommand& command : start_commands(unit, texts))
    all.push_back(command.why_not.empty() ? join(command.words, "|") : "? " + command.why_not);
  return join(all, "; ");
}

std::string told(const std::string& exec) {
  return told("redis.service", {{"redis.service", "[Service]\nExecStart=" + exec + "\n"}});
}

}  // namespace

TEST_CASE("words, quotes and escapes of ExecStart are systemd's") {
  CHECK(told("/usr/bin/redis-server /etc/redis.conf --port 0") ==
        "/usr/bin/redis-server|/etc/redis.conf|--port|0");
  CHECK(told("/r \"a b\" 'c \"d' e\\x20f \\\"g \\\n  h") == "/r|a b|c \"d|e f|\"g|h");
  CHECK(told("-@/usr/bin/redis-server redis /x.conf") == "/usr/bin/redis-server|/x.conf");
  CHECK(told("/bin/a ; /bin/b \";\"") == "/bin/a; /bin/b|;");
  CHECK(told("/r \"a").starts_with("? a quote"));
  CHECK(told("/r $$x").ends_with("|$x"));
}

TEST_CASE("specifiers are replaced as far as they are known") {
  CHECK(told("/r %E/redis/%p.conf %t/%N %n 100%%") ==
        "/r|/etc/redis/redis.conf|/run/redis|redis.service|100%");
  CHECK(told("redis@.service", {{"x", "[Service]\nExecStart=/r /etc/%i.conf\n"}})
            .starts_with("? a specifier"));
  CHECK(told("redis@a.service", {{"x", "[Service]\nExecStart=/r /etc/%i.conf\n"}}) ==
        "/r|/etc/a.conf");
}

TEST_CASE("an empty ExecStart of a drop-in resets, variables are the unit's") {
  const UnitText unit{"redis.service",
                      "[Service]\nEnvironment=\"OPTIONS=--port 0\" TLS=6379\nExecStart=/r /a.conf\n"};
  const UnitText more{"redis.service.d/tls.conf",
                      "[Service]\nExecStart=\nExecStart=/r /a.conf $OPTIONS --tls-port ${TLS}\n"};
  CHECK(told("redis.service", {unit}) == "/r|/a.conf");
  CHECK(told("redis.service", {unit, more}) == "/r|/a.conf|--port|0|--tls-port|6379");
  CHECK(start_commands("redis.service", std::vector{unit, more})[0].at.text() ==
        "redis.service.d/tls.conf:3:1");
  CHECK(told("redis.service", {{"x", "[Service]\nExecStart=/r $MORE\n"}})
            .starts_with("? a variable"));
}

TEST_CASE("one word of many variables is no longer than a command line") {
  std::string text = "[Service]\nEnvironment=A=" + std::string(100'000, 'x') + "\nExecStart=/r ";
  for (int i = 0; i < 100'000; ++i) text += "${A}";
  CHECK(told("redis.service", {{"x", text + "\n"}}).starts_with("? it is longer"));
}

TEST_CASE("any truncation of a unit is read without harm") {
  const std::string all = "[Service]\nEnvironment=A=\"1 2\"\nExecStart=-/r '\\x41' ${A} $A %p ; /b\\";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(start_commands("r.service", std::vector<UnitText>{{"x", all.substr(0, size)}}).size() <= 2);
}

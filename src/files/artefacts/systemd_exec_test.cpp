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

TEST_CASE("redis-server behind a shell or a wrapper is told as itself, or why it is not") {
  CHECK(told("/bin/sh -c 'exec /usr/bin/redis-server /r.conf --port 6380'") ==
        "/usr/bin/redis-server|/r.conf|--port|6380");
  CHECK(told("/bin/sh -c 'redis-server /r.conf --port $$PORT'") == "? a shell decides how");
  CHECK(told("/bin/sh -c 'echo hello'") == "/bin/sh|-c|echo hello");
  CHECK(told("/usr/bin/numactl --interleave=all /usr/bin/redis-server /r.conf") ==
        "/usr/bin/redis-server|/r.conf");
  CHECK(told("/usr/bin/docker run redis:8 redis-server --port 1") == "? another program starts it");
  CHECK(told("/opt/start /usr/bin/redis-server") == "? another program starts it");
  CHECK(told("/usr/bin/watch --service redis-server") == "/usr/bin/watch|--service|redis-server");
  CHECK(told("/usr/bin/pkill redis-server") == "/usr/bin/pkill|redis-server");
}

TEST_CASE("an environment file and a step before the start may change what is started") {
  const auto with = [](const std::string& line, const std::string& exec) {
    return told("redis.service", {{"u", "[Service]\n" + line + "\nExecStart=" + exec + "\n"}});
  };
  const std::string plain = "/usr/bin/redis-server /etc/redis/redis.conf";
  CHECK(with("Environment=O=--daemonize\nEnvironmentFile=-/etc/default/redis", plain + " $O") ==
        "? a variable in it comes from elsewhere");
  CHECK_FALSE(with("EnvironmentFile=-/etc/default/redis", plain).starts_with("?"));
  CHECK(with("ExecStartPre=-/bin/sed -i 's/^port 0/port 1/' /etc/redis/redis.conf", plain) ==
        "? what runs before it at u:2:1 may change /etc/redis/redis.conf");
  CHECK(with("ExecStartPre=/bin/sh -c 'echo port 1 >> /etc/%p/redis.conf'", plain).starts_with("?"));
  CHECK_FALSE(with("ExecStartPre=+/usr/bin/test -r /etc/redis/redis.conf", plain).starts_with("?"));
  CHECK_FALSE(with("ExecStartPre=/bin/mkdir -p /run/redis", plain).starts_with("?"));
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

// The `probe` command as a person or a script starts it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"
#include "tests/support/redis_server.h"
#include "tests/support/tls_peer.h"

using namespace rta;
using namespace rta::testing;

namespace {

struct Ran {
  int exit_code = -1;
  std::string output;
};

Ran probe(std::vector<std::string> arguments) {
  ProcessSpec spec{.executable = RTA_PROGRAM, .argv = {"redis-tls-audit", "probe"}};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  Result<ChildProcess> started = ChildProcess::start(spec);
  REQUIRE(started.has_value());
  Ran ran;
  const auto ended = started->wait(std::chrono::seconds{60});
  REQUIRE(ended.has_value());
  ran.exit_code = *ended;
  ran.output = started->read_output();
  return ran;
}

void check_parts(const std::string& text, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts)
    CHECK_MESSAGE(text.find(part) != std::string::npos, part, "\n", text);
}

}  // namespace

TEST_CASE("probe shows a Redis in 80 plain columns and ends with 0") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Ran ran = probe({redis.tls().text(), "--aggressive"});
  CHECK(ran.exit_code == 0);
  check_parts(ran.output, {"TLS; plaintext is refused", "Suites of TLS 1.3", "x25519 (preferred)",
                           "session tickets", "Client certificates", "none (no CertificateRequest",
                           "CN=", "days left", "b1:", "connections"});
  CHECK(ran.output.find('\x1b') == std::string::npos);
  for (const std::string_view line : split(ran.output, '\n'))
    CHECK_MESSAGE(line.size() <= 80, line);
}

TEST_CASE("probe -o json tells the same, and one fingerprint for servers of one kind") {
  if (!RedisFixture::available()) return;
  RedisFixture one, other;
  RedisFixture demanding{{.auth_clients = "yes"}};
  const Ran ran = probe(
      {one.tls().text(), other.tls().text(), demanding.tls().text(), "-o", "json", "--aggressive"});
  CHECK(ran.exit_code == 0);
  const auto document = nlohmann::json::parse(ran.output, nullptr, false);
  REQUIRE_MESSAGE(document.is_object(), ran.output);
  const auto& endpoints = document["endpoints"];
  REQUIRE(endpoints.size() == 3);
  CHECK(endpoints[0]["fingerprint"].is_string());
  CHECK(endpoints[0]["fingerprint"] == endpoints[1]["fingerprint"]);
  CHECK(endpoints[0]["fingerprint"] != endpoints[2]["fingerprint"]);
  CHECK(endpoints[0]["chains"][0]["certificates"][0]["sha256"] !=
        endpoints[1]["chains"][0]["certificates"][0]["sha256"]);
  CHECK(endpoints[2]["sessions"]["client_certificate"]["demand"] == "required");
  CHECK(endpoints[2]["sessions"]["client_certificate"]["made_up"].size() == 7);
}

TEST_CASE(
    "probe --only asks for no more than that, and says of the rest that it was not asked for") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Ran ran =
      probe({redis.tls().text(), "--aggressive", "-o", "json", "--only", "versions,suites"});
  CHECK(ran.exit_code == 0);  // everything that was asked for is known
  const auto document = nlohmann::json::parse(ran.output, nullptr, false);
  REQUIRE_MESSAGE(document.is_object(), ran.output);
  const auto& endpoint = document["endpoints"][0];
  CHECK(endpoint["footprint"]["connections"] <= 46);
  CHECK(endpoint["footprint"]["handshakes_completed"] == 0);
  for (const auto& inventory : endpoint["tls"]["suites"]) CHECK(inventory["complete"] == true);
  REQUIRE(endpoint["tls"]["groups"].size() == 2);
  for (const auto& inventory : endpoint["tls"]["groups"]) {
    CHECK(inventory["complete"] == false);
    CHECK(inventory["incomplete_reason"] == "not asked for (--only)");
  }
  CHECK(endpoint["tls"]["behaviour"]["compression"].is_null());
  CHECK(endpoint["sessions"]["gap"]["reason"] == "not_requested");
  CHECK(endpoint["fingerprint"].is_null());
  CHECK(probe({redis.tls().text(), "--only", "version"}).exit_code == 2);
  CHECK(probe({redis.tls().text(), "--only", "suites", "--gate"}).exit_code == 2);
}

TEST_CASE("probe keeps to --max-connections, whatever is left to ask, and says so") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  for (const int most : {1, 2, 3, 7, 40, 60}) {
    const Ran ran = probe({redis.tls().text(), "--aggressive", "-o", "json", "--max-connections",
                           std::to_string(most)});
    CHECK(ran.exit_code == 3);
    CHECK_MESSAGE(ran.output.contains("--max-connections allows more"), most, ran.output);
    const auto document = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE_MESSAGE(document.is_object(), ran.output);
    CHECK(document["endpoints"][0]["footprint"]["connections"] <= most);
  }
}

TEST_CASE("a gate gets along with a server that serves one connection at a time") {
  const Issued leaf = make_server(make_authority(), "localhost");
  const TlsPeer peer{{.leaf = &leaf, .one_at_a_time = true}};
  for (const bool aggressive : {false, true}) {
    std::vector<std::string> arguments{peer.address().text(), "--gate", "-o", "json"};
    if (aggressive) arguments.emplace_back("--aggressive");
    const Ran ran = probe(arguments);
    CHECK_MESSAGE(ran.exit_code == 0, ran.output);
    const auto document = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE_MESSAGE(document.is_object(), ran.output);
    for (const auto& version : document["endpoints"][0]["tls"]["versions"])
      CHECK_MESSAGE(version["answer"] != "inconclusive", version.dump());
  }
}

TEST_CASE("a server that wants to be asked for by its name is met with --sni") {
  const Issued leaf = make_server(make_authority(), "localhost");
  const TlsPeer peer{{.leaf = &leaf, .configure = [](SSL_CTX* context) {
                        on_server_name(context, [](SSL* session, int* alert, void*) {
                          const char* name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
                          if (name != nullptr && std::string_view{name} == "redis.test")
                            return SSL_TLSEXT_ERR_OK;
                          *alert = SSL_AD_UNRECOGNIZED_NAME;
                          return SSL_TLSEXT_ERR_ALERT_FATAL;
                        });
                      }}};
  const std::string place = peer.address().text();
  const Ran nameless = probe({place, "--aggressive", "--only", "versions,suites"});
  CHECK(nameless.exit_code == 3);
  check_parts(nameless.output, {"unrecognized", "--sni NAME"});
  const Ran named =
      probe({place, "--aggressive", "--only", "versions,suites", "--sni", "redis.test"});
  CHECK_MESSAGE(named.exit_code == 0, named.output);
}

TEST_CASE("probe calls what is no TLS by its name and ends with 1") {
  if (RedisFixture::available()) {
    RedisFixture plain{{.tls = false}};
    const Ran ran = probe({plain.plaintext().text()});
    CHECK(ran.exit_code == 1);
    check_parts(ran.output, {"This is plaintext Redis, without TLS: PING was answered +PONG"});
  }
  const BadPeer ssh{Manner::ssh};
  const Ran foreign = probe({ssh.address().text()});
  CHECK(foreign.exit_code == 1);
  check_parts(foreign.output, {"neither TLS nor Redis", "SSH"});
  CHECK(foreign.output.find('\x1b') == std::string::npos);
  const BadPeer garbage{Manner::garbage};
  CHECK(probe({garbage.address().text()}).exit_code == 1);
}

TEST_CASE("probe ends with 3 and the reason where nothing can be told") {
  const Ran closed = probe({free_address().text()});
  CHECK(closed.exit_code == 3);
  check_parts(closed.output, {"not surveyed: the connection was refused", "correct the port"});
  const BadPeer silent{Manner::silent};
  const Ran mute = probe({silent.address().text(), "--timeout", "1"});
  CHECK(mute.exit_code == 3);
  check_parts(mute.output, {"not surveyed"});
  const Ran nobody = probe({"no-such-host.invalid:6379"});
  CHECK(nobody.exit_code == 3);
  check_parts(nobody.output, {"no-such-host.invalid does not resolve"});
  const Ran six = probe({"[::1]:" + std::to_string(free_address().port)});
  CHECK(six.exit_code == 3);
  check_parts(six.output, {"[::1]:", "not surveyed"});
}

TEST_CASE("probe refuses wrong usage with 2") {
  CHECK(probe({}).exit_code == 2);
  const Ran bare = probe({"::1"});
  CHECK(bare.exit_code == 2);
  check_parts(bare.output, {"brackets"});
  const Ran html = probe({"127.0.0.1:1", "-o", "html=x.html"});
  CHECK(html.exit_code == 2);
  check_parts(html.output, {"probe writes text and json"});
  CHECK(probe({"127.0.0.1:1", "--cert", "x.pem"}).exit_code == 2);
}

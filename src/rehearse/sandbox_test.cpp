#include "rehearse/sandbox.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/unique_fd.h"
#include "files/redis_conf.h"
#include "rehearse/conf_rewrite.h"

using namespace rta;
using namespace rta::rehearse;

namespace {

RedisConfiguration configuration(const std::string& text) {
  const RedisConfFiles files{.read = [&text](const std::string&) {
    return RedisConfFiles::Text{.text = text, .path = "redis.conf"};
  }};
  return read_redis_conf({.arguments = {"redis.conf"}, .source = "redis.conf"}, files).facts;
}

constexpr const char* kGuide =
    "port 0\ntls-port 6379\ntls-cert-file c\ntls-key-file k\ntls-auth-clients no\ntls-protocols "
    "\"TLSv1.2 TLSv1.3\"\n";

bool accepts(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr);
  const UniqueFd fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  return connect(fd.get(), static_cast<const sockaddr*>(static_cast<const void*>(&where)),
                 sizeof where) == 0;
}

}  // namespace

TEST_CASE("only allowed settings are passed on, and the rest is told") {
  const RedisConfiguration conf =
      configuration(std::string{kGuide} +
                    "loadmodule /evil.so\nlogfile ../x\ndir /\nrename-command GET \"\"\n"
                    "requirepass hunter2\nunixsocket /tmp/x\nsave 1 1\nappendonly yes\n");
  REQUIRE_FALSE(conf.refused);
  const RewrittenConfiguration rewritten = rewrite_configuration(
      conf, {.address = "127.1.2.3", .port = 1, .tls_port = 2, .directory = "/private"});
  for (const std::string word :
       {"evil", "../x", "hunter2", "/tmp/x", "***", "appendonly \"yes\"", "bind \"*"})
    CHECK(rewritten.text.find(word) == std::string::npos);
  CHECK(rewritten.text.find("tls-port \"2\"") != std::string::npos);
  CHECK(rewritten.text.find("port \"0\"") != std::string::npos);
  CHECK(rewritten.not_applied.size() == 3);
}

TEST_CASE("a value cannot smuggle a second directive in") {
  RedisConfiguration conf = configuration(kGuide);
  conf.effective["tls-ciphers"] = "DEFAULT\nloadmodule /evil.so\n";
  const std::string text = rewrite_configuration(conf, {.directory = "/private"}).text;
  CHECK(text.find("\nloadmodule") == std::string::npos);
}

TEST_CASE("the guide's configuration is rehearsed with a stand-in and leaves nothing behind") {
  if (!find_redis_server()) return;
  std::string address;
  {
    Result<Rehearsal> rehearsal = Rehearsal::start(configuration(kGuide), {});
    REQUIRE_MESSAGE(rehearsal.has_value(), rehearsal.error().text());
    CHECK(rehearsal->endpoint_key() == "rehearsal:redis.conf");
    CHECK(rehearsal->has_stand_in());
    address = rehearsal->address();
    CHECK(accepts(address));
  }
  CHECK_FALSE(accepts(address));
}

TEST_CASE("a server that cannot start says why in its own words") {
  if (!find_redis_server()) return;
  const Result<Rehearsal> rehearsal =
      Rehearsal::start(configuration(std::string{kGuide} + "tls-ciphers NO-SUCH-CIPHER\n"), {});
  REQUIRE_FALSE(rehearsal);
  CHECK(rehearsal.error().what.find("Failed to configure") != std::string::npos);
}

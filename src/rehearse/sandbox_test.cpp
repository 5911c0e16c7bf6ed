#include "rehearse/sandbox.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/unique_fd.h"
#include "files/redis_conf/redis_conf.h"
#include "rehearse/stand_in.h"
#include "tests/support/temporary_directory.h"
#include "x509/certificate.h"
#include "x509/issue.h"
#include "x509/pem.h"

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

std::string read_all(const std::string& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("the guide's configuration is rehearsed with a stand-in and leaves nothing behind") {
  if (!find_redis_server()) return;
  std::string address, directory;
  {
    auto rehearsal = Rehearsal::start(configuration(kGuide), {});
    REQUIRE_MESSAGE(rehearsal.has_value(), rehearsal.error().error.text());
    CHECK(rehearsal->endpoint_key() == "rehearsal:redis.conf");
    CHECK(rehearsal->has_stand_in());
    address = rehearsal->address();
    directory = rehearsal->directory();
    CHECK(accepts(address));
    // No file lies about while it runs.
    CHECK(std::filesystem::is_empty(directory));
  }
  CHECK_FALSE(accepts(address));
  CHECK_FALSE(std::filesystem::exists(directory));
}

TEST_CASE("the server runs with an empty environment, limits, and dies with us") {
  if (!find_redis_server()) return;
  const auto rehearsal = Rehearsal::start(configuration(kGuide), {});
  REQUIRE(rehearsal.has_value());
  const std::string process = "/proc/" + std::to_string(rehearsal->pid());
  CHECK(read_all(process + "/environ").empty());
  const std::string limits = read_all(process + "/limits");
  for (const std::string name : {"Max core file size", "Max address space", "Max file size"}) {
    const std::size_t line = limits.find(name);
    REQUIRE(line != std::string::npos);
    CHECK(limits.substr(line, 60).find("unlimited") == std::string::npos);
  }
  struct stat facts{};
  REQUIRE(stat(rehearsal->directory().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0700U);
}

TEST_CASE("a server that cannot start says why in its own words, with the project's line") {
  if (!find_redis_server()) return;
  const auto rehearsal =
      Rehearsal::start(configuration(std::string{kGuide} + "tls-ciphers NO-SUCH-CIPHER\n"), {});
  REQUIRE_FALSE(rehearsal);
  CHECK(rehearsal.error().by_configuration);
  CHECK(rehearsal.error().error.what ==
        "Failed to configure TLS: Failed to configure ciphers: NO-SUCH-CIPHER");
  CHECK(rehearsal.error().at.text() == "redis.conf:7:1");
}

TEST_CASE("a certificate that does not load is named as the project names it") {
  if (!find_redis_server()) return;
  const auto key = x509::PrivateKey::make_ec();
  REQUIRE(key);
  const auto rehearsal = Rehearsal::start(
      configuration(kGuide), {.certificate = {"no certificate at all", "certs/server.pem"},
                              .key = key->pem(),
                              .key_path = "certs/server.key"});
  REQUIRE_FALSE(rehearsal);
  CHECK(rehearsal.error().by_configuration);
  CHECK(rehearsal.error().error.what.find("Failed to load certificate: certs/server.pem") !=
        std::string::npos);
  CHECK(rehearsal.error().at.text() == "redis.conf:3:1");
}

TEST_CASE("a stand-in has the kind of key that the project's certificate tells") {
  if (!find_redis_server()) return;
  const auto key = x509::PrivateKey::make_ec();
  REQUIRE(key);
  const Timestamp now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto certificate = x509::self_sign(x509::proper_server({"redis"}, {}, now, 2), *key);
  REQUIRE(certificate);
  const auto whole = complete_material(
      {.certificate = {x509::certificate_pem(*certificate), "certs/server.pem"}}, false);
  REQUIRE(whole);
  CHECK(whole->stand_in);
  const auto made =
      x509::parse_certificate(x509::parse_pem(as_bytes(whole->certificate)).blocks.at(0).der);
  REQUIRE(made);
  CHECK(made->key.type == "EC");
  const auto unknown = complete_material({}, true);
  REQUIRE(unknown);
  const auto other =
      x509::parse_certificate(x509::parse_pem(as_bytes(unknown->certificate)).blocks.at(0).der);
  REQUIRE(other);
  CHECK(other->key.type == "RSA");
  CHECK(other->key.bits == 2048);
  CHECK(unknown->stand_in_ca);
}

// An older release: refuses one directive, and is the installed one otherwise.
TEST_CASE("a directive that the installed release does not know is left out and told") {
  const auto program = find_redis_server();
  if (!program) return;
  testing::TemporaryDirectory directory;
  const std::string fake = directory.path() + "/redis-server";
  std::ofstream{fake} << "#!/bin/sh\n"
                         "line=$(/bin/grep -n '^acllog-max-len' \"$1\" | /usr/bin/cut -d: -f1)\n"
                         "if [ -n \"$line\" ]; then\n"
                         "  echo '*** FATAL CONFIG FILE ERROR (Redis 5.0.0) ***'\n"
                         "  echo \"Reading the configuration file, at line $line\"\n"
                         "  echo \">>> 'acllog-max-len'\"\n"
                         "  echo 'Bad directive or wrong number of arguments'; exit 1\n"
                         "fi\n"
                         "exec \"$0-real\" \"$@\"\n";
  std::filesystem::create_symlink(program->executable, fake + "-real");
  std::filesystem::permissions(fake, std::filesystem::perms::owner_all);
  const std::string path = std::getenv("PATH");
  setenv("PATH", (directory.path() + ":" + path).c_str(), 1);
  const auto rehearsal =
      Rehearsal::start(configuration(std::string{kGuide} + "acllog-max-len 256\n"), {});
  setenv("PATH", path.c_str(), 1);
  REQUIRE_MESSAGE(rehearsal.has_value(), rehearsal.error().error.text());
  CHECK(rehearsal->unknown_here() == std::set<std::string>{"acllog-max-len"});
  const bool told = std::ranges::any_of(rehearsal->not_applied(), [](const Gap& gap) {
    return gap.detail.find("redis.conf:7:1: the installed redis-server does not know") == 0;
  });
  CHECK(told);
}

TEST_CASE("a Sentinel's configuration starts a Sentinel that watches nobody") {
  if (!find_redis_server()) return;
  const RedisConfFiles files{.read = [](const std::string&) {
    return RedisConfFiles::Text{
        .text =
            "port 0\ntls-port 26379\ntls-cert-file c\ntls-key-file k\ntls-auth-clients no\n"
            "sentinel monitor mymaster 198.51.100.7 6379 2\n",
        .path = "sentinel.conf"};
  }};
  const RedisConfiguration conf =
      read_redis_conf({.arguments = {"sentinel.conf"}, .source = "sentinel.conf", .sentinel = true},
                      files)
          .facts;
  REQUIRE_FALSE(conf.refused);
  const auto rehearsal = Rehearsal::start(conf, {}, Observer::with("+@all"));
  REQUIRE_MESSAGE(rehearsal.has_value(), rehearsal.error().error.text());
  CHECK(accepts(rehearsal->address()));
  CHECK(rehearsal->connect_to_socket());
}

#include "net/tls_session.h"

#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

#include <fstream>
#include <iterator>

#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"
#include "tests/support/redis_server.h"
#include "x509/issue.h"

using namespace rta;
using namespace rta::net;
using namespace rta::testing;
using namespace std::chrono_literals;

namespace {

// Says PING and keeps the first answer.
class Ping final : public Probe {
 public:
  Bytes start() override {
    started = true;
    const ByteView ping = as_bytes("PING\r\n");
    return {ping.begin(), ping.end()};
  }
  ProbeStep on_bytes(ByteView received) override {
    answer += as_text(received);
    return {.finished = answer.ends_with('\n')};
  }
  void on_end(ConnectionEnd, const std::string& detail) override { ended = detail; }
  [[nodiscard]] bool costs_signature() const override { return true; }

  bool started = false;
  std::string answer, ended;
};

struct Told {
  SessionResult result;
  Ping ping;
};

Told session(const Address& address, const TlsParameters& parameters, const Budget& budget = {}) {
  Told told;
  Engine engine;
  told.result = run_session(engine, address, parameters, &told.ping, budget);
  return told;
}

TlsParameters verified_by(const RedisFixture& redis) {
  return {.server_name = "redis",
          .trusted = {redis.ca()},
          .require = Require::chain_and_name,
          .as_ordinary_client = true};
}

TlsParameters with_client_certificate(const RedisFixture& redis, TlsParameters parameters) {
  const auto contents = [](const std::string& path) {
    std::ifstream file{path};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  };
  const std::string certificate = contents(redis.client_certificate_path());
  parameters.client_certificate_pem.assign(certificate.begin(), certificate.end());
  parameters.client_key_pem = std::make_shared<const Secret>(contents(redis.client_key_path()));
  return parameters;
}

}  // namespace

TEST_CASE("a verified session reaches its application and leaves no line in the log") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Told told = session(redis.tls(), verified_by(redis));
  CHECK(told.result.failure == "");
  CHECK(told.result.reached == SessionStage::done);
  CHECK(told.ping.answer == "+PONG\r\n");
  CHECK(told.result.chain_verified);
  CHECK(told.result.name_verified);
  CHECK(told.result.version == ProtocolVersion::tls1_3);
  CHECK(told.result.suite == 0x1302);
  CHECK(told.result.group == "x25519");
  CHECK(told.result.server_name_sent == "redis");
  // Redis appends its CA file to what it serves.
  CHECK(told.result.certificates == std::vector<Bytes>{redis.certificate(), redis.ca()});
  CHECK(told.result.client_certificate == ClientCertificateDemand::none);
  CHECK(told.result.footprint.connections == 1);
  CHECK(told.result.footprint.handshakes_completed == 1);
  CHECK(told.result.footprint.expected_log_lines == 0);
  CHECK(redis.log().find("Error accepting") == std::string::npos);
}

TEST_CASE("nothing is said before chain and name were verified, and the two are told apart") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  RedisFixture stranger;
  TlsParameters parameters = verified_by(redis);
  parameters.trusted = {stranger.ca()};
  const Told untrusted = session(redis.tls(), parameters);
  CHECK(untrusted.result.reached == SessionStage::chain);
  CHECK_FALSE(untrusted.result.chain_verified);
  CHECK(untrusted.result.chain_error != X509_V_OK);
  CHECK_FALSE(untrusted.ping.started);

  parameters = verified_by(redis);
  parameters.server_name = "elsewhere";
  const Told misnamed = session(redis.tls(), parameters);
  CHECK(misnamed.result.reached == SessionStage::name);
  CHECK(misnamed.result.chain_verified);
  CHECK_FALSE(misnamed.result.name_verified);
  CHECK_FALSE(misnamed.ping.started);

  // Without a demand the verdict is told and the session goes on.
  parameters.require = Require::nothing;
  const Told observed = session(redis.tls(), parameters);
  CHECK_FALSE(observed.result.name_verified);
  CHECK(observed.ping.answer == "+PONG\r\n");
}

TEST_CASE("an address is verified against the certificate's addresses and is no SNI") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  TlsParameters parameters = verified_by(redis);
  parameters.server_name = redis.tls().ip;
  const Told told = session(redis.tls(), parameters);
  CHECK(told.result.name_verified);
  CHECK(told.result.server_name_sent == "");
  parameters.server_name = "127.0.0.1";
  CHECK_FALSE(session(redis.tls(), parameters).result.name_verified);
}

TEST_CASE("the common name never stands in for a missing alternative name") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.dns_names = {}}};
  TlsParameters parameters = verified_by(redis);
  parameters.server_name = "Redis";
  CHECK_FALSE(session(redis.tls(), parameters).result.name_verified);
}

TEST_CASE("the public store does not vouch for a private CA, with or without anchors beside it") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  TlsParameters parameters = verified_by(redis);
  parameters.trusted.clear();
  parameters.trust_public_store = true;
  CHECK(session(redis.tls(), parameters).result.reached == SessionStage::chain);
  parameters.trusted = {redis.ca()};
  CHECK(session(redis.tls(), parameters).result.reached == SessionStage::done);
  parameters.trusted.clear();  // the anchor did not stay behind
  CHECK(session(redis.tls(), parameters).result.reached == SessionStage::chain);
}

TEST_CASE("a certificate that has expired, or is judged at a later date, is a chain error") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.days = 5}};
  TlsParameters parameters = verified_by(redis);
  CHECK(session(redis.tls(), parameters).result.chain_verified);
  parameters.at = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) +
                  std::chrono::days{30};
  const SessionResult later = session(redis.tls(), parameters).result;
  CHECK(later.chain_error == X509_V_ERR_CERT_HAS_EXPIRED);
  CHECK(later.chain_error_text == "certificate has expired");
  CHECK(later.chain_error_depth == 0);
}

TEST_CASE("how a client without certificate is treated is seen at every version") {
  if (!RedisFixture::available()) return;
  for (const std::string_view demand : {"no", "optional", "yes"}) {
    RedisFixture redis{{.auth_clients = std::string{demand}}};
    for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
      INFO(demand, " at ", name_of(version));
      TlsParameters parameters{.server_name = "redis", .max_version = version};
      const Told bare = session(redis.tls(), parameters);
      CHECK(bare.result.client_certificate == (demand == "no" ? ClientCertificateDemand::none
                                               : demand == "optional"
                                                   ? ClientCertificateDemand::optional
                                                   : ClientCertificateDemand::required));
      CHECK(bare.result.certificates.size() == 2);  // also when we were refused
      CHECK(bare.ping.answer == (demand == "yes" ? "" : "+PONG\r\n"));
      if (demand != "yes") continue;
      CHECK(bare.result.alert == (version == ProtocolVersion::tls1_3 ? 116 : 40));
      CHECK(bare.result.footprint.expected_log_lines == 1);
      const Told ours = session(redis.tls(), with_client_certificate(redis, parameters));
      CHECK(ours.ping.answer == "+PONG\r\n");
      CHECK(ours.result.client_certificate == ClientCertificateDemand::unknown);
    }
  }
}

TEST_CASE("unusable parameters end before anything is sent") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  TlsParameters parameters = with_client_certificate(redis, verified_by(redis));
  const x509::PrivateKey other = *x509::PrivateKey::make_ec();
  parameters.client_key_pem = std::make_shared<const Secret>(other.pem());
  const Told wrong = session(redis.tls(), parameters);
  CHECK(wrong.result.reached == SessionStage::parameters);
  CHECK(wrong.result.footprint.connections == 0);
  parameters.client_key_pem = std::make_shared<const Secret>(other.encrypted_pem("words"));
  CHECK(session(redis.tls(), parameters).result.failure.contains("passphrase"));
  parameters.client_key_pem = nullptr;
  CHECK(session(redis.tls(), parameters).result.failure.contains("no key"));
}

TEST_CASE("peers that are no TLS server end the session with a reason, in time") {
  for (const Manner manner :
       {Manner::silent, Manner::closing, Manner::resetting, Manner::garbage, Manner::endless_nul,
        Manner::endless_handshake, Manner::alert_flood, Manner::http, Manner::plaintext_redis}) {
    const BadPeer peer{manner};
    const Told told = session(peer.address(), {.server_name = "redis"}, {.patience = 300ms});
    INFO(static_cast<int>(manner));
    // A reset may come before this side has seen that it is connected.
    const bool at_connect =
        manner == Manner::resetting && told.result.reached == SessionStage::connect;
    CHECK((at_connect || told.result.reached == SessionStage::tls));
    CHECK_FALSE(told.result.failure.empty());
    CHECK_FALSE(told.ping.started);
    CHECK(told.result.footprint.bytes_received < 1024 * 1024);
    CHECK(told.result.footprint.milliseconds < 3000);
  }
  const Told refused = session(free_address(), {.server_name = "redis"});
  CHECK(refused.result.reached == SessionStage::connect);
  CHECK(refused.result.end == ConnectionEnd::refused);
}

TEST_CASE("a drip of bytes ends at the total time, not at the patience") {
  const BadPeer peer{Manner::drip};
  const Told told =
      session(peer.address(), {.server_name = "redis"}, {.patience = 1s, .total = 1500ms});
  CHECK(told.result.end == ConnectionEnd::stopped);
  CHECK(told.result.footprint.milliseconds < 2500);
}

TEST_CASE("an ordinary client refuses TLS 1.0, an observer completes it") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.directives = {"tls-protocols \"TLSv1\"", "tls-ciphers \"ALL:@SECLEVEL=0\""},
                      .key = "RSA-2048"}};
  CHECK(session(redis.tls(), verified_by(redis)).result.reached == SessionStage::tls);
  const Told seen = session(redis.tls(), {.server_name = "redis", .trusted = {redis.ca()}});
  CHECK(seen.result.version == ProtocolVersion::tls1_0);
  CHECK(seen.ping.answer == "+PONG\r\n");
}

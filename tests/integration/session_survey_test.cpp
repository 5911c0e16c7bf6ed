// What only finished sessions show, on real servers: redis-server, GnuTLS and
// OpenSSL's s_server.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "collect/collectors.h"
#include "collect/live/session_survey.h"
#include "tests/integration/collect_story.h"
#include "tests/support/loopback.h"
#include "tests/support/pki.h"
#include "tests/support/tls_peer.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr ProtocolVersion k12 = ProtocolVersion::tls1_2, k13 = ProtocolVersion::tls1_3;

struct Seen {
  SessionFacts facts;
  std::vector<ServedChain> chains;
  Footprint footprint;

  [[nodiscard]] Answer answer(SessionFeature feature, ProtocolVersion version) const {
    const SessionFact* fact = facts.fact(feature, version);
    REQUIRE(fact != nullptr);
    INFO(name_of(feature), " at ", name_of(version), ": ", fact->reason);
    return fact->answer;
  }
};

std::string contents(const std::string& path) {
  std::ifstream file{path};
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

SessionSurveyPlan plan_of(const std::string& name = "redis") {
  SessionSurveyPlan plan;
  plan.observer.server_name = name;
  plan.versions = {k13, k12};
  plan.random_name = "nobody.invalid";
  plan.no_certificate_because = "none was given";
  plan.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return plan;
}

Seen survey(const net::Address& address, SessionSurveyPlan plan) {
  SessionSurvey survey{std::move(plan)};
  net::Engine engine;
  Seen seen;
  seen.footprint = engine.run(survey, address, {.aggressive = true});
  CHECK(survey.finished());
  seen.facts = survey.facts("cut");
  seen.chains = survey.further_chains();
  return seen;
}

}  // namespace

TEST_CASE("a default Redis: tickets, resumption by them alone, nothing dangerous") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const Seen seen = survey(redis.tls(), plan_of());
  using enum SessionFeature;
  for (const ProtocolVersion version : {k13, k12}) {
    CHECK(seen.answer(tickets, version) == Answer::supported);
    CHECK(seen.facts.fact(tickets, version)->seconds == 300);
    CHECK(seen.answer(ticket_resumption, version) == Answer::supported);
    CHECK(seen.answer(ocsp_staple, version) == Answer::not_supported);
    CHECK(seen.answer(certificate_timestamps, version) == Answer::not_supported);
  }
  CHECK(seen.answer(id_resumption, k12) == Answer::not_supported);  // as `s_client -reconnect` says
  CHECK(seen.answer(early_data, k13) == Answer::not_supported);
  CHECK(seen.answer(client_renegotiation, k12) == Answer::not_supported);
  CHECK(seen.facts.demand == ClientCertificateDemand::none);
  CHECK(seen.facts.rogue_certificates.empty());
  CHECK(seen.facts.no_rogue_because == "the server asks for no client certificate");
  CHECK(seen.chains.empty());
  CHECK(seen.footprint.connections <= 9);
  // Only the offer of the other kind of signature is refused.
  CHECK(seen.footprint.expected_log_lines == 1);
  CHECK(redis.log().find("Error accepting") == redis.log().rfind("Error accepting"));
}

namespace {

// Everything that is told, in its order.
std::string told(const Seen& seen) {
  std::string text;
  for (const SessionFact& fact : seen.facts.facts)
    text += fmt::format("{} {} {} {}\n", name_of(fact.feature), name_of(fact.version),
                        name_of(fact.answer), fact.reason);
  for (const VersionDemand& demand : seen.facts.demands)
    text += fmt::format("{} {}\n", name_of(demand.version), name_of(demand.demand));
  for (const NameAnswer& name : seen.facts.names)
    text += fmt::format("{} {} {}\n", name_of(name.asked), name_of(name.answer), name.reason);
  for (const RogueCertificate& rogue : seen.facts.rogue_certificates)
    text += fmt::format("{} {} {}\n", name_of(rogue.kind), name_of(rogue.version),
                        name_of(rogue.outcome));
  return text;
}

}  // namespace

TEST_CASE("sessions side by side tell the same as one after another, in the same order") {
  if (!RedisFixture::available()) return;
  for (const char* demand : {"no", "optional", "yes"}) {
    RedisFixture redis{{.auth_clients = demand}};
    SessionSurveyPlan many = plan_of();
    many.side_by_side = 8;
    const Seen one = survey(redis.tls(), plan_of()), eight = survey(redis.tls(), std::move(many));
    CHECK(told(one) == told(eight));
    // One more where Redis had not yet seen the end of a session's connection.
    const auto counts = std::minmax(one.footprint.connections, eight.footprint.connections);
    CHECK(counts.second - counts.first <= 1);
  }
}

TEST_CASE("switched-off caching still gives tickets, of two hours") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.directives = {"tls-session-caching no"}}};
  const Seen seen = survey(redis.tls(), plan_of());
  for (const ProtocolVersion version : {k13, k12}) {
    CHECK(seen.facts.fact(SessionFeature::tickets, version)->seconds == 7200);
    CHECK(seen.answer(SessionFeature::ticket_resumption, version) == Answer::supported);
  }
  CHECK(seen.answer(SessionFeature::id_resumption, k12) == Answer::not_supported);
}

TEST_CASE("a server that asks for certificates refuses every rogue, demanding or not") {
  if (!RedisFixture::available()) return;
  for (const std::string_view demand : {"yes", "optional"}) {
    INFO(demand);
    RedisFixture redis{{.auth_clients = std::string{demand}}};
    const Seen seen = survey(redis.tls(), plan_of());
    CHECK(seen.facts.demand == (demand == "yes" ? ClientCertificateDemand::required
                                                : ClientCertificateDemand::optional));
    REQUIRE(seen.facts.demands.size() == 2);
    if (demand == "yes") {
      CHECK(seen.facts.demands[0].alert == 116);
      CHECK(seen.facts.demands[0].reason ==
            "alert 116 certificate required to a client without one, after the handshake");
      CHECK(seen.facts.demands[1].alert == 40);
    }
    CHECK(seen.facts.rogue_certificates.size() == 7);
    for (const RogueCertificate& rogue : seen.facts.rogue_certificates) {
      INFO(name_of(rogue.kind), " at ", name_of(rogue.version), ": ", rogue.reason);
      CHECK(rogue.outcome == RogueOutcome::refused);
      CHECK(rogue.alert.has_value());
      CHECK_FALSE(rogue.certificate.empty());
    }
  }
}

TEST_CASE(
    "where a certificate is demanded, ours opens the door, and without one the reason is told") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "yes"}};
  using enum SessionFeature;
  const Seen bare = survey(redis.tls(), plan_of());
  for (const SessionFeature feature : {tickets, early_data}) {
    CHECK(bare.answer(feature, k13) == Answer::inconclusive);
    CHECK(bare.facts.fact(feature, k13)->reason ==
          "the server demands a client certificate, and none was given");
  }
  SessionSurveyPlan plan = plan_of();
  const std::string certificate = contents(redis.client_certificate_path());
  plan.client_certificate_pem.assign(certificate.begin(), certificate.end());
  plan.client_key_pem = std::make_shared<const Secret>(contents(redis.client_key_path()));
  const Seen ours = survey(redis.tls(), std::move(plan));
  CHECK(ours.facts.demand == ClientCertificateDemand::required);
  CHECK(ours.answer(early_data, k13) == Answer::not_supported);
  CHECK(ours.answer(client_renegotiation, k12) == Answer::not_supported);
  CHECK(ours.answer(ticket_resumption, k13) == Answer::supported);
}

TEST_CASE("a survey that was cut says so and leaves everything open") {
  SessionSurvey survey{plan_of()};
  const SessionFacts facts = survey.facts("cut short");
  CHECK(facts.facts.size() == 11);
  for (const SessionFact& fact : facts.facts) {
    CHECK(fact.answer == Answer::inconclusive);
    CHECK(fact.reason == "cut short");
  }
  CHECK(facts.demand == ClientCertificateDemand::unknown);
  CHECK(facts.no_rogue_because == "cut short");
}

// --- Servers that behave as no Redis does.

namespace {

Issued peer_certificate(x509::PrivateKey key, std::string name = "redis") {
  const Timestamp now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return make_self_signed(
      x509::proper_server({std::move(name)}, {}, now - std::chrono::days{1}, 30), std::move(key));
}
Issued peer_certificate() { return peer_certificate(*x509::PrivateKey::make_ec()); }

int take_everything(int, X509_STORE_CTX*) { return 1; }

}  // namespace

TEST_CASE("a server that verifies nothing is caught with every kind of certificate") {
  const Issued leaf = peer_certificate();
  for (const bool demanding : {true, false}) {
    INFO(demanding);
    const TlsPeer peer{{.leaf = &leaf, .configure = [&](SSL_CTX* context) {
                          const int mode =
                              SSL_VERIFY_PEER | (demanding ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
                          SSL_CTX_set_verify(context, mode, take_everything);
                        }}};
    const Seen seen = survey(peer.address(), plan_of());
    CHECK(seen.facts.demand ==
          (demanding ? ClientCertificateDemand::required : ClientCertificateDemand::optional));
    CHECK(seen.facts.rogue_certificates.size() == 7);
    for (const RogueCertificate& rogue : seen.facts.rogue_certificates) {
      INFO(name_of(rogue.kind), ": ", rogue.reason);
      CHECK(rogue.outcome == RogueOutcome::accepted);
      CHECK(rogue.reason == "PING was answered +PONG");
    }
  }
}

TEST_CASE("what a server says before it has seen the certificate lets nobody in") {
  const Issued leaf = peer_certificate();
  const TlsPeer peer{{.leaf = &leaf,
                      .configure =
                          [](SSL_CTX* context) {
                            SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
                            SSL_CTX_set_verify(context,
                                               SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                                               take_everything);
                          },
                      .early_answer = "+PONG\r\n"}};
  SessionSurveyPlan plan = plan_of();
  plan.versions = {k13};
  const Seen seen = survey(peer.address(), std::move(plan));
  CHECK(seen.facts.demand != ClientCertificateDemand::optional);
  CHECK(seen.facts.demand != ClientCertificateDemand::none);
}

TEST_CASE("an answer that is neither RESP nor HTTP proves a demand up to TLS 1.2 only") {
  const Issued leaf = peer_certificate();
  const TlsPeer peer{
      {.leaf = &leaf,
       .configure =
           [](SSL_CTX* context) { SSL_CTX_set_verify(context, SSL_VERIFY_PEER, take_everything); },
       .answer = "220 mail.example.org\r\n"}};
  const Seen seen = survey(peer.address(), plan_of());
  REQUIRE(seen.facts.demands.size() == 2);
  CHECK(seen.facts.demands[0].demand == ClientCertificateDemand::unknown);
  CHECK(seen.facts.demands[0].reason.contains("no answer to PING"));
  CHECK(seen.facts.demands[1].demand == ClientCertificateDemand::optional);
}

TEST_CASE("a certificate of each kind is found, and the second one kept") {
  const Issued rsa = peer_certificate(*x509::PrivateKey::make_rsa(2048));
  const Issued ecdsa = peer_certificate();
  const TlsPeer peer{
      {.leaf = &rsa, .configure = [&](SSL_CTX* context) { add_certificate(context, ecdsa); }}};
  SessionSurveyPlan plan = plan_of();
  plan.served = {ecdsa.der};
  const Seen one = survey(peer.address(), plan);
  REQUIRE(one.chains.size() == 1);
  CHECK(one.chains[0].way == ChainWay::rsa_only);
  CHECK(one.chains[0].certificates[0] == rsa.der);
  plan.served = {rsa.der};
  const Seen other = survey(peer.address(), plan);
  // Whoever offers both is given ECDSA here: that is no other name's certificate.
  const auto found = std::ranges::find(other.chains, ChainWay::ecdsa_only, &ServedChain::way);
  REQUIRE(found != other.chains.end());
  CHECK(found->certificates[0] == ecdsa.der);
}

TEST_CASE("a server that knows its names refuses others with alert 112, or serves something else") {
  const Issued leaf = peer_certificate();
  const Issued fallback = peer_certificate(*x509::PrivateKey::make_ec(), "default");
  const TlsPeer strict{{.leaf = &leaf, .configure = [](SSL_CTX* context) {
                          on_server_name(context, [](SSL* ssl, int* alert, void*) -> int {
                            const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
                            if (name == nullptr || std::string_view{name} == "redis")
                              return SSL_TLSEXT_ERR_OK;
                            *alert = SSL_AD_UNRECOGNIZED_NAME;
                            return SSL_TLSEXT_ERR_ALERT_FATAL;
                          });
                        }}};
  const Seen seen = survey(strict.address(), plan_of());
  REQUIRE(seen.facts.names.size() == 3);
  CHECK(seen.facts.names[0].asked == NameAsked::usual);
  CHECK(seen.facts.names[0].same_certificate);
  CHECK(seen.facts.names[1].same_certificate);
  CHECK(seen.facts.names[2].answer == Answer::not_supported);
  CHECK(seen.facts.names[2].alert == 112);

  const TlsPeer lenient{
      {.leaf = &leaf, .configure = [&](SSL_CTX* context) {
         on_server_name(
             context,
             [](SSL* ssl, int*, void* other) -> int {
               const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
               if (name != nullptr && std::string_view{name} == "redis") return SSL_TLSEXT_ERR_OK;
               const Issued& default_leaf = *static_cast<const Issued*>(other);
               SSL_use_certificate_ASN1(ssl, default_leaf.der.data(),
                                        static_cast<int>(default_leaf.der.size()));
               SSL_use_PrivateKey(ssl, default_leaf.key.get());
               return SSL_TLSEXT_ERR_OK;
             },
             &fallback);
       }}};
  const Seen other = survey(lenient.address(), plan_of());
  REQUIRE(other.chains.size() == 2);
  CHECK(other.chains[0].way == ChainWay::without_name);
  CHECK(other.chains[1].way == ChainWay::random_name);
  CHECK(other.chains[1].certificates[0] == fallback.der);
}

TEST_CASE("early data, client renegotiation and a staple are seen where they are") {
  const Issued leaf = peer_certificate();
  const TlsPeer peer{{.leaf = &leaf, .configure = [](SSL_CTX* context) {
                        SSL_CTX_set_max_early_data(context, 16'384);
                        SSL_CTX_set_options(
                            context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION | SSL_OP_NO_ANTI_REPLAY);
                        on_status_request(context, [](SSL* ssl, void*) -> int {
                          auto* staple = static_cast<unsigned char*>(OPENSSL_zalloc(5));
                          SSL_set_tlsext_status_ocsp_resp(ssl, staple, 5);
                          return SSL_TLSEXT_ERR_OK;
                        });
                      }}};
  const Seen seen = survey(peer.address(), plan_of());
  using enum SessionFeature;
  CHECK(seen.answer(early_data, k13) == Answer::supported);
  CHECK(seen.facts.fact(early_data, k13)->reason ==
        "the ticket allows 16384 bytes; sent ones were accepted");
  CHECK(seen.answer(client_renegotiation, k12) == Answer::supported);
  CHECK(seen.answer(ocsp_staple, k12) == Answer::supported);
  CHECK(seen.answer(ocsp_staple, k13) == Answer::supported);
}

TEST_CASE("a server without tickets and without a memory resumes nothing") {
  const Issued leaf = peer_certificate();
  const TlsPeer peer{{.leaf = &leaf, .configure = [](SSL_CTX* context) {
                        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
                        SSL_CTX_set_num_tickets(context, 0);
                        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
                      }}};
  const Seen seen = survey(peer.address(), plan_of());
  using enum SessionFeature;
  for (const ProtocolVersion version : {k13, k12}) {
    CHECK(seen.answer(tickets, version) == Answer::not_supported);
    CHECK(seen.answer(ticket_resumption, version) == Answer::not_supported);
  }
  CHECK(seen.answer(id_resumption, k12) == Answer::not_supported);
  CHECK(seen.answer(early_data, k13) == Answer::not_supported);
}

TEST_CASE("a server that is silent after the handshake is asked once and not seven times") {
  const Issued leaf = peer_certificate();
  const TlsPeer peer{{.leaf = &leaf,
                      .configure =
                          [](SSL_CTX* context) {
                            SSL_CTX_set_options(context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
                            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, take_everything);
                          },
                      .answer = ""}};
  const Seen seen = survey(peer.address(), plan_of());
  CHECK(seen.facts.demand == ClientCertificateDemand::unknown);
  CHECK(seen.facts.rogue_certificates.size() == 2);  // one a version
  for (const RogueCertificate& rogue : seen.facts.rogue_certificates)
    CHECK(rogue.outcome == RogueOutcome::inconclusive);
  CHECK(seen.facts.no_rogue_because.contains("does not answer afterwards"));
  CHECK(seen.answer(SessionFeature::client_renegotiation, k12) == Answer::supported);
}

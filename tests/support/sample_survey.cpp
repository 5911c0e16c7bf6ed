#include "tests/support/sample_survey.h"

#include "tests/support/pki.h"
#include "tests/support/tls_story.h"

namespace rta::testing {
namespace {

Endpoint& add(Evidence& evidence, const std::string& host, PortAnswer answer) {
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = host + ":6379";
  endpoint.host = host;
  endpoint.address = "192.0.2.7:6379";
  endpoint.port_answer = std::move(answer);
  endpoint.footprint = {.connections = 77, .bytes_sent = 30'000, .bytes_received = 140'000,
                        .milliseconds = 1'200, .expected_log_lines = 60};
  return endpoint;
}

ServedChain chain_of(const Issued& leaf, const Issued& authority, ChainWay way) {
  return {.certificates = {leaf.der, authority.der},
          .suite = 0x1302,
          .group = "x25519",
          .server_name_sent = "redis",
          .way = way};
}

void add_doubtful_sessions(Endpoint& endpoint) {
  SessionFacts sessions = quiet_sessions();
  sessions.demand = ClientCertificateDemand::optional;
  sessions.demands = {{.demand = ClientCertificateDemand::optional,
                       .requested = true,
                       .reason = "PING was answered +PONG without a certificate"}};
  sessions.acceptable_authorities = {"CN=Corp Root"};
  sessions.rogue_certificates = {
      {.kind = RogueKind::expired, .outcome = RogueOutcome::refused, .alert = 45, .reason = "alert 45"},
      {.kind = RogueKind::self_signed, .outcome = RogueOutcome::accepted, .reason = "+PONG"}};
  sessions.facts.push_back({SessionFeature::ocsp_staple, ProtocolVersion::tls1_3,
                            Answer::inconclusive, "the server fell silent", {}});
  sessions.names = {{.asked = NameAsked::usual, .name = "redis", .answer = Answer::supported,
                     .reason = "the usual certificate", .same_certificate = true},
                    {.asked = NameAsked::random, .name = "x.invalid",
                     .answer = Answer::not_supported, .alert = 112,
                     .reason = "alert 112 unrecognized name"}};
  endpoint.sessions = std::move(sessions);
}

}  // namespace

Evidence sample_survey() {
  const Issued authority = make_authority();
  Evidence evidence = story_of(guide_survey());
  evidence.as_of = issued_at() + std::chrono::days{30};
  Endpoint& whole = evidence.endpoints.front();
  whole.host = "redis";
  whole.tls.value()->signatures = {{.accepted = {{0x0804, {}}, {0x0805, {}}}, .complete = true}};
  whole.port_answer = PortAnswer{.speech = PortSpeech::tls,
                                 .plaintext_answer = "connection reset",
                                 .plaintext_refused = true,
                                 .tls_answer = "ServerHello"};
  whole.chain = chain_of(make_server(authority), authority, ChainWay::usual);
  whole.behaviour_fingerprint = "b1:00112233445566778899aabbccddeeff";

  TlsSurvey weak = guide_survey();
  accept(weak, ProtocolVersion::ssl3, {0x000A, 0x0005});
  cut_short(weak, ProtocolVersion::ssl3);
  weak.ssl2_kinds = {0x010080};
  Endpoint& doubtful = add(evidence, "cache", *whole.port_answer);
  doubtful.tls = std::move(weak);
  doubtful.chain = chain_of(make_server(authority), authority, ChainWay::usual);
  doubtful.further_chains = {chain_of(make_server(authority, "other"), authority,
                                      ChainWay::rsa_only)};
  doubtful.no_fingerprint_because = "the suites of SSL 3.0 are not complete";
  add_doubtful_sessions(doubtful);

  const Gap no_tls{GapReason::unsupported, "the port does not speak TLS", ""};
  Endpoint& plain = add(evidence, "plain", {.speech = PortSpeech::plaintext_redis,
                                            .plaintext_answer = "+PONG",
                                            .tls_answer = "-ERR unknown command"});
  plain.tls = no_tls;
  Endpoint& other = add(evidence, "mail", {.speech = PortSpeech::other,
                                           .plaintext_answer = "220 \x1b[2J",
                                           .tls_answer = "SMTP: 220 \x1b[2J",
                                           .protocol = "SMTP"});
  other.tls = no_tls;
  Endpoint& closed = add(evidence, "closed", {});
  closed.port_answer = Gap{GapReason::refused, "the connection was refused",
                           "start the server, or correct the port"};
  closed.tls = *closed.port_answer.gap();
  evidence.scope.notes.push_back({GapReason::incomplete, "cache:6379 has 2 addresses", ""});
  return evidence;
}

}  // namespace rta::testing

#include "collect/live/redis_server.h"

#include <charconv>

#include "base/gap_reason.h"
#include "base/digest.h"
#include "net/port_probe.h"
#include "net/tls_session.h"
#include "redis/conversation.h"

namespace rta {
namespace {

constexpr std::chrono::milliseconds kPatienceAtBus{2'000};

using redis::Conversation;
using redis::ConversationSettings;

// One session and what was said in it.
struct Exchange {
  net::SessionResult session;
  RedisServer server;
  bool was_answered = false;
  std::optional<Gap> failure;  // of the conversation
};

std::int64_t unix_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

GapReason reason_of(const net::SessionResult& session) {
  if (!session.end) return session.alert ? GapReason::reset : GapReason::malformed;
  return gap_reason(*session.end);
}

net::Budget streaming(net::Budget budget) {
  budget.bytes_per_probe = limits::kRespStreamed + 4 * limits::kRespReply;
  return budget;
}

void take(Exchange& exchange, Conversation& conversation, Footprint& footprint) {
  exchange.was_answered = conversation.was_answered();
  if (const Gap* failure = conversation.failure()) exchange.failure = *failure;
  exchange.server = conversation.take_server();
  footprint.commands += conversation.commands_sent();
}

Exchange talk_over_tls(net::Engine& engine, const RedisTarget& target,
                       net::TlsParameters parameters, const ConversationSettings& settings,
                       Footprint& footprint) {
  parameters.server_name = target.server_name;
  parameters.trusted = target.trusted;
  parameters.trust_public_store = target.trust_public_store;
  parameters.at = target.at;
  Conversation conversation{settings};
  Exchange exchange;
  exchange.session = net::run_session(engine, target.address, std::move(parameters), &conversation,
                                      streaming(target.budget));
  net::add(footprint, exchange.session.footprint);
  take(exchange, conversation, footprint);
  return exchange;
}

Exchange talk_in_plaintext(net::Engine& engine, const RedisTarget& target, Footprint& footprint) {
  Conversation conversation{{.ask_as_nobody = true,
                             .go_on = target.password == nullptr,
                             .user = {},
                             .password = nullptr,
                             .unix_seconds = unix_seconds}};
  Exchange exchange;
  net::add(footprint, engine.run_probe(conversation, target.address, streaming(target.budget)));
  take(exchange, conversation, footprint);
  return exchange;
}

void close_everything(RedisServer& server, const Gap& gap) {
  server.users = gap;
  server.clients = gap;
  server.acl_log = gap;
  server.cluster_nodes = gap;
}

// The anchors among what the server sent, by the operator's list of digests.
void add_listed_anchors(RedisTarget& target, const std::vector<Bytes>& served) {
  for (const Bytes& der : served)
    if (std::ranges::count(target.trusted_sha256, sha256_hex(der)) > 0)
      target.trusted.push_back(der);
}

// What the first session, without any credential, found.
void keep_as_nobody(RedisServer& server, const RedisServer& nobody) {
  server.unauthenticated_ping = nobody.unauthenticated_ping;
  server.unauthenticated_info = nobody.unauthenticated_info;
  server.unauthenticated_config = nobody.unauthenticated_config;
  server.client_certificate_demanded = nobody.client_certificate_demanded;
  server.client_certificate_answer = nobody.client_certificate_answer;
}

Exchange ask_with_credentials(net::Engine& engine, const RedisTarget& target,
                              Footprint& footprint) {
  net::TlsParameters parameters;
  parameters.client_certificate_pem = target.client_certificate_pem;
  parameters.client_key_pem = target.client_key_pem;
  // The password must not reach anyone but the server that was asked for.
  const bool must_verify = target.password != nullptr && !target.auth_unverified;
  parameters.require = must_verify ? net::Require::chain_and_name : net::Require::nothing;
  return talk_over_tls(engine, target, std::move(parameters),
                       {.ask_as_nobody = false,
                        .go_on = true,
                        .user = target.user,
                        .password = target.password.get(),
                        .unix_seconds = unix_seconds},
                       footprint);
}

// RFC 8446 6.2: alerts by which a server refuses the certificate of a client.
bool refuses_client_certificate(std::uint8_t alert) {
  constexpr std::array kRefusals{42, 43, 44, 45, 46, 48, 49, 116};
  return std::ranges::count(kRefusals, int{alert}) > 0;
}

std::string remedy_of(const net::SessionResult& session) {
  if (session.alert && refuses_client_certificate(*session.alert))
    return "give a client certificate that the server accepts, with --cert and --key";
  if (session.end == ConnectionEnd::timed_out) return "give it more time: --timeout 120";
  return {};
}

Gap gap_of_session(const Exchange& exchange) {
  const net::SessionResult& session = exchange.session;
  if (exchange.failure && exchange.was_answered) return *exchange.failure;
  if (session.reached == SessionStage::chain || session.reached == SessionStage::name)
    return {GapReason::denied,
            "no credential was sent, because the server was not verified: " + session.failure,
            "give its CA with --cacert, or its name with --sni"};
  const bool cut_short = session.end == ConnectionEnd::stopped;
  if (session.application_started && !session.failure.empty() && !session.alert && !cut_short)
    return {reason_of(session),
            "a TLS session was made, and no Redis command was answered in it: " + session.failure,
            "see whether it is Redis that stands behind this port"};
  if (!session.failure.empty()) return {reason_of(session), session.failure, remedy_of(session)};
  if (exchange.failure) return *exchange.failure;
  return {GapReason::incomplete, "the session ended early", ""};
}

Observation<RedisServer> ask_over_tls(net::Engine& engine, RedisTarget target,
                                      Footprint& footprint) {
  const Provenance from{"redis_server", target.key, {}, "RESP over TLS", Grade::effective};
  const bool has_certificate = !target.client_certificate_pem.empty();
  const bool has_credentials = has_certificate || target.password != nullptr;
  Exchange nobody = talk_over_tls(engine, target, {},
                                  {.ask_as_nobody = true,
                                   .go_on = !has_credentials,
                                   .user = {},
                                   .password = nullptr,
                                   .unix_seconds = unix_seconds},
                                  footprint);
  RedisServer server = std::move(nobody.server);
  const bool demands = nobody.session.client_certificate == ClientCertificateDemand::required &&
                       !nobody.was_answered;
  if (!nobody.was_answered && !demands) return {gap_of_session(nobody), from};
  if (demands) {
    server.client_certificate_demanded = true;
    server.client_certificate_answer =
        nobody.session.alert_text.empty() ? nobody.session.failure : nobody.session.alert_text;
    close_everything(
        server, {GapReason::denied, "the server demands a client certificate and none was given",
                 "give the audit's certificate with --cert and --key"});
    if (!has_certificate) return {std::move(server), from};
  }
  if (!has_credentials) return {std::move(server), from};

  add_listed_anchors(target, nobody.session.certificates);
  Exchange known = ask_with_credentials(engine, target, footprint);
  if (!known.was_answered) {
    close_everything(server, gap_of_session(known));
    return {std::move(server), from};
  }
  keep_as_nobody(known.server, server);
  known.server.client_certificate_used = has_certificate && known.session.certificate_requested;
  return {std::move(known.server), from};
}

Observation<RedisServer> ask_in_plaintext(net::Engine& engine, const RedisTarget& target,
                                          Footprint& footprint) {
  const Provenance from{"redis_server", target.key, {}, "RESP in plaintext", Grade::effective};
  Exchange exchange = talk_in_plaintext(engine, target, footprint);
  if (!exchange.was_answered)
    return {exchange.failure.value_or(Gap{GapReason::incomplete, "no command was answered", ""}),
            from};
  if (target.password != nullptr)
    close_everything(exchange.server, {GapReason::denied,
                                       "the password is not sent over a plaintext connection", ""});
  return {std::move(exchange.server), from};
}

std::uint16_t port_of(const RedisServer& server, const std::string& parameter) {
  const std::string* text = server.config_value(parameter);
  std::uint16_t port = 0;
  if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), port);
  return port;
}

}  // namespace

Observation<RedisServer> ask_redis_server(net::Engine& engine, const RedisTarget& target,
                                          Footprint& footprint) {
  Observation<RedisServer> server = target.speaks_tls ? ask_over_tls(engine, target, footprint)
                                                      : ask_in_plaintext(engine, target, footprint);
  if (RedisServer* told = server.value()) probe_cluster_bus(engine, target, *told, footprint);
  return server;
}

// The bus listens on cluster-port, else 10000 above the port that belongs to
// it: tls-port with tls-cluster, port without (10000 itself when that is 0).
void probe_cluster_bus(net::Engine& engine, const RedisTarget& target, RedisServer& server,
                       Footprint& footprint) {
  const std::string* enabled = server.info_value("cluster_enabled");
  if (enabled == nullptr || *enabled != "1") return;
  const std::string* encrypted = server.config_value("tls-cluster");
  if (encrypted == nullptr) {
    server.cluster_bus =
        Gap{GapReason::denied, "the server did not tell where its bus listens", ""};
    return;
  }
  std::uint16_t bus = port_of(server, "cluster-port");
  const unsigned above = port_of(server, *encrypted == "yes" ? "tls-port" : "port") + 10000U;
  if (bus == 0 && above <= 65535U) bus = static_cast<std::uint16_t>(above);
  if (bus == 0) return;
  // A plaintext bus waits for the rest of what it takes for a message: silence
  // is its answer, and one that speaks TLS answers at once.
  net::Budget budget = target.budget;
  budget.patience = std::min(budget.patience, kPatienceAtBus);
  const Observation<PortAnswer> answer =
      net::classify_port(engine, {target.address.ip, bus}, budget, footprint);
  const Provenance from{"redis_server",
                        target.key,
                        {},
                        fmt::format("ClientHello to bus port {}", bus),
                        Grade::observed};
  if (const Gap* gap = answer.gap())
    server.cluster_bus = {*gap, from};
  else if (answer->speech == PortSpeech::tls)
    server.cluster_bus = {std::string{"TLS"}, from};
  else
    server.cluster_bus = {
        answer->tls_answer.empty() ? answer->plaintext_answer : answer->tls_answer, from};
}

}  // namespace rta

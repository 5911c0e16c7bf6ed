#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.IA-3"sv, "nist.IA-9"sv, "nist.IA-5.2"sv,
                               "sp800-52r2.3.5"sv, "pci.8.3.1"sv, "pci.8.3.2"sv};
constexpr std::string_view kExpected = "a client certificate is required: tls-auth-clients yes";

struct Demand {
  ClientCertificateDemand demand = ClientCertificateDemand::unknown;
  Provenance from;
};

ClientCertificateDemand from_parameter(const std::string* value) {
  if (value == nullptr) return ClientCertificateDemand::unknown;
  if (*value == "yes") return ClientCertificateDemand::required;
  if (*value == "optional") return ClientCertificateDemand::optional;
  return *value == "no" ? ClientCertificateDemand::none : ClientCertificateDemand::unknown;
}

// What the handshake showed decides; the parameter is asked where it showed nothing.
Demand demand_of(const ConfigurationView& view) {
  if (view.endpoint != nullptr) {
    const Endpoint& endpoint = *view.endpoint;
    const SessionFacts* sessions = endpoint.sessions.value();
    if (sessions != nullptr && sessions->demand != ClientCertificateDemand::unknown)
      return {sessions->demand, endpoint.sessions.provenance()};
    const RedisServer* server = endpoint.redis.value();
    if (server != nullptr && server->client_certificate_demanded)
      return {ClientCertificateDemand::required,
              {"redis_server",
               endpoint.key,
               {},
               "handshake without a certificate",
               wire_grade(endpoint)}};
    const ServedChain* chain = endpoint.chain.value();
    if (chain != nullptr && chain->client_certificate != ClientCertificateDemand::unknown)
      return {chain->client_certificate, endpoint.chain.provenance()};
  }
  return {from_parameter(view.value("tls-auth-clients")), view.provenance("tls-auth-clients")};
}

// Whether a client without certificate needs a password; absent = not known.
std::optional<bool> needs_password(const ConfigurationView& view) {
  if (view.endpoint != nullptr) {
    const RedisServer* server = view.endpoint->redis.value();
    if (server == nullptr) return std::nullopt;
    if (answers_nobody(*server)) return false;
    if (server->unauthenticated_ping.outcome == CommandOutcome::noauth) return true;
    return std::nullopt;
  }
  const Observation<std::vector<UserView>> users = users_of(view);
  if (!users.has_value()) return std::nullopt;
  const auto user = std::ranges::find(*users, "default", &UserView::name);
  return !user->enabled || !user->nopass;
}

std::string words_for(RogueKind kind) {
  switch (kind) {
    case RogueKind::strange_authority:
      return "one signed by an authority that nobody knows";
    case RogueKind::namesake_authority:
      return "one whose authority only bears the right name";
    case RogueKind::self_signed:
      return "a self-signed one";
    case RogueKind::expired:
      return "an expired one";
    case RogueKind::not_yet_valid:
      return "one that is not valid yet";
    case RogueKind::server_only:
      return "one for servers only";
  }
  return {};
}

// The client certificates that the audit made up, and how the server met them.
struct Rogues {
  std::vector<std::string> accepted;  // in words
  std::string answer;                 // to the first of them
  std::size_t refused = 0, open = 0;
};

Rogues rogues_of(const ConfigurationView& view) {
  Rogues rogues;
  const SessionFacts* sessions =
      view.endpoint == nullptr ? nullptr : view.endpoint->sessions.value();
  if (sessions == nullptr) return rogues;
  for (const RogueCertificate& rogue : sessions->rogue_certificates) {
    rogues.refused += rogue.outcome == RogueOutcome::refused ? 1 : 0;
    rogues.open += rogue.outcome == RogueOutcome::inconclusive ? 1 : 0;
    if (rogue.outcome != RogueOutcome::accepted) continue;
    if (rogues.answer.empty())
      rogues.answer = fmt::format("at {} {}", name_of(rogue.version), rogue.reason);
    const std::string words = words_for(rogue.kind);
    if (std::ranges::find(rogues.accepted, words) == rogues.accepted.end())
      rogues.accepted.push_back(words);
  }
  return rogues;
}

// Whoever can make a certificate is let in: the demand keeps nobody out.
void fail_rogues(const ConfigurationView& view, const Rogues& rogues, Findings& findings) {
  const bool open = rogues.answer.ends_with("+PONG");
  findings
      .fail(view.subject,
            fmt::format("the server takes client certificates that it cannot trust: {} ({})",
                        join(rogues.accepted, ", "), rogues.answer))
      .expected("every certificate that the server's own authority has not issued is refused")
      .observed(fmt::format("{} accepted, {} refused", rogues.accepted.size(), rogues.refused))
      .remediation("tls-ca-cert-file: the one authority that issues client certificates; "
                   "correct the proxy or library that skips verification")
      .variant("rogue client certificate")
      .severity(open ? Severity::critical : Severity::high)
      .from(view.endpoint->sessions.provenance());
}

std::string required_words(const Rogues& rogues) {
  std::string words = "a client needs a certificate";
  if (rogues.refused > 0)
    words += fmt::format(", and {} made up for this audit were refused", rogues.refused);
  if (rogues.open > 0)
    words += fmt::format("; to {} made-up ones there was no clear answer", rogues.open);
  return words;
}

void judge_demand(const ConfigurationView& view, const Policy& policy, Findings& findings) {
  const Demand seen = demand_of(view);
  const std::optional<bool> password = needs_password(view);
  const Rogues rogues = rogues_of(view);
  if (!rogues.accepted.empty()) return fail_rogues(view, rogues, findings);
  const auto tell = [&](Findings::Entry entry) {
    entry.expected(std::string{kExpected})
        .observed(std::string{name_of(seen.demand)})
        .from(seen.from);
  };
  switch (seen.demand) {
    case ClientCertificateDemand::required:
      tell(findings.pass(view.subject, required_words(rogues)));
      return;
    case ClientCertificateDemand::optional:
      tell(findings.warn(
          view.subject,
          "client certificates are optional: whoever brings none is let in to the login"));
      return;
    case ClientCertificateDemand::none:
      if (!password)
        findings.unknown(
            view.subject,
            "no client certificate is demanded, and whether a password is was not seen",
            GapReason::incomplete);
      else if (*password)
        tell(judge(findings, policy.access.no_client_certificates, view.subject,
                   "clients prove themselves by a password alone"));
      else
        tell(findings.fail(view.subject, "clients need neither a certificate nor a password"));
      return;
    case ClientCertificateDemand::unknown:
      break;
  }
  findings.unknown(view.subject, view.gap("tls-auth-clients"));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    judge_demand(view, policy, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check access_mutual_tls;
constexpr Check access_mutual_tls{
    .info = {.code = "RTA-AUTH-007",
             .title = "Clients are strongly authenticated",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::served_chain, Need::project_files},
             .controls = kControls,
             .remediation = "tls-auth-clients yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

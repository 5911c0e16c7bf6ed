#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"
#include "checks/common/tls_view.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-23"sv, "sp800-52r2.3.6"sv,
                               "pci.4.2.1"sv};

constexpr std::uint64_t kDay = 86'400, kWeek = 7 * kDay;

struct Lifetime {
  std::uint64_t seconds = 0;
  std::string source;
};

std::optional<std::uint64_t> number_of(const std::string* text) {
  if (text == nullptr || text->empty() || text->size() > 12) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::vector<Lifetime> lifetimes_of(const Endpoint& endpoint) {
  std::vector<Lifetime> found;
  if (const SessionFacts* sessions = endpoint.sessions.value())
    for (const SessionFact& fact : sessions->facts)
      if (fact.feature == SessionFeature::tickets && fact.seconds)
        found.push_back({*fact.seconds, fmt::format("{} ticket", name_of(fact.version))});
  if (const RedisServer* server = endpoint.redis.value()) {
    const std::string* caching = server->config_value("tls-session-caching");
    // Off, Redis still issues tickets, with OpenSSL's lifetime of two hours.
    if (caching != nullptr && *caching == "no")
      found.push_back({7200, "tls-session-caching no"});
    else if (const auto seconds = number_of(server->config_value("tls-session-cache-timeout")))
      found.push_back({*seconds, "tls-session-cache-timeout"});
  }
  return found;
}

// Every way back was tried at every version, and none is open.
bool resumes_nothing(const Endpoint& endpoint) {
  const SessionFacts* sessions = endpoint.sessions.value();
  if (sessions == nullptr) return false;
  std::size_t closed = 0;
  for (const SessionFact& fact : sessions->facts) {
    const bool way_back = fact.feature == SessionFeature::tickets ||
                          fact.feature == SessionFeature::ticket_resumption ||
                          fact.feature == SessionFeature::id_resumption;
    if (!way_back) continue;
    if (fact.answer != Answer::not_supported) return false;
    ++closed;
  }
  return closed > 0;
}

// Why no lifetime was seen, where the sessions told.
std::string why_open(const Endpoint& endpoint) {
  if (const SessionFacts* sessions = endpoint.sessions.value())
    for (const SessionFact& fact : sessions->facts)
      if (fact.feature == SessionFeature::tickets && fact.answer == Answer::inconclusive)
        return fmt::format(" ({}: {})", name_of(fact.version), fact.reason);
  return {};
}

void judge_endpoint(const Endpoint& endpoint, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const std::vector<Lifetime> found = lifetimes_of(endpoint);
  if (found.empty() && resumes_nothing(endpoint)) {
    findings.pass(subject, "no session can be resumed: neither by ticket nor by id")
        .expected("at most 86400 s")
        .observed("no resumption")
        .from(endpoint.sessions.provenance());
    return;
  }
  if (found.empty()) {
    findings.unknown(subject,
                     "no ticket was seen and the server did not tell tls-session-cache-timeout" +
                         why_open(endpoint),
                     GapReason::incomplete);
    return;
  }
  const Lifetime longest = *std::ranges::max_element(found, {}, &Lifetime::seconds);
  const std::string seen = fmt::format("{} s ({})", longest.seconds, longest.source);
  const bool on_wire = longest.source.ends_with("ticket");
  Provenance source = wire(endpoint, longest.source);
  if (!on_wire) source.grade = server_grade(endpoint);
  if (longest.seconds > kWeek)
    findings.fail(subject, "sessions can be resumed for more than a week: " + seen)
        .expected("at most 86400 s")
        .observed(seen)
        .from(source);
  else if (longest.seconds > kDay)
    findings.warn(subject, "sessions can be resumed for more than a day: " + seen)
        .expected("at most 86400 s")
        .observed(seen)
        .from(source);
  else
    findings.pass(subject, "sessions can be resumed for " + seen)
        .expected("at most 86400 s")
        .observed(seen)
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) judge_endpoint(endpoint, findings);
  if (evidence.endpoints.empty())
    findings.unknown(Subject::deployment(), "no endpoint was audited", GapReason::not_requested);
}

}  // namespace

extern const Check protocol_resumption_bounded;
constexpr Check protocol_resumption_bounded{
    .info = {.code = "RTA-TLS-011",
             .title = "Session resumption lifetime is bounded",
             .core = {},
             .supports = {1},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::tls_survey, Need::redis_server},
             .controls = kControls,
             .remediation = "tls-session-caching yes\ntls-session-cache-timeout 300"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-7"sv, "nist.CM-7.1"sv, "pci.1.2.5"sv,
                               "pci.2.2.4"sv};
constexpr std::string_view kExpected = "no plaintext Redis beside the TLS port";

bool is_plaintext(const PortAnswer& answer) {
  return answer.speech == PortSpeech::plaintext_redis || answer.speech == PortSpeech::both;
}

// The bus of a cluster node speaks its own protocol; RTA-TOPO-002 judges it.
bool is_cluster_bus(const Endpoint& endpoint, const SiblingPort& sibling) {
  const RedisServer* server = endpoint.redis.value();
  const std::string* enabled = server == nullptr ? nullptr : server->info_value("cluster_enabled");
  return enabled != nullptr && *enabled == "1" && sibling.port == endpoint.port + 10000;
}

// Nothing takes connections there, or nothing lets us through, on a host whose
// declared port did answer.
bool is_out_of_reach(const Gap& gap) {
  return gap.reason == GapReason::refused || gap.reason == GapReason::unreachable;
}

void judge_plaintext(const Subject& subject, const SiblingPort& sibling, const Policy& policy,
                     Findings& findings) {
  const PortAnswer& answer = *sibling.answer;
  const std::string message =
      fmt::format("port {} ({}) answers Redis in plaintext", sibling.port, sibling.why);
  const bool protected_mode = answer.plaintext_answer.starts_with("-DENIED");
  Findings::Entry entry =
      sibling.loopback ? judge(findings, policy.listeners.plaintext_on_loopback_observed, subject,
                               message + " on a loopback address")
      : protected_mode
          ? findings.warn(subject, message + ", to local clients only (protected mode)")
          : findings.fail(subject, message);
  entry.expected(std::string{kExpected})
      .observed(answer.plaintext_answer)
      .variant(fmt::format("port {}", sibling.port))
      .from(sibling.answer);
}

void judge_siblings(const Endpoint& endpoint, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  std::string quiet;
  bool every_port_is_quiet = true;
  for (const SiblingPort& sibling : endpoint.siblings) {
    if (is_cluster_bus(endpoint, sibling)) continue;
    const Gap* gap = sibling.answer.gap();
    if (gap != nullptr && !is_out_of_reach(*gap)) {
      findings.unknown(subject, fmt::format("port {}: {}", sibling.port, gap->detail), gap->reason)
          .variant(fmt::format("port {}", sibling.port))
          .from(sibling.answer);
      every_port_is_quiet = false;
    } else if (gap == nullptr && is_plaintext(*sibling.answer)) {
      judge_plaintext(subject, sibling, policy, findings);
      every_port_is_quiet = false;
    } else {
      quiet += fmt::format("{}{} {}", quiet.empty() ? "" : ", ", sibling.port,
                           gap != nullptr ? name_of(gap->reason) : name_of(sibling.answer->speech));
    }
  }
  if (every_port_is_quiet)
    findings.pass(subject, "no port beside it answers Redis in plaintext: " + quiet)
        .expected(std::string{kExpected})
        .observed(quiet)
        .from(endpoint.port_answer);
}

void judge_endpoint(const Endpoint& endpoint, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  if (endpoint.kind == EndpointKind::rehearsal) {
    findings.not_applicable(subject, "a rehearsed server has the ports that we gave it");
  } else if (const Gap* gap = endpoint.port_answer.gap()) {
    findings.unknown(subject, *gap);  // a host that is down tells nothing by silence
  } else if (endpoint.siblings.empty()) {
    findings.unknown(subject, "the ports beside it were not asked", GapReason::not_requested);
  } else {
    judge_siblings(endpoint, policy, findings);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) judge_endpoint(endpoint, policy, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no endpoint was named, so no port was asked",
                     GapReason::not_requested);
}

}  // namespace

extern const Check plaintext_no_sibling_plaintext;
constexpr Check plaintext_no_sibling_plaintext{
    .info = {.code = "RTA-PLAIN-002",
             .title = "No plaintext Redis answers on sibling ports",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::port},
             .controls = kControls,
             .remediation = "port 0"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

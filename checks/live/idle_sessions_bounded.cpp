#include <redis_tls_audit/check.h>

#include <charconv>

#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.2.iii"sv, "nist.AC-12"sv, "nist.SC-5"sv,
                               "nist.SC-10"sv,        "pci.8.2.8"sv,  "STIG V-251183"sv};
constexpr int kUsualMaxClients = 10'000;

std::optional<int> number(const std::string* text) {
  int value = 0;
  if (text == nullptr) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

void judge_timeout(const ConfigurationView& view, const Evidence& evidence, const Policy& policy,
                   Findings& findings) {
  const std::optional<int> timeout = number(view.value("timeout"));
  const int most = policy.sessions.max_timeout_seconds;
  if (!timeout) {
    findings.unknown(view.subject, view.gap("timeout"));
    return;
  }
  const std::string observed = fmt::format("timeout {}", *timeout);
  const std::string expected = fmt::format("timeout of 1 to {} s", most);
  if (*timeout > 0 && *timeout <= most)
    findings.pass(view.subject, fmt::format("idle sessions end after {} s", *timeout))
        .expected(expected)
        .observed(observed)
        .from(view.provenance("timeout"));
  else if (const Attestation* pooled =
               evidence.attestation("pooled-service-accounts", view.subject.key))
    findings
        .pass(view.subject,
              fmt::format("{} attests that only pooled service accounts connect", pooled->by))
        .observed(observed)
        .grade(Grade::attested)
        .at(pooled->location);
  else
    judge(findings, policy.sessions.no_timeout, view.subject,
          *timeout == 0
              ? std::string{"idle sessions never end: timeout 0"}
              : fmt::format("idle sessions end after {} s, later than {} s", *timeout, most))
        .expected(expected)
        .observed(observed)
        .from(view.provenance("timeout"));
}

void judge_limits(const ConfigurationView& view, Findings& findings) {
  const std::optional<int> clients = number(view.value("maxclients"));
  const std::optional<int> keepalive = number(view.value("tcp-keepalive"));
  if (clients && *clients > kUsualMaxClients)
    findings
        .warn(view.subject, fmt::format("maxclients {} lets a flood of connections in", *clients))
        .expected("maxclients 10000 or fewer")
        .observed(fmt::format("maxclients {}", *clients))
        .remediation("maxclients 10000")
        .variant("maxclients")
        .from(view.provenance("maxclients"));
  if (keepalive && *keepalive == 0)
    findings.warn(view.subject, "dead peers are never noticed: tcp-keepalive 0")
        .expected("tcp-keepalive 300")
        .observed("tcp-keepalive 0")
        .remediation("tcp-keepalive 300")
        .variant("tcp-keepalive")
        .from(view.provenance("tcp-keepalive"));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    judge_timeout(view, evidence, policy, findings);
    judge_limits(view, findings);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check live_idle_sessions_bounded;
constexpr Check live_idle_sessions_bounded{
    .info = {.code = "RTA-LIVE-004",
             .title = "Idle sessions and connections are bounded",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "timeout 900\ntcp-keepalive 300"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <charconv>

#include "checks/common/audit.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.b"sv, "hipaa.308.a.5.ii.C"sv, "nist.AU-2"sv,
                               "nist.AU-6"sv,   "nist.AC-7"sv,          "pci.10.2.1.4"sv};
constexpr std::uint64_t kDay = 24 * 60 * 60;

std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The log holds all it can, and what fell out was younger than a day.
bool overflows(const ConfigurationView& view, int capacity) {
  if (view.endpoint == nullptr || view.endpoint->redis.value() == nullptr) return false;
  const Observation<std::vector<AclLogEntry>>& log = view.endpoint->redis->acl_log;
  if (!log.has_value() || log->empty() || log->size() < static_cast<std::size_t>(capacity))
    return false;
  return std::ranges::max(*log, {}, &AclLogEntry::age_seconds).age_seconds < kDay;
}

void judge_collection(const ConfigurationView& view, const Evidence& evidence, int capacity,
                      const Policy& policy, Findings& findings) {
  const Artefact* collector = artefact_for(evidence, Purpose::acl_log_collection);
  const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
  if (server != nullptr && server->acl_log.gap() != nullptr) {
    findings.unknown(view.subject, *server->acl_log.gap());
  } else if (overflows(view, capacity)) {
    say_audit(
        findings, policy, Status::warn, view.subject,
        fmt::format(
            "ACL LOG is full: its {} entries are all younger than a day, so older denials are lost",
            capacity))
        .expected("a log that is collected before it is full")
        .from(view.provenance("acllog-max-len"));
  } else if (collector != nullptr) {
    findings.pass(view.subject, "denied access is collected by " + collector->summary)
        .observed(fmt::format("acllog-max-len {}", capacity))
        .at(collector->location)
        .grade(Grade::declared);
  } else if (!evidence.artefacts_collected) {
    findings.unknown(view.subject, "no project was looked through for a collector of ACL LOG",
                     GapReason::not_requested);
  } else {
    say_audit(findings, policy, Status::warn, view.subject,
              "nothing was seen that collects ACL LOG, which is empty after a restart")
        .expected("a job that reads ACL LOG every few minutes")
        .observed(fmt::format("acllog-max-len {}, no collector", capacity))
        .from(view.provenance("acllog-max-len"));
  }
}

void judge_log(const ConfigurationView& view, const Evidence& evidence, const Policy& policy,
               Findings& findings) {
  if (view.lacks("acllog-max-len")) {
    findings.not_applicable(view.subject, "this server has no ACL LOG (Redis before 6.0)");
    return;
  }
  const std::string* text = view.value("acllog-max-len");
  const std::optional<int> capacity = text == nullptr ? std::nullopt : number(*text);
  if (!capacity) {
    findings.unknown(view.subject, view.gap("acllog-max-len"));
  } else if (*capacity == 0) {
    say_audit(findings, policy, Status::fail, view.subject,
              "acllog-max-len 0: denied access is recorded nowhere")
        .expected(fmt::format("acllog-max-len {} or more", policy.audit.min_acllog))
        .observed("acllog-max-len 0")
        .from(view.provenance("acllog-max-len"));
  } else if (*capacity < policy.audit.min_acllog) {
    say_audit(findings, policy, Status::warn, view.subject,
              fmt::format("acllog-max-len {} keeps few denials; {} or more is right", *capacity,
                          policy.audit.min_acllog))
        .observed(fmt::format("acllog-max-len {}", *capacity))
        .from(view.provenance("acllog-max-len"));
  } else {
    judge_collection(view, evidence, *capacity, policy, findings);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    judge_log(view, evidence, policy, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check audit_trail_denials_collected;
constexpr Check audit_trail_denials_collected{
    .info = {.code = "RTA-AUD-003",
             .title = "Denied access is collected before it is lost",
             .core = {12},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files, Need::artefacts},
             .controls = kControls,
             .remediation = "acllog-max-len 1024"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

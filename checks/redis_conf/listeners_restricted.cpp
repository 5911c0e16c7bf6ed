#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.e.1"sv, "nist.SC-7"sv,
                               "nist.CM-7"sv,     "pci.1.2.5"sv,     "pci.2.2.4"sv};

// Absent: not known here.
std::optional<bool> default_user_open(const ConfigurationView& view) {
  if (view.declared != nullptr) {
    if (view.value("aclfile") == nullptr || !view.declared->gaps.empty()) return std::nullopt;
    return view.declared->default_user_open;
  }
  const RedisServer* server = view.endpoint->redis.value();
  if (server == nullptr) return std::nullopt;
  switch (server->unauthenticated_ping.outcome) {
    case CommandOutcome::ok:
      return true;
    case CommandOutcome::noauth:
      return false;
    default:
      return std::nullopt;
  }
}

bool binds_everything(const std::string& bind) {
  for (const std::string_view word : split(bind, ' ')) {
    const std::string_view address = word.starts_with('-') ? word.substr(1) : word;
    if (address == "*" || address == "::*" || address == "0.0.0.0" || address == "::") return true;
  }
  return false;
}

void judge_view(const ConfigurationView& view, Findings& findings) {
  const std::string* bind = view.value("bind");
  const std::string* mode = view.value("protected-mode");
  if (bind == nullptr || mode == nullptr) {
    findings.unknown(view.subject, view.gap("bind and protected-mode"));
    return;
  }
  const std::string seen = fmt::format("bind {}, protected-mode {}",
                                       bind->empty() ? "(none)" : printable(*bind, 100), *mode);
  const std::string right = "chosen addresses and protected-mode yes";
  if (bind->empty() || view.binds_loopback_only()) {
    findings.pass(view.subject, "only this machine can connect: " + seen)
        .expected(right)
        .observed(seen)
        .from(view.provenance("bind"));
    return;
  }
  const auto open = default_user_open(view);
  if (*mode == "no" && !open) {
    findings
        .unknown(view.subject,
                 "protected-mode is off, and whether the default user has a password is not known",
                 GapReason::incomplete)
        .observed(seen)
        .from(view.provenance("protected-mode"));
  } else if (*mode == "no" && open.value_or(false)) {
    const bool image = view.declared != nullptr && view.declared->container_image;
    findings
        .fail(
            view.subject,
            fmt::format(
                "anyone who reaches the port is let in: {}, and the default user has no password{}",
                seen, image ? " (the official image switches protected-mode off)" : ""))
        .expected(right)
        .observed(seen)
        .from(view.provenance("protected-mode"));
  } else if (*mode == "no") {
    findings
        .warn(view.subject,
              "protected-mode is off: a lost password opens the server to the network")
        .expected(right)
        .observed(seen)
        .from(view.provenance("protected-mode"));
  } else if (binds_everything(*bind)) {
    findings.warn(view.subject, "Redis listens on every address of the machine: " + seen)
        .expected(right)
        .observed(seen)
        .from(view.provenance("bind"));
  } else {
    findings.pass(view.subject, "Redis listens on chosen addresses: " + seen)
        .expected(right)
        .observed(seen)
        .from(view.provenance("bind"));
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    // A rehearsed server is bound to a loopback address of ours.
    if (view.endpoint != nullptr && view.endpoint->kind == EndpointKind::rehearsal) continue;
    judge_view(view, findings);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_listeners_restricted;
constexpr Check redis_conf_listeners_restricted{
    .info = {.code = "RTA-CONF-005",
             .title = "Listeners are bound to chosen addresses and protected",
             .core = {},
             .supports = {13},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "bind 10.0.0.5 127.0.0.1 -::1\nprotected-mode yes"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

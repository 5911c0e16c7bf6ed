#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.b"sv, "nist.CM-7"sv,
                               "nist.AC-6"sv,     "pci.2.2.4"sv,   "pci.2.2.6"sv};

constexpr std::array kFeatures{"enable-debug-command"sv, "enable-protected-configs"sv,
                               "enable-module-command"sv};

void judge_view(const ConfigurationView& view, Findings& findings) {
  std::vector<std::string> on, local;
  const std::string* missing = nullptr;
  std::string first_bad{kFeatures.front()};
  for (const std::string_view feature : kFeatures) {
    const std::string name{feature};
    if (view.lacks(name)) {
      findings
          .warn(view.subject,
                "this release is older than 7.0: DEBUG and MODULE are there for every user with "
                "the right")
          .expected("Redis 7.0 or later")
          .observed(name + " is not a parameter")
          .from(view.provenance(name));
      return;
    }
    const std::string* value = view.value(name);
    if (value == nullptr) {
      findings.unknown(view.subject, view.gap(name));
      return;
    }
    if (*value == "yes") on.push_back(name);
    if (*value == "local") local.push_back(name);
    if (*value != "no" && missing == nullptr) missing = value, first_bad = name;
  }
  if (!on.empty())
    findings
        .fail(view.subject,
              join(on, ", ") + " is yes: a client may load code or switch TLS and logging off")
        .expected("no")
        .observed("yes")
        .from(view.provenance(first_bad));
  else if (!local.empty())
    findings
        .warn(view.subject, join(local, ", ") + " is local: clients on the same machine may use it")
        .expected("no")
        .observed("local")
        .from(view.provenance(first_bad));
  else
    findings.pass(view.subject, "DEBUG, MODULE and protected settings are out of reach of clients")
        .expected("no")
        .observed("no")
        .from(view.provenance(first_bad));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence))
    if (view.endpoint == nullptr || view.endpoint->kind == EndpointKind::live)
      judge_view(view, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_dangerous_features_off;
constexpr Check redis_conf_dangerous_features_off{
    .info = {.code = "RTA-CONF-006",
             .title = "Commands that reconfigure or load code are off",
             .core = {},
             .supports = {13},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation =
                 "enable-debug-command no\nenable-protected-configs no\nenable-module-command no"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.CM-6"sv, "nist.SC-8.1"sv,
                               "sp800-52r2.3.1"sv,   "pci.4.2.1"sv, "pci.2.2.6"sv};

std::optional<ProtocolVersion> version_of(std::string_view word) {
  const std::string name = lower_ascii(word);
  if (name == "tlsv1") return ProtocolVersion::tls1_0;
  if (name == "tlsv1.1") return ProtocolVersion::tls1_1;
  if (name == "tlsv1.2") return ProtocolVersion::tls1_2;
  if (name == "tlsv1.3") return ProtocolVersion::tls1_3;
  return std::nullopt;
}

bool is_off(const ConfigurationView& view) {
  const std::string* port = view.value("tls-port");
  return port != nullptr && *port == "0" && !view.is_yes("tls-replication") &&
         !view.is_yes("tls-cluster");
}

std::string allowed_names(const Policy& policy) {
  std::vector<std::string> names;
  for (const ProtocolVersion version : policy.tls.allowed) names.emplace_back(name_of(version));
  return "only " + join(names, ", ");
}

// Redis sets 1.2 and 1.3 by itself when nothing is configured.
void judge_protocols(const ConfigurationView& view, const std::string& value, const Policy& policy,
                     Findings& findings) {
  const std::string effective = value.empty() ? "TLSv1.2 TLSv1.3" : value;
  std::vector<std::string> forbidden;
  for (const std::string_view word : split(effective, ' ')) {
    const auto version = version_of(word);
    if (!version || !policy.tls.allowed.contains(*version))
      forbidden.push_back(printable(word, 40));
  }
  const std::string seen = value.empty() ? "not set: TLSv1.2 TLSv1.3" : printable(value, 100);
  auto entry = forbidden.empty()
                   ? findings.pass(view.subject, fmt::format("tls-protocols allows {}", effective))
                   : findings.fail(view.subject,
                                   fmt::format("tls-protocols allows {}, which the policy forbids",
                                               join(forbidden, " and ")));
  entry.expected(allowed_names(policy)).observed(seen).from(view.provenance("tls-protocols"));
}

void judge_view(const ConfigurationView& view, const Policy& policy, Findings& findings) {
  if (view.declared != nullptr && view.declared->refused &&
      view.declared->refused->find("Invalid tls-protocols") != std::string::npos) {
    findings
        .fail(view.subject, "tls-protocols cannot be read, and redis-server does not start with it")
        .expected("versions between single blanks")
        .observed(*view.declared->refused)
        .at(view.declared->refused_at)
        .grade(Grade::declared);
    return;
  }
  if (is_off(view)) {
    findings.not_applicable(view.subject, "TLS is not switched on here: tls-port is 0");
    return;
  }
  if (say_withheld(view, "RTA-TLS-002 to 006 judge what it offers on the wire", findings)) return;
  if (const std::string* value = view.value("tls-protocols"))
    judge_protocols(view, *value, policy, findings);
  else
    findings.unknown(view.subject, view.gap("tls-protocols"));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) judge_view(view, policy, findings);
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_tls_protocols_limited;
constexpr Check redis_conf_tls_protocols_limited{
    .info = {.code = "RTA-CONF-002",
             .title = "tls-protocols allows only the versions of the policy",
             .core = {1},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "tls-protocols \"TLSv1.2 TLSv1.3\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/checkout.h"
#include "checks/common/settings.h"
#include "files/redis_conf/refusal_remedy.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.CM-6"sv, "sp800-52r2.3.2"sv, "pci.2.2.6"sv};

constexpr std::string_view kRequired = "an absolute path to an existing file";

bool uses_tls(const ConfigurationView& view) {
  const std::string* port = view.value("tls-port");
  return (port != nullptr && *port != "0") || view.is_yes("tls-replication") ||
         view.is_yes("tls-cluster");
}

// The server's reason is about certificate, key or CA; what else TLS can be
// refused for is the matter of RTA-CONF-002, RTA-CIP-007 and RTA-CONF-007.
bool is_about_material(const std::string& refused) {
  return refused.starts_with("Failed to configure TLS") &&
         refused.find("tls-protocols") == std::string::npos &&
         refused.find("Failed to configure cipher") == std::string::npos;
}

// True when the file deserves a remark of its own.
bool judge_file(const ConfigurationView& view, const NamedFile& file, const Evidence& evidence,
                Findings& findings) {
  const Provenance from{"redis_conf", "", file.reference.named_at, "named file", Grade::declared};
  const std::string name = printable(file.declared, 200);
  if (file.placeholder) {
    findings.warn(view.subject, name + " is a placeholder out of documentation, not a path")
        .expected(std::string{kRequired})
        .observed(name)
        .variant(file.declared)
        .from(from);
    return true;
  }
  if (is_left_out(evidence, file)) {
    findings.unknown(view.subject, left_out(file)).variant(file.declared).from(from);
    return true;
  }
  if (const Gap* gap = file.file.gap()) {
    // Only a file that belongs to the project can be said to be missing.
    const bool ours = !file.path.starts_with('/');
    if (gap->reason == GapReason::not_found && ours)
      findings.fail(view.subject, fmt::format("{} is named and does not exist", name))
          .expected(std::string{kRequired})
          .observed("no such file")
          .variant(file.declared)
          .from(from);
    else
      findings
          .unknown(view.subject, fmt::format("{} was not seen: {}", name, gap->detail), gap->reason)
          .remediation(gap->remedy)
          .variant(file.declared)
          .from(from);
    return true;
  }
  if (file.declared.starts_with('/')) return false;
  findings
      .warn(view.subject,
            fmt::format("{} is a relative path: it changes its meaning with `dir`", name))
      .expected(std::string{kRequired})
      .observed(name)
      .variant(file.declared)
      .from(from);
  return true;
}

void judge_declared(const ConfigurationView& view, const Evidence& evidence, Findings& findings) {
  const RedisConfiguration& conf = *view.declared;
  if (conf.refused && is_about_material(*conf.refused)) {
    findings
        .fail(view.subject, "redis-server cannot set up TLS and does not start: " + *conf.refused)
        .expected("certificate, key and CA files")
        .observed(*conf.refused)
        .remediation(refusal_remedy(conf))
        .at(conf.refused_at)
        .grade(Grade::declared);
    return;
  }
  if (view.value("tls-port") == nullptr) {
    findings.unknown(view.subject, view.gap("the TLS directives"));
    return;
  }
  if (!uses_tls(view)) {
    findings.not_applicable(view.subject, "TLS is not switched on here: tls-port is 0");
    return;
  }
  bool any = false, remarked = false;
  for (const NamedFile& file : evidence.named_files) {
    if (file.reference.by != conf.source) continue;
    any = true;
    remarked = judge_file(view, file, evidence, findings) || remarked;
  }
  if (!any)
    findings.unknown(view.subject, "the files named by the TLS directives were not looked at",
                     GapReason::incomplete);
  else if (!remarked)
    findings.pass(view.subject, "every certificate, key and CA file that is named exists")
        .expected(std::string{kRequired})
        .from(view.provenance("tls-cert-file"));
}

void judge_server(const ConfigurationView& view, Findings& findings) {
  if (view.value("tls-port") == nullptr) {
    findings.unknown(view.subject, view.gap("the TLS directives"));
  } else if (!uses_tls(view)) {
    findings.not_applicable(view.subject, "TLS is not switched on here: tls-port is 0");
  } else if (view.value("tls-cert-file") == nullptr) {
    findings.unknown(view.subject, view.gap("tls-cert-file"));
  } else {
    findings
        .pass(view.subject,
              "the server has loaded its certificate and key: it refuses to start without them")
        .observed("tls-cert-file " + printable(*view.value("tls-cert-file"), 200))
        .from(view.provenance("tls-cert-file"));
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    if (view.declared != nullptr) judge_declared(view, evidence, findings);
    // A rehearsed server may hold certificates that were made for the run.
    else if (view.endpoint->kind == EndpointKind::live)
      judge_server(view, findings);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_tls_material_complete;
constexpr Check redis_conf_tls_material_complete{
    .info = {.code = "RTA-CONF-003",
             .title = "Certificate, key and CA directives are complete and usable",
             .core = {},
             .supports = {1},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "tls-cert-file /etc/redis/tls/redis.crt\ntls-key-file "
                            "/etc/redis/tls/redis.key\ntls-ca-cert-file /etc/redis/tls/ca.crt"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

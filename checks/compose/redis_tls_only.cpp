#include <redis_tls_audit/check.h>

#include "checks/common/compose.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.SC-8.1"sv, "nist.CM-6"sv, "pci.4.2.1"sv};

void judge_service(const Evidence& evidence, const ComposeProject& project,
                   const ComposeService& service, Findings& findings) {
  const Subject subject = service_subject(project, service);
  const Provenance from = compose_provenance(service.location, "command");
  const RedisConfiguration* conf = configuration_of(evidence, project, service);
  if (conf == nullptr) {
    findings
        .unknown(subject, "the configuration of this service was not read", GapReason::incomplete)
        .from(from);
    return;
  }
  const std::string* port = conf->value("port");
  const std::string* tls_port = conf->value("tls-port");
  if (port == nullptr || tls_port == nullptr) {
    const Gap gap =
        conf->refused
            ? Gap{GapReason::malformed, "redis-server refuses to start: " + *conf->refused, ""}
        : conf->gaps.empty()
            ? Gap{GapReason::incomplete, "port and tls-port could not be worked out", ""}
            : conf->gaps.front();
    findings.unknown(subject, gap).from(from);
    return;
  }
  const std::string seen = fmt::format("tls-port {}, port {}", *tls_port, *port);
  const std::string right = "--port 0 and --tls-port above 0";
  if (*tls_port == "0")
    findings.fail(subject, fmt::format("this service starts Redis without TLS on port {}", *port))
        .expected(right)
        .observed(seen)
        .from(from);
  else if (*port != "0")
    findings
        .fail(subject, fmt::format("this service opens plaintext port {} beside TLS port {}", *port,
                                   *tls_port))
        .expected(right)
        .observed(seen)
        .from(from);
  else
    findings
        .pass(subject,
              fmt::format("this service opens TLS port {} and no plaintext port", *tls_port))
        .expected(right)
        .observed(seen)
        .from(from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService* service : redis_services_or_say(*project, findings))
    judge_service(evidence, *project, *service, findings);
}

}  // namespace

extern const Check compose_redis_tls_only;
constexpr Check compose_redis_tls_only{
    .info = {.code = "RTA-DOCK-001",
             .title = "Redis services speak TLS only",
             .core = {1},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "command: redis-server --port 0 --tls-port 6379 ..."},
    .evaluate = evaluate,
};

}  // namespace rta::checks

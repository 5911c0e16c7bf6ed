#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/compose.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.SC-8"sv, "nist.IA-5.7"sv, "pci.8.6.2"sv};

bool has(const std::vector<std::string>& words, std::string_view wanted) {
  return std::ranges::count(words, wanted) > 0;
}

bool speaks_tls_only(const RedisConfiguration* conf) {
  const std::string* port = conf == nullptr ? nullptr : conf->value("port");
  const std::string* tls_port = conf == nullptr ? nullptr : conf->value("tls-port");
  return port != nullptr && tls_port != nullptr && *port == "0" && *tls_port != "0";
}

void judge_service(const Evidence& evidence, const ComposeProject& project,
                   const ComposeService& service, Findings& findings) {
  const Subject subject = service_subject(project, service);
  const Provenance from = compose_provenance(service.healthcheck_location, "healthcheck");
  const std::vector<std::string>& words = service.healthcheck;
  std::vector<std::string> problems;
  if (service.is_redis && speaks_tls_only(configuration_of(evidence, project, service)) &&
      !has(words, "--tls"))
    problems.emplace_back(
        "redis-cli without --tls never reaches a TLS-only server: the service is never healthy");
  if (has(words, "--insecure")) problems.emplace_back("--insecure accepts any certificate");
  if (has(words, "-a") || has(words, "--pass"))
    problems.emplace_back("-a shows the password to everybody who may list processes");
  if (std::ranges::any_of(words, [](const std::string& word) {
        return word.find("://") != std::string::npos && word.find('@') != std::string::npos;
      }))
    problems.emplace_back("a password inside a URL shows to everybody who may list processes");
  if (problems.empty())
    findings.pass(subject, "the health check uses redis-cli without giving anything away")
        .from(from);
  else
    findings.warn(subject, join(problems, "; "))
        .expected("redis-cli --tls --cacert FILE, password in REDISCLI_AUTH")
        .observed(printable(join(words, " "), 200))
        .from(from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService& service : project->services) {
    const bool uses_cli = std::ranges::any_of(service.healthcheck, [](const std::string& word) {
      return word == "redis-cli" || word.ends_with("/redis-cli");
    });
    if (uses_cli) judge_service(evidence, *project, service, findings);
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no health check of the compose project uses redis-cli");
}

}  // namespace

extern const Check compose_health_checks_verify;
constexpr Check compose_health_checks_verify{
    .info = {.code = "RTA-DOCK-005",
             .title = "Health checks use TLS and give no password away",
             .core = {},
             .supports = {7},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "test: [CMD, redis-cli, --tls, --cacert, /certs/ca.pem, PING]"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

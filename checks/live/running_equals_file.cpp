#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.8"sv, "hipaa.316.b.1"sv, "nist.CM-3"sv, "nist.CM-6"sv,
                               "nist.CM-8"sv,     "pci.2.2.1"sv,     "pci.11.5.2"sv};

constexpr std::array kCompared{"port"sv,
                               "tls-port"sv,
                               "tls-protocols"sv,
                               "tls-ciphers"sv,
                               "tls-ciphersuites"sv,
                               "tls-auth-clients"sv,
                               "tls-cert-file"sv,
                               "tls-key-file"sv,
                               "tls-ca-cert-file"sv,
                               "tls-ca-cert-dir"sv,
                               "tls-replication"sv,
                               "tls-cluster"sv,
                               "protected-mode"sv,
                               "aclfile"sv,
                               "enable-debug-command"sv,
                               "enable-protected-configs"sv,
                               "enable-module-command"sv,
                               "loglevel"sv,
                               "logfile"sv,
                               "syslog-enabled"sv,
                               "timeout"sv,
                               "acllog-max-len"sv,
                               "bind"sv};

// The larger, the safer; the same for values that have no order.
int strength(std::string_view name, const std::string& value) {
  if (name == "port") return value == "0" ? 1 : 0;
  if (name == "tls-port") return value == "0" ? 0 : 1;
  if (name == "tls-auth-clients") return value == "yes" ? 2 : value == "optional" ? 1 : 0;
  if (name == "tls-replication" || name == "tls-cluster" || name == "protected-mode")
    return value == "yes" ? 1 : 0;
  if (name.starts_with("enable-")) return value == "no" ? 2 : value == "local" ? 1 : 0;
  if (name == "aclfile") return value.empty() ? 0 : 1;
  if (name == "tls-protocols") {
    const std::string lower = lower_ascii(value) + " ";
    return lower.find("tlsv1 ") == std::string::npos && lower.find("tlsv1.1 ") == std::string::npos
               ? 1
               : 0;
  }
  return 0;
}

std::string file_name(std::string_view path) {
  return std::string{path.substr(path.rfind('/') + 1)};
}

// The declared configuration that this server was started from, as far as it
// tells: by the name of its file, else the only one there is.
const RedisConfiguration* reviewed_file(const Evidence& evidence, const RedisServer& server) {
  std::vector<const RedisConfiguration*> usable, named;
  const std::string* file = server.info_value("config_file");
  for (const RedisConfiguration& conf : evidence.redis_configurations) {
    if (conf.refused || conf.effective.empty()) continue;
    usable.push_back(&conf);
    const bool from_flags = file != nullptr && file->empty();
    if (from_flags ? !conf.service.empty()
                   : file != nullptr && file_name(conf.source) == file_name(*file))
      named.push_back(&conf);
  }
  if (named.size() == 1) return named.front();
  return usable.size() == 1 ? usable.front() : nullptr;
}

void compare(const Endpoint& endpoint, const RedisServer& server, const RedisConfiguration& conf,
             Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  bool differs = false;
  int compared = 0;
  for (const std::string_view name : kCompared) {
    const std::string* live = server.config_value(std::string{name});
    const std::string* file = conf.value(std::string{name});
    if (live == nullptr || file == nullptr) continue;
    ++compared;
    if (*live == *file) continue;
    differs = true;
    const bool weaker = strength(name, *live) < strength(name, *file);
    const std::string message =
        fmt::format("{} is \"{}\" on the server and \"{}\" in {}", name, printable(*live, 100),
                    printable(*file, 100), conf.source);
    (weaker ? findings.fail(subject, message + ": the running server is weaker")
            : findings.warn(subject, message))
        .expected(printable(*file, 100))
        .observed(printable(*live, 100))
        .variant(std::string{name})
        .grade(Grade::effective)
        .at(conf.where(std::string{name}));
  }
  if (compared == 0) {
    findings.unknown(subject, "the server did not tell its configuration", GapReason::denied)
        .remediation(
            "let the audit account read the configuration: ACL SETUSER auditor +config|get");
    return;
  }
  const std::string* file = server.info_value("config_file");
  if (differs) return;
  if (file != nullptr && file->empty())
    findings
        .warn(subject,
              "the server was started from command-line flags: it has no file to compare and "
              "restart from")
        .expected("a configuration file")
        .observed("config_file is empty")
        .grade(Grade::effective);
  else
    findings
        .pass(subject, fmt::format("{} settings are the same on the server and in {}", compared,
                                   conf.source))
        .grade(Grade::effective);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    const Subject subject = Subject::endpoint(endpoint.key);
    const RedisServer* server = endpoint.redis.value();
    if (server == nullptr) {
      findings.unknown(subject, *endpoint.redis.gap());
    } else if (const RedisConfiguration* conf = reviewed_file(evidence, *server)) {
      compare(endpoint, *server, *conf, findings);
    } else {
      findings.unknown(subject, "no single configuration of the project belongs to this server",
                       GapReason::not_found);
    }
  }
  if (findings.empty())
    findings
        .unknown(Subject::deployment(),
                 "no running server was asked, so nothing was compared with the files",
                 GapReason::not_requested)
        .remediation("name the server with --target");
}

}  // namespace

extern const Check live_running_equals_file;
constexpr Check live_running_equals_file{
    .info = {.code = "RTA-LIVE-002",
             .title = "The running configuration equals the reviewed file",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "CONFIG REWRITE   # after review; or restart the server from the file"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

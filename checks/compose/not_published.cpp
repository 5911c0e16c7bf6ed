#include <redis_tls_audit/check.h>

#include <algorithm>

#include "checks/common/compose.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "hipaa.312.a.1"sv, "nist.SC-7"sv,
                               "nist.CM-7"sv,     "pci.1.3.1"sv,     "pci.1.4.4"sv};

enum class Access { open, closed, not_known };

// A certificate or a password stands between the network and the data.
Access access_of(const RedisConfiguration* conf) {
  if (conf == nullptr || conf->effective.empty()) return Access::not_known;
  const auto is = [conf](const std::string& name, const std::string& wanted) {
    const std::string* value = conf->value(name);
    return value != nullptr && *value == wanted;
  };
  if (is("port", "0") && is("tls-auth-clients", "yes")) return Access::closed;
  if (!conf->gaps.empty()) return Access::not_known;
  return conf->default_user_open ? Access::open : Access::closed;
}

std::string port_text(const PublishedPort& port) {
  return fmt::format("{}:{}", port.published.empty() ? "a random port" : port.published,
                     port.target);
}

bool is_open(const PublishedPort& port) {
  return port.protocol != "udp" && (port.host_ip.empty() || !is_loopback_address(port.host_ip));
}

std::vector<std::string> open_ports(const ComposeService& service) {
  std::vector<std::string> ports;
  if (service.network_mode == "host") ports.emplace_back("network_mode: host");
  for (const PublishedPort& port : service.ports)
    if (is_open(port))
      ports.push_back((port.host_ip.empty() ? "" : port.host_ip + ":") + port_text(port));
  return ports;
}

// Where the first open port stands.
SourceLocation place_of(const ComposeService& service) {
  const auto open = std::ranges::find_if(service.ports, is_open);
  if (open != service.ports.end()) return open->location;
  return service.ports.empty() || service.network_mode == "host" ? service.location
                                                                 : service.ports.front().location;
}

void judge_service(const Evidence& evidence, const ComposeProject& project,
                   const ComposeService& service, Findings& findings) {
  const Subject subject = service_subject(project, service);
  const std::string right = "127.0.0.1:6379:6379, or no ports at all";
  const std::vector<std::string> ports = open_ports(service);
  const Provenance from = compose_provenance(place_of(service), "ports");
  if (ports.empty()) {
    findings
        .pass(subject, service.ports.empty()
                           ? "no port of this service is published"
                           : "the ports of this service are published on loopback only")
        .expected(right)
        .from(from);
    return;
  }
  const std::string seen = fmt::format("{}", fmt::join(ports, ", "));
  switch (access_of(configuration_of(evidence, project, service))) {
    case Access::open:
      findings
          .fail(
              subject,
              fmt::format("{} is published beyond this host, and Redis asks for no password", seen))
          .expected(right)
          .observed(seen)
          .from(from);
      break;
    case Access::closed:
      findings
          .warn(subject,
                fmt::format("{} is published beyond this host; Redis asks for credentials", seen))
          .expected(right)
          .observed(seen)
          .from(from);
      break;
    case Access::not_known:
      findings
          .unknown(subject,
                   fmt::format("{} is published beyond this host, and whether Redis asks for a "
                               "password is not known",
                               seen),
                   GapReason::incomplete)
          .observed(seen)
          .from(from);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService* service : redis_services_or_say(*project, findings))
    judge_service(evidence, *project, *service, findings);
}

}  // namespace

extern const Check compose_not_published;
constexpr Check compose_not_published{
    .info = {.code = "RTA-DOCK-002",
             .title = "Redis is not published to the world",
             .core = {},
             .supports = {13},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "ports: [\"127.0.0.1:6379:6379\"]"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "base/provider.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.b.1"sv, "hipaa.314.a"sv, "nist.SA-9"sv, "pci.12.8.2"sv};

void judge_endpoint(const Endpoint& endpoint, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const RedisServer* server = endpoint.redis.value();
  std::string provider = server != nullptr ? server->provider : std::string{};
  if (provider.empty()) provider = provider_of_host(endpoint.host);
  const std::string product = server != nullptr ? product_of_info(server->info) : std::string{};
  if (!provider.empty())
    findings
        .pass(subject,
              fmt::format("this is {}: files, keys and the host are the provider's, and what it "
                          "guarantees is judged by RTA-MGD-005",
                          provider))
        .observed(endpoint.host)
        .grade(wire_grade(endpoint));
  else if (product == "Dragonfly" || product == "KeyDB")
    findings
        .info(subject,
              fmt::format("this is {}: checks of Redis' own parameters may not apply", product))
        .observed(product)
        .grade(server_grade(endpoint));
  else
    findings.not_applicable(
        subject, "neither the name nor the server's answers are those of a managed service");
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::live) judge_endpoint(endpoint, findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no live endpoint is audited, so no provider either");
}

}  // namespace

extern const Check managed_provider_recognised;
constexpr Check managed_provider_recognised{
    .info = {.code = "RTA-MGD-001",
             .title = "A managed service is recognised and judged as one",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::info,
             .statuses = {Status::pass, Status::warn, Status::not_applicable},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation = "attest the contract with the provider: kind \"baa\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks

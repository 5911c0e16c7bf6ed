#include <redis_tls_audit/check.h>

#include "base/provider.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.b.1"sv, "hipaa.314.a.2"sv, "nist.SA-9"sv, "pci.12.8.2"sv,
                               "pci.12.8.5"sv};

void judge_service(Subject subject, const std::string& provider, const std::string& target,
                   const Evidence& evidence, Findings& findings) {
  if (const Attestation* contract = evidence.attestation("baa", target))
    findings
        .pass(std::move(subject), fmt::format("{} attests the business associate agreement with {}",
                                              contract->by, provider))
        .observed(to_date(contract->date))
        .grade(Grade::attested)
        .at(contract->location);
  else
    findings
        .manual(std::move(subject),
                fmt::format("a business associate agreement with {} has to be attested", provider))
        .expected("an attestation of kind baa that has not expired");
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    const RedisServer* server = endpoint.redis.value();
    const std::string told = server == nullptr ? std::string{} : server->provider;
    const std::string provider = told.empty() ? provider_of_host(endpoint.host) : told;
    if (!provider.empty())
      judge_service(Subject::endpoint(endpoint.key), provider, endpoint.key, evidence, findings);
  }
  if (!findings.empty()) return;
  for (const Consumer& consumer : evidence.consumers)
    if (const std::string provider = provider_of_host(consumer.host);
        !provider.empty() && !consumer.template_file)
      judge_service(consumer.subject(), provider, consumer.endpoint, evidence, findings);
  if (findings.empty()) findings.not_applicable(Subject::deployment(), "no managed Redis is named");
}

}  // namespace

extern const Check managed_contract_attested;
constexpr Check managed_contract_attested{
    .info = {.code = "RTA-MGD-005",
             .title = "The contract with the provider is attested",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::manual, Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files, Need::attestations},
             .controls = kControls,
             .remediation = "[[attestation]]\nkind = \"baa\"\ntargets = [\"*\"]\n"
                            "statement = \"<agreement of <date>, region, who holds keys and logs>\"\nby = \"<name>\"\nrole = \"<role>\"\n"
                            "date = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks

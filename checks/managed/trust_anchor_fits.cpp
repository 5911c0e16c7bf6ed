#include <redis_tls_audit/check.h>

#include "base/provider.h"
#include "checks/common/artefacts.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.SC-17"sv, "nist.SC-23.5"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

// Names inside DER stand as plain text, whichever string type carries them.
bool any_contains(const std::vector<Bytes>& certificates, std::string_view text) {
  return std::ranges::any_of(certificates, [&](const Bytes& der) {
    return as_text(der).find(text) != std::string_view::npos;
  });
}

bool is_rds_bundle(const Consumer& consumer) {
  if (any_contains(consumer.ca_certificates, "Amazon RDS")) return true;
  return consumer.ca && consumer.ca_certificates.empty() &&
         (consumer.ca->declared.find("global-bundle") != std::string::npos ||
          consumer.ca->declared.find("rds-") != std::string::npos);
}

bool has_public_root(const std::string& provider, const Consumer& consumer) {
  const bool amazon = provider == "ElastiCache" || provider == "MemoryDB";
  return amazon ? any_contains(consumer.ca_certificates, "Amazon Root CA") ||
                      any_contains(consumer.ca_certificates, "Starfield Services Root")
                : any_contains(consumer.ca_certificates, "DigiCert") ||
                      any_contains(consumer.ca_certificates, "Microsoft");
}

void judge_consumer(const Consumer& consumer, const std::string& provider, Findings& findings) {
  const Subject subject = consumer.subject();
  const std::string named = consumer.ca ? consumer.ca->declared : std::string{};
  const auto with_source = [&](Findings::Entry entry) {
    entry.observed(named.empty() ? "no CA file" : named).grade(Grade::declared);
    if (consumer.ca) entry.at(consumer.ca->reference.named_at);
  };
  if (provider == "Memorystore" || provider == "Redis Cloud" || provider == "Redis Enterprise") {
    if (consumer.ca)
      with_source(findings.pass(
          subject, fmt::format("{} issues a CA of its own, and {} is given", provider, named)));
    else
      with_source(findings.warn(
          subject, fmt::format("{} issues a CA of its own, and no CA file is given", provider)));
  } else if (!consumer.ca) {
    with_source(findings.pass(
        subject, fmt::format("{} is publicly trusted, and the system's store is used", provider)));
  } else if (is_rds_bundle(consumer)) {
    with_source(findings
                    .warn(subject, fmt::format("{} holds the CAs of RDS, which do not sign for {}",
                                               named, provider))
                    .expected("the system's store, or AmazonRootCA1.pem"));
  } else if (has_public_root(provider, consumer)) {
    with_source(
        findings.pass(subject, fmt::format("{} holds a root that signs for {}", named, provider)));
  } else {
    findings.unknown(
        subject,
        fmt::format("{} is given for {}; whether it holds a root of the provider was not seen",
                    named, provider),
        GapReason::incomplete);
  }
}

// Scripts that fetch an anchor for the service.
void judge_scripts(const Evidence& evidence, Findings& findings) {
  constexpr std::string_view kAnchor = "anchor: ";
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::managed_service, true))
    for (const std::string& problem : artefact->problems)
      if (problem.starts_with(kAnchor))
        findings.warn(Subject::artefact(artefact->location.path), problem.substr(kAnchor.size()))
            .expected("the system's store, or AmazonRootCA1.pem")
            .observed(artefact->summary)
            .from(provenance_of(*artefact));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  judge_scripts(evidence, findings);
  for (const Consumer& consumer : evidence.consumers) {
    if (consumer.template_file) continue;
    const std::string provider = provider_of_host(consumer.host);
    if (!provider.empty()) judge_consumer(consumer, provider, findings);
  }
  if (!findings.empty()) return;
  if (evidence.consumers.empty() && evidence.endpoints.empty())
    findings.unknown(Subject::deployment(),
                     "no consumer and no endpoint was seen, so no provider either",
                     GapReason::not_found);
  else
    findings.not_applicable(Subject::deployment(), "no consumer names a managed Redis");
}

}  // namespace

extern const Check managed_trust_anchor_fits;
constexpr Check managed_trust_anchor_fits{
    .info = {.code = "RTA-MGD-003",
             .title = "The trust anchor fits the managed service",
             .core = {3, 7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::unknown, Status::not_applicable},
             .needs = {Need::project_files, Need::artefacts},
             .controls = kControls,
             .remediation = "use the operating system's trust store, or AmazonRootCA1.pem"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

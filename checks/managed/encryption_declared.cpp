#include <redis_tls_audit/check.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "checks/common/artefacts.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "hipaa.312.a.2.iv"sv, "nist.SC-8.1"sv,
                               "nist.SC-28"sv,       "nist.CM-6"sv,        "pci.4.2.1"sv};

std::string all_of(const Artefact& artefact, std::string_view level) {
  std::string text;
  for (const std::string& problem : artefact.problems)
    if (problem.starts_with(level))
      text += (text.empty() ? "" : "; ") + problem.substr(level.size());
  return text;
}

struct Remedy {
  std::string_view words;  // of the problem, as the artefact's own language writes them
  std::string_view remedy;
};

// In order: what is said more precisely stands first.
constexpr std::array kRemedies{
    // CloudFormation
    Remedy{"TransitEncryptionMode", "TransitEncryptionMode: required"},
    Remedy{"TransitEncryptionEnabled", "TransitEncryptionEnabled: true"},
    Remedy{"AtRestEncryptionEnabled", "AtRestEncryptionEnabled: true"},
    Remedy{"AuthToken", "UserGroupIds: [GROUP]"},
    Remedy{"UserGroupId ", "UserGroupId: GROUP"},
    Remedy{"AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade: true"},
    Remedy{"LogDeliveryConfigurations", "LogDeliveryConfigurations: of slow-log and engine-log"},
    Remedy{"TLSEnabled", "TLSEnabled: true"},
    Remedy{"ACLName", "ACLName: an ACL with users of their own"},
    // aws, az, gcloud
    Remedy{"server-authentication", "--transit-encryption-mode=server-authentication"},
    Remedy{"--enable-auth", "--enable-auth"},
    Remedy{"--enable-non-ssl-port", "leave --enable-non-ssl-port out"},
    Remedy{"enableNonSslPort", "--set enableNonSslPort=false"},
    Remedy{"--minimum-tls-version", "--minimum-tls-version 1.2"},
    Remedy{"--acl-name", "--acl-name of an ACL with users of their own"},
    Remedy{"encryption in transit is switched off", "leave encryption in transit on"},
    Remedy{"--transit-encryption-mode", "--transit-encryption-mode required"},
    Remedy{"--transit-encryption-enabled", "--transit-encryption-enabled"},
    Remedy{"--at-rest-encryption-enabled", "--at-rest-encryption-enabled"},
    Remedy{"--auth-token", "--user-group-ids GROUP"},
    Remedy{"--log-delivery-configurations",
           "--log-delivery-configurations of slow-log and engine-log"},
    // Terraform
    Remedy{"TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
           "transit_encryption_mode = \"TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION\""},
    Remedy{"SERVER_AUTHENTICATION", "transit_encryption_mode = \"SERVER_AUTHENTICATION\""},
    Remedy{"auth_enabled", "auth_enabled = true"},
    Remedy{"transit_encryption_mode", "transit_encryption_mode = \"required\""},
    Remedy{"transit_encryption_enabled",
           "transit_encryption_enabled = true\ntransit_encryption_mode = \"required\""},
    Remedy{"at_rest_encryption_enabled", "at_rest_encryption_enabled = true"},
    Remedy{"auth_token", "user_group_ids = [GROUP]"},
    Remedy{"auto_minor_version_upgrade", "auto_minor_version_upgrade = true"},
    Remedy{"log_delivery_configuration", "log_delivery_configuration of slow-log and engine-log"},
    Remedy{"non_ssl_port_enabled", "non_ssl_port_enabled = false"},
    Remedy{"enable_non_ssl_port", "enable_non_ssl_port = false"},
    Remedy{"minimum_tls_version", "minimum_tls_version = \"1.2\""},
    Remedy{"client_protocol", "client_protocol = \"Encrypted\""},
    Remedy{"tls_enabled", "tls_enabled = true"},
    Remedy{"acl_name", "acl_name = an ACL with users of their own"},
};

// A line for each problem; empty where none is known, and Terraform's stands for it.
std::string remedy_for(const Artefact& artefact, std::string_view level) {
  std::vector<std::string> lines;
  for (const std::string& problem : artefact.problems) {
    if (!problem.starts_with(level)) continue;
    const auto* const found = std::ranges::find_if(
        kRemedies, [&](const Remedy& remedy) { return problem.contains(remedy.words); });
    if (found == kRemedies.end()) continue;
    std::string line{found->remedy};
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(std::move(line));
  }
  if (lines.empty() && artefact.kind != ArtefactKind::terraform)
    return "switch encryption in transit on";
  return join(lines, "\n");
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  if (const Gap* gap = artefact_gap(evidence)) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  for (const Artefact* artefact : artefacts_for(evidence, Purpose::managed_service, true)) {
    if (!all_of(*artefact, "anchor: ").empty()) continue;  // RTA-MGD-003 speaks of it
    const Subject subject = Subject::artefact(artefact->location.path);
    const std::string failing = all_of(*artefact, "fail: "), warning = all_of(*artefact, "warn: ");
    const auto say = [&](Findings::Entry entry, std::string_view level) {
      entry.from(provenance_of(*artefact)).observed(artefact->summary);
      const std::string remedy = remedy_for(*artefact, level);
      if (!remedy.empty()) entry.remediation(remedy);
    };
    if (!failing.empty())
      say(findings.fail(subject, failing), "fail: ");
    else if (!warning.empty())
      say(findings.warn(subject, warning), "warn: ");
    else
      findings
          .pass(subject, "encryption in transit and at rest, authentication and logs are declared")
          .from(provenance_of(*artefact));
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "the project declares no managed Redis");
}

}  // namespace

extern const Check managed_encryption_declared;
constexpr Check managed_encryption_declared{
    .info = {.code = "RTA-MGD-002",
             .title = "Encryption and authentication are declared for managed services",
             .core = {},
             .supports = {1},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::artefacts},
             .controls = kControls,
             .remediation =
                 "transit_encryption_enabled = true\ntransit_encryption_mode = \"required\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks

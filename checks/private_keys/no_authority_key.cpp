#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "hipaa.312.d"sv, "nist.SC-12.3"sv,
                               "nist.SC-17"sv,    "nist.AC-6"sv,   "sp800-52r2.3.2"sv,
                               "pci.3.6.1"sv,     "pci.3.7.2"sv};

// Public half -> subject, of every certificate that may sign others.
std::map<std::string, std::string> authorities(const Evidence& evidence) {
  std::map<std::string, std::string> keys;
  for (const Bytes& der : all_certificates(evidence))
    if (const Result<x509::Certificate> read = x509::parse_certificate(der); read && read->is_ca())
      keys.emplace(read->spki_sha256, read->subject);
  return keys;
}

std::string services_that_mount(const Evidence& evidence, const std::string& path) {
  std::vector<std::string> names;
  if (const ComposeProject* compose = evidence.compose.value())
    for (const ComposeService& service : compose->services)
      for (const Mount& mount : service.mounts)
        if (std::ranges::find(mount.private_keys, path) != mount.private_keys.end())
          names.push_back(printable(service.name, 60));
  return names.empty() ? "" : fmt::format("; it is mounted into {}", join(names, ", "));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::map<std::string, std::string> known = authorities(evidence);
  std::size_t compared = 0;
  for (const Observation<KeyFile>& key : evidence.key_files) {
    if (!key.has_value() || key->spki_sha256.empty()) continue;
    ++compared;
    const auto authority = known.find(key->spki_sha256);
    if (authority == known.end()) continue;
    const std::string& path = key->file.path;
    judge(findings, policy.key_files.ca_key_in_tree, Subject::file(path),
          fmt::format("{} is the private key of the authority {}: who has it can make certificates "
                      "that everybody here trusts{}",
                      path, authority->second, services_that_mount(evidence, path)))
        .from(key)
        .expected("no authority's key in the project")
        .observed(fmt::format("public half {}", key->spki_sha256))
        .remediation(
            "keep the CA's key offline or in an HSM,\nand mount single files instead of the "
            "directory");
  }
  say_unseen_keys(evidence, findings);
  if (!findings.empty()) return;
  if (compared > 0 && !evidence.scope.project)
    findings.unknown(Subject::deployment(),
                     "only the keys that servers name were seen, and no project was audited",
                     GapReason::not_requested);
  else if (compared > 0)
    findings
        .pass(Subject::deployment(),
              fmt::format("none of {} belongs to an authority", counted(compared, "private key")))
        .grade(Grade::observed);
  else if (!evidence.key_files.empty())
    findings.unknown(Subject::deployment(),
                     "the private keys are encrypted: whose they are cannot be told",
                     GapReason::unsupported);
  else
    say_no_keys(evidence, findings);
}

}  // namespace

extern const Check private_keys_no_authority_key;
constexpr Check private_keys_no_authority_key{
    .info = {.code = "RTA-KEY-005",
             .title = "No authority's private key is in the project, a mount or on the host",
             .core = {8},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation =
                 "keep the CA's key offline or in an HSM\nmount single files, not the directory"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

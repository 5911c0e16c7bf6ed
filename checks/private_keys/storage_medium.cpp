#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.2.iv"sv, "nist.SC-28"sv, "nist.SC-12"sv,
                               "pci.3.6.1.2"sv, "pci.3.5.1"sv};

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  bool any = false;
  for (const Observation<KeyFile>& key : evidence.key_files) {
    if (!key.has_value()) continue;
    any = true;
    const FileFacts& file = key->file;
    if (ignores_modes(file.file_system))
      findings
          .warn(Subject::file(file.path),
                fmt::format("{} lies on {}, where modes and owners are made up", file.path,
                            file.file_system))
          .from(key)
          .expected("a file system that enforces modes")
          .observed(file.file_system);
    else if (is_network_file_system(file.file_system))
      findings
          .warn(Subject::file(file.path),
                fmt::format("{} lies on {}: it crosses the network and rests on another machine",
                            file.path, file.file_system))
          .from(key)
          .expected("local storage or a secret store")
          .observed(file.file_system);
  }
  if (!any) {
    say_unseen_keys(evidence, findings);
    if (findings.empty()) say_no_keys(evidence, findings);
    return;
  }
  if (const Attestation* statement = evidence.attestation("volume-encryption"))
    findings
        .pass(Subject::deployment(),
              fmt::format("{} attests that the volume with the keys is encrypted",
                          printable(statement->by, 80)))
        .grade(Grade::attested)
        .at(statement->location);
  else
    findings
        .manual(
            Subject::deployment(),
            "whether the volume with the private keys is encrypted cannot be seen from the files")
        .remediation(
            "[[attestation]]\nkind = \"volume-encryption\"\ntargets = [\"*\"]\n"
            "statement = \"<keys lie on LUKS, tmpfs or in a secret store>\"\nby = \"<name>\"\n"
            "role = \"<role>\"\ndate = \"<YYYY-MM-DD>\"\nexpires = \"<YYYY-MM-DD>\"");
}

}  // namespace

extern const Check private_keys_storage_medium;
constexpr Check private_keys_storage_medium{
    .info = {.code = "RTA-KEY-007",
             .title = "Private keys lie on a medium that enforces modes and is encrypted",
             .core = {},
             .supports = {8},
             .severity = Severity::low,
             .statuses = {Status::pass, Status::warn, Status::manual, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::attestations},
             .controls = kControls,
             .remediation = "keep keys on LUKS, tmpfs or in a secret store"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

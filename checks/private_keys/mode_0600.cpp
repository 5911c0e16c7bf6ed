#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{
    "hipaa.312.a.1"sv, "hipaa.312.d"sv, "hipaa.310"sv,      "nist.AC-3"sv,   "nist.AC-6"sv,
    "nist.SC-12"sv,    "nist.IA-5.2"sv, "sp800-52r2.3.2"sv, "pci.3.6.1.3"sv, "pci.3.6.1"sv};

constexpr std::uint32_t kBeyondOwner = 0177;  // every bit but the owner's read and write

bool owner_is_trusted(const KeyFile& key, const Evidence& evidence) {
  return key.file.uid == 0 || (evidence.service_uid && key.file.uid == *evidence.service_uid);
}

std::string who_gets_it(std::uint32_t mode) {
  std::vector<std::string> parts;
  if ((mode & 06) != 0)
    parts.push_back((mode & 02) != 0 ? "everybody may write it" : "everybody may read it");
  if ((mode & 060) != 0)
    parts.push_back((mode & 020) != 0 ? "the group may write it" : "the group may read it");
  if ((mode & 0111) != 0) parts.emplace_back("it is marked executable");
  return join(parts, ", ");
}

void judge_key(const Observation<KeyFile>& key, const Evidence& evidence, const Policy& policy,
               Findings& findings) {
  const FileFacts& file = key->file;
  const Subject subject = Subject::file(file.path);
  const std::string mode = mode_text(file.mode);
  const std::string fix = fmt::format("chmod 600 {}", file.path);
  if (ignores_modes(file.file_system)) {
    findings
        .unknown(subject,
                 fmt::format("{} lies on {}, which makes modes up", file.path, file.file_system),
                 GapReason::unsupported)
        .from(key);
    return;
  }
  const bool only_group_read =
      (file.mode & kBeyondOwner) == 040 && owner_is_trusted(*key, evidence);
  if (file.has_acl) {
    findings
        .fail(subject, fmt::format("{} has mode {} and an access control list that lets others in",
                                   file.path, mode))
        .from(key)
        .expected("0600 without ACL")
        .observed(mode)
        .remediation(fmt::format("setfacl -b {} && {}", file.path, fix));
  } else if ((file.mode & kBeyondOwner) == 0) {
    findings.pass(subject, fmt::format("{} has mode {}", file.path, mode)).from(key).observed(mode);
  } else {
    const Verdict verdict = only_group_read         ? policy.key_files.group_read
                            : (file.mode & 04) != 0 ? policy.key_files.world_read
                                                    : Verdict::fail;
    judge(findings, verdict, subject,
          fmt::format("{} has mode {}: {}", file.path, mode, who_gets_it(file.mode)))
        .from(key)
        .expected("0600 or stricter")
        .observed(mode)
        .remediation(fix);
  }
}

// A key that a secret brings has the mode that its declaration gives.
void judge_declared(const DeclaredKey& key, const Policy& policy, Findings& findings) {
  const std::string what =
      fmt::format("{}: the secret gives the key {} mode {}", printable(key.service->name, 150),
                  printable(key.path, 200), mode_text(key.mode));
  const Provenance from{"key_files", "", key.mount->location, "declared mode", Grade::declared};
  const Subject subject = Subject::file(key.mount->location.path);
  if ((key.mode & kBeyondOwner) == 0) {
    findings.pass(subject, what).observed(mode_text(key.mode)).variant(key.path).from(from);
    return;
  }
  // A group is how a pod that does not run as root reads its files (fsGroup).
  const bool only_group_read = (key.mode & kBeyondOwner) == 040;
  const Verdict verdict = only_group_read ? policy.key_files.group_read : policy.key_files.world_read;
  judge(findings, verdict, subject, fmt::format("{}: {}", what, who_gets_it(key.mode)))
      .expected("0400, or 0440 with an fsGroup of its own")
      .observed(mode_text(key.mode))
      .variant(key.path)
      .remediation("defaultMode: 0400 of the volume in Kubernetes, mode: 0400 of the secret in compose")
      .from(from);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const DeclaredKey& key : declared_keys(evidence)) judge_declared(key, policy, findings);
  say_unseen_keys(evidence, findings);
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.has_value()) judge_key(key, evidence, policy, findings);
  if (findings.empty()) say_no_keys(evidence, findings);
}

}  // namespace

extern const Check private_keys_mode_0600;
constexpr Check private_keys_mode_0600{
    .info = {.code = "RTA-KEY-001",
             .title = "Private keys have mode 0600 or stricter",
             .core = {8},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation =
                 "install -m 0600 -o redis -g redis redis-server-key.pem /etc/redis/tls/"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/key_files.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.1"sv, "nist.AC-3"sv, "nist.AC-6"sv, "pci.3.6.1.3"sv,
                               "pci.7.2.5"sv};

// A key that only applications use belongs to them, not to redis-server.
bool is_client_key_only(const KeyFile& key) {
  return !is_used_as(key, FileUse::server_key) &&
         (is_used_as(key, FileUse::client_key) || is_used_as(key, FileUse::consumer_key));
}

void judge_owner(const Observation<KeyFile>& key, const Evidence& evidence, Findings& findings) {
  const FileFacts& file = key->file;
  const Subject subject = Subject::file(file.path);
  const std::string owner = file.owner.empty()
                                ? fmt::format("uid {}", file.uid)
                                : fmt::format("{} (uid {})", printable(file.owner, 40), file.uid);
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, subject, message)
        .from(key)
        .observed(owner)
        .expected("root or the account that runs redis-server");
  };
  const bool is_service = evidence.service_uid && file.uid == *evidence.service_uid;
  if (file.uid == 0 || is_service)
    say(Status::pass, fmt::format("{} belongs to {}", file.path, owner));
  else if (file.owner_can_log_in)
    say(Status::fail, fmt::format("{} belongs to {}, a person's account", file.path, owner));
  else if (file.owner.empty() && !is_client_key_only(*key))
    say(Status::fail,
        fmt::format("{} belongs to {}, which is no account of this system", file.path, owner));
  else if (is_client_key_only(*key))
    say(Status::pass, fmt::format("{} belongs to {}, a service account", file.path, owner));
  else if (evidence.service_uid)
    say(Status::fail, fmt::format("{} belongs to {}, not to uid {} that runs redis-server",
                                  file.path, owner, *evidence.service_uid));
  else
    findings.unknown(subject,
                     Gap{GapReason::not_found,
                         fmt::format("whether {} is the account of redis-server is not known: {}",
                                     owner, evidence.service_uid_reason),
                         {}});
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  say_unseen_keys(evidence, findings);
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.has_value()) judge_owner(key, evidence, findings);
  if (findings.empty()) say_no_keys(evidence, findings);
}

}  // namespace

extern const Check private_keys_owned_by_service;
constexpr Check private_keys_owned_by_service{
    .info =
        {.code = "RTA-KEY-002",
         .title = "Private keys belong to the service account or root",
         .core = {8},
         .supports = {},
         .severity = Severity::high,
         .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
         .needs = {Need::project_files},
         .controls = kControls,
         .remediation =
             "chown redis:redis <key>, in containers of the official image chown 999:999 <key>"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

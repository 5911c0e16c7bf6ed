#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5"sv, "nist.IA-2"sv, "pci.8.3.1"sv};

std::string remedy_for(const UserView& user) {
  if (user.name == "default") return "ACL SETUSER default off";
  return fmt::format("ACL SETUSER {} resetpass '#<sha256 of a password from ACL GENPASS>'",
                     printable(user.name, 80));
}

void judge_users(const ConfigurationView& view, const std::vector<UserView>& users,
                 const Policy& policy, Findings& findings) {
  const bool local = view.endpoint != nullptr && is_loopback_endpoint(*view.endpoint);
  const Verdict verdict =
      local ? policy.access.unauthenticated_on_loopback : policy.access.unauthenticated;
  bool found = false;
  for (const UserView& user : users) {
    if (!user.enabled || !user.nopass) continue;
    found = true;
    // redis#14638: with tls-auth-clients optional or no, AUTH <user> works
    // without the certificate that such a user was meant to bring.
    judge(findings, verdict, user_subject(view, user),
          fmt::format("user {} is on and takes any password", user.name))
        .expected("a password on every enabled user")
        .observed("nopass")
        .remediation(remedy_for(user))
        .from(user.from);
  }
  if (!found)
    findings.pass(view.subject, "every enabled user has a password")
        .expected("a password on every enabled user")
        .from(users.empty() ? Provenance{} : users.front().from);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    const Observation<std::vector<UserView>> users = users_of(view);
    if (users.has_value() && !users->empty()) {
      judge_users(view, *users, policy, findings);
      continue;
    }
    const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
    if (server != nullptr && answers_nobody(*server)) {
      UserView open{.name = "default", .enabled = true, .nopass = true};
      open.from = {"redis_server", view.endpoint->key, {}, "PING", wire_grade(*view.endpoint)};
      judge_users(view, {open}, policy, findings);
    } else if (const Gap* gap = users.gap()) {
      findings.unknown(view.subject, *gap);
    } else {
      findings.unknown(view.subject, "the server's list of users is empty", GapReason::malformed);
    }
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check access_no_passwordless_user;
constexpr Check access_no_passwordless_user{
    .info = {.code = "RTA-AUTH-003",
             .title = "No user can log in without a password",
             .core = {kItemS},
             .supports = {},
             .severity = Severity::critical,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation =
                 "ACL SETUSER <user> resetpass '#<sha256 of a password from ACL GENPASS>'"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.a.2.i"sv, "hipaa.312.d"sv, "nist.AC-2"sv, "nist.IA-2"sv,
                               "pci.2.2.2"sv,       "pci.8.2.1"sv,   "pci.8.2.2"sv};
constexpr std::string_view kExpected = "user default off";

Findings::Entry judge_default(const ConfigurationView& view, const UserView& user,
                              const Policy& policy, Findings& findings) {
  if (!user.enabled) return findings.pass(view.subject, "the default user is off").observed("off");
  if (!user.nopass)
    return findings
        .warn(view.subject,
              "the default user is on with a password: an identity that everyone shares")
        .observed("on, password");
  const bool local = view.endpoint != nullptr && is_loopback_endpoint(*view.endpoint);
  return judge(findings,
               local ? policy.access.unauthenticated_on_loopback : policy.access.unauthenticated,
               view.subject, "the default user is on and needs no password")
      .observed("on, nopass");
}

// ACL LIST was not told, but the server served a client that never logged in:
// such a client is the default user.
bool is_open_by_its_answers(const ConfigurationView& view) {
  if (view.endpoint == nullptr || view.endpoint->redis.value() == nullptr) return false;
  return answers_nobody(*view.endpoint->redis);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    const Observation<std::vector<UserView>> users = users_of(view);
    if (const Gap* gap = users.gap()) {
      if (!is_open_by_its_answers(view)) {
        findings.unknown(view.subject, *gap);
        continue;
      }
      UserView open{.name = "default", .enabled = true, .nopass = true};
      open.from = {"redis_server", view.endpoint->key, {}, "PING", wire_grade(*view.endpoint)};
      judge_default(view, open, policy, findings).expected(std::string{kExpected}).from(open.from);
      continue;
    }
    const auto user = std::ranges::find(*users, "default", &UserView::name);
    if (user == users->end())
      findings.unknown(view.subject, "the server's list of users has no default user",
                       GapReason::malformed);
    else
      judge_default(view, *user, policy, findings)
          .expected(std::string{kExpected})
          .from(user->from);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check access_default_user_off;
constexpr Check access_default_user_off{
    .info = {.code = "RTA-AUTH-002",
             .title = "The default user is off or password-protected and narrow",
             .core = {kItemS},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "ACL SETUSER default off"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

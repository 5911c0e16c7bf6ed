#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.4.ii.C"sv, "hipaa.312.a.1"sv, "nist.AC-3"sv,
                               "nist.AC-6"sv,          "pci.7.2.1"sv,     "pci.7.2.2"sv,
                               "pci.7.2.5"sv};

bool is_used(const Evidence& evidence, const std::string& user) {
  for (const Consumer& consumer : evidence.consumers)
    if (!consumer.template_file && user_of(consumer) == user) return true;
  for (const Endpoint& endpoint : evidence.endpoints) {
    const RedisServer* server = endpoint.redis.value();
    if (server != nullptr && server->clients.has_value() &&
        std::ranges::count(*server->clients, user, &ClientEntry::user) > 0)
      return true;
  }
  return false;
}

// One named administrator that no application uses is allowed: the way in
// when everything else is broken.
std::string break_glass_user(const std::vector<UserView>& users, const Evidence& evidence) {
  std::string found;
  for (const UserView& user : users) {
    if (!user.enabled || user.name == "default" || granted(user.commands).forbidden.empty())
      continue;
    if (!found.empty() || is_used(evidence, user.name)) return {};
    found = user.name;
  }
  return found;
}

// One line that leaves nothing of what this check dislikes; the person adds
// what the application needs.
std::string remedy_for(const UserView& user) {
  return fmt::format("ACL SETUSER {} resetkeys ~app:* resetchannels -@all +@read +@write "
                     "+@connection -@dangerous",
                     user.name == "default" ? "app" : printable(user.name, 80)) +
         (user.name == "default" ? "\nACL SETUSER default off" : "");
}

void judge_user(const ConfigurationView& view, const UserView& user, Findings& findings) {
  const Granted rights = granted(user.commands);
  const Subject subject = user_subject(view, user);
  const std::string observed = fmt::format("{} {}", user.commands, user.keys);
  constexpr std::string_view kExpected = "-@all, then what the application needs, on its own keys";
  if (rights.everything || !rights.forbidden.empty())
    findings
        .fail(subject, rights.everything ? fmt::format("user {} may run every command", user.name)
                                         : fmt::format("user {} may run {}", user.name,
                                                       join(rights.forbidden, ", ")))
        .expected(std::string{kExpected})
        .remediation(remedy_for(user))
        .observed(observed)
        .from(user.from);
  else if (!rights.disliked.empty())
    findings
        .warn(subject, fmt::format("user {} may run {}", user.name, join(rights.disliked, ", ")))
        .expected(std::string{kExpected})
        .remediation(remedy_for(user))
        .observed(observed)
        .from(user.from);
  else if (covers_all_keys(user.keys) || covers_all_channels(user.channels))
    findings
        .warn(subject, fmt::format("user {} may reach every {}", user.name,
                                   covers_all_keys(user.keys) ? "key" : "channel"))
        .expected(std::string{kExpected})
        .remediation(remedy_for(user))
        .observed(observed)
        .from(user.from);
  else
    findings
        .pass(subject,
              fmt::format("user {} may do what its rules name and nothing dangerous", user.name))
        .observed(observed)
        .from(user.from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    const Observation<std::vector<UserView>> users = users_of(view);
    if (const Gap* gap = users.gap()) {
      findings.unknown(view.subject, *gap);
      continue;
    }
    const std::string spared = break_glass_user(*users, evidence);
    bool any = false;
    for (const UserView& user : *users) {
      if (!user.enabled) continue;
      any = true;
      if (user.name == spared)
        findings
            .pass(user_subject(view, user),
                  fmt::format("user {} is the one administrator, and no application uses it",
                              user.name))
            .from(user.from);
      else
        judge_user(view, user, findings);
    }
    if (!any) findings.not_applicable(view.subject, "no user is enabled");
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check access_least_privilege;
constexpr Check access_least_privilege{
    .info = {.code = "RTA-AUTH-005",
             .title = "Application users hold no more rights than they need",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation =
                 "ACL SETUSER app resetkeys ~app:* resetchannels -@all +@read +@write +@connection -@dangerous"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include "checks/common/access.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.5.ii.D"sv, "hipaa.312.d"sv, "nist.IA-5.1"sv,
                               "pci.8.3.6"sv,          "pci.2.2.2"sv,   "pci.8.6.3"sv};

void judge_secret(const Consumer& consumer, const Setting& setting, const Policy& policy,
                  Findings& findings) {
  const SecretFacts& secret = setting.secret;
  const std::string expected =
      fmt::format("{} characters and {} bits or more, from a generator",
                  policy.access.min_password_length, policy.access.min_password_bits);
  const auto fail = [&](std::string message) {
    findings.fail(consumer.subject(), std::move(message))
        .expected(expected)
        .observed(fmt::format("{} characters, about {} bits", secret.length, secret.estimated_bits))
        .variant(setting.name)
        .at(setting.location)
        .grade(Grade::declared);
  };
  if (secret.left_out)
    findings
        .unknown(consumer.subject(),
                 setting.name + " is kept out of the checkout, so its strength was not seen",
                 GapReason::left_out)
        .variant(setting.name)
        .at(setting.location);
  else if (secret.placeholder)
    fail(setting.name + " holds a password out of a documentation");
  else if (secret.length < static_cast<std::size_t>(policy.access.min_password_length))
    fail(fmt::format("{} holds a password of {} characters; {} are the least", setting.name,
                     secret.length, policy.access.min_password_length));
  else if (secret.estimated_bits < policy.access.min_password_bits)
    fail(fmt::format("{} holds a password of about {} bits; {} are the least", setting.name,
                     secret.estimated_bits, policy.access.min_password_bits));
  else
    findings.pass(consumer.subject(), setting.name + " holds a long password that is on no list")
        .expected(expected)
        .variant(setting.name)
        .at(setting.location)
        .grade(Grade::declared);
}

bool is_password(const Consumer& consumer, const Setting& setting) {
  if (!setting.is_secret || setting.secret.ordinal.empty()) return false;
  return (consumer.password && setting.name == consumer.password->name) ||
         (consumer.url && setting.name == consumer.url->name);
}

void judge_users(const ConfigurationView& view, Findings& findings) {
  const Observation<std::vector<UserView>> users = users_of(view);
  if (const Gap* gap = users.gap()) {
    findings.unknown(view.subject, *gap);
    return;
  }
  bool any = false;
  bool any_weak = false;
  for (const UserView& user : *users) {
    any = any || user.has_password;
    if (!user.placeholder_password) continue;
    any_weak = true;
    findings
        .fail(user_subject(view, user),
              fmt::format("the password of user {} stands in a documentation", user.name))
        .expected("a password from ACL GENPASS")
        .observed("matches the list of known passwords")
        .from(user.from);
  }
  if (any && !any_weak)
    findings.pass(view.subject, "no user's password is on the list of known ones")
        .from(users->front().from);
  else if (!any)
    findings.not_applicable(view.subject, "no user has a password");
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer& consumer : evidence.consumers) {
    if (consumer.template_file) continue;
    for (const Setting& setting : consumer.settings)
      if (is_password(consumer, setting)) judge_secret(consumer, setting, policy, findings);
  }
  for (const ConfigurationView& view : configurations(evidence)) judge_users(view, findings);
  if (!findings.empty()) return;
  if (evidence.consumers.empty())
    say_no_configuration(evidence, findings);
  else
    findings.not_applicable(Subject::deployment(), "no consumer is given a password");
}

}  // namespace

extern const Check access_strong_passwords;
constexpr Check access_strong_passwords{
    .info = {.code = "RTA-AUTH-006",
             .title = "Passwords are long, random and on no list",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files},
             .controls = kControls,
             .remediation = "ACL GENPASS"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

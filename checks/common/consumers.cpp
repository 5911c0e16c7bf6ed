#include "checks/common/consumers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/consumer_settings.h"
#include "files/redis_variables.h"

namespace rta::checks {
namespace {

bool is_one_of(const std::string& value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

bool policy_takes_as_true(const Policy& policy, const std::string& value) {
  return std::ranges::find(policy.truthy, value) != policy.truthy.end();
}

bool url_says(const Setting& url, std::string_view text) {
  return url.value.find(text) != std::string::npos;
}

}  // namespace

std::vector<const Consumer*> consumers_of(const Evidence& evidence, ConsumerRole role) {
  std::vector<const Consumer*> found;
  for (const Consumer& consumer : evidence.consumers)
    if (consumer.role == role && !consumer.template_file) found.push_back(&consumer);
  return found;
}

std::vector<const Consumer*> main_consumers(const Evidence& evidence) {
  std::vector<const Consumer*> found;
  for (const Consumer& consumer : evidence.consumers)
    if ((consumer.role == ConsumerRole::backend || consumer.role == ConsumerRole::worker) &&
        !consumer.template_file)
      found.push_back(&consumer);
  return found;
}

void say_no_consumer(const Evidence& evidence, Findings& findings, const std::string& who) {
  if (evidence.scope.project)
    findings.unknown(Subject::deployment(),
                     fmt::format("no {} was found in {}: neither an env file nor a compose service "
                                 "with Redis settings is named so",
                                 who, printable(*evidence.scope.project)),
                     GapReason::not_found);
  else
    findings.unknown(Subject::deployment(),
                     fmt::format("no project was given, so no {} was looked at", who),
                     GapReason::not_requested);
}

bool say_refused(const Consumer& consumer, Findings& findings) {
  if (!consumer.refused) return false;
  findings
      .unknown(consumer.subject(),
               fmt::format("{} would refuse {}: {}", consumer.dialect, consumer.source,
                           *consumer.refused),
               GapReason::malformed)
      .at({consumer.source, 0, 0})
      .grade(Grade::declared);
  return true;
}

std::string shown(const Setting& setting) {
  if (!setting.raw.empty()) return setting.name + "=" + setting.raw;
  if (setting.is_secret && setting.value.empty()) return setting.name + " (a secret)";
  return setting.name + "=" + setting.value;
}

TlsReading tls_reading(const Consumer& consumer, const Policy& policy) {
  const Setting* flag = consumer.tls_switch ? &*consumer.tls_switch : nullptr;
  const bool flag_on = flag != nullptr && (files::truth_of(flag->value) == files::Truth::on ||
                                           policy_takes_as_true(policy, flag->value));
  if (consumer.url && consumer.url_is_tls) {
    const Setting& url = *consumer.url;
    if (consumer.level == VerificationLevel::plaintext)
      return {TlsState::off, shown(url), url.location};
    if (*consumer.url_is_tls) return {TlsState::on, shown(url), url.location};
    // Some applications add TLS to a redis:// URL when the switch is on.
    if (flag_on)
      return {TlsState::application, shown(url) + " beside " + shown(*flag), url.location};
    return {TlsState::off, shown(url), url.location};
  }
  if (flag == nullptr)
    return {TlsState::off, "no TLS switch and no rediss:// URL", {consumer.source, 0, 0}};
  if (flag_on) return {TlsState::on, shown(*flag), flag->location};
  const bool maybe = files::truth_of(flag->value) == files::Truth::maybe_on;
  return {maybe ? TlsState::application : TlsState::off, shown(*flag), flag->location};
}

std::optional<VerificationOff> verification_off(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings) {
    const std::string value = lower_ascii(setting.value);
    const auto meaning = files::meaning_of_variable(setting.name);
    if (!meaning) continue;
    // Node: exactly "0" and nothing else.
    const bool kill = *meaning == files::VariableMeaning::node_kill_switch && setting.value == "0";
    const bool verify = *meaning == files::VariableMeaning::verify &&
                        is_one_of(value, {"false", "0", "no", "off", "none", "optional",
                                          "cert_none", "cert_optional"});
    const bool skip = *meaning == files::VariableMeaning::skip_verify &&
                      files::truth_of(setting.value) != files::Truth::off;
    if (kill || verify || skip) return VerificationOff{shown(setting), setting.location};
  }
  if (!consumer.url) return std::nullopt;
  for (const std::string_view part :
       {"ssl_cert_reqs=none", "ssl_cert_reqs=CERT_NONE", "ssl_cert_reqs=optional",
        "ssl_cert_reqs=CERT_OPTIONAL", "skip_verify=true"})
    if (url_says(*consumer.url, part))
      return VerificationOff{shown(*consumer.url), consumer.url->location};
  if (consumer.level == VerificationLevel::tls_unverified)
    return VerificationOff{consumer.level_reason, consumer.url->location};
  return std::nullopt;
}

bool has_password(const Consumer& consumer) {
  return consumer.password && consumer.password->secret.length > 0;
}

}  // namespace rta::checks

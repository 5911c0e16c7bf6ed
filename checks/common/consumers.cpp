#include "checks/common/consumers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/consumer_settings.h"
#include "files/clients/redis_variables.h"

namespace rta::checks {
namespace {

bool is_one_of(const std::string& value, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, value) != words.end();
}

bool policy_takes_as_true(const Policy& policy, const std::string& value) {
  return std::ranges::find(policy.truthy, value) != policy.truthy.end();
}

// What the consumer's own code makes of the setting, where all its comparisons
// agree; and the first of them, to be shown.
struct CodeReading {
  std::optional<bool> result;
  std::string shown;  // " (backend/redis.js:3:5 takes only true as on: ...)"
};

CodeReading read_by_code(const Consumer& consumer, const Setting& setting) {
  CodeReading reading;
  bool agreed = true;
  for (const TruthIdiom& idiom : consumer.comparisons) {
    if (idiom.variable != setting.name) continue;
    if (reading.shown.empty()) {
      reading.result = idiom.result;
      reading.shown = fmt::format(" ({} takes as true: {}; {})", idiom.location.text(),
                                  idiom.takes_as_true, idiom.comparison);
    }
    agreed = agreed && idiom.result.has_value() && idiom.result == reading.result;
  }
  if (!agreed) reading.result.reset();
  return reading;
}

bool is_switch(const Setting& setting) {
  return files::meaning_of_variable(setting.name) == files::VariableMeaning::tls_switch;
}

files::Truth truth(const Setting& setting) {
  return files::truth_of_switch(setting.name, setting.value);
}

constexpr const char* kUrlThatVerifies =
    "in the URL: ?ssl_cert_reqs=required&ssl_ca_certs=FILE&ssl_check_hostname=true (redis-py, "
    "Celery); nothing at all (others), and the CA in the client's options";

std::string verifying_line(const Setting& setting, bool delete_it) {
  if (delete_it) return fmt::format("delete {} ({})", setting.name, setting.location.text());
  return fmt::format("{}={}", setting.name,
                     setting.name.ends_with("CERT_REQS") ? "required" : "true");
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
                     Gap{GapReason::not_found,
                         fmt::format("no {} was found in {}: neither an env file nor a compose "
                                     "service with Redis settings is named so",
                                     who, printable(*evidence.scope.project)),
                         fmt::format("call the service or the folder of its env file {}; where the "
                                     "project has none, judge by a profile of your own whose "
                                     "[coverage] leaves the item out",
                                     who)});
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

bool say_left_out(const Consumer& consumer, Findings& findings, std::string_view what) {
  if (consumer.left_out.empty()) return false;
  // A question that the pull request ought to answer: it stays open.
  findings
      .unknown(consumer.subject(),
               Gap{GapReason::not_found,
                   fmt::format("{} is not set by what the checkout holds; {}, which is kept out of "
                               "it, may set it",
                               what, printable(join(consumer.left_out, ", "), 300)),
                   "set it where it is reviewed, under `environment:`, and keep only secrets in "
                   "the env file"})
      .at({consumer.source, 0, 0});
  return true;
}

std::string shown(const Setting& setting) {
  if (!setting.raw.empty()) return setting.name + "=" + setting.raw;
  if (setting.is_secret && setting.value.empty()) return setting.name + " (a secret)";
  return setting.name + "=" + setting.value;
}

// Of several switches, the one that the consumer's own code reads.
static const Setting* switch_of(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings)
    if (is_switch(setting) && read_by_code(consumer, setting).result) return &setting;
  return consumer.tls_switch ? &*consumer.tls_switch : nullptr;
}

const Setting* contradicting_switch(const Consumer& consumer) {
  const Setting* flag = switch_of(consumer);
  if (flag == nullptr || read_by_code(consumer, *flag).result) return nullptr;
  for (const Setting& setting : consumer.settings)
    if (is_switch(setting) && !setting.value.empty() && setting.name != flag->name &&
        (truth(setting) == files::Truth::off) != (truth(*flag) == files::Truth::off))
      return &setting;
  return nullptr;
}

TlsReading tls_reading(const Consumer& consumer, const Policy& policy) {
  const Setting* flag = switch_of(consumer);
  const bool flag_on = flag != nullptr && (truth(*flag) == files::Truth::on ||
                                           policy_takes_as_true(policy, flag->value));
  if (consumer.url && consumer.url_is_tls) {
    const Setting& url = *consumer.url;
    if (consumer.level == VerificationLevel::plaintext)
      return {TlsState::off, fmt::format("{}: {}", shown(url), consumer.level_reason),
              url.location};
    if (*consumer.url_is_tls) return {TlsState::on, shown(url), url.location};
    // Some applications add TLS to a redis:// URL when the switch is on, and some
    // platforms give both addresses of one server.
    const Setting* other = consumer.setting("REDIS_TLS_URL");
    if (url.name == "REDIS_URL" && other != nullptr && other->value.starts_with("rediss:"))
      return {TlsState::application, shown(url) + " beside " + shown(*other), url.location};
    if (flag_on)
      return {TlsState::application, shown(url) + " beside " + shown(*flag), url.location};
    return {TlsState::off, shown(url), url.location};
  }
  if (flag == nullptr)
    return {TlsState::off, "no TLS switch and no rediss:// URL", {consumer.source, 0, 0}};
  const CodeReading code = read_by_code(consumer, *flag);
  const std::string seen = shown(*flag) + code.shown;
  if (code.result) return {*code.result ? TlsState::on : TlsState::off, seen, flag->location};
  if (const Setting* other = contradicting_switch(consumer))
    return {TlsState::application, seen + " beside " + shown(*other), flag->location};
  if (flag_on) return {TlsState::on, seen, flag->location};
  const bool maybe = truth(*flag) == files::Truth::maybe_on;
  return {maybe ? TlsState::application : TlsState::off, seen, flag->location};
}

bool is_off_by_silence(const Consumer& consumer, const TlsReading& tls) {
  const auto is_set = [](const std::optional<Setting>& setting) {
    return setting && !setting->value.empty();
  };
  return tls.state == TlsState::off && !is_set(consumer.tls_switch) && !is_set(consumer.url);
}

std::optional<VerificationOff> verification_off(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings) {
    const std::string value = lower_ascii(setting.value);
    const auto meaning = files::meaning_of_setting(setting.name, setting.value);
    if (!meaning) continue;
    // Node: exactly "0" and nothing else.
    const bool kill = *meaning == files::VariableMeaning::node_kill_switch && setting.value == "0";
    const bool verify = *meaning == files::VariableMeaning::verify &&
                        is_one_of(value, {"false", "0", "no", "off", "none", "optional",
                                          "cert_none", "cert_optional"});
    const bool skip = *meaning == files::VariableMeaning::skip_verify &&
                      files::truth_of(setting.value) != files::Truth::off;
    // Code may take a value for something else than it says; both are told.
    const CodeReading code = read_by_code(consumer, setting);
    const bool read_as_off =
        (*meaning == files::VariableMeaning::verify && code.result == false) ||
        (*meaning == files::VariableMeaning::skip_verify && code.result == true);
    if (kill || verify || skip || read_as_off)
      return VerificationOff{shown(setting) + code.shown, setting.location,
                             verifying_line(setting, kill || skip)};
  }
  if (!consumer.url) return std::nullopt;
  for (const Setting& setting : consumer.settings)
    if (files::meaning_of_setting(setting.name, setting.value) == files::VariableMeaning::url)
      for (const std::string_view part :
           {"ssl_cert_reqs=none", "ssl_cert_reqs=CERT_NONE", "ssl_cert_reqs=optional",
            "ssl_cert_reqs=CERT_OPTIONAL", "#insecure", "skip_verify=true", "verifyPeer=NONE",
            "verifyPeer=false"})
        if (url_says(setting, part))
          return VerificationOff{shown(setting), setting.location, kUrlThatVerifies};
  if (consumer.level == VerificationLevel::tls_unverified)
    return VerificationOff{consumer.level_reason, consumer.url->location, kUrlThatVerifies};
  return std::nullopt;
}

std::string client_behaviour(const Consumer& consumer) {
  if (consumer.level != VerificationLevel::unknown)
    return "its own client, " + consumer.level_reason;
  if (consumer.library.empty())
    return "what its own client verifies is not known: no manifest or lock file names a client";
  return fmt::format("what {} verifies is decided by its code", consumer.library);
}

bool has_password(const Consumer& consumer) {
  return consumer.password && consumer.password->secret.length > 0;
}

}  // namespace rta::checks

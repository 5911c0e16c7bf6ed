#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <algorithm>
#include "checks/common/consumers.h"

#include "base/text.h"
#include "files/clients/redis_variables.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.1"sv, "nist.CM-6"sv, "pci.6.2.4"sv, "pci.2.2.1"sv};

constexpr std::array kBackendNames{"REDIS_TLS_CA_PATH"sv, "REDIS_TLS_CERT_PATH"sv,
                                   "REDIS_TLS_KEY_PATH"sv};
constexpr std::array kWorkerNames{"REDIS_TLS_CA_CERT"sv, "REDIS_TLS_CERT"sv, "REDIS_TLS_KEY"sv};

Findings::Entry say(const Consumer& consumer, const Setting& setting, Findings& findings,
                    std::string message) {
  return findings.warn(consumer.subject(), std::move(message))
      .observed(shown(setting))
      .at(setting.location)
      .variant(setting.name)
      .grade(Grade::declared);
}

// The other role's spelling, and near misses of known names.
void judge_names(const Consumer& consumer, Findings& findings) {
  const bool is_backend = consumer.role == ConsumerRole::backend;
  const auto& wrong = is_backend ? kWorkerNames : kBackendNames;
  const auto& right = is_backend ? kBackendNames : kWorkerNames;
  for (const Setting& setting : consumer.settings) {
    const auto found = std::ranges::find(wrong, setting.name);
    if (found != wrong.end()) {
      const std::string_view better = right[static_cast<std::size_t>(found - wrong.begin())];
      if (consumer.setting(std::string{better}) == nullptr)
        say(consumer, setting, findings,
            fmt::format("{} is the {}'s spelling: this {} reads {}", setting.name,
                        is_backend ? "worker" : "backend", is_backend ? "backend" : "worker",
                        better))
            .expected(std::string{better});
      continue;
    }
    if (const auto meant = files::look_alike_of(setting.name))
      say(consumer, setting, findings,
          fmt::format("{} is not a known name, so nothing reads it; {} was probably meant",
                      printable(setting.name), *meant))
          .expected(*meant);
  }
}

void judge_assignments(const Consumer& consumer, Findings& findings) {
  for (const Setting& setting : consumer.settings) {
    if (!setting.glued.empty())
      say(consumer, setting, findings,
          fmt::format(
              "the assignment of {} is glued to the value of {}: the line before it had no end",
              setting.glued, printable(setting.name)))
          .expected("one assignment a line");
    if (!setting.overridden.empty())
      say(consumer, setting, findings,
          fmt::format("{} is assigned more than once with different values, the last one wins ({})",
                      setting.name, setting.overridden.front()))
          .expected("one assignment");
    if (!setting.other_dialects.empty())
      say(consumer, setting, findings,
          fmt::format("{} means something else to another likely reader of this file ({})",
                      setting.name, setting.other_dialects.front()))
          .expected("a spelling that all readers take alike");
  }
  for (const auto& file : {consumer.ca, consumer.certificate, consumer.key_file}) {
    if (!file) continue;
    for (const Setting& setting : consumer.settings)
      if (setting.location == file->reference.named_at && !setting.raw.empty())
        say(consumer, setting, findings,
            fmt::format("the path in {} carries blanks or control characters", setting.name))
            .expected(printable(file->declared));
  }
}

void judge_switches(const Consumer& consumer, Findings& findings) {
  const Setting* other = contradicting_switch(consumer);
  if (other == nullptr) return;
  say(consumer, *other, findings,
      fmt::format("{} contradicts {}: which of them counts depends on the application",
                  shown(*other), shown(*consumer.tls_switch)))
      .variant("switch " + other->name)
      .expected("one switch");
}

void judge_pairs(const Consumer& consumer, Findings& findings) {
  if (consumer.certificate.has_value() == consumer.key_file.has_value()) return;
  const NamedFile& file = consumer.certificate ? *consumer.certificate : *consumer.key_file;
  findings
      .warn(consumer.subject(), consumer.certificate
                                    ? "a client certificate is named without its key"
                                    : "a client key is named without its certificate")
      .expected("both or neither")
      .observed(printable(file.declared))
      .at(file.reference.named_at)
      .variant("pair")
      .grade(Grade::declared);
}

bool is_compose_name(const Evidence& evidence, const std::string& host) {
  const ComposeProject* compose = evidence.compose.value();
  return compose != nullptr &&
         std::ranges::any_of(compose->services,
                             [&](const ComposeService& service) { return service.name == host; });
}

void judge_address(const Consumer& consumer, const Evidence& evidence, Findings& findings) {
  if (consumer.host_defaulted || !evidence.has_live_endpoint() ||
      evidence.endpoint(consumer.endpoint) != nullptr)
    return;
  if (is_compose_name(evidence, consumer.host)) return;
  findings
      .warn(consumer.subject(), fmt::format("it talks to {}, which this audit did not look at",
                                            printable(consumer.endpoint)))
      .expected("an audited endpoint")
      .observed(printable(consumer.endpoint))
      .at({consumer.source, 0, 0})
      .variant("address")
      .grade(Grade::declared);
}

void compare_spellings(const Evidence& evidence, Findings& findings) {
  std::set<std::string> names;
  for (const Consumer* consumer : main_consumers(evidence))
    for (const Setting& setting : consumer->settings)
      if (files::meaning_of_variable(setting.name) == files::VariableMeaning::ca &&
          setting.name.starts_with("REDIS_"))
        names.insert(setting.name);
  if (names.size() < 2) return;
  const std::string list = fmt::format("{}", fmt::join(names, ", "));
  findings
      .info(Subject::deployment(), fmt::format("consumers use different names for the CA ({}): a "
                                               "copied line is silently ignored by the other",
                                               list))
      .expected("one name")
      .observed(list)
      .grade(Grade::declared);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const Consumer* consumer : main_consumers(evidence)) {
    if (say_refused(*consumer, findings)) continue;
    const std::size_t before = findings.all().size();
    judge_names(*consumer, findings);
    judge_assignments(*consumer, findings);
    judge_switches(*consumer, findings);
    judge_pairs(*consumer, findings);
    judge_address(*consumer, evidence, findings);
    if (findings.all().size() == before)
      findings.pass(consumer->subject(), "names are those of its role and nothing is contradictory")
          .at({consumer->source, 0, 0})
          .grade(Grade::declared);
  }
  if (findings.empty()) return say_no_consumer(evidence, findings, "backend or worker");
  compare_spellings(evidence, findings);
}

}  // namespace

extern const Check applications_variable_names;
constexpr Check applications_variable_names{
    .info = {.code = "RTA-ENV-007",
             .title = "Variables are spelled for the right consumer and are not contradictory",
             .core = {},
             .supports = {5, 6},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "use one set of names for all services"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

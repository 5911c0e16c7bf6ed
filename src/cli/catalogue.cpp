// checks list | explain, profiles list | show: the catalogue as it stands in
// this build.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "core/policy_load.h"

namespace rta {
namespace {

std::string items_text(const CheckInfo& info) {
  std::vector<std::string> labels;
  for (int item = 1; item <= kItemCount; ++item) {
    if (!info.core.has(item) && !info.supports.has(item)) continue;
    labels.push_back((item == kItemS ? std::string{"S"} : std::to_string(item)) +
                     (info.core.has(item) ? "*" : ""));
  }
  return join(labels, ",");
}

int print(const std::string& text) {
  const auto written = write_stdout(text);
  return written ? exit_code::kPass : usage_error(written.error());
}

// "RTA-ENV-009", "env-009" and "applications/source_keeps_verification".
const CheckEntry* check_named(const std::string& wanted) {
  if (const CheckEntry* entry = find_check(wanted)) return entry;
  const std::string lower = lower_ascii(wanted);
  for (const CheckEntry& entry : all_checks()) {
    const std::string code = lower_ascii(entry.check->info.code.text);
    if (code == lower || code == "rta-" + lower) return &entry;
  }
  return nullptr;
}

}  // namespace

int checks_list_command(const std::string& profile) {
  const auto policy = load_profile(profile);
  if (!policy) return usage_error(policy.error());
  std::vector<const CheckEntry*> entries;
  for (const CheckEntry& entry : all_checks()) entries.push_back(&entry);
  std::ranges::sort(entries, {},
                    [](const CheckEntry* entry) { return entry->check->info.code.text; });
  std::string text = "CODE           ITEMS  SEVERITY  WHAT MUST HOLD (* = decides the item)\n";
  for (const CheckEntry* entry : entries) {
    const CheckInfo& info = entry->check->info;
    const auto changed = policy->severity.find(std::string{info.code.text});
    const Severity severity = changed == policy->severity.end() ? info.severity : changed->second;
    text += fmt::format("{:<14} {:<6} {:<9} {}\n", info.code.text, items_text(info),
                        name_of(severity), info.title);
  }
  text += fmt::format("\n{}; `redis-tls-audit checks explain CODE` tells more.\n",
                      counted(entries.size(), "check"));
  return print(text);
}

int checks_explain_command(const std::string& wanted) {
  const CheckEntry* entry = check_named(wanted);
  if (entry == nullptr) {
    std::vector<std::string> names;
    for (const CheckEntry& known : all_checks()) {
      names.emplace_back(known.name);
      names.emplace_back(known.check->info.code.text);
    }
    const auto close = did_you_mean(wanted, names);
    return usage_error({fmt::format("there is no check \"{}\"", printable(wanted, 60)), "",
                        close ? fmt::format("did you mean \"{}\"?", *close)
                              : "`redis-tls-audit checks list` lists all"});
  }
  const CheckInfo& info = entry->check->info;
  std::string text = fmt::format("{}  {}\nitems {} (* = decides), severity {}\n\n", info.code.text,
                                 entry->name, items_text(info), name_of(info.severity));
  text += entry->page;
  text += "\nControls\n";
  for (const std::string_view control : info.controls) text += fmt::format("  {}\n", control);
  return print(text);
}

int profiles_list_command() {
  std::string text;
  for (const std::string& name : profile_names()) {
    const auto policy = load_profile(name);
    if (!policy) return usage_error(policy.error());
    text += fmt::format("{:<21} {}\n", name, policy->description);
  }
  return print(text);
}

int profiles_show_command(const std::string& name) {
  const auto policy = load_profile(name);
  if (!policy) return usage_error(policy.error());
  std::string text = fmt::format("profile {}\ndigest  {}\n\n", policy->profile, policy->digest);
  for (const auto& [parameter, value] : describe(*policy))
    text += fmt::format("{:<45} {}\n", parameter, value);
  return print(text);
}

}  // namespace rta

#include "tests/support/check_story.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "core/policy_load.h"

namespace rta::testing {
namespace {

std::set<std::pair<const Check*, Status>>& produced() {
  static std::set<std::pair<const Check*, Status>> seen;
  return seen;
}

}  // namespace

std::vector<Finding> findings(const Check& check, const Evidence& evidence, const Policy& policy) {
  Findings collected{check};
  check.evaluate(evidence, policy, collected);
  std::vector<Finding> all = std::move(collected).take();
  for (const Finding& finding : all) produced().emplace(&check, finding.status);
  return all;
}

std::vector<Finding> findings(const Check& check, const Evidence& evidence) {
  return findings(check, evidence, profile("hipaa"));
}

Verdicts verdicts(const Check& check, const Evidence& evidence, const Policy& policy) {
  Verdicts all;
  for (const Finding& finding : findings(check, evidence, policy))
    all.emplace_back(finding.subject.text(), finding.status);
  std::ranges::sort(all);
  return all;
}

Verdicts verdicts(const Check& check, const Evidence& evidence) {
  return verdicts(check, evidence, profile("hipaa"));
}

Policy profile(std::string_view name) {
  Result<Policy> policy = load_profile(std::string{name});
  if (!policy) {
    std::fprintf(stderr, "%s\n", policy.error().text().c_str());
    std::abort();
  }
  return *policy;
}

bool was_produced(const Check& check, Status status) { return produced().contains({&check, status}); }

Timestamp story_time() { return *parse_timestamp("2026-11-23T00:00:00Z"); }

Evidence story() {
  Evidence evidence;
  evidence.as_of = story_time();
  evidence.scope.project = ".";
  return evidence;
}

}  // namespace rta::testing

namespace doctest {

String StringMaker<rta::testing::Verdicts>::convert(const rta::testing::Verdicts& verdicts) {
  std::string text;
  for (const auto& [subject, status] : verdicts)
    text += fmt::format("\n  {}: {}", subject, rta::name_of(status));
  return text.c_str();
}

}  // namespace doctest

// Stories about one check: evidence in, verdicts out.
//
//   CHECK(verdicts(checks::redis_conf_tls_listener_only, evidence) ==
//         Verdicts{{"file redis.conf", Status::fail}});
//
// Every status seen is remembered: the meta-test fails a check that claims a
// status which no story has produced.
#pragma once

#include <redis_tls_audit/check.h>
#include <redis_tls_audit/evidence.h>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace rta::testing {

using Verdicts = std::vector<std::pair<std::string, Status>>;   // sorted by subject

// Under the hipaa profile unless a policy is given.
Verdicts verdicts(const Check& check, const Evidence& evidence);
Verdicts verdicts(const Check& check, const Evidence& evidence, const Policy& policy);
std::vector<Finding> findings(const Check& check, const Evidence& evidence);
std::vector<Finding> findings(const Check& check, const Evidence& evidence, const Policy& policy);

// A profile of this build by name; ends the test when there is none.
Policy profile(std::string_view name);

// Statuses that stories have produced so far, for the meta-test.
bool was_produced(const Check& check, Status status);

// A fixed "now" for stories: 2026-11-23T00:00:00Z.
Timestamp story_time();
Evidence story();   // empty evidence as of story_time(), with project "." in scope

}  // namespace rta::testing

namespace doctest {
template <>
struct StringMaker<rta::testing::Verdicts> {
  static String convert(const rta::testing::Verdicts& verdicts);
};
}  // namespace doctest

// Report is what a run concluded: findings, the thirteen rows of the
// checklist, coverage, footprint and the gate's verdict. Writers (reports/)
// turn it into bytes and decide nothing.
#pragma once

#include <redis_tls_audit/check.h>
#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/finding.h>
#include <redis_tls_audit/policy.h>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace rta {

// One row of the checklist: items 1 to 12 and S.
struct ChecklistRow {
  int item = 0;                          // 13 = S
  std::string title;                     // the guide's words
  std::string hipaa;                     // "164.312(e)(1)"
  Status verdict = Status::unknown;
  std::string sentence;                  // why, in one sentence
  std::vector<std::size_t> findings;     // indices into Report::findings, deciding ones first
  // Strongest grade among the core passes; a pass on rehearsed or declared
  // evidence is shown as "pass (declared)".
  Grade grade = Grade::observed;
  bool required = true;                  // decides the gate under the chosen coverage
  std::vector<std::string> missing_checks;   // core checks that did not run

  [[nodiscard]] std::string label() const;   // "1" to "12", "S"
};

struct StatusCounts {
  std::size_t pass = 0, warn = 0, fail = 0, manual = 0, unknown = 0, not_applicable = 0;
  std::size_t waived = 0;
};

enum class Outcome { pass, fail, incomplete, error };

template <>
struct EnumNames<Outcome> {
  static constexpr std::array table{
      EnumName<Outcome>{Outcome::pass, "pass"}, EnumName<Outcome>{Outcome::fail, "fail"},
      EnumName<Outcome>{Outcome::incomplete, "incomplete"}, EnumName<Outcome>{Outcome::error, "error"}};
};

// One thing to do, the most urgent first.
struct Action {
  std::size_t finding = 0;               // index into Report::findings
  std::string title;                     // imperative, one line
  std::string why;
  std::string fix;
  std::size_t resolves = 1;              // findings of the same check
};

struct CheckRun {
  std::string code;
  std::string name;
  Status status = Status::unknown;       // worst subject
  std::size_t subjects = 0;
  std::string problem;                   // the check threw: what
};

struct Gate {
  Outcome outcome = Outcome::error;
  int exit_code = 2;
  bool complete = false;                 // coverage of the profile was reached
  Severity fail_on = Severity::high;
  std::string sentence;                  // "Not compliant: 5 of 13 items fail"
};

struct Report {
  std::string run_id;                    // UUIDv5 of evidence and policy digests
  std::string tool_version;
  std::string evidence_digest;
  Timestamp as_of;
  const Evidence* evidence = nullptr;
  const Policy* policy = nullptr;
  std::vector<Finding> findings;         // sorted by check name, subject, variant
  std::vector<ChecklistRow> checklist;   // 13 rows
  std::vector<CheckRun> checks;          // every check of this build or deselected by the profile
  StatusCounts items;                    // of the 13 rows
  StatusCounts results;                  // of the findings
  std::vector<Action> actions;
  Footprint footprint;                   // summed over endpoints
  Gate gate;

  // `RESULT fail items=13 pass=2 ... exit=1`
  [[nodiscard]] std::string result_line() const;
};

}  // namespace rta

#include "core/evaluate.h"

#include <doctest/doctest.h>

#include "core/checklist.h"
#include "core/rollup.h"
#include "tests/support/check_story.h"

using namespace rta;

namespace {

// Checks that stand for others: only their description matters here.
constexpr std::array kControls{std::string_view{"test"}};
constexpr Check core_check{.info = {.code = "RTA-TST-001",
                                    .title = "core",
                                    .core = {2},
                                    .severity = Severity::high,
                                    .controls = kControls},
                           .evaluate = nullptr};
constexpr Check side_check{.info = {.code = "RTA-TST-002",
                                    .title = "side",
                                    .supports = {2},
                                    .severity = Severity::high,
                                    .controls = kControls},
                           .evaluate = nullptr};

struct Story {
  Evidence evidence = rta::testing::story();
  Policy policy = rta::testing::profile("hipaa");
  Report report;

  Story() {
    evidence.endpoints.emplace_back().key = "redis:6379";
    report.evidence = &evidence;
    report.policy = &policy;
    for (const std::string_view code : checklist_items()[1].core)
      report.checks.push_back({std::string{code}, "", Status::pass, 1, ""});
  }
  void add(const Check& check, Status status, Grade grade = Grade::observed,
           const std::string& key = "redis:6379") {
    Finding finding;
    finding.check = &check;
    finding.status = status;
    finding.severity = check.info.severity;
    finding.subject = Subject::endpoint(key);
    finding.message = "story";
    finding.grade = grade;
    report.findings.push_back(finding);
  }
  ChecklistRow row(int item = 2) { return roll_up(report, item); }
  Gate gate() {
    report.checklist = {roll_up(report, 2)};
    return judge_gate(report, {});
  }
};

}  // namespace

TEST_CASE("an item is what its worst core result says") {
  struct Case {
    std::vector<Status> core;
    std::vector<Status> side;
    Status verdict;
    int exit_code;
  };
  const std::vector<Case> table{
      {{Status::pass}, {}, Status::pass, 0},
      {{Status::pass, Status::fail}, {}, Status::fail, 1},
      {{Status::fail, Status::unknown}, {}, Status::fail, 1},
      {{Status::pass, Status::unknown}, {}, Status::unknown, 3},
      {{Status::unknown, Status::manual}, {}, Status::unknown, 3},
      {{Status::pass, Status::manual}, {}, Status::manual, 3},
      {{Status::manual, Status::warn}, {}, Status::manual, 3},
      {{Status::pass, Status::warn}, {}, Status::warn, 0},
      {{Status::pass}, {Status::fail}, Status::warn, 1},
      {{Status::pass}, {Status::warn, Status::unknown, Status::manual}, Status::pass, 0},
      {{Status::not_applicable}, {}, Status::unknown, 3},
      {{}, {}, Status::unknown, 3},
      {{}, {Status::pass}, Status::unknown, 3},
      {{Status::pass, Status::not_applicable}, {}, Status::pass, 0},
  };
  for (const Case& one : table) {
    Story story;
    for (const Status status : one.core) story.add(core_check, status);
    for (const Status status : one.side) story.add(side_check, status);
    CAPTURE(&one - table.data());
    CHECK(story.row().verdict == one.verdict);
    CHECK(story.gate().exit_code == one.exit_code);
  }
}

TEST_CASE("declared evidence alone passes no item, except in CI mode, where it is shown as such") {
  Story story;
  story.add(core_check, Status::pass, Grade::declared);
  CHECK(story.row().verdict == Status::unknown);
  story.evidence.scope.ci = true;
  CHECK(story.row().verdict == Status::pass);
  CHECK(story.row().grade == Grade::declared);
}

TEST_CASE("what a checkout does not hold decides nothing in a pull request, and is told") {
  Story story;
  story.add(core_check, Status::pass, Grade::declared);
  story.add(core_check, Status::unknown);
  story.report.findings.back().reason = GapReason::left_out;
  CHECK(story.row().verdict == Status::unknown);
  story.evidence.scope.ci = true;
  CHECK(story.row().verdict == Status::pass);
  CHECK(story.row().sentence.find("1 result on what is kept out of the checkout") !=
        std::string::npos);
  // Any other reason stays open.
  story.report.findings.back().reason = GapReason::not_found;
  CHECK(story.row().verdict == Status::unknown);
  // And alone it passes nothing.
  story.report.findings.erase(story.report.findings.begin());
  story.report.findings.back().reason = GapReason::left_out;
  CHECK(story.row().verdict == Status::unknown);
  CHECK(story.gate().exit_code == 3);
}

TEST_CASE("an item may decide only where something of it was seen") {
  Story story;
  story.evidence.scope.ci = true;
  story.policy.coverage_ci.items.erase(2);
  story.policy.coverage_ci.items_if_seen = {2};
  story.add(core_check, Status::unknown);
  story.report.findings.back().reason = GapReason::left_out;
  CHECK_FALSE(story.row().required);
  CHECK(story.gate().exit_code == 0);
  story.add(core_check, Status::unknown);
  CHECK(story.row().required);
  CHECK(story.gate().exit_code == 3);
  story.add(core_check, Status::fail);
  CHECK(story.gate().exit_code == 1);
}

TEST_CASE("a rehearsal never stands in for a live endpoint") {
  Story story;
  story.add(core_check, Status::unknown);
  story.add(core_check, Status::pass, Grade::rehearsed, "rehearsal:redis.conf");
  CHECK(story.row().verdict == Status::unknown);
  story.report.findings.clear();
  story.add(core_check, Status::pass);
  story.add(core_check, Status::fail, Grade::rehearsed, "rehearsal:redis.conf");
  CHECK(story.row().verdict == Status::pass);
}

TEST_CASE("a rehearsal decides when no live endpoint is known at all") {
  Story story;
  story.evidence.endpoints.clear();
  story.add(core_check, Status::pass, Grade::rehearsed, "rehearsal:redis.conf");
  CHECK(story.row().verdict == Status::pass);
  CHECK(story.row().grade == Grade::rehearsed);
  story.add(core_check, Status::fail, Grade::rehearsed, "rehearsal:redis.conf");
  CHECK(story.row().verdict == Status::fail);
}

TEST_CASE("a core check that did not run leaves its item unknown") {
  Story story;
  story.add(core_check, Status::pass);
  story.report.checks.pop_back();
  CHECK(story.row().verdict == Status::unknown);
  CHECK(story.row().missing_checks == std::vector<std::string>{"RTA-CIP-007"});
}

TEST_CASE("an information changes nothing") {
  Story story;
  story.add(core_check, Status::pass);
  story.add(core_check, Status::warn);
  story.report.findings.back().severity = Severity::info;
  CHECK(story.row().verdict == Status::pass);
}

TEST_CASE("item 5 looks at backends and item 6 at workers") {
  Finding finding;
  finding.subject = Subject::consumer("backend@backend/.env", ConsumerRole::backend);
  CHECK(concerns(finding, 5));
  CHECK_FALSE(concerns(finding, 6));
  CHECK(concerns(finding, 7));
  finding.subject = Subject::endpoint("redis:6379");
  CHECK(concerns(finding, 5));
  CHECK(concerns(finding, 6));
}

TEST_CASE("an item that needs a person is manual until the attestation is there and valid") {
  Story story;
  static constexpr Check check{.info = {.code = "RTA-TST-003",
                                        .title = "rotation",
                                        .core = {10},
                                        .severity = Severity::high,
                                        .controls = kControls},
                               .evaluate = nullptr};
  for (const std::string_view code : checklist_items()[9].core)
    story.report.checks.push_back({std::string{code}, "", Status::pass, 1, ""});
  story.add(check, Status::pass);
  CHECK(story.row(10).verdict == Status::manual);
  Attestation attestation{.kind = "rotation", .targets = {"*"}};
  attestation.date = story.evidence.as_of - std::chrono::days{10};
  attestation.expires = story.evidence.as_of - std::chrono::days{1};
  story.evidence.attestations = {attestation};
  CHECK(story.row(10).verdict == Status::manual);
  story.evidence.attestations[0].expires = story.evidence.as_of + std::chrono::days{100};
  CHECK(story.row(10).verdict == Status::pass);
}

TEST_CASE("a statement about other servers is none about these") {
  Evidence evidence;
  const auto server = [&](std::string host) {
    Endpoint& endpoint = evidence.endpoints.emplace_back();
    endpoint.key = host + ":6379";
    endpoint.host = std::move(host);
  };
  Attestation statement{.kind = "rotation", .targets = {"other:6379"}};
  statement.date = evidence.as_of;
  statement.expires = evidence.as_of + std::chrono::days{1};
  evidence.attestations = {statement};
  CHECK(evidence.attestation("rotation") != nullptr);  // no server is known yet
  server("redis");
  CHECK(evidence.attestation("rotation") == nullptr);
  evidence.attestations[0].targets = {"redis:6379"};
  CHECK(evidence.attestation("rotation") != nullptr);
  server("replica");  // and nobody speaks for this one
  CHECK(evidence.attestation("rotation") == nullptr);
  CHECK(evidence.attestation("rotation", "redis:6379") != nullptr);
  CHECK(evidence.attestation("rotation", "replica:6379") == nullptr);
  statement.targets = {"replica"};
  evidence.attestations.push_back(statement);
  CHECK(evidence.attestation("rotation") != nullptr);
  evidence.attestations = {statement};
  evidence.attestations[0].targets = {"*"};
  CHECK(evidence.attestation("rotation") != nullptr);
}

TEST_CASE("a failure below --fail-on outside the core does not close the gate") {
  Story story;
  story.add(core_check, Status::pass);
  story.add(side_check, Status::fail);
  story.report.findings.back().severity = Severity::medium;
  CHECK(story.gate().exit_code == 0);
}

TEST_CASE("a scan that evaluated nothing is incomplete and never green") {
  Evidence nothing;
  const Policy policy = rta::testing::profile("hipaa");
  const Report report = evaluate(nothing, policy);
  CHECK(report.gate.exit_code == 3);
  CHECK(report.items.pass == 0);
  CHECK(report.checklist.size() == 13);
  CHECK(report.result_line().starts_with("RESULT incomplete items=13 pass=0 "));
}

TEST_CASE("the same evidence and policy give the same report") {
  const Evidence evidence = rta::testing::story();
  const Policy policy = rta::testing::profile("hipaa");
  CHECK(evaluate(evidence, policy).run_id == evaluate(evidence, policy).run_id);
  const Policy other = rta::testing::profile("pci-dss-4");
  CHECK(evaluate(evidence, policy).run_id != evaluate(evidence, other).run_id);
}

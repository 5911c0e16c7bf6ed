#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "x509/certificate.h"

namespace rta::checks {
extern const Check rotation_history_shows_rotations;
}

using namespace rta;
using namespace rta::testing;
using std::chrono::days;

namespace {

const Check& check = checks::rotation_history_shows_rotations;
constexpr const char* kKey = "redis:6379";

// An endpoint whose certificate began `age` ago, and an empty store.
Evidence serving(days age) {
  Evidence evidence = story();
  serve(evidence,
        {make_issued(x509::proper_server({"redis"}, {}, evidence.as_of - age, 365), make_authority())
             .der});
  evidence.history = std::vector<EarlierScan>{};
  return evidence;
}

void saw(Evidence& evidence, days ago, const std::string& serial, days began, std::string key) {
  evidence.history.value()->push_back({.source = "report.json",
                                       .when = evidence.as_of - ago,
                                       .endpoint = kKey,
                                       .serial = serial,
                                       .spki_sha256 = std::move(key),
                                       .not_before = evidence.as_of - began,
                                       .verdict = "pass"});
}

x509::Certificate served(const Evidence& evidence) {
  return *x509::parse_certificate(evidence.endpoints[0].chain->certificates[0]);
}

Finding first(const Evidence& evidence, std::string_view policy = "hipaa") {
  return findings(check, evidence, profile(policy)).at(0);
}

}  // namespace

TEST_CASE("ROT-004: renewals within the period pass, rarer ones warn") {
  Evidence evidence = serving(days{10});
  saw(evidence, days{90}, "aa", days{180}, "key of January");
  saw(evidence, days{20}, "bb", days{95}, "key of March");
  CHECK(first(evidence).status == Status::pass);
  CHECK(first(evidence).message == "3 certificates were seen in 3 scans, at most 85 days from one "
                                   "to the next");
  Evidence rare = serving(days{10});
  saw(rare, days{90}, "aa", days{110}, "old key");  // 100 days; hipaa allows 99
  CHECK(first(rare).status == Status::warn);
  CHECK(first(rare, "development").status == Status::pass);
}

TEST_CASE("ROT-004: the same certificate for longer than the period warns, before that it informs") {
  Evidence evidence = serving(days{200});
  const std::string serial = served(evidence).serial;
  saw(evidence, days{50}, serial, days{200}, served(evidence).spki_sha256);
  CHECK(first(evidence).severity == Severity::info);
  saw(evidence, days{120}, serial, days{200}, served(evidence).spki_sha256);
  std::ranges::reverse(*evidence.history.value());
  CHECK(first(evidence).status == Status::warn);
  CHECK(first(evidence).severity != Severity::info);
}

TEST_CASE("ROT-004: a renewal that keeps the key is no rotation of the key") {
  Evidence evidence = serving(days{10});
  saw(evidence, days{20}, "aa", days{90}, served(evidence).spki_sha256);
  const auto under = [&](std::string_view policy) {
    const std::vector<Finding> told = findings(check, evidence, profile(policy));
    REQUIRE(told.size() == 2);
    return told[1].status;
  };
  CHECK(under("hipaa") == Status::warn);
  CHECK(under("pci-dss-4") == Status::fail);
  CHECK(under("development") == Status::pass);
}

TEST_CASE("ROT-004: fewer than two observations inform; without a store nothing is known") {
  Evidence evidence = serving(days{10});
  CHECK(first(evidence).severity == Severity::info);
  evidence.history.value()->push_back({.when = evidence.as_of - days{3}, .endpoint = "other:6379", .serial = "aa"});
  CHECK(first(evidence).severity == Severity::info);
  evidence.history = Gap{GapReason::not_requested, "no record of earlier scans was given", ""};
  CHECK(verdicts(check, evidence) == Verdicts{{"deployment", Status::unknown}});
  Evidence nothing = story();
  nothing.history = std::vector<EarlierScan>{};
  CHECK(verdicts(check, nothing) == Verdicts{{"deployment", Status::unknown}});
  serve_nothing(nothing);
  CHECK(verdicts(check, nothing) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check served_chain_complete_and_ordered;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::served_chain_complete_and_ordered;

struct Levels {
  Issued root = make_self_signed(x509::proper_ca("Corp Root", issued_at(), 900, 1));
  Issued middle = make_issued(x509::proper_ca("Corp Issuing", issued_at(), 800), root);
  Issued leaf = make_server(middle);
};
std::vector<Status> of(std::vector<Bytes> chain, std::vector<Bytes> known) {
  Evidence evidence = story();
  serve(evidence, std::move(chain));
  if (!known.empty()) add_certificates(evidence, "ca.pem", std::move(known), FileUse::consumer_ca);
  std::vector<Status> all;
  for (const Finding& finding : findings(kCheck, evidence)) all.push_back(finding.status);
  return all;
}

}  // namespace

TEST_CASE("leaf and intermediate pass when the root is known, a sent root is a remark") {
  const Levels pki;
  CHECK(of({pki.leaf.der, pki.middle.der}, {pki.root.der}) == std::vector{Status::pass});
  Evidence evidence = story();
  serve(evidence, {pki.leaf.der, pki.middle.der, pki.root.der});
  const std::vector<Finding> told = findings(kCheck, evidence);
  REQUIRE(told.size() == 2);
  CHECK(told[0].status == Status::pass);
  CHECK(told[1].severity == Severity::info);
}

TEST_CASE("a missing intermediate fails, but not where the CA file holds it") {
  const Levels pki;
  CHECK(of({pki.leaf.der}, {pki.root.der}) == std::vector{Status::fail});
  CHECK(of({pki.leaf.der}, {pki.middle.der}) == std::vector{Status::pass});
}

TEST_CASE("wrong order, duplicates and strangers warn") {
  const Levels pki;
  CHECK(of({pki.leaf.der, pki.root.der, pki.middle.der}, {}).front() == Status::warn);
  CHECK(of({pki.leaf.der, pki.middle.der, pki.middle.der}, {pki.root.der}) ==
        std::vector{Status::warn});
  CHECK(of({pki.leaf.der, pki.middle.der, make_authority("Other Root").der}, {pki.root.der}) ==
        std::vector{Status::warn});
}

TEST_CASE("completeness cannot be told without any CA, and nothing is known of a silent endpoint") {
  const Levels pki;
  CHECK(of({pki.leaf.der}, {}) == std::vector{Status::unknown});
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  serve_nothing(evidence);
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

#include <doctest/doctest.h>

#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"

namespace rta::checks {
extern const Check certificates_strict_verification;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& kCheck = checks::certificates_strict_verification;

Status of(const Issued& ca, const Issued& leaf) {
  Evidence evidence = story();
  serve(evidence, {leaf.der});
  add_certificates(evidence, "ca.pem", {ca.der}, FileUse::consumer_ca);
  return findings(kCheck, evidence).at(0).status;
}

}  // namespace

TEST_CASE("a proper chain passes strictly") {
  const Issued ca = make_authority();
  CHECK(of(ca, make_server(ca)) == Status::pass);
}

TEST_CASE("the guide's chain passes lenient clients only") {
  const Issued ca = make_self_signed(x509::guide_ca(issued_at()));
  CHECK(of(ca, make_issued(x509::guide_leaf(issued_at(), "localhost", 1), ca)) == Status::warn);
}

TEST_CASE("a chain to another authority fails; an expired one is not this check's") {
  const Issued ca = make_authority();
  CHECK(of(make_authority("Other Root"), make_server(ca)) == Status::fail);
  CHECK(of(ca, make_issued(x509::proper_server({"redis"}, {}, issued_at(), 1), ca)) ==
        Status::pass);
}

TEST_CASE("without any CA file, and without any certificate, it is unknown") {
  Evidence evidence = story();
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"deployment", Status::unknown}});
  serve(evidence, {make_server(make_authority()).der});
  CHECK(verdicts(kCheck, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

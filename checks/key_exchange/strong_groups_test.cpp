#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

namespace rta::checks {
extern const Check key_exchange_strong_groups;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::key_exchange_strong_groups;
}  // namespace

TEST_CASE("the guide's groups pass under hipaa, and X448 fails under a profile with a list") {
  CHECK(told(check, guide_survey()) == Status::pass);
  CHECK(told(check, guide_survey(), "mozilla-intermediate") == Status::fail);
  CHECK(told(check, hardened_survey(), "mozilla-intermediate") == Status::pass);
}

TEST_CASE("small curves fail, 224 bits and binary fields warn") {
  TlsSurvey survey = hardened_survey();
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D, 0x0013});
  CHECK(told(check, survey) == Status::fail);
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D, 0x0015});
  CHECK(told(check, survey) == Status::warn);
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D, 0x000D});
  CHECK(told(check, survey) == Status::warn);
}

TEST_CASE("federal rules want a NIST curve beside X25519") {
  TlsSurvey survey = hardened_survey();
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D});
  set_groups(survey, ProtocolVersion::tls1_3, {0x001D});
  CHECK(told(check, survey, "nist-800-52r2") == Status::warn);
  CHECK(told(check, survey) == Status::pass);
}

TEST_CASE("an incomplete list is unknown, static RSA alone has no groups") {
  TlsSurvey survey = hardened_survey();
  survey.groups.front().complete = false;
  CHECK(told(check, survey) == Status::unknown);
  TlsSurvey none = hardened_survey();
  accept(none, ProtocolVersion::tls1_2, {0x009C});
  refuse(none, ProtocolVersion::tls1_3);
  none.groups.clear();
  CHECK(told(check, none) == Status::not_applicable);
}

TEST_CASE("strong groups: without a survey nothing is said but unknown") {
  CHECK(is_unknown_without_survey(check));
}

TEST_CASE("groups behind the curve of the only certificate cannot be negotiated, and are no gap") {
  TlsSurvey survey = hardened_survey();
  GroupInventory& inventory = survey.groups.front();
  inventory.version = ProtocolVersion::tls1_2;
  inventory.complete = false;
  inventory.incomplete_reason =
      "secp256r1, the curve of its certificate, may hide groups that the server likes less";
  CHECK(told(check, survey) == Status::pass);
  inventory.incomplete_reason = "timed out";
  CHECK(told(check, survey) == Status::unknown);
}

TEST_CASE("a gate that saw every disliked group refused is a pass, not an absence of groups") {
  TlsSurvey survey = hardened_survey();
  survey.gate_mode = true;
  for (GroupInventory& inventory : survey.groups) inventory.accepted.clear();
  CHECK(told(check, survey) == Status::pass);
}

#include "tls/replay.h"

#include <doctest/doctest.h>

#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

TlsSurvey recorded() {
  Server server = modern();
  server.schemes = {0x0804, 0x0805, 0x0401};
  return surveyed(server);
}

template <class T>
T& of(std::vector<T>& entries, ProtocolVersion version) {
  return *std::ranges::find(entries, version, &T::version);
}

}  // namespace

TEST_CASE("what a survey records agrees with its bytes") {
  TlsSurvey survey = recorded();
  CHECK(survey.suites_of(ProtocolVersion::tls1_2)->complete);
  CHECK(survey.signatures_of(ProtocolVersion::tls1_2)->complete);
  CHECK(survey.signatures_of(ProtocolVersion::tls1_3)->complete);
  for (const std::string& note : follow_the_bytes(survey)) FAIL_CHECK(note);
  CHECK(survey.suites_of(ProtocolVersion::tls1_2)->complete);
  CHECK(survey.groups_of(ProtocolVersion::tls1_3)->complete);

  Server server = modern();
  TlsSurvey gate = surveyed(server, {.gate = strictest_plan()});
  for (const std::string& note : follow_the_bytes(gate)) FAIL_CHECK(note);
}

TEST_CASE("a version is what its bytes say") {
  TlsSurvey survey = recorded();
  of(survey.versions, ProtocolVersion::tls1_2).answer.answer = Answer::not_supported;
  of(survey.versions, ProtocolVersion::tls1_0).answer.answer = Answer::supported;
  CHECK(follow_the_bytes(survey).size() == 2);
  CHECK(survey.version(ProtocolVersion::tls1_2)->answer == Answer::supported);
  CHECK(survey.version(ProtocolVersion::tls1_0)->answer == Answer::not_supported);

  TlsSurvey emptied = recorded();
  of(emptied.versions, ProtocolVersion::tls1_3).answer.deciding.clear();
  CHECK(follow_the_bytes(emptied).size() == 1);
  CHECK(emptied.version(ProtocolVersion::tls1_3)->answer == Answer::inconclusive);
}

TEST_CASE("a suite is the one that the ServerHello chose") {
  TlsSurvey survey = recorded();
  SuiteInventory& tls12 = of(survey.suites, ProtocolVersion::tls1_2);
  AcceptedSuite& weak = *std::ranges::find(tls12.accepted, CipherSuite{0x009C}, &AcceptedSuite::suite);
  weak.suite = 0xC02B;  // a better one
  CHECK_FALSE(follow_the_bytes(survey).empty());
  CHECK(std::ranges::count(tls12.accepted, CipherSuite{0x009C}, &AcceptedSuite::suite) == 1);
  CHECK(std::ranges::count(tls12.accepted, CipherSuite{0xC02B}, &AcceptedSuite::suite) == 0);
}

TEST_CASE("bytes of SSL 2.0 prove no suite of an inventory that says SSL 2.0") {
  TlsSurvey survey = recorded();
  SuiteInventory& old = survey.suites.emplace_back();
  old.version = ProtocolVersion::ssl2;
  const Bytes hello{0x80, 0x0B, 0x04, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0};
  old.accepted.push_back({0x0004, {.answer = Answer::supported, .deciding = hello}});
  old.chosen = CipherSuite{0x0004};
  old.chosen_proof.deciding = hello;
  CHECK(follow_the_bytes(survey).size() >= 2);
  const SuiteInventory& followed = of(survey.suites, ProtocolVersion::ssl2);
  CHECK(followed.accepted.empty());
  CHECK_FALSE(followed.chosen);
}

TEST_CASE("a suite that was taken out leaves a hole that is seen") {
  TlsSurvey survey = recorded();
  SuiteInventory& tls12 = of(survey.suites, ProtocolVersion::tls1_2);
  std::erase_if(tls12.accepted, [](const AcceptedSuite& suite) { return suite.suite == 0x009C; });
  CHECK_FALSE(follow_the_bytes(survey).empty());
  CHECK_FALSE(tls12.complete);
  CHECK_FALSE(tls12.decides(0x009C));
}

TEST_CASE("a refusal whose bytes are a ServerHello is none") {
  TlsSurvey survey = recorded();
  SuiteInventory& tls12 = of(survey.suites, ProtocolVersion::tls1_2);
  const Bytes accepted = tls12.accepted.front().proof.deciding;
  for (RefusedOffer& refused : tls12.refused) refused.proof.deciding = accepted;
  CHECK_FALSE(follow_the_bytes(survey).empty());
  CHECK_FALSE(tls12.complete);
  CHECK_FALSE(tls12.decides(0x0005));
}

TEST_CASE("groups, schemes and behaviour follow their bytes too") {
  TlsSurvey survey = recorded();
  GroupInventory& groups = of(survey.groups, ProtocolVersion::tls1_3);
  REQUIRE(groups.accepted.size() == 2);
  groups.accepted.front().group = 0x11EC;
  SchemeInventory& schemes = of(survey.signatures, ProtocolVersion::tls1_2);
  REQUIRE(schemes.accepted.size() == 3);
  schemes.accepted.back().scheme = 0x0603;
  survey.behaviour.compression_accepted = true;
  survey.behaviour.extended_master_secret = true;  // the server did not answer it
  // The four, and that SHA-1 is open now that the schemes are not complete.
  CHECK(follow_the_bytes(survey).size() == 5);
  CHECK_FALSE(survey.behaviour.sha1_signature_accepted.has_value());
  CHECK(std::ranges::count(groups.accepted, NamedGroup{0x11EC}, &AcceptedGroup::group) == 0);
  CHECK(std::ranges::count(schemes.accepted, SignatureScheme{0x0603}, &AcceptedScheme::scheme) == 0);
  CHECK(survey.behaviour.compression_accepted == false);
  CHECK(survey.behaviour.extended_master_secret == false);
}

TEST_CASE("bytes that were cut anywhere never become a proof of something else") {
  const TlsSurvey whole = recorded();
  const Bytes bytes = whole.version(ProtocolVersion::tls1_2)->deciding;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    TlsSurvey survey = whole;
    of(survey.versions, ProtocolVersion::tls1_2).answer.deciding.resize(size);
    follow_the_bytes(survey);
    CHECK(survey.version(ProtocolVersion::tls1_2)->answer != Answer::not_supported);
  }
}

#include "core/recorded_bytes.h"

#include <doctest/doctest.h>

using namespace rta;

namespace {

// A ServerHello of TLS 1.2 that chose suite C02F.
Bytes server_hello() {
  Bytes body{0x03, 0x03};
  body.insert(body.end(), 32, 0x52);
  body.insert(body.end(), {0x00, 0xC0, 0x2F, 0x00});
  Bytes bytes{0x16, 0x03, 0x03, 0x00, static_cast<std::uint8_t>(body.size() + 4),
              0x02, 0x00, 0x00, static_cast<std::uint8_t>(body.size())};
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

Evidence recorded(CipherSuite suite, Answer answer) {
  OfferAnswer proof;
  proof.answer = answer;
  proof.deciding = server_hello();
  TlsSurvey survey;
  survey.versions.push_back({ProtocolVersion::tls1_2, proof});
  SuiteInventory suites;
  suites.accepted.push_back({suite, proof});
  suites.chosen = suite;
  suites.chosen_proof = proof;
  survey.suites.push_back(suites);
  Evidence evidence;
  evidence.endpoints.emplace_back().key = "redis:6379";
  evidence.endpoints.front().tls = std::move(survey);
  return evidence;
}

}  // namespace

TEST_CASE("recorded evidence that agrees with its bytes is left alone") {
  Evidence evidence = recorded(0xC02F, Answer::supported);
  follow_recorded_bytes(evidence);
  CHECK(evidence.scope.notes.empty());
}

TEST_CASE("recorded evidence follows its bytes, and the scope says that they disagree") {
  Evidence evidence = recorded(0xC030, Answer::not_supported);
  follow_recorded_bytes(evidence);
  const TlsSurvey& survey = *evidence.endpoints.front().tls;
  CHECK(survey.version(ProtocolVersion::tls1_2)->answer == Answer::supported);
  CHECK(survey.suites.front().accepted.front().suite == 0xC02F);
  CHECK(survey.suites.front().chosen == CipherSuite{0xC02F});
  REQUIRE_FALSE(evidence.scope.notes.empty());
  for (const Gap& note : evidence.scope.notes)
    CHECK(note.detail.find("disagrees with its own bytes") != std::string::npos);
}

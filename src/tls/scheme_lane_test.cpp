#include "tls/scheme_lane.h"

#include <doctest/doctest.h>

#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

std::vector<SignatureScheme> schemes(const TlsSurvey& survey, ProtocolVersion version) {
  std::vector<SignatureScheme> codes;
  if (const SchemeInventory* inventory = survey.signatures_of(version))
    for (const AcceptedScheme& accepted : inventory->accepted) codes.push_back(accepted.scheme);
  std::ranges::sort(codes);
  return codes;
}

}  // namespace

TEST_CASE("signature schemes are found at both versions, and SHA-1 only where it is accepted") {
  for (const bool old : {false, true}) {
    Server server = modern();
    server.schemes = {0x0804, 0x0805, 0x0806, 0x0401};
    if (old) server.schemes.push_back(0x0201);
    const TlsSurvey survey = surveyed(server);
    CHECK(schemes(survey, ProtocolVersion::tls1_2).size() == server.schemes.size());
    CHECK(survey.signatures_of(ProtocolVersion::tls1_2)->complete);
    CHECK(survey.behaviour.sha1_signature_accepted == old);
    const auto tls13 = schemes(survey, ProtocolVersion::tls1_3);
    for (const SignatureScheme scheme :
         std::initializer_list<SignatureScheme>{0x0804, 0x0805, 0x0806})
      CHECK(std::ranges::count(tls13, scheme) == 1);
  }
}

TEST_CASE("a server that does not look at the schemes tells nothing of them at TLS 1.3") {
  Server server = modern();
  const TlsSurvey survey = surveyed(server);
  const SchemeInventory* tls13 = survey.signatures_of(ProtocolVersion::tls1_3);
  REQUIRE(tls13 != nullptr);
  CHECK(tls13->accepted.empty());
  CHECK_FALSE(tls13->complete);
  CHECK(tls13->incomplete_reason.find("tell nothing") != std::string::npos);
  // At TLS 1.2 it signs with what was not offered: seen, and not believed.
  CHECK_FALSE(survey.signatures_of(ProtocolVersion::tls1_2)->complete);
  CHECK_FALSE(survey.behaviour.sha1_signature_accepted.has_value());
}

#include "tls/attacks.h"

#include <doctest/doctest.h>

#include "tls/test_server.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

Exposure exposure(const TlsSurvey& survey, std::string_view name) {
  for (const NamedAttack& attack : named_attacks(survey))
    if (attack.name == name) return attack.exposure;
  FAIL("no attack of this name: ", std::string{name});
  return Exposure::open;
}

}  // namespace

TEST_CASE("attacks follow from what was accepted, and are excluded only by what was refused") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0xC030};
  TlsSurvey clean = surveyed(server);
  for (const NamedAttack& attack : named_attacks(clean))
    CHECK_MESSAGE(attack.exposure == Exposure::excluded, std::string{attack.name}, ": ",
                  attack.because);

  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0x009C, 0x000A, 0x0005, 0x0003, 0x0014};
  server.suites[ProtocolVersion::tls1_0] = {0x002F};
  server.suites[ProtocolVersion::ssl3] = {0x002F};
  const TlsSurvey weak = surveyed(server);
  for (const std::string_view name :
       {"ROBOT precondition", "SWEET32", "RC4", "FREAK", "LOGJAM", "BEAST", "POODLE"})
    CHECK_MESSAGE(exposure(weak, name) == Exposure::exposed, std::string{name});
  CHECK(exposure(weak, "DROWN") == Exposure::excluded);

  for (SuiteInventory& inventory : clean.suites) {
    inventory.complete = false;
    inventory.refused.clear();
  }
  for (const std::string_view name : {"ROBOT precondition", "SWEET32", "RC4", "FREAK", "LOGJAM"})
    CHECK_MESSAGE(exposure(clean, name) == Exposure::open, std::string{name});
}

TEST_CASE("encrypt-then-MAC protects those who ask for it, and nobody else") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0xC013};
  TlsSurvey survey = surveyed(server);
  for (const std::optional<bool>& seen : {std::optional{true}, std::optional{false}, {}}) {
    survey.behaviour.encrypt_then_mac = seen;
    CHECK(exposure(survey, "Lucky13") == Exposure::exposed);
  }
}

TEST_CASE("a short prime and a reused key expose Diffie-Hellman") {
  Server server = modern();
  TlsSurvey survey = surveyed(server);
  survey.dh_parameters.push_back({Bytes(128, 0xFF), {2}, 0x009E});
  CHECK(exposure(survey, "LOGJAM") == Exposure::exposed);
  CHECK(named_attacks(TlsSurvey{}).empty());
}

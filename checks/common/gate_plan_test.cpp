#include "checks/common/gate_plan.h"

#include <doctest/doctest.h>

#include "checks/common/tls_view.h"
#include "tests/support/check_story.h"
#include "tests/support/tls_story.h"

using namespace rta;
using namespace rta::testing;

namespace rta::checks {
extern const Check ciphers_no_static_key_exchange, ciphers_no_cbc, ciphers_no_broken_suite,
    key_exchange_strong_groups;
}

namespace {

bool forbids(const tls::GatePlan& plan, CipherSuite suite) {
  return std::ranges::count(plan.suites, suite) > 0;
}

// A gate's survey of a server that refused everything that was asked.
TlsSurvey gate_survey() {
  TlsSurvey survey = hardened_survey();
  survey.gate_mode = true;
  const tls::GatePlan plan = checks::gate_plan(profile("hipaa"));
  for (SuiteInventory& inventory : survey.suites) {
    inventory.complete = false;
    inventory.incomplete_reason = "only what the profile forbids was offered";
    RefusedOffer refused;
    for (const CipherSuite suite : plan.suites) refused.offered.push_back({suite, suite});
    inventory.refused.push_back(refused);
  }
  return survey;
}

}  // namespace

TEST_CASE("a plan holds what the profile fails or warns of, and nothing that it allows") {
  const tls::GatePlan hipaa = checks::gate_plan(profile("hipaa"));
  CHECK(forbids(hipaa, 0x009C));        // static RSA
  CHECK(forbids(hipaa, 0xC013));        // CBC
  CHECK(forbids(hipaa, 0x0005));        // RC4
  CHECK_FALSE(forbids(hipaa, 0xC02F));  // ECDHE with AES-GCM
  CHECK_FALSE(forbids(hipaa, 0x1303));  // ChaCha20
  CHECK(std::ranges::count(hipaa.groups, NamedGroup{0x0013}) == 1);  // secp192r1
  CHECK(std::ranges::count(hipaa.groups, NamedGroup{0x001D}) == 0);
  const tls::GatePlan nist = checks::gate_plan(profile("nist-800-52r2"));
  CHECK(forbids(nist, 0x1303));
  const tls::GatePlan development = checks::gate_plan(profile("development"));
  CHECK(forbids(development, 0x0005));
  CHECK_FALSE(forbids(development, 0xC013));
}

TEST_CASE("what a gate offered and saw refused is a pass, under the profile that it asked for") {
  const TlsSurvey survey = gate_survey();
  CHECK(told(checks::ciphers_no_static_key_exchange, survey) == Status::pass);
  CHECK(told(checks::ciphers_no_cbc, survey) == Status::pass);
  CHECK(told(checks::ciphers_no_broken_suite, survey) == Status::pass);
}

TEST_CASE("what a gate did not offer is unknown") {
  TlsSurvey survey = gate_survey();
  for (SuiteInventory& inventory : survey.suites)
    std::erase_if(inventory.refused.front().offered,
                  [](const CodeRange& range) { return range.first == 0x009C; });
  CHECK(told(checks::ciphers_no_static_key_exchange, survey) == Status::unknown);
  CHECK(told(checks::ciphers_no_cbc, survey) == Status::pass);
  survey.groups.clear();
  CHECK(told(checks::key_exchange_strong_groups, survey) == Status::unknown);
}

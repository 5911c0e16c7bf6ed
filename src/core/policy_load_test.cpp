#include "core/policy_load.h"

#include <doctest/doctest.h>

using namespace rta;

TEST_CASE("all profiles of this build load, and hipaa stands first") {
  const auto names = profile_names();
  CHECK(names.front() == "hipaa");
  CHECK(names.size() == 6);
  for (const std::string& name : names) {
    const auto policy = load_profile(name);
    REQUIRE_MESSAGE(policy, name);
    CHECK(policy->profile == name);
    CHECK(policy->digest.size() == 64);
  }
}

TEST_CASE("a profile inherits and overrides") {
  const auto modern = load_profile("mozilla-modern");
  REQUIRE(modern);
  CHECK(modern->tls.allowed == std::set{ProtocolVersion::tls1_3});
  CHECK(modern->suites.cbc == Verdict::fail);
  CHECK(modern->certificates.max_days_private.fail == 90);
  CHECK_FALSE(modern->certificates.max_days_private.warn);
}

TEST_CASE("a typo in a profile's name or parameter is answered with the likely word") {
  CHECK(load_profile("hippa").error().remedy == "did you mean \"hipaa\"?");
  const auto typo = parse_profile("extends = \"hipaa\"\n[suites]\ncbcs = \"warn\"\n", "site.toml");
  REQUIRE_FALSE(typo);
  CHECK(typo.error().where == "site.toml:3:1");
  CHECK(typo.error().remedy == "did you mean \"suites.cbc\"?");
}

TEST_CASE("wrong values say what was expected, and where") {
  const auto where = [](std::string_view toml) {
    return parse_profile(toml, "site.toml").error().text();
  };
  CHECK(where("[suites]\ncbc = \"maybe\"") ==
        "site.toml:2:7: suites.cbc: expected \"pass\", \"info\", \"warn\" or \"fail\"");
  CHECK(where("[tls]\nallowed = [\"TLS 9\"]").starts_with("site.toml:2:11: tls.allowed: expected"));
  CHECK(where("[certificates]\nmin_rsa_bits = -1").starts_with("site.toml:2:16"));
  CHECK(where("[coverage]\nitems = [13]").starts_with("site.toml:2:9"));
  CHECK(where("extends = \"nothing\"").starts_with("site.toml:1:11: there is no profile"));
  CHECK(where("[severity]\nRTA-CIP-004 = \"awful\"").starts_with("site.toml:2:15"));
  CHECK(where("a = ").starts_with("site.toml:1"));
}

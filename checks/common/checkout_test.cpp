#include "checks/common/checkout.h"

#include "tests/support/check_story.h"

namespace rta::checks {
extern const Check certificates_validity_period, certificates_leaf_extensions,
    certificates_signature_digest, served_chain_matches_names;
}

using namespace rta;

namespace {

Evidence rehearsed_with_stand_in() {
  Evidence evidence = rta::testing::story();
  evidence.scope.ci = true;
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "rehearsal:redis.conf";
  endpoint.kind = EndpointKind::rehearsal;
  endpoint.rehearsed_source = "redis.conf";
  endpoint.stand_in_certificate = true;
  endpoint.chain = Observation<ServedChain>{ServedChain{.certificates = {Bytes{0x30, 0x00}}}};
  NamedFile& key = evidence.named_files.emplace_back();
  key.declared = "certs/redis.key";
  key.path = "certs/redis.key";
  key.reference = {FileUse::server_key, {"redis.conf", 4, 1}, "redis.conf"};
  key.file = Gap{GapReason::not_found, "certs does not exist", ""};
  return evidence;
}

}  // namespace

TEST_CASE("a stand-in is named, with what is missing, and judged by nobody") {
  const Evidence evidence = rehearsed_with_stand_in();
  for (const Check* check :
       {&checks::certificates_validity_period, &checks::certificates_leaf_extensions,
        &checks::certificates_signature_digest, &checks::served_chain_matches_names}) {
    const auto all = rta::testing::findings(*check, evidence);
    REQUIRE(all.size() == 1);
    CHECK(all[0].status == Status::unknown);
    CHECK(all[0].message.find("rehearsal:redis.conf served a stand-in") == 0);
    CHECK(all[0].message.find("certs does not exist") != std::string::npos);
  }
}

TEST_CASE("a file that is kept out of the checkout is told from one that is not there") {
  Evidence evidence = rehearsed_with_stand_in();
  NamedFile& file = evidence.named_files[0];
  CHECK(checks::is_left_out(evidence, file));
  CHECK(checks::left_out(file).reason == GapReason::not_found);
  file.path = "/etc/redis/redis.key";
  CHECK_FALSE(checks::is_left_out(evidence, file));
  file.file = Gap{GapReason::left_out, "kept out of the checkout (.gitignore:1: certs/)", ""};
  CHECK(checks::is_left_out(evidence, file));
  CHECK(checks::left_out(file).reason == GapReason::left_out);
  file.file = Gap{GapReason::denied, "mode 0600", ""};
  CHECK_FALSE(checks::is_left_out(evidence, file));
  file.file = Gap{GapReason::left_out, "", ""};
  evidence.scope.ci = false;
  CHECK_FALSE(checks::is_left_out(evidence, file));
}

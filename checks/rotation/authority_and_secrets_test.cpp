#include "tests/support/certificate_story.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check rotation_authority_and_secrets;
}

using namespace rta;
using namespace rta::testing;
using std::chrono::days;

namespace {

const Check& check = checks::rotation_authority_and_secrets;

Issued authority_with(int days_left, const std::string& name = "Corp Root") {
  return make_self_signed(x509::proper_ca(name, story_time() - days{400}, 400 + days_left));
}

// An endpoint and one consumer that trusts these authorities.
Evidence trusting(const Issued& authority, std::vector<Bytes> bundle) {
  Evidence evidence = story();
  serve(evidence, {make_server(authority).der, authority.der});
  Consumer& consumer = testing::add_consumer(evidence, "redis", std::move(bundle));
  consumer.endpoint = "redis:6379";
  return evidence;
}

void give_passwords(Evidence& evidence, int passwords) {
  RedisServer server = hardened_server();
  server.users.value()->at(1).passwords = passwords;
  evidence.endpoints.at(0).redis = Observation<RedisServer>{std::move(server)};
}

void saw(Evidence& evidence, days ago, std::vector<std::string> users) {
  if (!evidence.history.has_value()) evidence.history = std::vector<EarlierScan>{};
  evidence.history.value()->push_back({.when = evidence.as_of - ago,
                                       .endpoint = "redis:6379",
                                       .users_with_two_passwords = std::move(users)});
}

Verdicts about_backend(const Evidence& evidence) {
  Verdicts all = verdicts(check, evidence);
  std::erase_if(all, [](const auto& verdict) { return verdict.first != "user redis:6379#backend"; });
  return all;
}

}  // namespace

TEST_CASE("ROT-005: an authority in its last year warns until every client trusts the next") {
  const Issued old = authority_with(200);
  const Issued next = authority_with(3000, "Corp Root 2");
  CHECK(verdicts(check, trusting(old, {old.der})) ==
        Verdicts{{"endpoint redis:6379", Status::warn}});
  CHECK(verdicts(check, trusting(old, {old.der, next.der})) ==
        Verdicts{{"endpoint redis:6379", Status::pass}});
  CHECK(verdicts(check, trusting(next, {next.der})) ==
        Verdicts{{"endpoint redis:6379", Status::pass}});
  // The same authority renewed with its key is no second anchor, nor is one that ends as soon.
  CHECK(verdicts(check, trusting(old, {old.der, authority_with(100, "Other").der})) ==
        Verdicts{{"endpoint redis:6379", Status::warn}});
}

TEST_CASE("ROT-005: public authorities are followed by the system; a leaf of its own has none") {
  const Issued old = authority_with(200);
  Evidence evidence = trusting(old, {});
  evidence.public_store = {old.der};
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
  Evidence lonely = story();
  serve(lonely, {make_self_signed(x509::proper_server({"redis"}, {}, issued_at(), 90)).der});
  CHECK(verdicts(check, lonely) == Verdicts{{"endpoint redis:6379", Status::not_applicable}});
  Evidence headless = story();
  serve(headless, {make_server(old).der});
  CHECK(verdicts(check, headless) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("ROT-005: two passwords for longer than a rotation takes warn") {
  const Issued authority = authority_with(3000);
  Evidence evidence = trusting(authority, {authority.der});
  give_passwords(evidence, 2);
  CHECK(about_backend(evidence) == Verdicts{{"user redis:6379#backend", Status::unknown}});
  saw(evidence, days{60}, {"backend"});
  saw(evidence, days{40}, {});  // that rotation ended
  saw(evidence, days{20}, {"backend"});
  CHECK(about_backend(evidence) == Verdicts{{"user redis:6379#backend", Status::pass}});
  evidence.history.value()->at(1).users_with_two_passwords = {"backend"};
  CHECK(about_backend(evidence) == Verdicts{{"user redis:6379#backend", Status::warn}});
  give_passwords(evidence, 1);
  CHECK(about_backend(evidence).empty());
}

TEST_CASE("ROT-005: that passwords are renewed is for a person to say, where there are any") {
  Evidence evidence = story();
  add_endpoint(evidence, hardened_server());
  const auto deployment = [&] {
    for (const auto& [subject, status] : verdicts(check, evidence))
      if (subject == "deployment") return status;
    return Status::not_applicable;
  };
  CHECK(deployment() == Status::manual);
  add_attestation(evidence, "secret-rotation");
  CHECK(deployment() == Status::pass);
  CHECK(verdicts(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

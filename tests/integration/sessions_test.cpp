#include <doctest/doctest.h>

#include "collect/collectors.h"
#include "net/address.h"
#include "tests/integration/collect_story.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr const char* kPassword = "canary password of the test 8341";

NamedFile file(const std::string& path) { return {.declared = path, .path = path}; }

// The consumer as a correct backend/.env makes it.
Consumer consumer_for(const RedisFixture& redis) {
  Consumer consumer = consumer_of(redis.tls().ip, redis.tls().port);
  consumer.ca = file("ca.crt");
  return consumer;
}

void give_password(CollectStory& story, Consumer& consumer, std::string_view password) {
  Setting setting{.name = "REDIS_PASSWORD", .is_secret = true, .location = {"backend/.env", 3, 1}};
  setting.secret = describe_secret(password, story.secrets);
  consumer.password = std::move(setting);
}

ConsumerSession told(CollectStory& story, Consumer consumer) {
  story.evidence.consumers = {std::move(consumer)};
  collect_endpoints(story.context, story.evidence);
  collect_consumer_sessions(story.context, story.evidence);
  const Observation<ConsumerSession>& seen = story.evidence.consumers[0].session;
  REQUIRE_MESSAGE(seen.has_value(), (seen.has_value() ? "" : seen.gap()->detail));
  return *seen;
}

ConsumerSession told(const RedisFixture& redis, Consumer consumer,
                     std::string_view password = kPassword) {
  CollectStory story{redis.directory().path()};
  if (!password.empty()) give_password(story, consumer, password);
  return told(story, std::move(consumer));
}

}  // namespace

TEST_CASE("right parameters come to the end, with and without a password") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  const ConsumerSession session = told(redis, consumer_for(redis));
  CHECK(session.failure == "");
  CHECK(session.reached == SessionStage::done);
  CHECK(session.certificates.size() == 2);
  CHECK(session.version == ProtocolVersion::tls1_3);
  RedisFixture open;
  CHECK(told(open, consumer_for(open), "").reached == SessionStage::done);
  CHECK(told(open, consumer_for(open)).reached == SessionStage::done);  // clients warn and go on
}

TEST_CASE("each stage fails with its own name") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  RedisFixture stranger;

  Consumer consumer = consumer_for(redis);
  consumer.ca_certificates = {stranger.ca()};
  ConsumerSession session = told(redis, consumer);
  CHECK(session.reached == SessionStage::chain);
  CHECK_FALSE(session.inconclusive);

  consumer = consumer_for(redis);
  consumer.ca.reset();  // the public store does not know a private CA
  CHECK(told(redis, consumer).reached == SessionStage::chain);

  session = told(redis, consumer_for(redis), "another password");
  CHECK(session.reached == SessionStage::authenticate);
  CHECK(session.failure.contains("WRONGPASS"));
  CHECK_FALSE(session.inconclusive);

  session = told(redis, consumer_for(redis), "");
  CHECK(session.reached == SessionStage::authenticate);
  CHECK(session.failure.contains("demands a password"));

  consumer = consumer_for(redis);
  consumer.ca = file("missing.crt");
  session = told(redis, consumer);
  CHECK(session.reached == SessionStage::parameters);
  CHECK_FALSE(session.inconclusive);

  consumer = consumer_for(redis);
  consumer.level = VerificationLevel::plaintext;
  CHECK(told(redis, consumer).reached == SessionStage::parameters);
}

TEST_CASE("the name is verified before the password leaves") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  CollectStory story{redis.directory().path()};
  story.settings.connect_to[{"elsewhere", 6379}] = {redis.tls().ip, redis.tls().port};
  Consumer consumer = consumer_of("elsewhere", 6379);
  consumer.ca = file("ca.crt");
  give_password(story, consumer, kPassword);
  const ConsumerSession session = told(story, std::move(consumer));
  CHECK(session.reached == SessionStage::name);
  CHECK(story.evidence.endpoints[0].footprint.commands == 1);  // the observer's PING
}

TEST_CASE("a client certificate is shown where it is demanded") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "yes"}};
  ConsumerSession session = told(redis, consumer_for(redis), "");
  CHECK(session.reached == SessionStage::tls);
  CHECK(session.failure.contains("demands a client certificate"));
  CHECK_FALSE(session.inconclusive);
  Consumer consumer = consumer_for(redis);
  consumer.certificate = file("client.crt");
  consumer.key_file = file("client.key");
  CHECK(told(redis, consumer, "").reached == SessionStage::done);
  consumer.key_file = file("redis.key");
  session = told(redis, consumer, "");
  CHECK(session.reached == SessionStage::parameters);
  CHECK(session.failure.contains("does not belong"));
}

TEST_CASE("a password of another file stays here") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.password = kPassword}};
  CollectStory story{redis.directory().path()};
  Consumer consumer = consumer_for(redis);
  give_password(story, consumer, kPassword);
  consumer.password->location.path = "other/.env";
  const ConsumerSession session = told(story, std::move(consumer));
  CHECK(session.inconclusive);
  CHECK(session.reached == SessionStage::authenticate);
  CHECK(session.failure.contains("is not sent"));
}

TEST_CASE("what could not be reached gives no verdict") {
  const TemporaryDirectory project;
  const net::Address nobody = free_address();
  CollectStory story{project.path()};
  const ConsumerSession refused = told(story, consumer_of(nobody.ip, nobody.port));
  CHECK(refused.inconclusive);
  CHECK(refused.reached == SessionStage::connect);

  const BadPeer plain{Manner::plaintext_redis};
  CollectStory other{project.path()};
  const ConsumerSession plaintext =
      told(other, consumer_of(plain.address().ip, plain.address().port));
  CHECK_FALSE(plaintext.inconclusive);
  CHECK(plaintext.reached == SessionStage::tls);
}

TEST_CASE("with --ci a rehearsed server stands in, but not with a certificate whose made CA is gone") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  for (const bool stand_in : {false, true}) {
    CollectStory story{redis.directory().path()};
    story.settings.ci = true;
    Endpoint& endpoint = story.evidence.endpoints.emplace_back();
    endpoint.key = "rehearsal:redis.conf";
    endpoint.kind = EndpointKind::rehearsal;
    endpoint.address = redis.tls().text();
    endpoint.stand_in_certificate = stand_in;
    Consumer consumer = consumer_of("redis", 6379);
    consumer.ca = file("ca.crt");
    story.evidence.consumers = {consumer};
    collect_endpoints(story.context, story.evidence);
    CHECK(story.evidence.endpoints[0].port_answer.provenance().grade == Grade::rehearsed);
    CHECK(story.evidence.endpoints[0].siblings.empty());
    collect_consumer_sessions(story.context, story.evidence);
    const Observation<ConsumerSession>& seen = story.evidence.consumers[0].session;
    CHECK(seen.has_value() == !stand_in);
    if (stand_in) continue;
    CHECK(seen->reached == SessionStage::done);
    CHECK(seen.provenance().grade == Grade::rehearsed);
  }
}

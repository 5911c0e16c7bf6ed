#include <doctest/doctest.h>

#include "collect/collectors.h"
#include "collect/live/served_chain.h"
#include "net/address.h"
#include "tests/integration/collect_story.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"

using namespace rta;
using namespace rta::testing;

namespace {

std::string key_of(const net::Address& address) { return address.text(); }

}  // namespace

TEST_CASE("a target is classified, shaken hands with, and its footprint told") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "optional", .password = "a password of the test"}};
  CollectStory story{redis.directory().path()};
  story.target(redis.tls().ip, redis.tls().port);
  collect_endpoints(story.context, story.evidence);
  REQUIRE(story.evidence.endpoints.size() == 1);
  const Endpoint& endpoint = story.evidence.endpoints[0];
  CHECK(endpoint.key == key_of(redis.tls()));
  CHECK(endpoint.address == key_of(redis.tls()));
  CHECK(endpoint.named_by == std::vector<std::string>{"--target"});
  REQUIRE(endpoint.port_answer.has_value());
  CHECK(endpoint.port_answer->speech == PortSpeech::tls);
  CHECK(endpoint.port_answer.provenance().grade == Grade::observed);
  REQUIRE(endpoint.chain.has_value());
  CHECK(endpoint.chain->certificates == std::vector<Bytes>{redis.certificate(), redis.ca()});
  CHECK(endpoint.chain->client_certificate == ClientCertificateDemand::optional);
  CHECK(endpoint.siblings.size() == 4);
  for (const SiblingPort& sibling : endpoint.siblings) {
    CHECK(sibling.loopback);
    REQUIRE(sibling.answer.gap() != nullptr);
    CHECK(sibling.answer.gap()->reason == GapReason::refused);
  }
  CHECK(endpoint.footprint.connections == 3);
  CHECK(endpoint.footprint.handshakes_completed == 1);
  CHECK(endpoint.footprint.expected_log_lines == 2);
  CHECK(endpoint.footprint.commands == 1);
}

TEST_CASE("with the operator's client certificate a demanding server completes the handshake") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.auth_clients = "yes"}};
  CollectStory story{redis.directory().path()};
  story.target(redis.tls().ip, redis.tls().port);
  collect_endpoints(story.context, story.evidence);
  CHECK(story.evidence.endpoints[0].chain->client_certificate == ClientCertificateDemand::required);
  CHECK(story.evidence.endpoints[0].chain->certificates.size() == 2);

  CollectStory ours{redis.directory().path()};
  ours.target(redis.tls().ip, redis.tls().port);
  ours.settings.targets[0].ca_file = redis.ca_path();
  ours.settings.targets[0].certificate_file = redis.client_certificate_path();
  ours.settings.targets[0].key_file = redis.client_key_path();
  collect_endpoints(ours.context, ours.evidence);
  const Endpoint& endpoint = ours.evidence.endpoints[0];
  CHECK(endpoint.chain->client_certificate == ClientCertificateDemand::required);
  CHECK(endpoint.footprint.connections == 4);
  CHECK(ours.evidence.scope.notes.empty());
}

TEST_CASE("a plaintext Redis beside the endpoint is found where compose publishes it") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.plaintext = true}};
  CollectStory story{redis.directory().path()};
  story.target(redis.tls().ip, redis.tls().port);
  ComposeService service;
  service.name = "redis";
  service.ports.push_back({.published = std::to_string(redis.plaintext().port), .target = 6379});
  service.ports.push_back({.published = "7000-7005", .target = 7000});
  story.evidence.compose = ComposeProject{.services = {service}};
  collect_endpoints(story.context, story.evidence);
  const std::vector<SiblingPort>& siblings = story.evidence.endpoints[0].siblings;
  const auto found = std::ranges::find(siblings, redis.plaintext().port, &SiblingPort::port);
  REQUIRE(found != siblings.end());
  CHECK(found->answer->speech == PortSpeech::plaintext_redis);
  CHECK(found->answer->plaintext_answer == "+PONG");
  CHECK(siblings.size() == 5);
}

TEST_CASE("a plaintext port that only the server itself reports is asked afterwards") {
  if (!RedisFixture::available()) return;
  RedisFixture redis{{.plaintext = true}};
  CollectStory story{redis.directory().path()};
  story.target(redis.tls().ip, redis.tls().port);
  collect_endpoints(story.context, story.evidence);
  RedisServer server;
  server.config["port"] = std::to_string(redis.plaintext().port);
  story.evidence.endpoints[0].redis = server;
  collect_reported_ports(story.context, story.evidence);
  const SiblingPort& last = story.evidence.endpoints[0].siblings.back();
  CHECK(last.port == redis.plaintext().port);
  CHECK(last.answer->speech == PortSpeech::plaintext_redis);
  const std::size_t before = story.evidence.endpoints[0].siblings.size();
  collect_reported_ports(story.context, story.evidence);  // known by now
  CHECK(story.evidence.endpoints[0].siblings.size() == before);
}

TEST_CASE("names of one address are one endpoint, the operator's name first") {
  const BadPeer peer{Manner::ssh};
  const TemporaryDirectory project;
  CollectStory story{project.path()};
  story.target(peer.address().ip, peer.address().port);
  story.evidence.consumers = {consumer_of("redis", 6379),
                              consumer_of(peer.address().ip, peer.address().port)};
  story.settings.connect_to[{"redis", 6379}] = {peer.address().ip, peer.address().port};
  collect_endpoints(story.context, story.evidence);
  REQUIRE(story.evidence.endpoints.size() == 1);
  const Endpoint& endpoint = story.evidence.endpoints[0];
  CHECK(endpoint.key == key_of(peer.address()));
  CHECK(endpoint.aliases == std::vector<std::string>{"redis:6379"});
  CHECK(endpoint.named_by == std::vector<std::string>{"--target", "backend/.env:1:1"});
  CHECK(story.evidence.consumers[0].endpoint == endpoint.key);
  CHECK(story.evidence.consumers[1].endpoint == endpoint.key);
  CHECK(endpoint.port_answer->speech == PortSpeech::other);
  CHECK(endpoint.chain.gap()->reason == GapReason::unsupported);
}

TEST_CASE("what only the tree names is not dialled with --ci, and nothing at all offline") {
  const BadPeer peer{Manner::plaintext_redis};
  const TemporaryDirectory project;
  CollectStory ci{project.path()};
  ci.settings.ci = true;
  ci.evidence.consumers = {consumer_of(peer.address().ip, peer.address().port)};
  collect_endpoints(ci.context, ci.evidence);
  CHECK(ci.evidence.endpoints.empty());
  REQUIRE(ci.evidence.scope.notes.size() == 1);
  CHECK(ci.evidence.scope.notes[0].reason == GapReason::not_requested);

  CollectStory offline{project.path()};
  offline.settings.offline = true;
  offline.target(peer.address().ip, peer.address().port);
  collect_endpoints(offline.context, offline.evidence);
  REQUIRE(offline.evidence.endpoints.size() == 1);
  CHECK(offline.evidence.endpoints[0].port_answer.gap()->reason == GapReason::not_requested);
  CHECK(offline.evidence.endpoints[0].address.empty());
  CHECK(peer.connections() == 0);
}

TEST_CASE("templates name no endpoint, and metadata addresses are never dialled") {
  const TemporaryDirectory project;
  CollectStory story{project.path()};
  story.evidence.consumers = {consumer_of("203.0.113.1", 6379), consumer_of("169.254.169.254", 80)};
  story.evidence.consumers[0].template_file = true;
  collect_endpoints(story.context, story.evidence);
  REQUIRE(story.evidence.endpoints.size() == 1);
  CHECK(story.evidence.endpoints[0].port_answer.gap()->reason == GapReason::outside_scope);
  CHECK(story.evidence.endpoints[0].footprint.connections == 0);
}

TEST_CASE("a name that does not resolve and a port that refuses stay endpoints with their reason") {
  const TemporaryDirectory project;
  CollectStory story{project.path()};
  const net::Address nobody = free_address();
  story.target(nobody.ip, nobody.port);
  story.target("no such host", 6379);
  collect_endpoints(story.context, story.evidence);
  REQUIRE(story.evidence.endpoints.size() == 2);
  CHECK(story.evidence.endpoints[0].port_answer.gap()->reason == GapReason::refused);
  CHECK(story.evidence.endpoints[0].chain.gap()->reason == GapReason::refused);
  CHECK(story.evidence.endpoints[1].port_answer.gap()->reason == GapReason::malformed);
}

TEST_CASE("another address is asked for its certificate; a dead one becomes a note") {
  if (!RedisFixture::available()) return;
  RedisFixture redis, other;
  CollectStory story{redis.directory().path()};
  story.target(redis.tls().ip, redis.tls().port);
  collect_endpoints(story.context, story.evidence);
  Endpoint& endpoint = story.evidence.endpoints[0];
  REQUIRE(endpoint.chain.has_value());
  CHECK(endpoint.further_chains.empty());
  net::Engine engine;
  fetch_chains_elsewhere(engine, story.settings, endpoint,
                         {redis.tls(), other.tls(), free_address()}, story.evidence.scope.notes);
  REQUIRE(endpoint.further_chains.size() == 1);
  CHECK(endpoint.further_chains[0].way == ChainWay::other_address);
  CHECK(endpoint.further_chains[0].address == other.tls().text());
  CHECK(endpoint.further_chains[0].certificates[0] == other.certificate());
  REQUIRE(story.evidence.scope.notes.size() == 1);
  CHECK(story.evidence.scope.notes[0].detail.contains("gave no certificate"));
}

TEST_CASE("a raised stop flag ends the collection at once") {
  const BadPeer peer{Manner::silent};
  const TemporaryDirectory project;
  const std::atomic<bool> stop{true};
  CollectStory story{project.path()};
  story.settings.stop = &stop;
  story.target(peer.address().ip, peer.address().port);
  const Deadline deadline = Deadline::after(std::chrono::seconds{3});
  collect_endpoints(story.context, story.evidence);
  CHECK_FALSE(deadline.passed());
  CHECK(story.evidence.endpoints[0].port_answer.gap()->reason == GapReason::incomplete);
}

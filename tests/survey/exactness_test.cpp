// Second opinion on the survey's sets: every known code point offered alone, at
// every version, to the same server.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "net/engine.h"
#include "tests/support/redis_server.h"
#include "tls/code_points.h"
#include "tls/endpoint_survey.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr std::array kVersions{ProtocolVersion::ssl3, ProtocolVersion::tls1_0,
                               ProtocolVersion::tls1_1, ProtocolVersion::tls1_2,
                               ProtocolVersion::tls1_3};

using Pair = std::pair<ProtocolVersion, CipherSuite>;

// One connection a version and suite; no elimination, no order, no lanes.
class EachAlone final : public Survey {
 public:
  EachAlone() {
    for (const ProtocolVersion version : kVersions)
      for (const tls::SuiteProperties& suite : tls::all_suites())
        left_.push_back({version, suite.code});
  }
  std::unique_ptr<Probe> next() override {
    if (given_ == left_.size()) return nullptr;
    const auto [version, suite] = left_[given_];
    tls::Offer offer;
    offer.version = version;
    offer.suites = {suite};
    offer.groups = version == ProtocolVersion::tls1_3 ? tls::groups_of_tls13()
                                                      : tls::groups_up_to_tls12();
    offer.nonce = given_;
    return std::make_unique<tls::HandshakeProbe>(std::move(offer),
                                                 tls::ProbeTag{.slot = given_++});
  }
  void learn(std::unique_ptr<Probe> probe) override {
    ++learnt_;
    const auto& handshake = dynamic_cast<const tls::HandshakeProbe&>(*probe);
    const tls::HandshakeAnswer& answer = handshake.answer();
    if (answer.is(Answer::supported) && !answer.broken_off)
      accepted.insert(left_[handshake.tag().slot]);
    else if (!answer.is(Answer::supported) && !answer.is(Answer::not_supported))
      open.push_back(answer.outcome.reason);
  }
  [[nodiscard]] bool finished() const override { return learnt_ == left_.size(); }
  [[nodiscard]] std::size_t questions() const { return left_.size(); }

  std::set<Pair> accepted;
  std::vector<std::string> open;

 private:
  std::vector<Pair> left_;
  std::size_t given_ = 0, learnt_ = 0;
};

std::set<Pair> pairs_of(const TlsSurvey& survey) {
  std::set<Pair> pairs;
  for (const SuiteInventory& inventory : survey.suites)
    for (const AcceptedSuite& accepted : inventory.accepted)
      pairs.insert({inventory.version, accepted.suite});
  return pairs;
}

std::vector<std::string> names(const std::set<Pair>& pairs) {
  std::vector<std::string> names;
  for (const auto& [version, suite] : pairs)
    names.push_back(fmt::format("{} {}", name_of(version), tls::suite_name(suite)));
  return names;
}

void compare(const RedisOptions& options) {
  RedisFixture redis{options};
  net::Engine engine;
  EachAlone alone;
  // The server logs each of these hellos: its log fills a pipe many times over.
  engine.run(alone, redis.tls(), {.total = std::chrono::seconds{120}, .aggressive = true});
  REQUIRE(alone.finished());
  CHECK(alone.open.empty());
  for (const std::size_t lanes : {1U, 6U}) {
    tls::EndpointSurvey survey{
        {.side_by_side = lanes,
         .parts = {.behaviour = false, .certificates = false, .sessions = false}}};
    const Footprint footprint = engine.run(survey, redis.tls(), {.aggressive = true});
    const TlsSurvey seen = survey.result();
    CHECK(names(pairs_of(seen)) == names(alone.accepted));
    for (const SuiteInventory& inventory : seen.suites) CHECK(inventory.complete);
    CHECK(footprint.connections < alone.questions() / 10);
  }
}

}  // namespace

TEST_CASE("the survey finds exactly the suites that a default Redis accepts one by one") {
  if (!RedisFixture::available()) return;
  compare({.key = "RSA-2048"});
}

TEST_CASE("the survey finds exactly the suites of a Redis with everything switched on") {
  if (!RedisFixture::available()) return;
  compare({.directives = {"tls-protocols \"TLSv1 TLSv1.1 TLSv1.2 TLSv1.3\"",
                          "tls-ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0"},
           .key = "RSA-2048"});
}

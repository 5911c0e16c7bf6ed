// Through a network that does harm, no result of the survey ever changes from
// supported to not supported: only to open.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "net/engine.h"
#include "tests/faults/claims.h"
#include "tests/support/fault_proxy.h"
#include "tests/support/redis_server.h"
#include "tls/endpoint_survey.h"

using namespace rta;
using namespace rta::testing;
using namespace std::chrono_literals;

namespace {

bool everything() { return std::getenv("RTA_LONG_TESTS") != nullptr; }

struct Story {
  std::string name;
  FaultProxy::Fate fate;
};

// Silence costs the patience, so this is short: what was called silent although
// the answer was on its way is open, which contradicts nothing.
net::Budget short_budget() {
  return {.connect = 2s, .patience = 300ms, .total = 4s, .aggressive = true};
}

TlsSurvey survey_of(const net::Address& address) {
  net::Engine engine;
  tls::EndpointSurvey survey;
  engine.run(survey, address, {.aggressive = true});
  REQUIRE(survey.finished());
  return survey.result();
}

// All stories side by side on one loop: most of them wait.
void tell(const RedisFixture& redis, const TlsSurvey& proven, const std::vector<Story>& stories) {
  constexpr std::size_t kAtOnce = 32;
  for (std::size_t from = 0; from < stories.size(); from += kAtOnce) {
    const std::size_t to = std::min(from + kAtOnce, stories.size());
    std::vector<std::unique_ptr<FaultProxy>> proxies;
    std::vector<std::unique_ptr<tls::EndpointSurvey>> surveys;
    std::vector<net::SurveyTask> tasks;
    for (std::size_t i = from; i < to; ++i) {
      proxies.push_back(std::make_unique<FaultProxy>(redis.tls(), stories[i].fate));
      // In turn: one question after the other, and the usual ones all at once.
      surveys.push_back(std::make_unique<tls::EndpointSurvey>(
          tls::SurveyOptions{.side_by_side = i % 2 == 0 ? std::size_t{1} : std::size_t{6}}));
      net::SurveyTask& task = tasks.emplace_back();
      task.survey = surveys.back().get();
      task.address = proxies.back()->address();
      task.budget = short_budget();
    }
    net::Engine engine;
    engine.run_all(tasks);
    for (std::size_t i = from; i < to; ++i) {
      INFO(stories[i].name);
      CHECK(contradictions(proven, surveys[i - from]->result()) == "");
      CHECK((surveys[i - from]->finished() || tasks[i - from].stopped));
      if (everything()) CHECK(tasks[i - from].footprint.milliseconds <= 5'000);
    }
  }
}

FaultProxy::Fate always(Faults faults) {
  return [faults](int) { return faults; };
}

FaultProxy::Fate every(int nth, Faults faults) {
  return [nth, faults](int number) { return number % nth == 0 ? faults : Faults{}; };
}

// A number that looks random, the same in every run.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

// The three ways of breaking off, after this many bytes.
Faults cut(std::size_t way, std::size_t bytes) {
  Faults faults;
  (way == 0 ? faults.reset_after : way == 1 ? faults.close_after : faults.mute_after) = bytes;
  return faults;
}

// Positions in an answer: all of a short one's, then wider steps.
std::vector<std::size_t> positions() {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < 1'000; place += everything() ? 1U : place < 12 ? 3U : 97U)
    places.push_back(place);
  return places;
}

}  // namespace

TEST_CASE("an answer that is cut at any byte, each time or now and then, refuses nothing") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const TlsSurvey proven = survey_of(redis.tls());
  std::vector<Story> stories;
  for (const std::size_t place : positions())
    for (std::size_t way = 0; way < 2; ++way) {
      const std::string name =
          fmt::format("{} after {} bytes", way == 0 ? "reset" : "closed", place);
      stories.push_back({name, always(cut(way, place))});
      stories.push_back({name + ", every second", every(2, cut(way, place))});
      stories.push_back({name + ", every third", every(3, cut(way, place))});
    }
  tell(redis, proven, stories);
}

TEST_CASE("connections that are dropped, muted or broken off at random refuse nothing") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const TlsSurvey proven = survey_of(redis.tls());
  std::vector<Story> stories;
  const std::uint64_t seeds = everything() ? 200 : 6;
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    for (const std::uint64_t percent : {5U, 30U, 60U})
      stories.push_back(
          {fmt::format("seed {}, {} in a hundred", seed, percent), [seed, percent](int number) {
             const std::uint64_t dice =
                 mixed(seed * 1'000'003 + static_cast<std::uint64_t>(number));
             if (dice % 100 >= percent) return Faults{};
             const std::uint64_t way = (dice >> 8U) % 8;  // seldom mute: it is slow
             const bool at_once = ((dice >> 16U) & 1U) != 0;
             return cut(way > 5 ? 2 : way % 2, at_once ? 0 : (dice >> 20U) % 900);
           }});
  tell(redis, proven, stories);
}

TEST_CASE("a server that stops answering after some connections, or for a while, refuses nothing") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const TlsSurvey proven = survey_of(redis.tls());
  std::vector<Story> stories;
  for (const int from : {1, 2, 3, 7, 20, 45})
    for (std::size_t way = 0; way < 3; ++way) {
      const Faults gone = cut(way, 0);
      stories.push_back({fmt::format("way {}, from connection {} on", way, from),
                         [from, gone](int number) { return number >= from ? gone : Faults{}; }});
      stories.push_back(
          {fmt::format("way {}, six connections from {}", way, from), [from, gone](int number) {
             return number >= from && number < from + 6 ? gone : Faults{};
           }});
    }
  tell(redis, proven, stories);
}

namespace {

Faults saying(Bytes bytes) {
  Faults faults;
  faults.instead = std::move(bytes);
  return faults;
}

Bytes alert(std::uint8_t level, std::uint8_t description) {
  return {0x15, 3, 3, 0, 2, level, description};
}

// What stands before a server that is away, and says so.
std::vector<std::pair<std::string, Faults>> excuses() {
  const ByteView full = as_bytes("-ERR max number of clients reached\r\n");
  return {{"handshake_failure", saying(alert(2, 40))},
          {"protocol_version", saying(alert(2, 70))},
          {"internal_error", saying(alert(2, 80))},
          {"access_denied", saying(alert(2, 49))},
          {"close_notify", saying(alert(1, 0))},
          {"maxclients", saying({full.begin(), full.end()})},
          {"reset", cut(0, 0)},
          {"closed", cut(1, 0)}};
}

// Away from so many milliseconds after the first connection, for so many.
FaultProxy::Fate away(int from, int length, Faults excuse) {
  using Clock = std::chrono::steady_clock;
  auto first = std::make_shared<std::atomic<Clock::rep>>(0);
  return [=](int) {
    Clock::rep none = 0;
    const Clock::rep now = Clock::now().time_since_epoch().count();
    first->compare_exchange_strong(none, now);
    const Clock::duration since{now - first->load()};
    const bool is_away = since >= std::chrono::milliseconds{from} &&
                         since < std::chrono::milliseconds{from + length};
    return is_away ? excuse : Faults{};
  };
}

}  // namespace

TEST_CASE("an endpoint that is away for a while, and says so, refuses nothing by that") {
  if (!RedisFixture::available()) return;
  for (const bool by_server : {false, true}) {
    RedisFixture redis{
        {.directives = {fmt::format("tls-prefer-server-ciphers {}", by_server ? "yes" : "no")},
         .key = by_server ? "RSA-2048" : "P-256"}};
    const TlsSurvey proven = survey_of(redis.tls());
    std::vector<Story> stories;
    const std::uint64_t seeds = everything() ? 40 : 4;
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
      for (const auto& [name, excuse] : excuses()) {
        const std::uint64_t dice = mixed(seed * 7'919 + stories.size());
        const int from = static_cast<int>(dice % 400);
        const int length = std::array{5, 20, 50, 150, 400}[(dice >> 32U) % 5];
        stories.push_back({fmt::format("{} after {} ms for {} ms", name, from, length),
                           away(from, length, excuse)});
      }
    // Past a limit: so many are answered, five not, in turn.
    for (const auto& [name, excuse] : excuses())
      for (const int answered : {3, 10, 30})
        stories.push_back(
            {fmt::format("{} after {} each time", name, answered), [answered, excuse](int number) {
               return number % (answered + 5) < answered ? Faults{} : excuse;
             }});
    tell(redis, proven, stories);
  }
}

TEST_CASE("one byte at a time, late, and at a few bytes a second: the same result or an open one") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  const TlsSurvey proven = survey_of(redis.tls());
  std::vector<Story> stories{
      {"late", always({.delay_milliseconds = 20})},
      {"hundred bytes a time, late", always({.delay_milliseconds = 5, .fragment = 100})},
      {"later than the patience", every(4, {.delay_milliseconds = 400})},
      {"forty bytes a second", always({.delay_milliseconds = 25, .fragment = 1})},
  };
  tell(redis, proven, stories);
  FaultProxy fragments{redis.tls(), {.fragment = 1}};
  const TlsSurvey same = survey_of(fragments.address());
  CHECK(contradictions(proven, same) == "");
  CHECK(contradictions(same, proven) == "");
}

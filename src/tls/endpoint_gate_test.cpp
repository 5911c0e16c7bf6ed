// The gate against servers of many kinds: nothing untrue, and nothing open where
// one server answers.
#include <doctest/doctest.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/gate_lane.h"
#include "tls/test_network.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

// Nothing counts as refused that the server accepts.
void check_refusals(const TlsSurvey& survey, const Server& server) {
  for (const SuiteInventory& inventory : survey.suites) {
    const auto own = server.suites.find(inventory.version);
    if (own == server.suites.end()) continue;
    for (const CipherSuite suite : own->second) {
      INFO("suite ", suite_name(suite));
      CHECK_FALSE(is_refused(inventory.refused, suite));
    }
  }
  for (const GroupInventory& inventory : survey.groups) {
    const auto own = server.suites.find(inventory.version);
    if (own == server.suites.end()) continue;
    const bool is_used = inventory.version == ProtocolVersion::tls1_3 ||
                         std::ranges::any_of(own->second, takes_curve);
    for (const NamedGroup group : server.groups) {
      INFO("group ", group_name(group));
      if (is_used) CHECK_FALSE(is_refused(inventory.refused, group));
    }
  }
}

struct Dice {
  std::uint32_t state;
  std::uint32_t operator()(std::uint32_t sides) {
    state = state * 1'664'525U + 1'013'904'223U;
    return (state >> 16U) % sides;
  }
};

// One that somebody may run: the versions from one to another, suites of each kind.
Server some_server(Dice& dice) {
  Server server;
  server.negotiates_down = dice(4) != 0;
  server.client_order = dice(2) == 0;
  const std::uint32_t first = dice(5), last = first + dice(5 - first);
  std::vector<CipherSuite> pool{0xC030, 0xC02F, 0xC02C, 0xCCA8, 0x009F, 0xC028, 0xC014, 0xC013,
                                0x0039, 0x009D, 0x009C, 0x003C, 0x0035, 0x002F, 0x000A, 0x0005,
                                0xC012, 0x0034, 0x0003, 0x0001, 0x008C, 0xC09E, 0xC0A3, 0x0041};
  for (std::uint32_t i = 0; i + 1 < pool.size(); ++i)
    std::swap(pool[i], pool[i + dice(static_cast<std::uint32_t>(pool.size()) - i)]);
  const std::size_t size = 1 + dice(8);
  for (std::uint32_t number = first; number <= last; ++number) {
    const auto version = ProtocolVersion{static_cast<std::uint16_t>(0x0300 + number)};
    std::vector<CipherSuite>& suites = server.suites[version];
    if (version == ProtocolVersion::tls1_3) {
      suites = {0x1302, 0x1301};
      if (dice(3) == 0) suites.push_back(0x1303);
      if (dice(6) == 0) suites.push_back(0x1305);
      continue;
    }
    for (std::size_t i = 0; i < size; ++i)
      if (find_suite(pool[i])->first_version <= version) suites.push_back(pool[i]);
    if (suites.empty()) server.suites.erase(version);
  }
  if (dice(3) == 0) server.groups.push_back(0x0013);  // secp192r1
  if (dice(6) == 0) server.groups = {0x0017};
  return server;
}

GatePlan some_plan(Dice& dice) {
  GatePlan plan = strictest_plan();
  switch (dice(6)) {
    case 0:
      plan.suites = {0x000A};
      plan.groups.clear();
      break;
    case 1:
      plan.suites.push_back(0x1303);
      plan.suites.push_back(0xCCA8);
      break;
    case 2:
      std::erase_if(plan.suites, [](CipherSuite code) { return find_suite(code)->is_aead(); });
      break;
    case 3:
      plan.groups.push_back(0x001D);
      break;
    default:
      break;
  }
  plan.enumerate = dice(5) == 0;
  return plan;
}

std::string described(const Server& server) {
  std::string text;
  for (const auto& [version, suites] : server.suites) {
    text += std::string{name_of(version)} + ":";
    for (const CipherSuite suite : suites) text += fmt::format(" {:04x}", suite);
    text += "; ";
  }
  return text + fmt::format("alerts {} {} closes {} down {} client's order {}",
                            server.alert_of_version, server.alert_of_suites,
                            server.closes_instead_of_alert, server.negotiates_down,
                            server.client_order);
}

// What a gate asks for and did not come to know.
std::string what_is_open(const TlsSurvey& survey) {
  std::string text;
  for (const VersionOffer& offer : survey.versions)
    if (offer.answer.answer == Answer::inconclusive)
      text += fmt::format("{}: {}\n", name_of(offer.version), offer.answer.reason);
  const auto add = [&](const auto& inventories) {
    for (const auto& inventory : inventories)
      if (!inventory.complete && inventory.incomplete_reason != kOnlyForbidden &&
          inventory.incomplete_reason != "one accepted suite was enough")
        text += fmt::format("{}: {}\n", name_of(inventory.version), inventory.incomplete_reason);
  };
  add(survey.suites);
  add(survey.groups);
  return text;
}

std::string told(const TlsSurvey& survey) {
  std::string text;
  for (const VersionOffer& offer : survey.versions)
    text += fmt::format("{}: {} {}\n", name_of(offer.version), name_of(offer.answer.answer),
                        offer.answer.reason);
  for (const SuiteInventory& suites : survey.suites)
    text += fmt::format("{} suites {} refused {}: {}\n", name_of(suites.version),
                        suites.accepted.size(), suites.refused.size(), suites.incomplete_reason);
  return text;
}

}  // namespace

TEST_CASE("a gate tells nothing untrue of a server, however it refuses, and is done with it soon") {
  for (std::uint32_t seed = 1; seed < 700; ++seed) {
    Dice dice{seed * 2'654'435'761U};
    Server server = some_server(dice);
    server.alert_of_version = std::array<std::uint8_t, 4>{70, 70, 70, 40}[dice(4)];
    server.alert_of_suites = std::array<std::uint8_t, 5>{40, 40, 40, 71, 47}[dice(5)];
    server.closes_instead_of_alert = dice(8) == 0;
    const GatePlan plan = some_plan(dice);
    for (const TlsSurvey& survey : gates(server, plan)) {
      INFO("seed ", seed, ": ", described(server), "\n", told(survey));
      check_truthful(survey, server);
      check_refusals(survey, server);
      const bool is_met = survey.speaks_tls() && server.negotiates_down;
      if (is_met && !server.closes_instead_of_alert) CHECK(what_is_open(survey) == "");
    }
    INFO("seed ", seed, ": ", described(server));
    const int most = server.closes_instead_of_alert ? 200 : 60;
    CHECK((server.connections <= most || plan.enumerate));
  }
}

TEST_CASE("a gate does not deny TLS 1.0 where TLS 1.1 alone is switched off") {
  for (const ProtocolVersion spoken : {ProtocolVersion::tls1_0, ProtocolVersion::ssl3}) {
    Server server = default_redis();
    server.suites[spoken] = {0x002F};  // and refuses all between by their numbers
    for (const TlsSurvey& survey : gates(server)) {
      CHECK(survey.version(spoken)->answer == Answer::supported);
      check_truthful(survey, server);
      CHECK(what_is_open(survey) == "");
    }
  }
}

TEST_CASE("a gate that ends early believes no refusal that no good hello followed") {
  for (const std::size_t lanes : {1U, 6U})
    for (std::size_t most = 1; most < 14; ++most)
      for (int away = 0; away < 12; ++away) {
        Server server = default_redis();
        server.instead = [away](int connection) -> std::optional<Bytes> {
          if (connection < away) return std::nullopt;
          return alert_record(40);  // a load balancer whose server is gone
        };
        const SurveyOptions options{
            .gate = strictest_plan(), .side_by_side = lanes, .max_connections = most};
        const TlsSurvey survey = over_a_network(server, options).survey;
        INFO(lanes, " lanes, ", most, " connections, ", away, " of them answered");
        check_truthful(survey, server);
        check_refusals(survey, server);
      }
}

TEST_CASE("a gate says nothing of a curve that the suites beside it could not have used") {
  Server server = default_redis();
  server.suites[ProtocolVersion::tls1_2] = {0xC013, 0x009F};
  server.groups.push_back(0x0013);
  for (const TlsSurvey& survey : gates(server)) check_refusals(survey, server);
  // With one that could have, it does.
  server.groups.pop_back();
  server.suites[ProtocolVersion::tls1_2].push_back(0xC02F);
  for (const TlsSurvey& survey : gates(server)) {
    REQUIRE(survey.groups_of(ProtocolVersion::tls1_2) != nullptr);
    CHECK(survey.groups_of(ProtocolVersion::tls1_2)->decides(0x0013) ==
          (std::ranges::count(accepted(survey, ProtocolVersion::tls1_2), 0xC02F) > 0));
  }
}

TEST_CASE("a gate asks for curves beside a suite that is accepted, where no good one is") {
  GatePlan plan = strictest_plan();
  plan.enumerate = true;
  Server server = default_redis();
  server.suites[ProtocolVersion::tls1_2] = {0xC014, 0xC013, 0x002F};
  for (const TlsSurvey& survey : gates(server, plan)) {
    check_refusals(survey, server);
    CHECK(survey.groups_of(ProtocolVersion::tls1_2)->decides(0x0013));
  }
  server.groups.push_back(0x0013);
  for (const TlsSurvey& survey : gates(server, plan)) {
    const auto& accepted = survey.groups_of(ProtocolVersion::tls1_2)->accepted;
    CHECK(std::ranges::count(accepted, 0x0013, &AcceptedGroup::group) == 1);
  }
}

TEST_CASE("a gate that asks for a curve does not take an answer to a hello without any for one") {
  Server server = default_redis();
  server.closes_instead_of_alert = true;
  GatePlan plan = strictest_plan();
  plan.enumerate = true;
  for (const TlsSurvey& survey : gates(server, plan)) {
    check_refusals(survey, server);
    if (const GroupInventory* groups = survey.groups_of(ProtocolVersion::tls1_2))
      CHECK(groups->accepted.empty());
  }
  CHECK(server.connections < 400);
}

TEST_CASE("a retry request that names no group refuses the gate's groups") {
  Server server = modern();
  server.retries_with_nothing = true;
  for (const TlsSurvey& survey : gates(server)) {
    CHECK(what_is_open(survey) == "");
    CHECK(survey.groups_of(ProtocolVersion::tls1_3)->decides(0x0013));
  }
}

TEST_CASE("a server of old versions alone contradicts itself with no answer to the gate") {
  for (const ProtocolVersion only : {ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
    for (const CipherSuite suite : {CipherSuite{0x002F}, CipherSuite{0xC013}}) {
      Server server;
      server.negotiates_down = true;
      server.suites[only] = {suite};
      for (const TlsSurvey& survey : gates(server)) {
        check_truthful(survey, server);
        CHECK(what_is_open(survey) == "");
        CHECK(survey.version(ProtocolVersion::tls1_2)->answer == Answer::not_supported);
      }
    }
}

TEST_CASE("a server that says handshake failure to versions that it does not speak is met whole") {
  for (const bool only13 : {false, true}) {
    Server server = default_redis();
    server.alert_of_version = 40;
    server.suites.erase(only13 ? ProtocolVersion::tls1_2 : ProtocolVersion::tls1_3);
    for (const TlsSurvey& survey : gates(server)) {
      check_truthful(survey, server);
      CHECK(what_is_open(survey) == "");
    }
    CHECK(server.connections < 50);
  }
}

TEST_CASE("a server that needs a key share for TLS 1.3 is not said to be without it by a gate") {
  for (const bool falls_back : {false, true}) {
    Server server = modern();
    server.groups = {0x0019};  // no share of it was offered
    Server older = server;
    older.suites.erase(ProtocolVersion::tls1_3);
    server.instead_of = [&](int, const Bytes& bytes) {
      MessageStream stream;
      stream.feed(bytes);
      const auto message = stream.next();
      if (!message) return server.answer(bytes);
      const auto share = find(*parse_client_hello(message->body), extensions::kKeyShare);
      if (!share || share->body.size() > 2) return server.answer(bytes);
      return falls_back ? older.answer(bytes) : alert_record(40);
    };
    for (const bool at_once : {false, true}) {
      const TlsSurvey survey =
          at_once ? over_a_network(server, {.gate = strictest_plan(), .side_by_side = 6}).survey
                  : surveyed(server, {.gate = strictest_plan()});
      check_truthful(survey, server);
      check_refusals(survey, server);
      CHECK(survey.version(ProtocolVersion::tls1_3)->answer == Answer::supported);
    }
  }
}

// A network without any socket, and what may be said of a server behind it.
#pragma once

#include <deque>

#include "tls/first_hello.h"
#include "tls/test_server.h"

namespace rta::tls::testing {

inline std::vector<CipherSuite> accepted(const TlsSurvey& survey, ProtocolVersion version) {
  std::vector<CipherSuite> codes;
  if (const SuiteInventory* inventory = survey.suites_of(version))
    for (const AcceptedSuite& suite : inventory->accepted) codes.push_back(suite.suite);
  std::ranges::sort(codes);
  return codes;
}

inline std::vector<CipherSuite> sorted(std::vector<CipherSuite> suites) {
  std::ranges::sort(suites);
  return suites;
}

// What is known of a server whose port was classified before.
inline HandshakeAnswer first_answer_of(const Server& server) {
  HandshakeProbe probe{first_hello("")};
  probe.on_bytes(server.answer(probe.start()));
  return probe.answer();
}

// No false statement, however little was learnt.
inline void check_truthful(const TlsSurvey& survey, const Server& server) {
  for (const VersionOffer& offer : survey.versions) {
    const bool spoken = server.suites.contains(offer.version);
    if (spoken)
      CHECK(offer.answer.answer != Answer::not_supported);
    else
      CHECK(offer.answer.answer != Answer::supported);
    if (!spoken) continue;
    const std::vector<CipherSuite> found = accepted(survey, offer.version);
    const std::vector<CipherSuite> truth = sorted(server.suites.at(offer.version));
    CHECK(std::ranges::includes(truth, found));
    const SuiteInventory* inventory = survey.suites_of(offer.version);
    if (inventory != nullptr && inventory->complete) CHECK(found == truth);
  }
  for (const GroupInventory& inventory : survey.groups) {
    const auto is_asked = [&](NamedGroup group) {
      return inventory.version == ProtocolVersion::tls1_3 || find_group(group)->is_elliptic();
    };
    const auto real = std::ranges::count_if(server.groups, is_asked);
    if (inventory.complete) CHECK(std::ssize(inventory.accepted) == real);
    for (const AcceptedGroup& group : inventory.accepted)
      CHECK(std::ranges::count(server.groups, group.group) == 1);
  }
}

// The same server behind a network: every connection takes a round trip to
// stand and another one for its answer; so many at one time. Nothing sleeps.
struct Course {
  int round_trips = 0;
  TlsSurvey survey;
  std::size_t connections = 0;
};

inline Course over_a_network(Server& server, SurveyOptions options, std::size_t at_once = 32) {
  EndpointSurvey survey{std::move(options)};
  struct Flight {
    std::unique_ptr<Probe> probe;
    int stands_at;
    std::optional<int> answered_at;
  };
  std::deque<Flight> flights;
  int now = 0;
  while (!survey.finished() && now < 1000) {
    while (flights.size() < at_once) {
      std::unique_ptr<Probe> probe = survey.next();
      if (!probe) break;
      flights.push_back({std::move(probe), now + 1, std::nullopt});
    }
    if (flights.empty()) break;
    for (Flight& flight : flights)
      if (!flight.answered_at && flight.stands_at <= now && flight.probe->may_start())
        flight.answered_at = now + 1;
    ++now;
    for (auto it = flights.begin(); it != flights.end();) {
      if (!it->answered_at || *it->answered_at > now) {
        ++it;
        continue;
      }
      Flight flight = std::move(*it);
      it = flights.erase(it);
      Bytes answer = server.answer_in_turn(flight.probe->start());
      if (auto other = server.instead ? server.instead(server.connections) : std::nullopt)
        answer = std::move(*other);
      const auto fault = server.fault ? server.fault(server.connections, answer) : std::nullopt;
      ++server.connections;
      if (fault) answer.resize(std::min(answer.size(), fault->bytes));
      if (answer.empty() || !flight.probe->on_bytes(answer).finished)
        flight.probe->on_end(fault ? fault->end : ConnectionEnd::closed, "");
      survey.learn(std::move(flight.probe));
    }
  }
  return {now, survey.result(), survey.connections()};
}

// The gate as it is asked politely, and all at one time.
inline std::vector<TlsSurvey> gates(Server& server, const GatePlan& plan = strictest_plan()) {
  const SurveyOptions polite{.gate = plan};
  const SurveyOptions at_once{
      .gate = plan, .side_by_side = 6, .first_answer = first_answer_of(server)};
  return {surveyed(server, polite), over_a_network(server, at_once).survey};
}

// What Redis 7 with OpenSSL 3.0 and an RSA key offers by default.
inline Server default_redis() {
  Server server;
  server.suites[ProtocolVersion::tls1_2] = {0xC030, 0x009F, 0xCCA8, 0xCCAA, 0xC02F, 0x009E, 0xC028,
                                            0x006B, 0xC027, 0x0067, 0xC014, 0x0039, 0xC013, 0x0033,
                                            0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F};
  server.suites[ProtocolVersion::tls1_3] = {0x1302, 0x1303, 0x1301};
  server.groups = {0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104};
  server.client_order = true;
  return server;
}

}  // namespace rta::tls::testing

#include "tls/endpoint_survey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/test_messages.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

// A server in memory: what it accepts, in its own order, and how connections
// end when a fault strikes.
struct Server {
  std::map<ProtocolVersion, std::vector<CipherSuite>> suites;
  std::vector<NamedGroup> groups{0x001D, 0x0017};
  bool closes_instead_of_alert = false;
  // Asked with the number of the connection (from 0) and the whole answer:
  // how many bytes go out, and how the connection ends.
  struct Fault {
    std::size_t bytes;
    ConnectionEnd end;
  };
  std::function<std::optional<Fault>(int connection, const Bytes& answer)> fault;
  int connections = 0;

  [[nodiscard]] Bytes refuse(std::uint8_t alert) const {
    return closes_instead_of_alert ? Bytes{} : alert_record(alert);
  }
  Bytes answer(const Bytes& bytes) const;
  [[nodiscard]] Bytes answer_tls12(const ClientHello& hello, ProtocolVersion version) const;
};

std::optional<Extension> find(const ClientHello& hello, std::uint16_t type) {
  for (const Extension& entry : hello.extensions)
    if (entry.type == type) return entry;
  return std::nullopt;
}

std::optional<NamedGroup> common_group(const Server& server, const ClientHello& hello) {
  const auto groups = find(hello, extensions::kSupportedGroups);
  if (!groups) return server.groups.front();
  std::vector<NamedGroup> offered;
  ByteReader in{groups->body};
  in.u16();
  while (in.ok() && !in.at_end()) offered.push_back(in.u16());
  for (const NamedGroup group : server.groups)
    if (std::ranges::count(offered, group) > 0) return group;
  return std::nullopt;
}

std::optional<CipherSuite> common_suite(const Server& server, const ClientHello& hello,
                                        ProtocolVersion version) {
  const auto own = server.suites.find(version);
  if (own == server.suites.end()) return std::nullopt;
  for (const CipherSuite suite : own->second)
    if (std::ranges::count(hello.suites, suite) > 0) return suite;
  return std::nullopt;
}

Bytes Server::answer_tls12(const ClientHello& hello, ProtocolVersion version) const {
  if (!suites.contains(version)) return refuse(70);
  const auto suite = common_suite(*this, hello, version);
  const auto group = common_group(*this, hello);
  if (!suite || !group) return refuse(40);
  Bytes flight =
      in_record(handshake(2, server_hello_body({.version = static_cast<std::uint16_t>(version),
                                                .suite = *suite,
                                                .extension_types = {}})));
  const auto append = [&](const Bytes& record) {
    flight.insert(flight.end(), record.begin(), record.end());
  };
  if (find_suite(*suite)->key_exchange == KeyExchange::ecdhe && version == ProtocolVersion::tls1_2)
    append(in_record(handshake(12, ecdhe_body(*group, 0x0804))));
  append(in_record(handshake(14, {})));
  return flight;
}

Bytes Server::answer(const Bytes& bytes) const {
  if ((bytes[0] & 0x80U) != 0) return refuse(70);  // SSL 2.0
  MessageStream stream;
  stream.feed(bytes);
  const auto message = stream.next();
  REQUIRE(message.has_value());
  const Result<ClientHello> hello = parse_client_hello(message->body);
  REQUIRE(hello.has_value());
  const auto versions = find(*hello, extensions::kSupportedVersions);
  if (!versions) return answer_tls12(*hello, ProtocolVersion{hello->legacy_version});
  const auto suite = common_suite(*this, *hello, ProtocolVersion::tls1_3);
  const auto group = common_group(*this, *hello);
  if (suite && group) return in_record(handshake(2, hello_retry_body(*suite, *group)));
  if (versions->body.size() > 3) return answer_tls12(*hello, ProtocolVersion::tls1_2);
  return refuse(suites.contains(ProtocolVersion::tls1_3) ? 40 : 70);
}

TlsSurvey surveyed(Server& server, SurveyOptions options = {}) {
  EndpointSurvey survey{options};
  int guard = 0;
  while (!survey.finished() && ++guard < 3000) {
    std::unique_ptr<Probe> probe = survey.next();
    if (!probe) break;
    const Bytes hello = probe->start();
    Bytes answer = server.answer(hello);
    const auto fault = server.fault ? server.fault(server.connections, answer) : std::nullopt;
    ++server.connections;
    if (fault) answer.resize(std::min(answer.size(), fault->bytes));
    if (answer.empty() || !probe->on_bytes(answer).finished)
      probe->on_end(fault ? fault->end : ConnectionEnd::closed, "");
    survey.learn(std::move(probe));
  }
  CHECK(guard < 3000);
  return survey.result();
}

Server modern() {
  Server server;
  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0xC030, 0x009C};
  server.suites[ProtocolVersion::tls1_3] = {0x1301, 0x1302};
  return server;
}

std::vector<CipherSuite> accepted(const TlsSurvey& survey, ProtocolVersion version) {
  std::vector<CipherSuite> codes;
  if (const SuiteInventory* inventory = survey.suites_of(version))
    for (const AcceptedSuite& suite : inventory->accepted) codes.push_back(suite.suite);
  std::ranges::sort(codes);
  return codes;
}

std::vector<CipherSuite> sorted(std::vector<CipherSuite> suites) {
  std::ranges::sort(suites);
  return suites;
}

// No false statement, however little was learnt.
void check_truthful(const TlsSurvey& survey, const Server& server) {
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
    if (inventory.complete) CHECK(inventory.accepted.size() == server.groups.size());
    for (const AcceptedGroup& group : inventory.accepted)
      CHECK(std::ranges::count(server.groups, group.group) == 1);
  }
}

}  // namespace

TEST_CASE("a survey finds exactly what the server offers, and its order") {
  Server server = modern();
  const TlsSurvey survey = surveyed(server);
  check_truthful(survey, server);
  CHECK(accepted(survey, ProtocolVersion::tls1_2) ==
        sorted(server.suites[ProtocolVersion::tls1_2]));
  CHECK(accepted(survey, ProtocolVersion::tls1_3) ==
        sorted(server.suites[ProtocolVersion::tls1_3]));
  for (const SuiteInventory& inventory : survey.suites) {
    CHECK(inventory.complete);
    CHECK(inventory.order == OrderBy::server);
  }
  CHECK(survey.version(ProtocolVersion::tls1_0)->answer == Answer::not_supported);
  CHECK(survey.version(ProtocolVersion::ssl2)->answer == Answer::not_supported);
  REQUIRE(survey.groups_of(ProtocolVersion::tls1_3) != nullptr);
  CHECK(survey.groups_of(ProtocolVersion::tls1_3)->accepted.size() == 2);
  CHECK(survey.behaviour.compression_accepted == false);
}

TEST_CASE("every suite of the registry is found alone at TLS 1.0") {
  for (const SuiteProperties& suite : all_suites()) {
    Server server;
    server.suites[ProtocolVersion::tls1_0] = {suite.code};
    server.suites[ProtocolVersion::tls1_3] = {0x1301};
    SurveyOptions options;
    const TlsSurvey survey = surveyed(server, options);
    CHECK(accepted(survey, ProtocolVersion::tls1_0) == std::vector<CipherSuite>{suite.code});
  }
}

TEST_CASE(
    "a server that closes instead of sending alerts is still told apart, by repeated questions") {
  Server server = modern();
  server.closes_instead_of_alert = true;
  const TlsSurvey survey = surveyed(server);
  check_truthful(survey, server);
  CHECK(survey.version(ProtocolVersion::tls1_0)->answer == Answer::not_supported);
  CHECK(survey.version(ProtocolVersion::tls1_0)->reason.find("3 times") != std::string::npos);
  CHECK(survey.suites_of(ProtocolVersion::tls1_2)->complete);
}

TEST_CASE("answers cut at every byte never become a refusal") {
  for (const ConnectionEnd end :
       {ConnectionEnd::closed, ConnectionEnd::reset, ConnectionEnd::timed_out})
    for (std::size_t cut = 0; cut < 260; ++cut) {
      Server server = modern();
      server.fault = [&](int, const Bytes& answer) -> std::optional<Server::Fault> {
        if (answer.size() <= cut) return std::nullopt;
        return Server::Fault{cut, end};
      };
      const TlsSurvey survey = surveyed(server);
      check_truthful(survey, server);
    }
}

TEST_CASE("every n-th connection lost never becomes a refusal") {
  for (const ConnectionEnd end :
       {ConnectionEnd::closed, ConnectionEnd::reset, ConnectionEnd::timed_out})
    for (int period = 2; period < 9; ++period)
      for (int phase = 0; phase < period; ++phase) {
        Server server = modern();
        server.fault = [&](int connection, const Bytes&) -> std::optional<Server::Fault> {
          if (connection % period != phase) return std::nullopt;
          return Server::Fault{0, end};
        };
        const TlsSurvey survey = surveyed(server);
        check_truthful(survey, server);
      }
}

TEST_CASE(
    "a server that turns everybody away from some moment on leaves everything after it open") {
  for (int last = 0; last < 60; ++last)
    for (const bool alert : {false, true}) {
      Server server = modern();
      Server turning = server;
      EndpointSurvey survey;
      int connections = 0;
      while (!survey.finished()) {
        std::unique_ptr<Probe> probe = survey.next();
        if (!probe) break;
        const Bytes hello = probe->start();
        Bytes answer = turning.answer(hello);
        if (connections++ >= last) answer = alert ? alert_record(40) : Bytes{};
        if (answer.empty() || !probe->on_bytes(answer).finished)
          probe->on_end(ConnectionEnd::reset, "");
        survey.learn(std::move(probe));
      }
      check_truthful(survey.result(), server);
    }
}

TEST_CASE("plaintext Redis and silence end the survey after a connection or two") {
  for (const bool silent : {false, true}) {
    EndpointSurvey survey;
    int connections = 0;
    while (!survey.finished()) {
      std::unique_ptr<Probe> probe = survey.next();
      if (!probe) break;
      ++connections;
      probe->start();
      const std::string text = "-ERR unknown command\r\n";
      if (silent || !probe->on_bytes(as_bytes(text)).finished)
        probe->on_end(ConnectionEnd::timed_out, "");
      survey.learn(std::move(probe));
    }
    CHECK(connections <= 2);
    CHECK(survey.finished());
    CHECK_FALSE(survey.result().speaks_tls());
    CHECK(survey.result().foreign.empty() == silent);
  }
}

TEST_CASE("gate mode offers what no profile wants and is short") {
  Server server = modern();
  const TlsSurvey survey = surveyed(server, {.gate = true});
  CHECK(server.connections <= 20);
  CHECK(survey.gate_mode);
  CHECK(accepted(survey, ProtocolVersion::tls1_2) == std::vector<CipherSuite>{0x009C});
  CHECK(survey.suites_of(ProtocolVersion::tls1_2)->complete);
  CHECK(survey.version(ProtocolVersion::tls1_3)->answer == Answer::supported);
  CHECK(survey.suites_of(ProtocolVersion::tls1_3)->chosen == CipherSuite{0x1301});
}

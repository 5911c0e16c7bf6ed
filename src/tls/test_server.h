// A TLS server in memory for tests of surveys, and a survey of it without any
// network.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/test_messages.h"

namespace rta::tls::testing {

// A server in memory: what it accepts, in its own order, and how connections
// end when a fault strikes.
struct Server {
  std::map<ProtocolVersion, std::vector<CipherSuite>> suites;
  std::vector<NamedGroup> groups{0x001D, 0x0017};
  bool closes_instead_of_alert = false;
  bool client_order = false;  // of suites
  // Answers with the highest of its versions up to the offered one (RFC 5246 E.1).
  bool negotiates_down = false;
  std::uint8_t alert_of_version = 70;  // when it does not speak the offered one
  std::uint8_t alert_of_suites = 40;   // when it has none of those that are offered
  // By which it can sign; empty: it says 0x0804 whatever is offered.
  std::vector<SignatureScheme> schemes;
  // Asked with the number of the connection (from 0) and the whole answer:
  // how many bytes go out, and how the connection ends.
  struct Fault {
    std::size_t bytes;
    ConnectionEnd end;
  };
  std::function<std::optional<Fault>(int connection, const Bytes& answer)> fault;
  // What the connection with this number is answered instead.
  std::function<std::optional<Bytes>(int connection)> instead;
  // Another server that answers the hello of this connection (from 0).
  std::function<Bytes(int connection, const Bytes& hello)> instead_of;
  // Hellos that it refuses with alert 40, whatever they offer.
  std::function<bool(const ClientHello&)> minds;
  std::function<bool(std::size_t message_bytes)> minds_length;  // of a hello
  std::function<bool(const ClientHello&)> is_deaf_to;  // answers nothing to these
  bool retries_with_nothing = false;  // where no group is common: a retry that names none
  int connections = 0;

  [[nodiscard]] Bytes refuse(std::uint8_t alert) const {
    return closes_instead_of_alert ? Bytes{} : alert_record(alert);
  }
  Bytes answer(const Bytes& bytes) const;
  [[nodiscard]] Bytes answer_in_turn(const Bytes& hello) const {
    return instead_of ? instead_of(connections, hello) : answer(hello);
  }
  [[nodiscard]] Bytes answer_tls12(const ClientHello& hello, ProtocolVersion version) const;
};

inline std::optional<Extension> find(const ClientHello& hello, std::uint16_t type) {
  for (const Extension& entry : hello.extensions)
    if (entry.type == type) return entry;
  return std::nullopt;
}

inline std::optional<NamedGroup> common_group(const Server& server, const ClientHello& hello) {
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

inline std::optional<SignatureScheme> common_scheme(const Server& server,
                                                    const ClientHello& hello) {
  const auto offered = find(hello, extensions::kSignatureAlgorithms);
  if (server.schemes.empty() || !offered) return SignatureScheme{0x0804};
  ByteReader in{offered->body};
  in.u16();
  while (in.ok() && !in.at_end())
    if (const SignatureScheme scheme = in.u16(); std::ranges::count(server.schemes, scheme) > 0)
      return scheme;
  return std::nullopt;
}

inline bool takes_curve(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->key_exchange == KeyExchange::ecdhe;
}

inline std::optional<CipherSuite> common_suite(const Server& server, const ClientHello& hello,
                                               ProtocolVersion version) {
  const auto own = server.suites.find(version);
  if (own == server.suites.end()) return std::nullopt;
  const bool has_curve = common_group(server, hello).has_value();
  const auto is_usable = [&](CipherSuite suite) { return has_curve || !takes_curve(suite); };
  const auto& [wanted, offered] = server.client_order ? std::tie(hello.suites, own->second)
                                                      : std::tie(own->second, hello.suites);
  for (const CipherSuite suite : wanted)
    if (std::ranges::count(offered, suite) > 0 && is_usable(suite)) return suite;
  return std::nullopt;
}

inline Bytes Server::answer_tls12(const ClientHello& hello, ProtocolVersion version) const {
  if (negotiates_down)
    while (version > ProtocolVersion::ssl3 && !suites.contains(version))
      version = ProtocolVersion{static_cast<std::uint16_t>(static_cast<int>(version) - 1)};
  if (!suites.contains(version)) {
    Bytes refusal = refuse(alert_of_version);
    // As OpenSSL writes it.
    if (negotiates_down && !refusal.empty()) refusal[2] = static_cast<std::uint8_t>(hello.legacy_version);
    return refusal;
  }
  const auto suite = common_suite(*this, hello, version);
  const auto scheme = common_scheme(*this, hello);
  if (!suite || !scheme) return refuse(alert_of_suites);
  Bytes flight =
      in_record(handshake(2, server_hello_body({.version = static_cast<std::uint16_t>(version),
                                                .suite = *suite,
                                                .extension_types = {}})));
  const auto append = [&](const Bytes& record) {
    flight.insert(flight.end(), record.begin(), record.end());
  };
  if (takes_curve(*suite) && version == ProtocolVersion::tls1_2)
    append(in_record(handshake(12, ecdhe_body(*common_group(*this, hello), *scheme))));
  append(in_record(handshake(14, {})));
  return flight;
}

inline Bytes Server::answer(const Bytes& bytes) const {
  if ((bytes[0] & 0x80U) != 0) return refuse(70);  // SSL 2.0
  MessageStream stream;
  stream.feed(bytes);
  const auto message = stream.next();
  REQUIRE(message.has_value());
  const Result<ClientHello> hello = parse_client_hello(message->body);
  REQUIRE(hello.has_value());
  if (minds && minds(*hello)) return refuse(40);
  if (minds_length && minds_length(message->body.size() + 4)) return refuse(40);
  if (is_deaf_to && is_deaf_to(*hello)) return {};
  const auto versions = find(*hello, extensions::kSupportedVersions);
  const bool knows_tls13 = suites.contains(ProtocolVersion::tls1_3) || !negotiates_down;
  if (!versions || !knows_tls13)
    return answer_tls12(*hello, ProtocolVersion{hello->legacy_version});
  const auto suite = common_suite(*this, *hello, ProtocolVersion::tls1_3);
  const auto group = common_group(*this, *hello);
  if (suite && group && common_scheme(*this, *hello))
    return in_record(handshake(2, hello_retry_body(*suite, *group)));
  if (suite && !group && retries_with_nothing)
    return in_record(handshake(2, hello_retry_body(*suite, std::nullopt)));
  if (versions->body.size() > 3) return answer_tls12(*hello, ProtocolVersion::tls1_2);
  return refuse(suites.contains(ProtocolVersion::tls1_3) ? alert_of_suites : alert_of_version);
}

inline TlsSurvey surveyed(Server& server, SurveyOptions options = {}) {
  EndpointSurvey survey{options};
  int guard = 0;
  while (!survey.finished() && ++guard < 3000) {
    std::unique_ptr<Probe> probe = survey.next();
    if (!probe) break;
    const Bytes hello = probe->start();
    Bytes answer = server.answer_in_turn(hello);
    if (auto other = server.instead ? server.instead(server.connections) : std::nullopt)
      answer = std::move(*other);
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

inline Server modern() {
  Server server;
  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0xC030, 0x009C};
  server.suites[ProtocolVersion::tls1_3] = {0x1301, 0x1302};
  return server;
}

}  // namespace rta::tls::testing

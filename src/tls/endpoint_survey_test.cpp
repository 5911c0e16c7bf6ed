#include "tls/endpoint_survey.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/completeness.h"
#include "tls/test_network.h"
#include "tls/usual.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

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

TEST_CASE("a server that minds one extension is asked without any, and nothing of it is lost") {
  Server server = modern();
  server.minds = [](const ClientHello& hello) {
    return !find(hello, extensions::kSupportedVersions) && find(hello, extensions::kHeartbeat);
  };
  const TlsSurvey survey = surveyed(server);
  check_truthful(survey, server);
  CHECK(accepted(survey, ProtocolVersion::tls1_2) ==
        sorted(server.suites[ProtocolVersion::tls1_2]));
}

TEST_CASE(
    "a server that minds hellos of many suites is asked with few, and refuses no version by that") {
  for (const std::size_t most : {50U, 64U, 100U, 200U})
    for (const std::size_t lanes : {1U, 6U}) {
      Server server = modern();
      server.minds = [most](const ClientHello& hello) { return hello.suites.size() > most; };
      INFO(most, " suites, ", lanes, " lanes");
      const TlsSurvey survey = surveyed(server, {.side_by_side = lanes});
      check_truthful(survey, server);
      for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
        CHECK(accepted(survey, version) == sorted(server.suites[version]));
    }
}

TEST_CASE("a server that minds an extension, and cannot do without others, hides nothing by that") {
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = modern();
    server.minds = [](const ClientHello& hello) {
      return find(hello, extensions::kHeartbeat).has_value() ||
             (!find(hello, extensions::kSupportedVersions) &&
              !find(hello, extensions::kSignatureAlgorithms));
    };
    const TlsSurvey survey = surveyed(server, {.side_by_side = lanes});
    check_truthful(survey, server);
    CHECK(accepted(survey, ProtocolVersion::tls1_2) ==
          sorted(server.suites[ProtocolVersion::tls1_2]));
    // Not offered there, hence not acknowledged: that tells nothing.
    CHECK_FALSE(survey.behaviour.heartbeat.has_value());
    CHECK_FALSE(survey.behaviour.encrypt_then_mac.has_value());
  }
}

TEST_CASE("a server that chooses a suite of TLS 1.3 below it, in vain, hides nothing by that") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_1] = {0xC013, 0xD001};
  // wolfSSL 5.5: takes C0B4 before D001 at TLS 1.1, and then cannot go on.
  server.minds = [](const ClientHello& hello) {
    const bool older = !find(hello, extensions::kSupportedVersions);
    return older && std::ranges::count(hello.suites, 0xC0B4) > 0 &&
           std::ranges::count(hello.suites, 0xC013) == 0;
  };
  const TlsSurvey survey = surveyed(server);
  check_truthful(survey, server);
  CHECK(accepted(survey, ProtocolVersion::tls1_1) == std::vector<CipherSuite>{0xC013, 0xD001});
  CHECK(survey.suites_of(ProtocolVersion::tls1_1)->complete);
}

TEST_CASE("a retry request that names no group refuses post-quantum shares too") {
  Server server = modern();
  server.retries_with_nothing = true;
  const TlsSurvey survey = surveyed(server);
  check_truthful(survey, server);
  REQUIRE(survey.groups_of(ProtocolVersion::tls1_3) != nullptr);
  CHECK(survey.groups_of(ProtocolVersion::tls1_3)->complete);
}

TEST_CASE("a TLS 1.3 server that wants a key share at once is not called one without TLS 1.3") {
  Server server = modern();
  server.minds = [](const ClientHello& hello) {
    const auto share = find(hello, extensions::kKeyShare);
    return share && share->body.size() <= 2;
  };
  check_truthful(surveyed(server), server);
}

TEST_CASE("where good hellos get lost too, what is turned away again and again stays open") {
  for (std::uint32_t seed = 1; seed < 400; ++seed) {
    Server server = modern();
    std::uint32_t state = seed * 2'654'435'761U;
    server.fault = [&](int, const Bytes&) -> std::optional<Server::Fault> {
      state = state * 1'664'525U + 1'013'904'223U;
      if ((state >> 24U) % 2 == 0) return std::nullopt;
      return Server::Fault{0, ConnectionEnd::reset};
    };
    check_truthful(surveyed(server, {.side_by_side = seed % 2 == 0 ? 6U : 1U}), server);
  }
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
      const TlsSurvey survey = surveyed(server, {.side_by_side = cut % 2 == 0 ? 6U : 1U});
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
        check_truthful(surveyed(server, {.side_by_side = period % 2 == 0 ? 6U : 1U}), server);
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

TEST_CASE("the gate asks at most ten hellos, names what was accepted and proves what was not") {
  Server server = modern();
  server.negotiates_down = true;  // as OpenSSL does
  const TlsSurvey survey = surveyed(server, {.gate = strictest_plan()});
  CHECK(server.connections <= 10);
  CHECK(survey.gate_mode);
  const SuiteInventory* tls12 = survey.suites_of(ProtocolVersion::tls1_2);
  REQUIRE(tls12 != nullptr);
  CHECK(accepted(survey, ProtocolVersion::tls1_2) == std::vector<CipherSuite>{0x009C, 0xC02F});
  CHECK_FALSE(tls12->complete);
  CHECK(tls12->chosen == CipherSuite{0xC02F});
  CHECK(tls12->decides(0xC013));        // CBC: refused
  CHECK(tls12->decides(0x0005));        // RC4: refused
  CHECK_FALSE(tls12->decides(0x009D));  // of the convicted class, not asked again
  CHECK_FALSE(tls12->decides(0xC030));  // never forbidden, never offered alone
  CHECK(survey.version(ProtocolVersion::tls1_0)->answer == Answer::not_supported);
  CHECK(survey.version(ProtocolVersion::tls1_3)->answer == Answer::supported);
  CHECK(survey.suites_of(ProtocolVersion::tls1_3)->chosen == CipherSuite{0x1301});
}

TEST_CASE(
    "a gate whose long hellos are refused for their length says nothing of what was in them") {
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = modern();
    server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0xC014, 0x009C};
    server.minds = [](const ClientHello& hello) { return hello.suites.size() > 64; };
    const TlsSurvey survey = surveyed(server, {.gate = strictest_plan(), .side_by_side = lanes});
    CHECK(survey.version(ProtocolVersion::tls1_2)->answer == Answer::supported);
    const SuiteInventory* tls12 = survey.suites_of(ProtocolVersion::tls1_2);
    REQUIRE(tls12 != nullptr);
    CHECK_FALSE(tls12->decides(0x009C));
    CHECK(why_open(survey) != "");
  }
}

TEST_CASE("a gate whose long hellos are refused says nothing of the old versions either") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_0] = {0xC014, 0x002F};
  server.minds = [](const ClientHello& hello) { return hello.suites.size() > 64; };
  for (const TlsSurvey& survey : gates(server)) check_truthful(survey, server);
}

TEST_CASE(
    "a gate whose last hello is told that there is no TLS 1.2, which it met before, denies "
    "nothing") {
  Server server = modern();
  Server without;  // the other one behind a load balancer
  server.instead_of = [&](int, const Bytes& hello) {
    MessageStream stream;
    stream.feed(hello);
    const auto message = stream.next();
    const bool is_control = message && parse_client_hello(message->body)->compressions.size() > 1;
    return (is_control ? without : server).answer(hello);
  };
  for (const TlsSurvey& survey : gates(server)) {
    for (const VersionOffer& offer : survey.versions)
      CHECK(offer.answer.answer != Answer::not_supported);
    CHECK_FALSE(survey.suites_of(ProtocolVersion::tls1_2)->decides(0x0005));
  }
}

TEST_CASE(
    "a server that minds hellos of more than 255 bytes, or of a few suites, is met with short "
    "ones") {
  for (const bool closes : {false, true})
    for (const bool by_length : {false, true}) {
      Server server = modern();
      server.suites.erase(ProtocolVersion::tls1_3);
      server.suites[ProtocolVersion::tls1_0] = {0xC014, 0x002F};
      server.closes_instead_of_alert = closes;
      if (by_length)
        server.minds_length = [](std::size_t bytes) { return bytes > 255; };
      else
        server.minds = [](const ClientHello& hello) { return hello.suites.size() > 16; };
      INFO(closes, by_length);
      for (const std::size_t lanes : {1U, 6U}) {
        const TlsSurvey survey = surveyed(server, {.side_by_side = lanes});
        check_truthful(survey, server);
        for (const ProtocolVersion version : {ProtocolVersion::tls1_0, ProtocolVersion::tls1_2})
          CHECK(accepted(survey, version) == sorted(server.suites[version]));
        CHECK(survey.version(ProtocolVersion::tls1_3)->answer != Answer::supported);
      }
    }
}

TEST_CASE("a server that minds an extension is asked for groups and once more without it, too") {
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = modern();
    server.suites[ProtocolVersion::tls1_0] = {0xC014, 0x002F};
    server.minds = [](const ClientHello& hello) {
      return find(hello, extensions::kHeartbeat).has_value();
    };
    const TlsSurvey survey = surveyed(server, {.side_by_side = lanes});
    check_truthful(survey, server);
    CHECK(why_open(survey) == "");
  }
}

TEST_CASE("a TLS 1.3 server that takes hellos like a browser's alone is not called one without") {
  const auto entries = [](const ClientHello& hello, std::uint16_t type) {
    const auto list = find(hello, type);
    return list ? list->body.size() / 2 : 0;
  };
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = modern();
    server.minds = [&](const ClientHello& hello) {
      return find(hello, extensions::kSupportedVersions) &&
             (entries(hello, extensions::kSignatureAlgorithms) > 16 ||
              entries(hello, extensions::kSupportedGroups) > 16 ||
              find(hello, extensions::kKeyShare)->body.size() <= 2);
    };
    check_truthful(surveyed(server, {.side_by_side = lanes}), server);
  }
}

TEST_CASE(
    "an alert of trouble that refuses a version proves that once, not for every list of suites") {
  Server server = modern();
  server.suites.erase(ProtocolVersion::tls1_3);
  server.instead_of = [&](int, const Bytes& hello) {
    MessageStream stream;
    stream.feed(hello);
    const auto message = stream.next();
    const bool is_old = message && parse_client_hello(message->body)->legacy_version == 0x0302;
    return is_old ? alert_record(alerts::kInternalError) : server.answer(hello);
  };
  const TlsSurvey survey = surveyed(server);
  CHECK(survey.version(ProtocolVersion::tls1_1)->answer == Answer::not_supported);
  CHECK(survey.version(ProtocolVersion::tls1_1)->alert == alerts::kInternalError);
  const int with_trouble = server.connections;
  Server usual = modern();
  usual.suites.erase(ProtocolVersion::tls1_3);
  surveyed(usual);
  CHECK(with_trouble <= usual.connections + 20);
}

TEST_CASE(
    "an old version that is refused by trouble, without extensions by a refusal, is not spoken") {
  // OpenSSL 3.0 at its usual security level, asked for TLS 1.0 and 1.1.
  // nginx with a default server that rejects handshakes misses the name instead.
  constexpr std::array<std::pair<bool, std::uint8_t>, 4> kCases{
      {{false, alerts::kHandshakeFailure},
       {true, alerts::kHandshakeFailure},
       {false, alerts::kUnrecognizedName},
       {true, alerts::kUnrecognizedName}}};
  for (const auto& [gate, to_bare] : kCases) {
    Server server = modern();
    server.instead_of = [&, to_bare = to_bare](int, const Bytes& hello) {
      MessageStream stream;
      stream.feed(hello);
      const auto message = stream.next();
      if (!message) return server.answer(hello);
      const Result<ClientHello> read = parse_client_hello(message->body);
      if (read->legacy_version != 0x0302 && read->legacy_version != 0x0301)
        return server.answer(hello);
      const bool bare = !find(*read, extensions::kSupportedGroups);
      return alert_record(bare ? to_bare : alerts::kInternalError);
    };
    SurveyOptions options;
    if (gate) options.gate = strictest_plan();
    const TlsSurvey survey = surveyed(server, options);
    for (const ProtocolVersion version : {ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
      CHECK(survey.version(version)->answer == Answer::not_supported);
    CHECK(why_open(survey) == "");
    CHECK(server.connections < 120);
  }
}

TEST_CASE("the gate of a server with one bad suite is whole: its last hello offers that, too") {
  Server server;
  server.suites[ProtocolVersion::tls1_2] = {0x002F};
  for (const TlsSurvey& survey : gates(server)) {
    CHECK(why_open(survey) == "");
    CHECK(accepted(survey, ProtocolVersion::tls1_2) == std::vector<CipherSuite>{0x002F});
    CHECK(survey.suites_of(ProtocolVersion::tls1_2)->decides(0x0005));
  }
}

TEST_CASE("a server that refuses hellos of 256 to 511 bytes denies no version by that") {
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = modern();
    server.suites[ProtocolVersion::tls1_0] = {0xC014, 0x002F};
    server.suites[ProtocolVersion::tls1_3] = {0x1301, 0x1302};
    server.minds_length = [](std::size_t bytes) { return bytes > 255 && bytes < 512; };
    const TlsSurvey survey = surveyed(server, {.side_by_side = lanes});
    check_truthful(survey, server);
    for (const ProtocolVersion version :
         {ProtocolVersion::tls1_0, ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
      CHECK(accepted(survey, version) == sorted(server.suites[version]));
    CHECK(survey.version(ProtocolVersion::tls1_1)->answer == Answer::not_supported);
  }
}

TEST_CASE("the gate names every suite of a convicted class where that disturbs nobody") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_2] = {0xC02F, 0x009C, 0x009D, 0x002F, 0xC013};
  GatePlan plan = strictest_plan();
  plan.enumerate = true;
  const TlsSurvey survey = surveyed(server, {.gate = plan});
  CHECK(accepted(survey, ProtocolVersion::tls1_2) ==
        std::vector<CipherSuite>{0x002F, 0x009C, 0x009D, 0xC013, 0xC02F});
}

TEST_CASE("a gate whose control fails at the end says nothing of what was refused") {
  Server server = modern();
  server.fault = [](int connection, const Bytes&) -> std::optional<Server::Fault> {
    if (connection < 3) return std::nullopt;
    return Server::Fault{0, ConnectionEnd::timed_out};
  };
  const TlsSurvey survey = surveyed(server, {.gate = strictest_plan()});
  for (const VersionOffer& offer : survey.versions)
    CHECK(offer.answer.answer != Answer::not_supported);
  if (const SuiteInventory* tls12 = survey.suites_of(ProtocolVersion::tls1_2))
    CHECK_FALSE(tls12->decides(0x0005));
}

TEST_CASE(
    "several lanes find the same suites, with a connection more for each usual one that is "
    "absent") {
  Server one = modern(), six = modern();
  const TlsSurvey narrow = surveyed(one, {.parts = {.behaviour = false}});
  const TlsSurvey wide = surveyed(six, {.side_by_side = 6, .parts = {.behaviour = false}});
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
    CHECK(accepted(narrow, version) == accepted(wide, version));
  CHECK(wide.suites_of(ProtocolVersion::tls1_2)->complete);
  const auto usual = static_cast<int>(usual_suites(ProtocolVersion::tls1_2, 0xC030).size());
  CHECK(six.connections <= one.connections + usual + 9);
}

TEST_CASE("a sweep asks for every code point in hellos of at most 128 suites") {
  Server server = modern();
  server.suites[ProtocolVersion::tls1_2].push_back(0xABCD);  // nobody's suite
  const TlsSurvey survey = surveyed(server, {.sweep = true, .parts = {.behaviour = false}});
  CHECK(accepted(survey, ProtocolVersion::tls1_2) ==
        std::vector<CipherSuite>{0x009C, 0xABCD, 0xC02F, 0xC030});
  const SuiteInventory* tls12 = survey.suites_of(ProtocolVersion::tls1_2);
  CHECK(tls12->complete);
  for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
    if (code == kRenegotiationScsv || code == kFallbackScsv) continue;
    const auto suite = static_cast<CipherSuite>(code);
    const bool told = is_refused(tls12->refused, suite) ||
                      std::ranges::count(tls12->accepted, suite, &AcceptedSuite::suite) > 0;
    if (!told) FAIL_CHECK("not offered: ", code);
  }
}

TEST_CASE("versions, suites and groups of a default Redis take twelve round trips") {
  Server server = default_redis();
  const Course course = over_a_network(
      server,
      {.side_by_side = 6, .first_answer = first_answer_of(server), .parts = {.behaviour = false}});
  CHECK(course.round_trips <= 12);
  CHECK(course.connections <= 65);
  CHECK(course.survey.suites_of(ProtocolVersion::tls1_2)->accepted.size() == 20);
  CHECK(course.survey.suites_of(ProtocolVersion::tls1_3)->accepted.size() == 3);
  CHECK(course.survey.groups_of(ProtocolVersion::tls1_3)->accepted.size() == 10);
  CHECK(course.survey.groups_of(ProtocolVersion::tls1_2)->accepted.size() == 5);
  Server again = default_redis();
  CHECK(over_a_network(again, {.side_by_side = 6, .first_answer = first_answer_of(again)})
            .connections <= 130);
}

TEST_CASE("the gate of a default Redis takes three round trips and ten connections") {
  for (const bool hardened : {false, true}) {
    Server server = default_redis();
    server.negotiates_down = true;
    if (hardened) server.suites[ProtocolVersion::tls1_2] = {0xC030, 0xC02F, 0xCCA8};
    const Course course = over_a_network(
        server,
        {.gate = strictest_plan(), .side_by_side = 6, .first_answer = first_answer_of(server)});
    CHECK(course.round_trips == 3);
    CHECK(course.connections <= 10);
    const SuiteInventory* tls12 = course.survey.suites_of(ProtocolVersion::tls1_2);
    REQUIRE(tls12 != nullptr);
    for (const CipherSuite suite : strictest_plan().suites)
      if (hardened && !find_suite(suite)->is_tls13()) CHECK(tls12->decides(suite));
    CHECK(course.survey.version(ProtocolVersion::tls1_2)->answer == Answer::supported);
    CHECK(course.survey.version(ProtocolVersion::tls1_3)->answer == Answer::supported);
    for (const ProtocolVersion old :
         {ProtocolVersion::ssl3, ProtocolVersion::tls1_0, ProtocolVersion::tls1_1})
      CHECK(course.survey.version(old)->answer == Answer::not_supported);
  }
}

TEST_CASE("many questions at one time over a network that loses some of them tell nothing untrue") {
  for (std::uint32_t seed = 1; seed < 600; ++seed) {
    Server server = seed % 3 == 0 ? modern() : default_redis();
    server.closes_instead_of_alert = seed % 5 == 0;
    CAPTURE(seed);
    std::uint32_t state = seed * 2'654'435'761U;
    const std::uint32_t one_in = 2 + seed % 13;
    const ConnectionEnd end = seed % 2 == 0 ? ConnectionEnd::reset : ConnectionEnd::timed_out;
    server.fault = [&](int, const Bytes& answer) -> std::optional<Server::Fault> {
      state = state * 1'664'525U + 1'013'904'223U;
      if ((state >> 16U) % one_in != 0) return std::nullopt;
      return Server::Fault{(state >> 8U) % (answer.size() + 1), end};
    };
    check_truthful(
        over_a_network(server, {.side_by_side = 6, .first_answer = first_answer_of(server)}).survey,
        server);
  }
}

TEST_CASE("many questions at one time to a server that gives up leave everything after it open") {
  for (int last = 0; last < 80; ++last)
    for (const ConnectionEnd end : {ConnectionEnd::reset, ConnectionEnd::closed}) {
      Server server = default_redis();
      server.fault = [&](int connection, const Bytes&) -> std::optional<Server::Fault> {
        if (connection < last) return std::nullopt;
        return Server::Fault{0, end};
      };
      check_truthful(
          over_a_network(server, {.side_by_side = 6, .first_answer = first_answer_of(server)})
              .survey,
          server);
    }
}

TEST_CASE("groups wait for an RSA suite where the first one found takes an ECDSA key") {
  // NSS with both certificates: beside the curve of its certificate it hides
  // the groups that it likes less; with an RSA suite nothing is hidden.
  Server server = default_redis();
  std::vector<CipherSuite>& suites = server.suites[ProtocolVersion::tls1_2];
  suites.insert(suites.begin(), 0xC02C);
  server.client_order = false;
  server.minds = [](const ClientHello& hello) {
    const auto groups = find(hello, extensions::kSupportedGroups);
    const bool older = !find(hello, extensions::kSupportedVersions);
    const bool ecdsa_only = hello.suites.front() == 0xC02C && hello.suites.size() == 2;
    if (!older || !groups || !ecdsa_only) return false;
    ByteReader in{groups->body};
    in.u16();
    while (in.ok() && !in.at_end())
      if (in.u16() == 0x0017) return false;
    return true;
  };
  const Course course =
      over_a_network(server, {.side_by_side = 6, .first_answer = first_answer_of(server)});
  const GroupInventory* groups = course.survey.groups_of(ProtocolVersion::tls1_2);
  REQUIRE(groups != nullptr);
  CHECK(groups->complete);
  CHECK(groups->accepted.size() == 5);
}

TEST_CASE("an odd answer that comes before any good one is asked about once there is a good one") {
  Server server = default_redis();
  int old = 0;
  // NSS answers SSL 2.0 with alert 10, sooner than anything else.
  EndpointSurvey survey{{.side_by_side = 6, .first_answer = first_answer_of(server)}};
  std::deque<std::unique_ptr<Probe>> waiting;
  for (int guard = 0; guard < 2000 && !survey.finished(); ++guard) {
    while (std::unique_ptr<Probe> probe = survey.next()) {
      const bool is_old =
          static_cast<const HandshakeProbe&>(*probe).offer().version == ProtocolVersion::ssl2;
      if (is_old) ++old;
      is_old ? waiting.push_front(std::move(probe)) : waiting.push_back(std::move(probe));
      if (is_old && old <= 2) break;  // answered before the others are
    }
    if (waiting.empty()) break;
    std::unique_ptr<Probe> probe = std::move(waiting.front());
    waiting.pop_front();
    const Bytes hello = probe->start();
    const bool is_old = (hello[0] & 0x80U) != 0;
    const Bytes answer = is_old ? alert_record(10) : server.answer(hello);
    if (!probe->on_bytes(answer).finished) probe->on_end(ConnectionEnd::closed, "");
    survey.learn(std::move(probe));
  }
  CHECK(survey.result().version(ProtocolVersion::ssl2)->answer == Answer::not_supported);
}

TEST_CASE("what stayed open is not closed by asking once more for what was refused") {
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = default_redis();
    server.minds = [](const ClientHello& hello) { return hello.suites.size() > 200; };
    server.is_deaf_to = [](const ClientHello& hello) { return hello.suites.front() == 0x003C; };
    server.fault = [](int, const Bytes& answer) -> std::optional<Server::Fault> {
      if (!answer.empty()) return std::nullopt;
      return Server::Fault{0, ConnectionEnd::timed_out};
    };
    const Course course = over_a_network(server, {.side_by_side = lanes});
    check_truthful(course.survey, server);
    CHECK(course.survey.suites_of(ProtocolVersion::tls1_2)->accepted.size() >= 19);
  }
}

TEST_CASE(
    "with several lanes refusals are confirmed while accepted suites are still answered for") {
  Server server = default_redis();
  const SurveyOptions options{.side_by_side = 6,
                              .first_answer = first_answer_of(server),
                              .parts = {.groups = false, .behaviour = false}};
  // Hellos, their answers and their confirmation, none of which waits for a signature.
  const Course course = over_a_network(server, options);
  CHECK(course.round_trips <= 7);
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    CHECK(course.survey.suites_of(version)->complete);
    CHECK(course.survey.suites_of(version)->order == OrderBy::client);
  }
  // Refused at first, accepted when it is asked for again: found all the same.
  for (int from = 2; from < 40; ++from)
    for (int until = from + 1; until < 40; until += 3) {
      Server away = default_redis();
      away.instead = [&](int connection) -> std::optional<Bytes> {
        if (connection < from || connection >= until) return std::nullopt;
        return alert_record(40);
      };
      check_truthful(over_a_network(away, options).survey, away);
    }
}

TEST_CASE("a survey whose connections are used up says so and denies nothing that is there") {
  for (const std::size_t lanes : {1U, 6U})
    for (std::size_t most = 1; most < 120; ++most) {
      Server server = default_redis();
      const TlsSurvey survey = surveyed(server, {.side_by_side = lanes, .max_connections = most});
      CAPTURE(most);
      CHECK(server.connections <= static_cast<int>(most));
      check_truthful(survey, server);
      const std::string why = why_open(survey);
      CHECK((why.empty() || why.contains("(--max-connections allows more)")));
    }
}

TEST_CASE("a gate behind which two servers differ denies nothing that one of them was seen to accept") {
  Server old;  // without TLS 1.3
  old.suites[ProtocolVersion::tls1_2] = {0xC030, 0xC02F};
  Server new_one = default_redis();
  new_one.suites[ProtocolVersion::tls1_2] = {0xC030, 0xC02F};
  for (const std::size_t lanes : {1U, 6U})
    for (int turns = 0; turns < 1 << 12; turns += 5) {
      Server both = old;
      const auto is_new = [turns](int connection) { return (turns >> connection % 12 & 1) != 0; };
      bool met_new = false;
      both.instead_of = [&](int connection, const Bytes& hello) {
        if (!is_new(connection)) return old.answer(hello);
        const Bytes answer = new_one.answer(hello);
        // TLS 1.3 was chosen, or what was offered of it refused (and not the version).
        MessageStream stream;
        stream.feed(answer);
        const auto message = stream.next();
        const auto chosen = message ? parse_server_hello(message->body) : Error{"", "", ""};
        met_new = met_new || (chosen && chosen->version == 0x0304);
        return answer;
      };
      const TlsSurvey survey = surveyed(both, {.gate = strictest_plan(), .side_by_side = lanes});
      CAPTURE(turns);
      const OfferAnswer* tls13 = survey.version(ProtocolVersion::tls1_3);
      REQUIRE(tls13 != nullptr);
      CHECK((tls13->answer != Answer::not_supported || !met_new));
    }
}

TEST_CASE("a suite that one of two servers accepts is seen by the gate's last hello, or open") {
  const Server strong = [] {
    Server server = default_redis();
    server.suites[ProtocolVersion::tls1_2] = {0xC030, 0xC02F};
    server.client_order = true;
    return server;
  }();
  for (const CipherSuite bad : {CipherSuite{0x002F}, CipherSuite{0xC013}, CipherSuite{0x0005}})
    for (const std::size_t lanes : {1U, 6U})
      for (int first = 0; first < 10; ++first) {
        Server weak = strong;
        weak.suites[ProtocolVersion::tls1_2].push_back(bad);
        Server both = strong;
        both.instead_of = [&](int connection, const Bytes& hello) {
          return (connection >= first ? weak : strong).answer(hello);
        };
        const TlsSurvey survey = surveyed(both, {.gate = strictest_plan(), .side_by_side = lanes});
        CAPTURE(bad);
        CAPTURE(lanes);
        CAPTURE(first);
        const SuiteInventory* tls12 = survey.suites_of(ProtocolVersion::tls1_2);
        REQUIRE(tls12 != nullptr);
        CHECK(std::ranges::count(tls12->accepted, bad, &AcceptedSuite::suite) == 1);
        CHECK_FALSE(is_refused(tls12->refused, bad));
      }
}

TEST_CASE("a gate whose questions are all turned away does not wait for its own last hello") {
  for (const ConnectionEnd end :
       {ConnectionEnd::closed, ConnectionEnd::reset, ConnectionEnd::timed_out}) {
    Server server = default_redis();
    server.fault = [&](int, const Bytes&) { return Server::Fault{0, end}; };
    const Course course = over_a_network(
        server,
        {.gate = strictest_plan(), .side_by_side = 6, .first_answer = first_answer_of(server)});
    CHECK(course.round_trips < 100);  // in turn, as long as no hello is known to work
    check_truthful(course.survey, server);
  }
}

TEST_CASE("a server that refuses hellos for one kind of suite denies no suite that stood beside it") {
  const auto is_usual_page = [](CipherSuite suite) {
    const int page = suite >> 8;
    return page == 0x00 || page == 0x13 || page == 0xC0 || page == 0xCC;
  };
  for (const std::size_t lanes : {1U, 6U}) {
    Server server = default_redis();
    // Its neighbours in the lists are minded.
    server.suites[ProtocolVersion::tls1_2].push_back(0x00BE);
    server.minds = [&](const ClientHello& hello) {
      return !std::ranges::all_of(hello.suites, is_usual_page);
    };
    check_truthful(surveyed(server, {.side_by_side = lanes}), server);
  }
}

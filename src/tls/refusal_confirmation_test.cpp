// One refusal proves nothing: an endpoint that is away answers with alerts, too.
#include "tls/refusal_confirmation.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "tls/completeness.h"
#include "tls/test_network.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

// What stands in for a server that is away: load balancers answer with alerts.
const std::array kExcuses{alert_record(alerts::kHandshakeFailure), alert_record(alerts::kProtocolVersion),
                          alert_record(80), alert_record(49), Bytes{0x15, 3, 3, 0, 2, 1, 0}, Bytes{},
                          bytes_of("-ERR max number of clients reached\r\n")};

Server ordered(bool by_client) {
  Server server = default_redis();
  server.client_order = by_client;
  server.schemes = {0x0804, 0x0403, 0x0401};
  return server;
}

}  // namespace

TEST_CASE("an endpoint that is away for a while, and says so by alerts, refuses nothing by that") {
  for (const bool by_client : {false, true})
    for (const std::size_t lanes : {1U, 6U})
      for (int from = 0; from < 100; ++from)
        for (const int length : {1, 2, 7, 40}) {
          const Bytes& excuse = kExcuses[static_cast<std::size_t>(from + length) % kExcuses.size()];
          Server server = ordered(by_client);
          server.instead = [&](int connection) -> std::optional<Bytes> {
            if (connection < from || connection >= from + length) return std::nullopt;
            return excuse;
          };
          INFO(fmt::format("{} lanes, from {} for {}, client's order {}, {}", lanes, from, length, by_client, to_hex(excuse)));
          const TlsSurvey one_by_one = surveyed(server, {.side_by_side = lanes});
          check_truthful(one_by_one, server);
          if (length <= 2 && from > 1) CHECK(why_open(one_by_one) == "");
          server.connections = 0;
          check_truthful(over_a_network(server, {.side_by_side = lanes}).survey, server);
        }
}

TEST_CASE("an endpoint that turns some of many hellos away with alerts refuses nothing by that") {
  for (std::uint32_t seed = 1; seed < 600; ++seed) {
    Server server = ordered(seed % 3 == 0);
    std::uint32_t state = seed * 2'654'435'761U;
    const std::uint32_t percent = std::array{1U, 3U, 10U, 30U, 60U}[seed % 5];
    server.instead = [&](int) -> std::optional<Bytes> {
      state = state * 1'664'525U + 1'013'904'223U;
      if ((state >> 16U) % 100 >= percent) return std::nullopt;
      return kExcuses[seed % 2];
    };
    INFO(fmt::format("seed {}, {} in a hundred", seed, percent));
    check_truthful(surveyed(server, {.side_by_side = seed % 2 == 0 ? 6U : 1U}), server);
  }
}

TEST_CASE("an endpoint that takes so many connections and answers the next ones with alerts refuses nothing") {
  for (int most = 1; most < 40; ++most)
    for (int pause = 1; pause < 30; pause += 4) {
      Server server = ordered(false);
      server.instead = [&](int connection) -> std::optional<Bytes> {
        if (connection % (most + pause) < most) return std::nullopt;
        return kExcuses[0];
      };
      INFO(fmt::format("{} answered, {} turned away, in turn", most, pause));
      check_truthful(surveyed(server, {.side_by_side = pause % 8 == 1 ? 6U : 1U}), server);
    }
}

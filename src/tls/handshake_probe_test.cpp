#include "tls/handshake_probe.h"

#include <doctest/doctest.h>

#include <cstring>

#include "tls/test_messages.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

Offer tls12_offer() {
  Offer offer;
  offer.version = ProtocolVersion::tls1_2;
  offer.suites = {0xC02F, 0x009F, 0x009C};
  offer.groups = {0x001D, 0x0017};
  return offer;
}

Offer tls13_offer() {
  Offer offer = tls12_offer();
  offer.version = ProtocolVersion::tls1_3;
  offer.suites = {0x1301, 0x1302};
  return offer;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

HandshakeAnswer answered(Offer offer, const Bytes& bytes,
                         ConnectionEnd end = ConnectionEnd::closed) {
  HandshakeProbe probe{std::move(offer)};
  probe.start();
  if (bytes.empty() || !probe.on_bytes(bytes).finished) probe.on_end(end, "");
  return probe.answer();
}

Bytes hello(const HelloSpec& spec) { return in_record(handshake(2, server_hello_body(spec))); }
Bytes flight() {
  return joined({hello({}), in_record(handshake(12, ecdhe_body(0x001D, 0x0804))),
                 in_record(handshake(13, Bytes(8, 0))), in_record(handshake(14, {}))});
}

}  // namespace

TEST_CASE("a whole TLS 1.2 flight tells suite, group, signature and client certificate") {
  const HandshakeAnswer answer = answered(tls12_offer(), flight());
  CHECK(answer.is(Answer::supported));
  CHECK(answer.flight_completed);
  CHECK(answer.certificate_requested);
  REQUIRE(answer.exchange.has_value());
  CHECK(answer.exchange->group == NamedGroup{0x001D});
  CHECK(answer.outcome.deciding == hello({}));
}

TEST_CASE("a HelloRetryRequest answers a TLS 1.3 offer") {
  const HandshakeAnswer answer =
      answered(tls13_offer(), in_record(handshake(2, hello_retry_body(0x1301, 0x0017))));
  CHECK(answer.is(Answer::supported));
  CHECK(answer.outcome.reason == "HelloRetryRequest");
  CHECK(answer.hello->group == NamedGroup{0x0017});
}

TEST_CASE("what was not offered is a violation and never support") {
  const auto is_violation = [](const Offer& offer, const Bytes& bytes) {
    return answered(offer, bytes).is(Answer::violation);
  };
  CHECK(is_violation(tls12_offer(), hello({.suite = 0x0005})));
  CHECK(is_violation(tls12_offer(), hello({.suite = 0x0A0A})));
  CHECK(is_violation(tls12_offer(), hello({.compression = 1})));
  CHECK(is_violation(tls12_offer(), hello({.version = 0x0304})));
  CHECK(is_violation(tls12_offer(), hello({.version = 0x7F12})));
  CHECK(is_violation(tls13_offer(), in_record(handshake(2, hello_retry_body(0x1301, 0x0018)))));
  CHECK(is_violation(tls12_offer(),
                     joined({hello({}), in_record(handshake(12, ecdhe_body(0x0018, 0x0804)))})));
  CHECK(is_violation(tls12_offer(), in_record(handshake(14, {}))));
}

TEST_CASE("a second request for a share that was sent is a violation") {
  Offer offer = tls13_offer();
  offer.key_shares = {{0x001D, Bytes(32, 9)}};
  CHECK(answered(offer, in_record(handshake(2, hello_retry_body(0x1301, 0x001D))))
            .is(Answer::violation));
}

TEST_CASE("a lower version refuses the one that was asked") {
  const HandshakeAnswer answer = answered(tls13_offer(), hello({}));
  CHECK(answer.is(Answer::not_supported));
  CHECK(answer.refuses_version());
  CHECK(answer.outcome.reason == "the server answered with TLS 1.2");
}

TEST_CASE("alerts of refusal refuse, all others leave the question open") {
  for (const int alert : {40, 47, 70, 71, 86}) {
    CHECK(answered(tls12_offer(), alert_record(static_cast<std::uint8_t>(alert)))
              .is(Answer::not_supported));
  }
  for (const int alert : {10, 50, 80, 109, 112, 199}) {
    const HandshakeAnswer answer =
        answered(tls12_offer(), alert_record(static_cast<std::uint8_t>(alert)));
    CHECK(answer.is(Answer::inconclusive));
    CHECK(answer.outcome.alert == alert);
  }
  CHECK(answered(tls12_offer(), alert_record(199)).outcome.reason == "alert 199");
}

TEST_CASE("an alert after the ServerHello leaves the choice, marked as broken off") {
  const HandshakeAnswer answer = answered(tls12_offer(), joined({hello({}), alert_record(40)}));
  CHECK(answer.is(Answer::supported));
  CHECK(answer.broken_off);
}

TEST_CASE("ends without an answer are inconclusive, each with its own reason") {
  const auto reason = [](ConnectionEnd end) {
    return answered(tls12_offer(), {}, end).outcome.reason;
  };
  for (const ConnectionEnd end :
       {ConnectionEnd::closed, ConnectionEnd::reset, ConnectionEnd::timed_out,
        ConnectionEnd::refused, ConnectionEnd::unreachable, ConnectionEnd::stopped})
    CHECK(answered(tls12_offer(), {}, end).is(Answer::inconclusive));
  CHECK(reason(ConnectionEnd::closed) == "closed without an answer");
  CHECK(reason(ConnectionEnd::reset) == "reset without an answer");
  CHECK(reason(ConnectionEnd::timed_out) == "no answer in time");
}

TEST_CASE("a flight cut at any byte is support or open, never a refusal") {
  const Bytes whole = flight();
  const std::size_t decided = hello({}).size();
  for (const ConnectionEnd end :
       {ConnectionEnd::closed, ConnectionEnd::reset, ConnectionEnd::timed_out})
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const HandshakeAnswer answer =
          answered(tls12_offer(),
                   Bytes{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, end);
      CHECK(answer.outcome.answer == (size < decided ? Answer::inconclusive : Answer::supported));
    }
}

TEST_CASE("plaintext Redis, HTTP and SSH are named") {
  for (const char* text : {"-ERR unknown command\r\n", "HTTP/1.1 400 Bad Request\r\n",
                           "SSH-2.0-OpenSSH_9\x1b[31m\r\n"}) {
    const HandshakeAnswer answer = answered(tls12_offer(), Bytes(text, text + std::strlen(text)));
    CHECK(answer.is(Answer::inconclusive));
    CHECK(answer.ending == Ending::foreign);
    CHECK(answer.outcome.reason.find(std::string{text, 4}) != std::string::npos);
    CHECK(answer.outcome.reason.find('\x1b') == std::string::npos);
  }
}

TEST_CASE(
    "SSL 2.0 is supported by its SERVER-HELLO and refused by its error message or a TLS alert") {
  Offer offer;
  offer.version = ProtocolVersion::ssl2;
  CHECK(answered(offer, ssl2_server_hello({0x010080})).is(Answer::supported));
  CHECK(answered(offer, Bytes{0x80, 0x03, 0x00, 0x00, 0x01}).is(Answer::not_supported));
  CHECK(answered(offer, alert_record(70)).is(Answer::not_supported));
  const Bytes whole = ssl2_server_hello({0x010080});
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Bytes part{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
    if (size > 3) CHECK(answered(offer, part, ConnectionEnd::reset).is(Answer::inconclusive));
    CHECK_FALSE(answered(offer, part, ConnectionEnd::reset).is(Answer::supported));
  }
}

TEST_CASE("what costs the server a signature is told beforehand") {
  Offer offer = tls12_offer();
  CHECK(offer.costs_signature());
  offer.suites = {0x009C, 0x002F};
  CHECK_FALSE(offer.costs_signature());
  Offer tls13 = tls13_offer();
  CHECK_FALSE(tls13.costs_signature());
  tls13.key_shares = {{0x001D, Bytes(32, 9)}};
  CHECK(tls13.costs_signature());
}

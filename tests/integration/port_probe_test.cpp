#include <doctest/doctest.h>

#include "net/port_probe.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"
#include "tests/support/redis_server.h"

using namespace rta;
using namespace rta::net;
using namespace rta::testing;
using namespace std::chrono_literals;

namespace {

Observation<PortAnswer> asked(const Address& address, std::chrono::milliseconds patience = 7s) {
  Engine engine;
  Footprint footprint;
  return classify_port(engine, address, {.patience = patience}, footprint);
}

std::string gap_of(Manner manner) {
  const BadPeer peer{manner};
  const Observation<PortAnswer> seen = asked(peer.address(), 300ms);
  REQUIRE(seen.gap() != nullptr);
  return std::string{name_of(seen.gap()->reason)} + ": " + seen.gap()->detail;
}

PortAnswer answer_of(Manner manner) {
  const BadPeer peer{manner};
  const Observation<PortAnswer> seen = asked(peer.address(), 2s);
  REQUIRE_MESSAGE(seen.has_value(), (seen.has_value() ? "" : seen.gap()->detail));
  return *seen;
}

}  // namespace

TEST_CASE("a TLS port answers the hello and refuses plaintext") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  Engine engine;
  Footprint footprint;
  const Observation<PortAnswer> seen = classify_port(engine, redis.tls(), {}, footprint);
  REQUIRE(seen.has_value());
  CHECK(seen->speech == PortSpeech::tls);
  CHECK(seen->tls_answer == "ServerHello");
  CHECK(seen->plaintext_refused);
  CHECK(footprint.connections == 2);
  CHECK(footprint.expected_log_lines == 2);
}

TEST_CASE("plaintext Redis answers the padded hello itself, with and without a password") {
  if (!RedisFixture::available()) return;
  for (const std::string password : {"", "a password of the test"}) {
    RedisFixture redis{{.tls = false, .password = password}};
    Engine engine;
    Footprint footprint;
    const Observation<PortAnswer> seen = classify_port(engine, redis.plaintext(), {}, footprint);
    REQUIRE(seen.has_value());
    CHECK(seen->speech == PortSpeech::plaintext_redis);
    CHECK(seen->tls_answer.starts_with("-ERR unknown command"));
    CHECK(seen->plaintext_answer.starts_with(password.empty() ? "+PONG" : "-NOAUTH"));
    CHECK_FALSE(seen->plaintext_refused);
    CHECK(footprint.milliseconds < 1000);
  }
}

TEST_CASE("five ways of saying nothing are five different gaps") {
  const Observation<PortAnswer> refused = asked(free_address());
  REQUIRE(refused.gap() != nullptr);
  CHECK(refused.gap()->reason == GapReason::refused);
  CHECK(gap_of(Manner::silent) ==
        "timed_out: the port takes connections and answers neither TLS nor plaintext");
  CHECK(gap_of(Manner::closing) == "reset: every connection is closed as soon as it is opened");
  CHECK(gap_of(Manner::resetting) == "reset: every connection is reset as soon as it is opened");
  CHECK(gap_of(Manner::reset_after_hello) ==
        "reset: the connection is reset after the ClientHello, without an answer");
  CHECK(gap_of(Manner::close_after_hello) ==
        "reset: the connection is closed after the ClientHello, without an answer");
}

TEST_CASE("other services are told by their first line, and their bytes are inert") {
  const PortAnswer ssh = answer_of(Manner::ssh);
  CHECK(ssh.speech == PortSpeech::other);
  CHECK(ssh.protocol == "SSH");
  CHECK(ssh.tls_answer == "SSH: SSH-2.0-OpenSSH_9.2 \\x1b[2J");
  const PortAnswer http = answer_of(Manner::http);
  CHECK(http.speech == PortSpeech::other);
  CHECK(http.tls_answer.starts_with("HTTP: HTTP/1.1 400"));
  const PortAnswer garbage = answer_of(Manner::garbage);
  CHECK(garbage.speech == PortSpeech::other);
  CHECK(garbage.tls_answer.find('\x1b') == std::string::npos);
}

TEST_CASE("PostgreSQL drops strangers, and answers a request for TLS") {
  const BadPeer peer{[](PeerConnection& connection) {
    const Bytes got = connection.read();
    const Bytes request{0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f};
    if (got == request) {
      connection.write("S");
      connection.wait_for_end();
    }
  }};
  const Observation<PortAnswer> seen = asked(peer.address());
  REQUIRE(seen.has_value());
  CHECK(seen->speech == PortSpeech::other);
  CHECK(seen->protocol == "PostgreSQL");
  CHECK(seen->tls_answer == "PostgreSQL: takes a request for TLS");
}

TEST_CASE("a server that drops TLS 1.3, or long hellos, is met with a short one of TLS 1.2") {
  for (const bool answers_plaintext : {false, true}) {
    const BadPeer peer{[&](PeerConnection& connection) {
      const Bytes got = connection.read();
      const bool is_hello = !got.empty() && got[0] == 0x16;
      if (is_hello && got.size() < 5 + 256)
        connection.write(std::string_view{"\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9});
      else if (!is_hello && answers_plaintext)
        connection.write(std::string_view{"\x15\x03\x01\x00\x02\x02\x46", 7});
      else
        return;
      connection.wait_for_end();
    }};
    const Observation<PortAnswer> seen = asked(peer.address());
    REQUIRE(seen.has_value());
    CHECK(seen->speech == PortSpeech::tls);
    CHECK(seen->plaintext_refused);
  }
}

TEST_CASE("an endless or dripping peer costs little") {
  for (const Manner manner : {Manner::endless_nul, Manner::endless_handshake, Manner::drip}) {
    const BadPeer peer{manner};
    Engine engine;
    Footprint footprint;
    CHECK(classify_port(engine, peer.address(), {.patience = 2s}, footprint).has_value());
    CHECK(footprint.bytes_received < 128 * 1024);
    CHECK(footprint.milliseconds < 4000);
  }
}

TEST_CASE("a peer that answers slowly is still understood with the default patience") {
  const BadPeer peer{Manner::slow_accept};
  const Observation<PortAnswer> seen = asked(peer.address());
  REQUIRE(seen.has_value());
  CHECK(seen->speech == PortSpeech::tls);
}

TEST_CASE("a port that speaks both TLS and plaintext is told as both") {
  const BadPeer peer{[](PeerConnection& connection) {
    const Bytes got = connection.read();
    if (got.empty()) return;
    if (got[0] == 0x16)
      connection.write(std::string_view{"\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9});
    else
      connection.write("-NOAUTH Authentication required.\r\n");
    connection.wait_for_end();
  }};
  const Observation<PortAnswer> seen = asked(peer.address());
  REQUIRE(seen.has_value());
  CHECK(seen->speech == PortSpeech::both);
  CHECK_FALSE(seen->plaintext_refused);
}

TEST_CASE("an answer that is cut before it decides is no other protocol") {
  const Bytes record{0x16, 0x03, 0x03, 0x40, 0x00, 0x02};  // six bytes decide
  for (std::size_t length = 1; length <= record.size(); ++length) {
    const BadPeer peer{[&](PeerConnection& connection) {
      connection.read();
      connection.write(ByteView{record}.first(length));
    }};
    const Observation<PortAnswer> seen = asked(peer.address(), 2s);
    CAPTURE(length);
    if (length == record.size()) {
      REQUIRE(seen.has_value());
      CHECK(seen->speech == PortSpeech::tls);
    } else {
      REQUIRE(seen.gap() != nullptr);
      CHECK(seen.gap()->detail.contains("did not come to an end"));
    }
  }
  const BadPeer redis{[](PeerConnection& connection) {
    connection.read();
    connection.write("-NOAUTH Authentication");  // and no end of line
  }};
  const Observation<PortAnswer> seen = asked(redis.address(), 2s);
  REQUIRE(seen.has_value());
  CHECK(seen->speech == PortSpeech::plaintext_redis);
}

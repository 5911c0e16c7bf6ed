// Servers that mean harm: each costs a bounded number of connections and bytes,
// comes to an end, and is told for what it is.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <redis_tls_audit/limits.h>
#include <sys/socket.h>

#include <algorithm>
#include <mutex>

#include "base/byte_writer.h"
#include "base/unique_fd.h"
#include "net/engine.h"
#include "tests/faults/claims.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"
#include "tests/support/redis_server.h"
#include "tls/endpoint_survey.h"
#include "tls/test_messages.h"

using namespace rta;
using namespace rta::testing;
using namespace rta::tls::testing;
using namespace std::chrono_literals;

namespace {

struct Surveyed {
  TlsSurvey survey;
  tls::HandshakeAnswer first;
  Footprint footprint;

  // Why there is no more to tell, in the survey's own words.
  [[nodiscard]] std::string reasons() const {
    std::string all = first.outcome.reason + "\n" + survey.foreign + "\n";
    for (const VersionOffer& offer : survey.versions) all += offer.answer.reason + "\n";
    for (const SuiteInventory& suites : survey.suites) all += suites.incomplete_reason + "\n";
    return all;
  }
};

Surveyed survey_of(const net::Address& address, std::chrono::milliseconds patience = 300ms,
                  std::chrono::milliseconds total = 6s) {
  net::Engine engine;
  tls::EndpointSurvey survey;
  Surveyed outcome;
  outcome.footprint =
      engine.run(survey, address,
                 {.connect = 400ms, .patience = patience, .total = total, .aggressive = true});
  outcome.survey = survey.result();
  outcome.first = survey.first_answer();
  return outcome;
}

Bytes record(std::uint8_t type, std::uint16_t version, std::uint16_t length, const Bytes& body) {
  ByteWriter out;
  out.u8(type);
  out.u16(version);
  out.u16(length);
  out.bytes(body);
  return std::move(out).take();
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Reads the hello, answers with these bytes, and waits.
BadPeer::Script answering(Bytes answer) {
  return [answer = std::move(answer)](PeerConnection& peer) {
    if (!peer.read().empty() && peer.write(answer)) peer.wait_for_end();
  };
}

// The same bytes again and again, after `first`.
BadPeer::Script flooding(Bytes first, Bytes unit) {
  return [first = std::move(first), unit = std::move(unit)](PeerConnection& peer) {
    if (peer.read().empty() || !peer.write(first)) return;
    Bytes block;
    while (block.size() < 16 * 1024) block.insert(block.end(), unit.begin(), unit.end());
    while (peer.write(block)) continue;
  };
}

const Bytes kGoodHello = in_record(handshake(2, server_hello_body({})));

Bytes hello_record(Bytes body) { return in_record(handshake(2, body)); }

Bytes cut_hello(std::size_t size) {
  Bytes body = server_hello_body({});
  body.resize(size);
  return hello_record(body);
}

Bytes with_session_id_of_255() {
  Bytes body = server_hello_body({});
  body[34] = 255;
  body.insert(body.begin() + 35, 255, 0x53);
  return hello_record(body);
}

Bytes with_extensions(const Bytes& block) {
  Bytes body = server_hello_body({});
  body.insert(body.end(), block.begin(), block.end());
  return hello_record(body);
}

// A certificate message; `list_size` is what it says of its list.
Bytes certificate_message(std::uint32_t list_size, const Bytes& list) {
  ByteWriter out;
  out.u24(list_size);
  out.bytes(list);
  return handshake(11, std::move(out).take());
}

// A message larger than a record, in records.
Bytes in_records(const Bytes& message) {
  Bytes all;
  for (std::size_t from = 0; from < message.size(); from += 16'000) {
    const auto first = message.begin() + static_cast<std::ptrdiff_t>(from);
    const Bytes part{first, message.begin() + static_cast<std::ptrdiff_t>(
                                                  std::min(from + 16'000, message.size()))};
    const Bytes piece = in_record(part);
    all.insert(all.end(), piece.begin(), piece.end());
  }
  return all;
}

struct Hostile {
  const char* name;
  BadPeer::Script script;
  const char* reason;       // a part of what the survey says
  bool proves_tls12 = false;  // it did choose a suite of ours before it went wrong
};

std::vector<Hostile> malformed_servers() {
  const Bytes warning{0x15, 3, 3, 0, 2, 1, 90};
  const Bytes empty_handshake{0x16, 3, 3, 0, 0};
  const Bytes change_cipher_spec{0x14, 3, 3, 0, 1, 1};
  const Bytes application_data = record(23, 0x0303, 3, {1, 2, 3});
  std::vector<Hostile> all{
      {"a record of 65535 bytes", answering(record(22, 0x0303, 0xFFFF, {})), "a record of 65535"},
      {"the same without end", flooding(record(22, 0x0303, 0xFFFF, {}), {0}), "a record of 65535"},
      {"a handshake message of 16 MiB", answering(record(22, 0x0303, 4, {2, 0xFF, 0xFF, 0xFF})),
       "a handshake message of 16777215"},
      {"a record of version 9.9", answering(record(22, 0x0909, 4, {2, 0, 0, 0})),
       "no TLS version in the record header"},
      {"an unknown record type", answering(record(99, 0x0303, 4, {2, 0, 0, 0})), "not a TLS record"},
      {"warnings without end", flooding({}, warning), "records without progress (warning alerts)"},
      {"empty records without end", flooding({}, empty_handshake), "without progress (empty records)"},
      {"ChangeCipherSpec without end", flooding({}, change_cipher_spec),
       "without progress (ChangeCipherSpec)"},
      {"application data without end", flooding({}, application_data),
       "without progress (application data)"},
      {"no ServerHello at all", answering(in_record(handshake(14, {}))), "before any ServerHello"},
      {"a ServerHello of no bytes", answering(hello_record({})), "cut off"},
      {"a ServerHello that ends early", answering(cut_hello(20)), "cut off"},
      {"a session id of 255 bytes", answering(with_session_id_of_255()), "session id"},
      {"extensions longer than the hello", answering(with_extensions({0xFF, 0xFF, 0, 0})), ""},
      {"an extension longer than the list", answering(with_extensions({0, 4, 0, 5, 0xFF, 0xFF})), ""},
      {"an extension twice", answering(with_extensions({0, 8, 0, 23, 0, 0, 0, 23, 0, 0})), ""},
      {"bytes after the extensions", answering(with_extensions({0, 0, 0x77})),
       "after the ServerHello's extensions"},
      {"a suite that nobody offered", answering(hello_record(server_hello_body({.suite = 0x8A8A}))),
       "which was not offered"},
      {"compression that nobody offered", answering(hello_record(server_hello_body({.compression = 1}))),
       "compression 1, which was not offered"},
      {"a version above what was asked", answering(hello_record(server_hello_body({.version = 0x0399}))),
       "which was not offered"},
      {"an SSL 2.0 hello with lying lengths",
       answering({0x80, 0x10, 4, 0, 1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 16, 0, 0, 0, 0, 0}), ""},
      {"an unknown alert", answering(alert_record(211)), "alert 211"},
      {"an empty certificate list",
       answering(joined({kGoodHello, in_record(certificate_message(0, {}))})), "", true},
      {"a certificate of rubbish",
       answering(joined({kGoodHello, in_record(certificate_message(7, {0, 0, 4, 1, 2, 3, 4}))})), "",
       true},
      {"certificate lengths that do not add up",
       answering(joined({kGoodHello, in_record(certificate_message(0xFFFFFF, {0, 0, 4}))})), "", true},
      {"a hundred thousand empty certificates",
       answering(joined({kGoodHello, in_records(certificate_message(300'000, Bytes(300'000, 0)))})), "",
       true},
      {"a chain of eight megabytes", flooding(joined({kGoodHello, record(22, 0x0303, 4, {11, 0x80, 0, 0})}),
                                              record(22, 0x0303, 64, Bytes(64, 0x41))),
       "", true},
  };
  return all;
}

}  // namespace

TEST_CASE("malformed answers cost little and are no claim about any suite") {
  for (const Hostile& hostile : malformed_servers()) {
    INFO(hostile.name);
    BadPeer peer{hostile.script};
    const Surveyed seen = survey_of(peer.address());
    INFO(seen.reasons());
    CHECK(seen.reasons().find(hostile.reason) != std::string::npos);
    CHECK(seen.footprint.connections <= 80);
    CHECK(seen.footprint.bytes_received <= 80 * limits::kBytesPerProbe);
    for (const VersionOffer& offer : seen.survey.versions)
      if (!hostile.proves_tls12 || offer.version != ProtocolVersion::tls1_2)
        CHECK(offer.answer.answer != Answer::supported);
    if (!hostile.proves_tls12) CHECK(claims_nothing(seen.survey));
  }
}

TEST_CASE("five ways of not answering have five reasons, and say nothing of TLS") {
  struct Way {
    Manner manner;
    tls::Ending ending;
    const char* reason;
  };
  for (const Way& way : {Way{Manner::silent, tls::Ending::silent, "no answer in time"},
                         Way{Manner::resetting, tls::Ending::reset, "reset without an answer"},
                         Way{Manner::close_after_hello, tls::Ending::closed, "closed"},
                         Way{Manner::reset_after_hello, tls::Ending::reset, "reset"}}) {
    BadPeer peer{way.manner};
    const Surveyed seen = survey_of(peer.address());
    INFO(seen.reasons());
    CHECK(seen.first.ending == way.ending);
    CHECK(seen.first.outcome.reason.find(way.reason) != std::string::npos);
    CHECK(claims_nothing(seen.survey));
    CHECK(seen.footprint.connections <= 40);
  }
  BadPeer closing{Manner::closing};  // its FIN and the RST that our hello meets race
  const Surveyed closed = survey_of(closing.address());
  CHECK((closed.first.ending == tls::Ending::closed || closed.first.ending == tls::Ending::reset));
  CHECK(claims_nothing(closed.survey));
  const Surveyed refused = survey_of(free_address());
  CHECK(refused.first.ending == tls::Ending::unreachable);
  CHECK(refused.first.outcome.reason.find("refused") != std::string::npos);
  CHECK(claims_nothing(refused.survey));
}

TEST_CASE("a listener whose queue is full is unreachable, not without TLS") {
  const net::Address address = free_address();
  const UniqueFd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(address.port);
  place.sin_addr.s_addr = ::inet_addr(address.ip.c_str());
  const auto* where = reinterpret_cast<const sockaddr*>(&place);
  REQUIRE(::bind(listener.get(), where, sizeof place) == 0);
  REQUIRE(::listen(listener.get(), 0) == 0);
  std::vector<UniqueFd> fillers;
  for (int i = 0; i < 4; ++i) {
    fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(fillers.back().get(), where, sizeof place);  // stays under way once the queue is full
  }
  const Surveyed seen = survey_of(address);
  CHECK(seen.first.ending == tls::Ending::unreachable);
  CHECK(claims_nothing(seen.survey));
}

TEST_CASE("endless garbage and endless zeros are left at the first bad header") {
  for (const Manner manner : {Manner::garbage, Manner::endless_nul}) {
    BadPeer peer{manner};
    const Surveyed seen = survey_of(peer.address());
    CHECK(seen.first.ending == tls::Ending::foreign);
    CHECK(seen.footprint.connections == 1);
    CHECK(seen.footprint.bytes_received <= 64 * limits::kKiB);
    CHECK(claims_nothing(seen.survey));
  }
}

TEST_CASE("SSH, HTTP and plaintext Redis are told by what they say, with one connection") {
  struct Service {
    Manner manner;
    const char* says;
  };
  for (const Service& service : {Service{Manner::ssh, "SSH-2.0"}, Service{Manner::http, "HTTP/1.1 400"},
                                 Service{Manner::plaintext_redis, "-ERR"}}) {
    BadPeer peer{service.manner};
    const Surveyed seen = survey_of(peer.address());
    CHECK(seen.survey.foreign.find(service.says) != std::string::npos);
    CHECK(seen.survey.foreign.find('\x1b') == std::string::npos);
    CHECK(seen.footprint.connections == 1);
  }
}

TEST_CASE("a server that refuses every hello alike proves nothing about versions") {
  for (const Bytes& alert : {alert_record(40), alert_record(47), alert_record(80)}) {
    BadPeer peer{answering(alert)};
    const Surveyed seen = survey_of(peer.address());
    CHECK(claims_nothing(seen.survey));
  }
}

TEST_CASE("an alert in two pieces is one alert") {
  BadPeer peer{[](PeerConnection& connection) {
    const Bytes alert = alert_record(40);
    if (connection.read().empty()) return;
    for (const std::uint8_t byte : alert)
      if (!connection.write(ByteView{&byte, 1})) return;
    connection.wait_for_end();
  }};
  const Surveyed seen = survey_of(peer.address());
  CHECK(seen.first.outcome.alert == 40);
}

TEST_CASE("a server that answers SSL 3.0 whatever is asked speaks SSL 3.0 and nothing else") {
  BadPeer peer{answering(hello_record(server_hello_body({.version = 0x0300, .suite = 0x002F})))};
  const Surveyed seen = survey_of(peer.address());
  for (const ProtocolVersion version : {ProtocolVersion::tls1_0, ProtocolVersion::tls1_1,
                                        ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
    CHECK(seen.survey.version(version)->answer != Answer::supported);
}

TEST_CASE("HelloRetryRequest again and again is no support of any group that needs a share") {
  BadPeer peer{answering(hello_record(hello_retry_body(0x1301, 0x001D)))};
  const Surveyed seen = survey_of(peer.address());
  // It repeats one suite and one group: elimination notices, and comes to an end.
  CHECK(seen.footprint.connections <= 120);
  if (const SuiteInventory* suites = seen.survey.suites_of(ProtocolVersion::tls1_3)) {
    CHECK(suites->accepted.size() <= 1);
    CHECK_FALSE(suites->complete);
  }
}

TEST_CASE("a ServerHello that drips is given up at the total deadline") {
  BadPeer peer{Manner::drip};
  const Surveyed seen = survey_of(peer.address());
  CHECK(claims_nothing(seen.survey));
}

TEST_CASE("a server that takes one connection at a time is surveyed all the same") {
  if (!RedisFixture::available()) return;
  RedisFixture redis;
  std::mutex turn;
  BadPeer one_at_a_time{[&](PeerConnection& peer) {
    const std::lock_guard lock{turn};
    const Bytes hello = peer.read();
    if (hello.empty()) return;
    const net::Address& address = redis.tls();
    const UniqueFd upstream{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(address.port);
    place.sin_addr.s_addr = ::inet_addr(address.ip.c_str());
    if (::connect(upstream.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) return;
    PeerConnection server = peer.beside(upstream.get());
    server.write(hello);
    while (PeerConnection* ready = peer.wait_for_either(server)) {
      const Bytes bytes = ready->read();
      if (bytes.empty() || ready == &peer) return;
      if (!peer.write(bytes)) return;
    }
  }};
  const Surveyed plain = survey_of(redis.tls(), 5s, 30s);
  const Surveyed seen = survey_of(one_at_a_time.address(), 5s, 30s);
  CHECK(contradictions(plain.survey, seen.survey) == "");
  CHECK(contradictions(seen.survey, plain.survey) == "");
}

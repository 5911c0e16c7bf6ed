#include <doctest/doctest.h>

#include <redis_tls_audit/limits.h>

#include "base/byte_writer.h"
#include "base/text.h"
#include "tls/key_shares.h"
#include "tls/offer.h"
#include "tls/record.h"
#include "tls/server_hello.h"
#include "tls/server_key_exchange.h"
#include "tls/sslv2.h"
#include "tls/test_messages.h"

using namespace rta;
using namespace rta::tls;
using namespace rta::tls::testing;

namespace {

Bytes record_of(ContentType type, const Bytes& payload) {
  return write_record(type, 0x0303, payload);
}

MessageStream fed(const Bytes& bytes) {
  MessageStream stream;
  stream.feed(bytes);
  return stream;
}

Bytes repeated(const Bytes& bytes, std::size_t times) {
  Bytes all;
  for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), bytes.begin(), bytes.end());
  return all;
}

}  // namespace

TEST_CASE("a ClientHello is read back as it was written") {
  Offer offer;
  offer.version = ProtocolVersion::tls1_3;
  offer.suites = {0x1301, 0x1302};
  offer.groups = {0x001D, 0x11EC};
  offer.server_name = "redis.internal";
  offer.key_shares = {unheld_key_share(0x11EC, 1)};
  const ClientHello hello = client_hello(offer);
  const Bytes record = write_client_hello(hello);
  const auto message = fed(record).next();
  REQUIRE(message.has_value());
  CHECK(message->type == HandshakeType::client_hello);
  const Result<ClientHello> read = parse_client_hello(message->body);
  REQUIRE(read.has_value());
  CHECK(read->suites == hello.suites);
  CHECK(read->random == hello.random);
  CHECK(read->session_id.size() == 32);
  REQUIRE(read->extensions.size() == hello.extensions.size());
  for (std::size_t i = 0; i < hello.extensions.size(); ++i)
    CHECK(read->extensions[i].body == hello.extensions[i].body);
}

TEST_CASE("a hello padded for plaintext Redis has a newline before any NUL byte") {
  Offer offer;
  offer.version = ProtocolVersion::tls1_3;
  offer.also_tls12 = true;
  offer.suites = {0x1301, 0xC02F};
  offer.record_length = kNewlineRecordLength;
  const Bytes record = write_client_hello(client_hello(offer));
  CHECK(record.size() == 5 + kNewlineRecordLength);
  CHECK(to_hex(ByteView{record}.first(5)) == "160301020a");
}

TEST_CASE("the lengths of post-quantum shares are those of the drafts") {
  CHECK(unheld_key_share(0x11EC, 1).key.size() == 1184 + 32);
  CHECK(unheld_key_share(0x11EB, 1).key.size() == 65 + 1184);
  CHECK(unheld_key_share(0x11ED, 1).key.size() == 97 + 1568);
  CHECK(unheld_key_share(0x0200, 1).key.size() == 800);
  CHECK(unheld_key_share(0x0104, 1).key.empty());
}

TEST_CASE("a ServerHello cut at any byte is an error, never a wrong value") {
  const Bytes body = server_hello_body({.suite = 0xC02F, .extension_types = {0x0017, 0xFF01}});
  REQUIRE(parse_server_hello(body).has_value());
  const std::size_t without_extensions = 2 + 32 + 1 + 2 + 1;
  for (std::size_t size = 0; size < body.size(); ++size) {
    const bool whole = size == without_extensions;  // extensions are optional
    CHECK(parse_server_hello(ByteView{body}.first(size)).has_value() == whole);
  }
}

TEST_CASE("a ServerHello with doubled, overflowing or trailing parts is refused") {
  CHECK_FALSE(parse_server_hello(server_hello_body({.extension_types = {23, 23}})).has_value());
  Bytes trailing = server_hello_body({.extension_types = {23}});
  trailing.push_back(0);
  CHECK_FALSE(parse_server_hello(trailing).has_value());
  Bytes overflow = server_hello_body({.extension_types = {23}});
  overflow.back() = 9;  // the extension says that it has nine bytes
  CHECK_FALSE(parse_server_hello(overflow).has_value());
  Bytes long_session = server_hello_body({});
  long_session[34] = 255;
  CHECK_FALSE(parse_server_hello(long_session).has_value());
}

TEST_CASE("a HelloRetryRequest is told by its Random and names its group") {
  const Result<ServerHello> hello = parse_server_hello(hello_retry_body(0x1301, 0x0018));
  REQUIRE(hello.has_value());
  CHECK(hello->is_hello_retry_request);
  CHECK(hello->version == 0x0304);
  CHECK(hello->group == NamedGroup{0x0018});
}

TEST_CASE("the downgrade mark of RFC 8446 is seen at the end of Random") {
  Bytes body = server_hello_body({});
  const std::string mark = "DOWNGRD\x01";
  std::ranges::copy(mark, body.begin() + 2 + 24);
  CHECK(parse_server_hello(body)->sentinel == DowngradeSentinel::to_tls12);
  body[2 + 31] = 0;
  CHECK(parse_server_hello(body)->sentinel == DowngradeSentinel::to_tls11_or_below);
  body[2 + 31] = 7;
  CHECK(parse_server_hello(body)->sentinel == DowngradeSentinel::absent);
}

TEST_CASE("a ServerKeyExchange cut at any byte is an error") {
  for (const CipherSuite suite : {CipherSuite{0xC02F}, CipherSuite{0x009F}}) {
    const Bytes body = suite == 0xC02F ? ecdhe_body(0x001D, 0x0804) : dhe_body(256, 0x0804);
    const auto whole = parse_server_key_exchange(body, suite, 0x0303);
    REQUIRE(whole.has_value());
    CHECK(whole->scheme == SignatureScheme{0x0804});
    CHECK(whole->is_finite_field() == (suite == 0x009F));
    for (std::size_t size = 0; size < body.size(); ++size)
      CHECK_FALSE(parse_server_key_exchange(ByteView{body}.first(size), suite, 0x0303).has_value());
  }
}

TEST_CASE("the bits of a number are counted without leading zeros") {
  CHECK(bit_length(Bytes{0x00, 0x01, 0x00}) == 9);
  CHECK(bit_length(Bytes{0xFF}) == 8);
  CHECK(bit_length(Bytes{0, 0}) == 0);
}

TEST_CASE("an SSL 2.0 SERVER-HELLO cut at any byte waits for more, and lying lengths are refused") {
  const Bytes whole = ssl2_server_hello({0x010080, 0x0700C0});
  const auto read = parse_ssl2_server_hello(whole);
  REQUIRE(read.has_value());
  REQUIRE(read->has_value());
  CHECK((*read)->kinds == std::vector<std::uint32_t>{0x010080, 0x0700C0});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto part = parse_ssl2_server_hello(ByteView{whole}.first(size));
    CHECK((!part.has_value() || !part->has_value()));
  }
  Bytes huge = whole;
  huge[7] = 0xFF;  // the certificate is longer than the record
  CHECK_FALSE(parse_ssl2_server_hello(huge).has_value());
}

TEST_CASE("a message arrives whole however it was cut into records and reads") {
  const Bytes message = handshake(2, server_hello_body({}));
  MessageStream stream;
  for (const std::uint8_t byte : message)
    for (const std::uint8_t part : record_of(ContentType::handshake, {byte}))
      stream.feed(ByteView{&part, 1});
  const auto read = stream.next();
  REQUIRE(read.has_value());
  CHECK(read->body == server_hello_body({}));
}

TEST_CASE("several messages in one record and an alert in two are read") {
  Bytes both = handshake(2, server_hello_body({}));
  const Bytes done = handshake(14, {});
  both.insert(both.end(), done.begin(), done.end());
  MessageStream stream = fed(record_of(ContentType::handshake, both));
  CHECK(stream.next()->type == HandshakeType::server_hello);
  CHECK(stream.next()->type == HandshakeType::server_hello_done);
  MessageStream split = fed(record_of(ContentType::alert, {2}));
  CHECK_FALSE(split.alert().has_value());
  split.feed(record_of(ContentType::alert, {40}));
  REQUIRE(split.alert().has_value());
  CHECK(split.alert()->description == 40);
}

TEST_CASE("bytes that are no TLS are named, not waited for") {
  CHECK(fed(Bytes{'-', 'E', 'R', 'R'}).state() == MessageStream::State::foreign);
  CHECK(fed(Bytes{'H', 'T', 'T', 'P'}).state() == MessageStream::State::foreign);
  CHECK(fed(Bytes{0x16, 0x07}).state() == MessageStream::State::foreign);
  const MessageStream ssh = fed(Bytes{'S', 'S', 'H', 0x1B, '[', '1', 'm'});
  CHECK(ssh.problem().find('\x1B') == std::string::npos);
}

TEST_CASE("records and messages over their limits are refused from their headers") {
  CHECK(fed(Bytes{0x16, 0x03, 0x03, 0xFF, 0xFF}).state() == MessageStream::State::broken);
  const MessageStream huge = fed(record_of(ContentType::handshake, {2, 0xFF, 0xFF, 0xFF}));
  CHECK(huge.state() == MessageStream::State::broken);
  CHECK(huge.problem().find("16777215 bytes") != std::string::npos);
}

TEST_CASE("floods without progress come to an end") {
  for (const Bytes& record :
       {record_of(ContentType::alert, {1, 90}), record_of(ContentType::handshake, {}),
        record_of(ContentType::change_cipher_spec, {1}),
        record_of(ContentType::application_data, {0})}) {
    CHECK(fed(repeated(record, limits::kRecordsWithoutProgress)).state() ==
          MessageStream::State::reading);
    CHECK(fed(repeated(record, limits::kRecordsWithoutProgress + 1)).state() ==
          MessageStream::State::broken);
  }
}

// Messages of a server, built for the tests of this room.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <optional>
#include <vector>

#include "base/byte_writer.h"
#include "tls/record.h"

namespace rta::tls::testing {

inline Bytes handshake(std::uint8_t type, const Bytes& body) {
  ByteWriter out;
  out.u8(type);
  {
    auto block = out.block24();
    out.bytes(body);
  }
  return std::move(out).take();
}

struct HelloSpec {
  std::uint16_t version = 0x0303;
  std::uint16_t suite = 0xC02F;
  std::uint8_t compression = 0;
  std::vector<std::uint16_t> extension_types{};  // each with an empty body
};

inline Bytes server_hello_body(const HelloSpec& spec) {
  ByteWriter out;
  out.u16(spec.version);
  out.bytes(Bytes(32, 0x52));
  out.u8(0);
  out.u16(spec.suite);
  out.u8(spec.compression);
  if (!spec.extension_types.empty()) {
    auto block = out.block16();
    for (const std::uint16_t type : spec.extension_types) {
      out.u16(type);
      out.u16(0);
    }
  }
  return std::move(out).take();
}

// An empty key share: the message names no group.
inline Bytes tls13_hello_body(const Bytes& random, std::uint16_t suite, const Bytes& key_share) {
  ByteWriter out;
  out.u16(0x0303);
  out.bytes(random);
  out.u8(0);
  out.u16(suite);
  out.u8(0);
  auto block = out.block16();
  out.u16(43);
  out.u16(2);
  out.u16(0x0304);
  if (!key_share.empty()) {
    out.u16(51);
    auto share = out.block16();
    out.bytes(key_share);
  }
  block.close();
  return std::move(out).take();
}

inline Bytes hello_retry_body(std::uint16_t suite, std::optional<std::uint16_t> group) {
  static const Bytes kRandom{0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C,
                             0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB,
                             0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};
  Bytes share;
  if (group) share = {static_cast<std::uint8_t>(*group >> 8U), static_cast<std::uint8_t>(*group)};
  return tls13_hello_body(kRandom, suite, share);
}

inline Bytes ecdhe_body(std::uint16_t group, std::uint16_t scheme) {
  ByteWriter out;
  out.u8(3);
  out.u16(group);
  {
    auto point = out.block8();
    out.bytes(Bytes(32, 0x09));
  }
  out.u16(scheme);
  auto signature = out.block16();
  out.bytes(Bytes(64, 0x51));
  signature.close();
  return std::move(out).take();
}

inline Bytes dhe_body(std::size_t size, std::uint16_t scheme) {
  ByteWriter out;
  for (const std::size_t length : {size, std::size_t{1}, size}) {
    auto number = out.block16();
    out.bytes(Bytes(length, 0x83));
  }
  out.u16(scheme);
  auto signature = out.block16();
  out.bytes(Bytes(64, 0x51));
  signature.close();
  return std::move(out).take();
}

inline Bytes ssl2_server_hello(const std::vector<std::uint32_t>& kinds) {
  ByteWriter body;
  body.u8(4);
  body.u8(0);
  body.u8(1);
  body.u16(0x0002);
  body.u16(4);
  body.u16(static_cast<std::uint16_t>(3 * kinds.size()));
  body.u16(16);
  body.bytes(Bytes(4, 0x30));
  for (const std::uint32_t kind : kinds) body.u24(kind);
  body.bytes(Bytes(16, 0x77));
  ByteWriter out;
  out.u16(static_cast<std::uint16_t>(0x8000U | body.size()));
  out.bytes(body.view());
  return std::move(out).take();
}

// One record a message.
inline Bytes in_record(const Bytes& message) {
  return write_record(ContentType::handshake, 0x0303, message);
}
inline Bytes alert_record(std::uint8_t description) {
  return write_record(ContentType::alert, 0x0303, Bytes{2, description});
}

}  // namespace rta::tls::testing

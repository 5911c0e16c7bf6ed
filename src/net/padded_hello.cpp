#include <array>
#include <string_view>

#include "base/byte_writer.h"
#include "net/port_probe.h"

namespace rta::net {
namespace {

// Redis reads an inline command up to the first newline and stops at the first
// NUL: a record length of 0x020A puts a newline at offset 4, before any NUL,
// and plaintext Redis answers "-ERR unknown command" at once.
constexpr std::size_t kRecordLength = 0x020A;

constexpr std::array<std::uint16_t, 26> kSuites{
    0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
    0x009e, 0x009f, 0xc023, 0xc027, 0xc009, 0xc013, 0xc00a, 0xc014, 0x009c,
    0x009d, 0x003c, 0x003d, 0x002f, 0x0035, 0x0033, 0x0039, 0x000a};
constexpr std::array<std::uint16_t, 9> kGroups{0x001d, 0x0017, 0x001e, 0x0019, 0x0018,
                                               0x0100, 0x0101, 0x0102, 0x0103};
constexpr std::array<std::uint16_t, 16> kSignatures{0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804,
                                                    0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401,
                                                    0x0501, 0x0601, 0x0203, 0x0201};
constexpr std::array<std::uint16_t, 4> kVersions{0x0304, 0x0303, 0x0302, 0x0301};

void write_list(ByteWriter& out, std::span<const std::uint16_t> values) {
  const auto list = out.block16();
  for (const std::uint16_t value : values) out.u16(value);
}

// RFC 6066 3.
void write_server_name(ByteWriter& out, std::string_view name) {
  out.u16(0);
  const auto body = out.block16();
  const auto list = out.block16();
  out.u8(0);
  const auto host = out.block16();
  out.text(name);
}

void write_extensions(ByteWriter& out) {
  const auto extension = [&out](std::uint16_t type, auto write_body) {
    out.u16(type);
    const auto body = out.block16();
    write_body();
  };
  extension(10, [&] { write_list(out, kGroups); });      // supported_groups
  extension(11, [&] { out.u16(0x0100); });               // uncompressed points
  extension(13, [&] { write_list(out, kSignatures); });  // signature_algorithms
  extension(43, [&] {                                    // supported_versions
    const auto list = out.block8();
    for (const std::uint16_t version : kVersions) out.u16(version);
  });
  // RFC 8446 4.2.8: an empty share asks a TLS 1.3 server for a
  // HelloRetryRequest, which costs it no key and no signature.
  extension(51, [&] { out.u16(0); });
  extension(45, [&] { out.u16(0x0101); });  // psk_dhe_ke
  extension(0xff01, [&] { out.u8(0); });    // RFC 5746
}

Bytes client_hello(std::string_view server_name, std::size_t padding) {
  ByteWriter out;
  out.u8(22);
  out.u16(0x0301);
  {
    const auto record = out.block16();
    out.u8(1);
    const auto message = out.block24();
    out.u16(0x0303);
    for (std::uint8_t i = 0; i < 32; ++i) out.u8(static_cast<std::uint8_t>(0xa0U + i));
    out.u8(0);  // no session to resume
    write_list(out, kSuites);
    out.u16(0x0100);  // no compression
    const auto extensions = out.block16();
    if (!server_name.empty()) write_server_name(out, server_name);
    write_extensions(out);
    out.u16(21);  // RFC 7685
    const auto body = out.block16();
    out.bytes(Bytes(padding));
  }
  return std::move(out).take();
}

}  // namespace

Bytes padded_client_hello(std::string_view server_name) {
  constexpr std::size_t kRecordHeader = 5;
  constexpr std::size_t kLongestName = 200;  // so that there is room for padding
  if (server_name.size() > kLongestName) server_name = {};
  const std::size_t without = client_hello(server_name, 0).size() - kRecordHeader;
  return client_hello(server_name, kRecordLength - without);
}

}  // namespace rta::net

#include "tls/sslv2.h"

#include <algorithm>
#include <array>

#include "base/byte_writer.h"

namespace rta::tls {
namespace {

constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 4;

constexpr std::array<Ssl2Kind, 9> kKinds{{
    {0x010080, "SSL2_RC4_128_WITH_MD5"},
    {0x020080, "SSL2_RC4_128_EXPORT40_WITH_MD5"},
    {0x030080, "SSL2_RC2_128_CBC_WITH_MD5"},
    {0x040080, "SSL2_RC2_128_CBC_EXPORT40_WITH_MD5"},
    {0x050080, "SSL2_IDEA_128_CBC_WITH_MD5"},
    {0x060040, "SSL2_DES_64_CBC_WITH_MD5"},
    {0x060140, "SSL2_DES_64_CBC_WITH_SHA"},
    {0x0700C0, "SSL2_DES_192_EDE3_CBC_WITH_MD5"},
    {0x080080, "SSL2_RC4_64_WITH_MD5"},
}};

}  // namespace

std::span<const Ssl2Kind> all_ssl2_kinds() { return kKinds; }

std::string_view ssl2_kind_name(std::uint32_t kind) {
  const auto found = std::ranges::find(kKinds, kind, &Ssl2Kind::code);
  return found == kKinds.end() ? std::string_view{} : found->name;
}

Bytes write_ssl2_client_hello(std::span<const Ssl2Kind> kinds, ByteView challenge) {
  ByteWriter body;
  body.u8(kClientHello);
  body.u16(0x0002);
  body.u16(static_cast<std::uint16_t>(3 * kinds.size()));
  body.u16(0);
  body.u16(static_cast<std::uint16_t>(challenge.size()));
  for (const Ssl2Kind& kind : kinds) body.u24(kind.code);
  body.bytes(challenge);
  ByteWriter out;
  out.u16(static_cast<std::uint16_t>(0x8000U | body.size()));
  out.bytes(body.view());
  return std::move(out).take();
}

bool looks_like_ssl2(ByteView bytes) {
  return bytes.size() >= 3 && (bytes[0] & 0x80U) != 0 && bytes[2] == kServerHello;
}

Result<std::optional<Ssl2ServerHello>> parse_ssl2_server_hello(ByteView bytes) {
  ByteReader header{bytes};
  const std::uint16_t length = header.u16();
  if (!header.ok()) return std::optional<Ssl2ServerHello>{};
  if ((length & 0x8000U) == 0) return Error{"no SSL 2.0 record header", "", ""};
  const std::size_t size = length & 0x7FFFU;
  if (header.remaining() < size) return std::optional<Ssl2ServerHello>{};
  ByteReader in{header.bytes(size)};
  if (in.u8() != kServerHello) return Error{"no SSL 2.0 SERVER-HELLO", "", ""};
  Ssl2ServerHello hello;
  in.u8();  // session id hit
  hello.certificate_type = in.u8();
  hello.version = in.u16();
  const std::size_t certificate = in.u16();
  const std::size_t kinds = in.u16();
  const std::size_t connection_id = in.u16();
  const ByteView der = in.bytes(certificate);
  ByteReader list{in.bytes(kinds)};
  in.bytes(connection_id);
  if (!in.done()) return Error{"the SERVER-HELLO's lengths do not add up", "", ""};
  hello.certificate.assign(der.begin(), der.end());
  while (!list.at_end() && list.ok()) hello.kinds.push_back(list.u24());
  if (!list.ok()) return Error{"the list of cipher kinds is cut off", "", ""};
  return std::optional<Ssl2ServerHello>{std::move(hello)};
}

}  // namespace rta::tls

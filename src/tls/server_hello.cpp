#include "tls/server_hello.h"

#include <algorithm>
#include <array>

namespace rta::tls {
namespace {

// RFC 8446 4.1.3: this fixed Random marks a HelloRetryRequest.
constexpr std::array<std::uint8_t, 32> kHelloRetryRandom{
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

DowngradeSentinel sentinel_of(ByteView random) {
  constexpr std::string_view kMark = "DOWNGRD";
  if (random.size() != 32 || as_text(random.subspan(24, 7)) != kMark)
    return DowngradeSentinel::absent;
  if (random[31] == 1) return DowngradeSentinel::to_tls12;
  if (random[31] == 0) return DowngradeSentinel::to_tls11_or_below;
  return DowngradeSentinel::absent;
}

Result<void> read_tls13_extensions(ServerHello& hello) {
  if (const Extension* versions = hello.extension(extensions::kSupportedVersions)) {
    ByteReader in{versions->body};
    hello.version = in.u16();
    if (!in.done()) return Error{"supported_versions is not two bytes", "", ""};
  }
  if (const Extension* share = hello.extension(extensions::kKeyShare)) {
    ByteReader in{share->body};
    hello.group = in.u16();
    if (!hello.is_hello_retry_request) {
      const ByteView value = in.block16().rest();
      hello.key_share.assign(value.begin(), value.end());
    }
    if (!in.done()) return Error{"key_share has the wrong length", "", ""};
  }
  return {};
}

}  // namespace

const Extension* ServerHello::extension(std::uint16_t type) const {
  const auto found = std::ranges::find(extensions, type, &Extension::type);
  return found == extensions.end() ? nullptr : &*found;
}

Result<ServerHello> parse_server_hello(ByteView body) {
  ByteReader in{body};
  ServerHello hello;
  hello.legacy_version = hello.version = in.u16();
  const ByteView random = in.bytes(32);
  const ByteView session = in.block8().rest();
  hello.suite = in.u16();
  hello.compression = in.u8();
  if (!in.ok()) return Error{"the ServerHello is cut off", "", ""};
  if (session.size() > 32) return Error{"a session id of more than 32 bytes", "", ""};
  hello.random.assign(random.begin(), random.end());
  hello.session_id.assign(session.begin(), session.end());
  hello.is_hello_retry_request = std::ranges::equal(random, kHelloRetryRandom);
  hello.sentinel = sentinel_of(random);
  if (in.at_end()) return hello;  // extensions are optional up to TLS 1.2
  Result<std::vector<Extension>> found = parse_extensions(in);
  if (!found) return std::move(found).error();
  if (!in.done()) return Error{"bytes after the ServerHello's extensions", "", ""};
  hello.extensions = std::move(*found);
  if (Result<void> read = read_tls13_extensions(hello); !read) return std::move(read).error();
  return hello;
}

}  // namespace rta::tls

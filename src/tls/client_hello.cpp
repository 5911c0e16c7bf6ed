#include "tls/client_hello.h"

#include <algorithm>

#include "base/byte_writer.h"
#include "tls/record.h"

namespace rta::tls {
namespace {

template <class Write>
Extension extension(std::uint16_t type, Write write) {
  ByteWriter out;
  write(out);
  return {type, std::move(out).take()};
}

Bytes handshake_message(const ClientHello& hello) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(HandshakeType::client_hello));
  auto message = out.block24();
  out.u16(hello.legacy_version);
  out.bytes(hello.random);
  {
    auto session = out.block8();
    out.bytes(hello.session_id);
  }
  {
    auto suites = out.block16();
    for (const CipherSuite suite : hello.suites) out.u16(suite);
  }
  {
    auto compressions = out.block8();
    out.bytes(hello.compressions);
  }
  if (!hello.extensions.empty()) {
    auto block = out.block16();
    for (const Extension& entry : hello.extensions) {
      out.u16(entry.type);
      auto body = out.block16();
      out.bytes(entry.body);
    }
  }
  message.close();
  return std::move(out).take();
}

}  // namespace

Extension server_name_extension(std::string_view host) {
  return extension(extensions::kServerName, [&](ByteWriter& out) {  // RFC 6066 3
    auto list = out.block16();
    out.u8(0);
    auto name = out.block16();
    out.text(host);
  });
}

Extension supported_groups_extension(const std::vector<NamedGroup>& groups) {
  return extension(extensions::kSupportedGroups, [&](ByteWriter& out) {
    auto list = out.block16();
    for (const NamedGroup group : groups) out.u16(group);
  });
}

Extension ec_point_formats_extension() { return {extensions::kEcPointFormats, {3, 0, 1, 2}}; }

Extension signature_algorithms_extension(const std::vector<SignatureScheme>& schemes) {
  return extension(extensions::kSignatureAlgorithms, [&](ByteWriter& out) {
    auto list = out.block16();
    for (const SignatureScheme scheme : schemes) out.u16(scheme);
  });
}

Extension supported_versions_extension(const std::vector<ProtocolVersion>& versions) {
  return extension(extensions::kSupportedVersions, [&](ByteWriter& out) {
    auto list = out.block8();
    for (const ProtocolVersion version : versions) out.u16(static_cast<std::uint16_t>(version));
  });
}

Extension key_share_extension(const std::vector<KeyShare>& shares) {
  return extension(extensions::kKeyShare, [&](ByteWriter& out) {
    auto list = out.block16();
    for (const KeyShare& share : shares) {
      out.u16(share.group);
      auto key = out.block16();
      out.bytes(share.key);
    }
  });
}

Extension psk_modes_extension() { return {extensions::kPskKeyExchangeModes, {1, 1}}; }
Extension status_request_extension() { return {extensions::kStatusRequest, {1, 0, 0, 0, 0}}; }
Extension heartbeat_extension() { return {extensions::kHeartbeat, {1}}; }
Extension renegotiation_info_extension() { return {extensions::kRenegotiationInfo, {0}}; }
Extension empty_extension(std::uint16_t type) { return {type, {}}; }

Bytes write_client_hello(const ClientHello& hello) {
  const Bytes message = handshake_message(hello);
  RTA_ASSERT(message.size() <= 16384);
  return write_record(ContentType::handshake, hello.record_version, message);
}

bool pad_to_record_length(ClientHello& hello, std::size_t length) {
  const std::size_t now = handshake_message(hello).size() + (hello.extensions.empty() ? 2 : 0);
  if (now + 4 > length) return now == length;
  hello.extensions.push_back({extensions::kPadding, Bytes(length - now - 4, 0)});
  return true;
}

Result<std::vector<Extension>> parse_extensions(ByteReader& in) {
  std::vector<Extension> found;
  ByteReader block = in.block16();
  while (block.ok() && !block.at_end()) {
    Extension entry;
    entry.type = block.u16();
    const ByteReader body = block.block16();
    if (!block.ok()) break;
    entry.body.assign(body.rest().begin(), body.rest().end());
    if (std::ranges::count(found, entry.type, &Extension::type) > 0)
      return Error{fmt::format("extension {} stands there twice", entry.type), "", ""};
    found.push_back(std::move(entry));
  }
  if (!block.ok()) return Error{"the extensions are cut off", "", ""};
  return found;
}

Result<ClientHello> parse_client_hello(ByteView body) {
  ByteReader in{body};
  ClientHello hello;
  hello.legacy_version = in.u16();
  const ByteView random = in.bytes(32);
  hello.random.assign(random.begin(), random.end());
  const ByteView session = in.block8().rest();
  hello.session_id.assign(session.begin(), session.end());
  ByteReader suites = in.block16();
  while (suites.ok() && !suites.at_end()) hello.suites.push_back(suites.u16());
  const ByteView compressions = in.block8().rest();
  hello.compressions.assign(compressions.begin(), compressions.end());
  if (!in.ok() || !suites.ok()) return Error{"the ClientHello is cut off", "", ""};
  if (session.size() > 32) return Error{"a session id of more than 32 bytes", "", ""};
  if (in.at_end()) return hello;
  Result<std::vector<Extension>> found = parse_extensions(in);
  if (!found) return std::move(found).error();
  if (!in.done()) return Error{"bytes after the ClientHello's extensions", "", ""};
  hello.extensions = std::move(*found);
  return hello;
}

}  // namespace rta::tls

#include "tls/offer.h"

#include <algorithm>

#include "base/byte_writer.h"
#include "base/digest.h"
#include "tls/code_points.h"

namespace rta::tls {
namespace {

// The usual groups in front, the rest in the order of the registry.
std::vector<NamedGroup> usual_first(std::vector<NamedGroup> usual,
                                    bool (*wanted)(const GroupProperties&)) {
  for (const GroupProperties& group : all_groups())
    if (wanted(group) && std::ranges::count(usual, group.code) == 0) usual.push_back(group.code);
  return usual;
}

std::vector<Extension> extensions_of(const Offer& offer) {
  const bool tls13 = offer.version == ProtocolVersion::tls1_3;
  std::vector<Extension> list;
  if (!offer.server_name.empty()) list.push_back(server_name_extension(offer.server_name));
  if (offer.plain) {
    list.push_back(ec_point_formats_extension());
  } else if (!tls13 || offer.also_tls12) {
    list.push_back(empty_extension(extensions::kExtendedMasterSecret));
    list.push_back(empty_extension(extensions::kEncryptThenMac));
    list.push_back(empty_extension(extensions::kSessionTicket));
    list.push_back(heartbeat_extension());
    list.push_back(empty_extension(extensions::kSignedCertificateTimestamp));
    list.push_back(ec_point_formats_extension());
  }
  if (!offer.plain) list.push_back(status_request_extension());
  if (!offer.groups.empty()) list.push_back(supported_groups_extension(offer.groups));
  if (tls13) {
    std::vector<ProtocolVersion> versions{ProtocolVersion::tls1_3};
    if (offer.also_tls12) versions.push_back(ProtocolVersion::tls1_2);
    list.push_back(supported_versions_extension(versions));
    list.push_back(psk_modes_extension());
    list.push_back(key_share_extension(offer.key_shares));
  }
  // Last, because some servers stumble over an empty last extension.
  if (offer.version >= ProtocolVersion::tls1_2)
    list.push_back(signature_algorithms_extension(
        offer.signatures.empty() ? schemes_in_neutral_order() : offer.signatures));
  return list;
}

}  // namespace

bool Offer::costs_signature() const {
  if (version == ProtocolVersion::ssl2) return false;
  if (version == ProtocolVersion::tls1_3 && !also_tls12) return !key_shares.empty();
  return std::ranges::any_of(suites, [](CipherSuite suite) {
    const SuiteProperties* properties = find_suite(suite);
    return properties == nullptr || properties->makes_server_sign();
  });
}

ClientHello client_hello(const Offer& offer) {
  ClientHello hello;
  const bool tls13 = offer.version == ProtocolVersion::tls1_3;
  const bool ssl3 = offer.version == ProtocolVersion::ssl3;
  hello.record_version = ssl3 ? 0x0300 : 0x0301;
  hello.legacy_version = tls13 ? 0x0303 : static_cast<std::uint16_t>(offer.version);
  hello.random = noise(offer.nonce, 32);
  if (tls13) hello.session_id = noise(~offer.nonce, 32);  // RFC 8446 D.4: compatibility mode
  hello.suites = offer.suites;
  // RFC 5746 3.4: the signalling value or the extension. wolfSSL refuses a hello
  // with both, and SSL 3.0 knows no extensions.
  if (!tls13 || offer.also_tls12) hello.suites.push_back(kRenegotiationScsv);
  if (offer.fallback_scsv) hello.suites.push_back(kFallbackScsv);
  if (offer.deflate) hello.compressions = {1, 0};
  if (!ssl3 && !(offer.bare && !tls13)) hello.extensions = extensions_of(offer);
  if (offer.record_length) pad_to_record_length(hello, *offer.record_length);
  return hello;
}

const std::vector<NamedGroup>& groups_up_to_tls12() {
  static const std::vector<NamedGroup> groups = usual_first(
      {0x001D, 0x0017, 0x001E, 0x0019, 0x0018},
      [](const GroupProperties& group) { return group.is_elliptic() && group.code < 0x001F; });
  return groups;
}

const std::vector<NamedGroup>& groups_of_tls13() {
  static const std::vector<NamedGroup> groups = usual_first(
      {0x001D, 0x0017, 0x001E, 0x0019, 0x0018},
      [](const GroupProperties& group) { return group.kind != GroupKind::explicit_curve; });
  return groups;
}

const std::vector<SignatureScheme>& schemes_in_neutral_order() {
  static const std::vector<SignatureScheme> order = [] {
    std::vector<SignatureScheme> schemes{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0603,
                                         0x0806, 0x0601, 0x0807, 0x0808, 0x0809, 0x080A, 0x080B};
    std::vector<SignatureScheme> weak;
    for (const SignatureProperties& row : all_signatures()) {
      if (std::ranges::count(schemes, row.code) > 0) continue;
      const bool is_weak = row.hash == HashAlgorithm::sha1 || row.hash == HashAlgorithm::md5;
      (is_weak ? weak : schemes).push_back(row.code);
    }
    schemes.insert(schemes.end(), weak.begin(), weak.end());
    return schemes;
  }();
  return order;
}

Bytes noise(std::uint64_t nonce, std::size_t size) {
  Bytes out;
  for (std::uint32_t block = 0; out.size() < size; ++block) {
    ByteWriter seed;
    seed.u32(static_cast<std::uint32_t>(nonce >> 32U));
    seed.u32(static_cast<std::uint32_t>(nonce));
    seed.u32(block);
    const Bytes digest = sha256(seed.view());
    out.insert(out.end(), digest.begin(), digest.end());
  }
  out.resize(size);
  return out;
}

}  // namespace rta::tls

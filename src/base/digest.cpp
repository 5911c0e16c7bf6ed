#include "base/digest.h"

#include <openssl/evp.h>
#include <redis_tls_audit/assert.h>

#include "base/text.h"

namespace rta {
namespace {

Bytes digest(const EVP_MD* algorithm, ByteView bytes) {
  Bytes value(static_cast<std::size_t>(EVP_MD_get_size(algorithm)));
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), value.data(), &size, algorithm, nullptr);
  RTA_ASSERT(done == 1 && size == value.size());
  return value;
}

// Our namespace for UUIDv5, itself a random version 4.
constexpr std::array<std::uint8_t, 16> kNamespace{0x5d, 0x9f, 0x1c, 0x38, 0x60, 0x2e, 0x4b, 0x7a,
                                                  0x9c, 0x41, 0x0e, 0x86, 0xd2, 0x57, 0xaa, 0x13};

}  // namespace

Bytes sha256(ByteView bytes) { return digest(EVP_sha256(), bytes); }
std::string sha256_hex(ByteView bytes) { return to_hex(sha256(bytes)); }
std::string sha256_hex(std::string_view text) { return sha256_hex(as_bytes(text)); }

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  const int done = EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  RTA_ASSERT(done == 1);
}

void Sha256::add(std::string_view piece) {
  const int done = EVP_DigestUpdate(context_.get(), piece.data(), piece.size());
  RTA_ASSERT(done == 1);
}

std::string Sha256::hex() && {
  Bytes value(static_cast<std::size_t>(EVP_MD_CTX_get_size(context_.get())));
  const int done = EVP_DigestFinal_ex(context_.get(), value.data(), nullptr);
  RTA_ASSERT(done == 1);
  return to_hex(value);
}

std::string uuid_v5(std::string_view name) {
  Bytes input(kNamespace.begin(), kNamespace.end());
  input.insert(input.end(), name.begin(), name.end());
  Bytes id = digest(EVP_sha1(), input);
  id.resize(16);
  // RFC 9562 5.5: version 5 and the variant bits.
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x50U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  const std::string hex = to_hex(id);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace rta

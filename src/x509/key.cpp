#include "x509/key.h"

#include <redis_tls_audit/assert.h>

#include <openssl/pem.h>

#include "base/digest.h"
#include "base/text.h"
#include "x509/openssl.h"

namespace rta::x509 {
namespace {

// The text of a memory BIO; the BIO's own copy is wiped.
Secret take_secret(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  Secret secret{std::string{data, static_cast<std::size_t>(size)}};
  OPENSSL_cleanse(data, static_cast<std::size_t>(size));
  return secret;
}

Secret write_pem(evp_pkey_st* key, const EVP_CIPHER* cipher, std::string_view passphrase) {
  const BioHandle memory{BIO_new(BIO_s_mem())};
  RTA_ASSERT(memory != nullptr);
  const int written =
      PEM_write_bio_PKCS8PrivateKey(memory.get(), key, cipher, passphrase.data(),
                                    static_cast<int>(passphrase.size()), nullptr, nullptr);
  RTA_ASSERT(written == 1);
  return take_secret(memory.get());
}

}  // namespace

void KeyDeleter::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<PrivateKey> PrivateKey::make_rsa(int bits) {
  KeyHandle key{EVP_RSA_gen(static_cast<unsigned int>(bits))};
  if (!key) return openssl_error("making an RSA key");
  return PrivateKey{std::move(key)};
}

Result<PrivateKey> PrivateKey::make_ec(const std::string& curve) {
  KeyHandle key{EVP_EC_gen(curve.c_str())};
  if (!key) return openssl_error("making an EC key on " + curve);
  return PrivateKey{std::move(key)};
}

Result<PrivateKey> PrivateKey::make_ed25519() {
  KeyHandle key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  if (!key) return openssl_error("making an Ed25519 key");
  return PrivateKey{std::move(key)};
}

Result<PrivateKey> PrivateKey::from_der(ByteView der) {
  const unsigned char* at = der.data();
  KeyHandle key{d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size()))};
  if (!key) return openssl_error("not a private key");
  return PrivateKey{std::move(key)};
}

Secret PrivateKey::pem() const { return write_pem(key_.get(), nullptr, {}); }

Secret PrivateKey::encrypted_pem(std::string_view passphrase) const {
  return write_pem(key_.get(), EVP_aes_256_cbc(), passphrase);
}

std::string PrivateKey::kind() const {
  const char* name = EVP_PKEY_get0_type_name(key_.get());
  return name == nullptr ? "unknown" : name;
}

int PrivateKey::bits() const { return EVP_PKEY_get_bits(key_.get()); }

std::string PrivateKey::spki_sha256() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  ERR_clear_error();
  if (size <= 0) return {};  // a key without public half: nothing to compare
  std::string digest = sha256_hex(ByteView{der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return digest;
}

}  // namespace rta::x509

// What a piece of DER is: a private key, a certificate, a request, PKCS#12.
// OpenSSL's decoders decide. Pure; any thread. For key_material.cpp.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/repository.h>

#include <optional>
#include <string>

namespace rta::files {

struct DerMaterial {
  Material material = Material::private_key;
  std::string kind;         // "RSA", "EC": of keys
  std::string spki_sha256;  // of the public half, lower-case hex; empty when not known
  bool is_ca = false;       // certificates
};

// A private key without encryption: PKCS#8, PKCS#1 or SEC 1.
std::optional<DerMaterial> private_key_in(ByteView der);
// PKCS#8 EncryptedPrivateKeyInfo.
bool is_encrypted_private_key(ByteView der);
std::optional<DerMaterial> certificate_in(ByteView der);
std::optional<DerMaterial> certificate_request_in(ByteView der);
// PKCS#12; without a bag for keys it is a store of certificates.
std::optional<DerMaterial> pkcs12_in(ByteView der);

}  // namespace rta::files

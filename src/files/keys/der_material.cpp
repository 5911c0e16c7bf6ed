#include "files/keys/der_material.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "base/digest.h"
#include "base/free_with.h"

namespace rta::files {
namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, FreeWith<X509_free>>;
using RequestHandle = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using Pkcs12Handle = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;
using SigHandle = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;

std::string spki_of(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = key == nullptr ? -1 : i2d_PUBKEY(key, &der);
  ERR_clear_error();
  if (size <= 0) return {};
  const std::string digest = sha256_hex(ByteView{der, static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return digest;
}

// Decodes and asks that nothing was left over, but for line ends.
template <class Handle, class Decode>
Handle whole(ByteView der, Decode decode) {
  const unsigned char* at = der.data();
  Handle object{decode(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  const auto blank = [](unsigned char c) { return c == '\n' || c == '\r' || c == 0; };
  if (object && !std::all_of(at, der.data() + der.size(), blank)) object.reset();
  return object;
}

bool contains(ByteView bytes, std::initializer_list<std::uint8_t> wanted) {
  return !std::ranges::search(bytes, wanted).empty();
}

std::string kind_of(EVP_PKEY* key) {
  const char* name = EVP_PKEY_get0_type_name(key);
  return name == nullptr ? "" : name;
}

}  // namespace

std::optional<DerMaterial> private_key_in(ByteView der) {
  const Key key = whole<Key>(der, d2i_AutoPrivateKey);
  if (!key) return std::nullopt;
  return DerMaterial{Material::private_key, kind_of(key.get()), spki_of(key.get()), false};
}

bool is_encrypted_private_key(ByteView der) {
  const SigHandle outer = whole<SigHandle>(der, d2i_X509_SIG);
  if (!outer) return false;
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_OCTET_STRING* body = nullptr;
  X509_SIG_get0(outer.get(), &algorithm, &body);
  // RFC 8018 schemes, and PKCS#12's own (1.2.840.113549.1.12.1.x).
  const ASN1_OBJECT* id = nullptr;
  X509_ALGOR_get0(&id, nullptr, nullptr, algorithm);
  const ByteView oid{OBJ_get0_data(id), OBJ_length(id)};
  const auto starts_with = [&](std::initializer_list<std::uint8_t> start) {
    return oid.size() > start.size() && std::ranges::equal(oid.first(start.size()), start);
  };
  return starts_with({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05}) ||
         starts_with({0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01});
}

std::optional<DerMaterial> certificate_in(ByteView der) {
  const X509Handle certificate = whole<X509Handle>(der, d2i_X509);
  if (!certificate) return std::nullopt;
  DerMaterial found{Material::certificate, "", "", false};
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  found.spki_sha256 = spki_of(key);
  if (key != nullptr) found.kind = kind_of(key);
  // 1: CA by basicConstraints; 3: a self-signed certificate of version 1.
  const int ca = X509_check_ca(certificate.get());
  found.is_ca = ca == 1 || ca == 3;
  ERR_clear_error();
  return found;
}

std::optional<DerMaterial> certificate_request_in(ByteView der) {
  const RequestHandle request = whole<RequestHandle>(der, d2i_X509_REQ);
  if (!request) return std::nullopt;
  return DerMaterial{Material::certificate_request, "",
                     spki_of(X509_REQ_get0_pubkey(request.get())), false};
}

std::optional<DerMaterial> pkcs12_in(ByteView der) {
  if (!whole<Pkcs12Handle>(der, d2i_PKCS12)) return std::nullopt;
  // RFC 7292 4.2: keyBag 1.2.840.113549.1.12.10.1.1, shrouded .2; stores keep
  // these bags outside the encrypted part.
  const bool has_key =
      contains(der,
               {0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x01}) ||
      contains(der, {0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x02});
  return DerMaterial{has_key ? Material::pkcs12 : Material::certificate, "", "", false};
}

}  // namespace rta::files

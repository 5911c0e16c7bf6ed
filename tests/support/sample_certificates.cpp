#include "tests/support/sample_certificates.h"

#include <redis_tls_audit/assert.h>

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace rta::testing {
namespace {

void add_extension(X509& certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  RTA_ASSERT(extension != nullptr);
  X509_add_ext(&certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Bytes make_certificate(const CertificateOrder& order) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
  RTA_ASSERT(key && certificate);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 4711);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()),
                order.not_before.time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), order.not_after.time_since_epoch().count());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>("Example Clinic"), -1, -1, 0);
  X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_UTF8STRING,
                             reinterpret_cast<const unsigned char*>(order.common_name.data()),
                             static_cast<int>(order.common_name.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key.get());
  add_extension(*certificate, NID_basic_constraints, order.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
  if (!order.is_ca) add_extension(*certificate, NID_subject_alt_name, "DNS:redis,DNS:localhost");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  Bytes der(static_cast<std::size_t>(i2d_X509(certificate.get(), nullptr)));
  unsigned char* out = der.data();
  i2d_X509(certificate.get(), &out);
  return der;
}

}  // namespace rta::testing

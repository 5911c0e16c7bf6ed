// Owners of OpenSSL's objects, and its last error as text. For the .cpp files
// of this room only.
#pragma once

#include <redis_tls_audit/result.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/free_with.h"

namespace rta::x509 {

using X509Handle = std::unique_ptr<X509, FreeWith<X509_free>>;
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using BignumHandle = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

// Takes OpenSSL's queue of errors; the first is the closest to the cause.
inline Error openssl_error(std::string what) {
  const unsigned long code = ERR_peek_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  if (reason != nullptr) what += std::string{": "} + reason;
  return Error{std::move(what), {}, {}};
}

}  // namespace rta::x509

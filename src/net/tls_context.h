// The OpenSSL context of TlsSession, built from TlsParameters with nothing
// taken from openssl.cnf: a library context of its own with the default
// provider, and every setting stated. Included by src/net/*.cpp only.
#pragma once

#include <openssl/ssl.h>
#include <redis_tls_audit/result.h>

#include <memory>
#include <string>

#include "net/tls_session.h"

namespace rta::net {

template <auto free_it>
struct OpensslDeleter {
  template <class T>
  void operator()(T* object) const {
    free_it(object);
  }
};
using SslContext = std::unique_ptr<SSL_CTX, OpensslDeleter<SSL_CTX_free>>;
using SslSession = std::unique_ptr<SSL, OpensslDeleter<SSL_free>>;
using X509Handle = std::unique_ptr<X509, OpensslDeleter<X509_free>>;
using X509StoreHandle = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using X509StoreContext = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;

Result<SslContext> make_tls_context(const TlsParameters& parameters);

// What verification said, chain and name apart. Fills the fields of `result`.
void verify_server(SSL* ssl, const TlsParameters& parameters, SessionResult& result);

// "wrong version number": the oldest reason in OpenSSL's error queue, which is
// emptied; empty when there is none.
std::string openssl_reason();

// The library context that all of this lives in.
OSSL_LIB_CTX* tls_library_context();

}  // namespace rta::net

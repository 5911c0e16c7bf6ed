// The OpenSSL context of TlsSession, built from TlsParameters with nothing
// taken from openssl.cnf: a library context of its own with the default
// provider, and every setting stated. Included by src/net/*.cpp only.
#pragma once

#include <openssl/ssl.h>
#include <redis_tls_audit/result.h>

#include <memory>
#include <string>

#include "base/free_with.h"
#include "net/tls_session.h"

namespace rta::net {

using SslContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslSession = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using X509Handle = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509StoreHandle = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using X509StoreContext = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;

Result<SslContext> make_tls_context(const TlsParameters& parameters);

// What verification said, chain and name apart. Fills the fields of `result`.
void verify_server(SSL* ssl, const TlsParameters& parameters, SessionResult& result);

// "wrong version number": the oldest reason in OpenSSL's error queue, which is
// emptied; empty when there is none.
std::string openssl_reason();

// The library context that all of this lives in.
OSSL_LIB_CTX* tls_library_context();

}  // namespace rta::net

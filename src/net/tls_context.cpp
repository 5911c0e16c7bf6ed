#include "net/tls_context.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>
#include <redis_tls_audit/limits.h>

#include "net/address.h"

namespace rta::net {
namespace {

// Every option that openssl.cnf may have set is cleared first.
constexpr std::uint64_t kClientOptions =
    SSL_OP_NO_COMPRESSION | SSL_OP_ENABLE_MIDDLEBOX_COMPAT | SSL_OP_IGNORE_UNEXPECTED_EOF;
constexpr std::uint64_t kObserverOptions =
    kClientOptions | SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION;

// No anonymous suites: a server that prefers them would show no certificate.
constexpr const char* kObserverSuites = "ALL:!aNULL:eNULL";
// Up to TLS 1.2 the suite names the certificate's kind as well.
constexpr const char* kRsaSuites = "ALL:!aNULL:eNULL:!aECDSA:!aDSS";
constexpr const char* kEcdsaSuites = "aECDSA:!aNULL";
constexpr const char* kClientSuites = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";  // OpenSSL's own default
constexpr const char* kTls13Suites =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* kObserverTls13Suites =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:"
    "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256";
constexpr const char* kGroups =
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192";
// A certificate on a curve of its own kind is served to those who offer the
// curve (RFC 8422 5.3): an observer wants to see it.
constexpr const char* kObserverGroups =
    "X25519:P-256:X448:P-521:P-384:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192:"
    "brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:secp256k1:P-224:P-192";
constexpr const char* kSignatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:RSA-PSS+SHA256:RSA-PSS+SHA384:"
    "RSA-PSS+SHA512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:RSA+SHA256:"
    "RSA+SHA384:RSA+SHA512:ECDSA+SHA224:RSA+SHA224";
constexpr const char* kRsaSignatures =
    "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:"
    "rsa_pss_pss_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA224:RSA+SHA1";
constexpr const char* kEcdsaSignatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:ECDSA+SHA224:ECDSA+SHA1";
constexpr const char* kObserverSignatures =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:RSA-PSS+SHA256:RSA-PSS+SHA384:"
    "RSA-PSS+SHA512:rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:RSA+SHA256:"
    "RSA+SHA384:RSA+SHA512:ECDSA+SHA224:RSA+SHA224:ECDSA+SHA1:RSA+SHA1:DSA+SHA256:DSA+SHA1";

// RFC 5280 6: how many intermediates a path may have; hostile policies stay cheap.
constexpr int kVerifyDepth = 10;

int refuse_passphrase(char*, int, int, void*) { return 0; }

X509Handle read_der(ByteView der) {
  const unsigned char* from = der.data();
  return X509Handle{d2i_X509(nullptr, &from, static_cast<long>(der.size()))};
}

std::unique_ptr<BIO, FreeWith<BIO_free>> memory(std::string_view text) {
  return std::unique_ptr<BIO, FreeWith<BIO_free>>{
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

Error openssl_error(std::string what) {
  const std::string reason = openssl_reason();
  return Error{.what = reason.empty() ? std::move(what) : std::move(what) + ": " + reason};
}

Result<void> use_client_certificate(SSL_CTX* context, const TlsParameters& parameters) {
  if (parameters.client_certificate_pem.empty()) return {};
  const auto certificates = memory(as_text(parameters.client_certificate_pem));
  const X509Handle leaf{PEM_read_bio_X509(certificates.get(), nullptr, refuse_passphrase, nullptr)};
  if (!leaf) return openssl_error("the client certificate cannot be read");
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) {
    return openssl_error("the client certificate cannot be used");
  }
  while (X509* issuer =
             PEM_read_bio_X509(certificates.get(), nullptr, refuse_passphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, issuer) != 1) {
      X509_free(issuer);
      return openssl_error("the client certificate's chain cannot be used");
    }
  }
  ERR_clear_error();  // the end of a PEM file is reported as an error
  if (!parameters.client_key_pem) return Error{.what = "the client certificate has no key"};
  const auto key_text = memory(parameters.client_key_pem->expose());
  const std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>> key{PEM_read_bio_PrivateKey_ex(
      key_text.get(), nullptr, refuse_passphrase, nullptr, tls_library_context(), nullptr)};
  if (!key) {
    ERR_clear_error();
    return Error{.what = "the client key cannot be read, or needs a passphrase"};
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return openssl_error("the client key does not belong to the client certificate");
  }
  return {};
}

// The system's store, read once when somebody trusts it.
X509_STORE* public_store() {
  static const X509StoreHandle store = [] {
    X509StoreHandle loaded{X509_STORE_new()};
    constexpr const char* kBundle = "/etc/ssl/certs/ca-certificates.crt";
    if (X509_STORE_load_file_ex(loaded.get(), kBundle, tls_library_context(), nullptr) != 1) {
      X509_STORE_set_default_paths_ex(loaded.get(), tls_library_context(), nullptr);
    }
    ERR_clear_error();
    return loaded;
  }();
  return store.get();
}

X509StoreHandle trust_store(const TlsParameters& parameters) {
  X509StoreHandle store;
  if (parameters.trust_public_store) {
    X509_STORE_up_ref(public_store());
    store.reset(public_store());
    if (parameters.trusted.empty()) return store;
    // Anchors must not leak into the shared store: copy its entries.
    X509StoreHandle copy{X509_STORE_new()};
    STACK_OF(X509_OBJECT)* entries = X509_STORE_get0_objects(store.get());
    for (int i = 0; i < sk_X509_OBJECT_num(entries); ++i) {
      X509* anchor = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(entries, i));
      if (anchor != nullptr) X509_STORE_add_cert(copy.get(), anchor);
    }
    store = std::move(copy);
  } else {
    store.reset(X509_STORE_new());
  }
  for (const Bytes& der : parameters.trusted) {
    const X509Handle anchor = read_der(der);
    if (anchor) X509_STORE_add_cert(store.get(), anchor.get());
  }
  ERR_clear_error();
  return store;
}

void verify_chain(X509* leaf, STACK_OF(X509) * served, const TlsParameters& parameters,
                  SessionResult& result) {
  const X509StoreHandle store = trust_store(parameters);
  const X509StoreContext context{X509_STORE_CTX_new_ex(tls_library_context(), nullptr)};
  if (X509_STORE_CTX_init(context.get(), store.get(), leaf, served) != 1) {
    result.chain_error = X509_V_ERR_UNSPECIFIED;
    result.chain_error_text = "the chain cannot be verified: " + openssl_reason();
    return;
  }
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_depth(rules, kVerifyDepth);
  X509_VERIFY_PARAM_set_auth_level(rules, parameters.as_ordinary_client ? 1 : 0);
  if (parameters.at) X509_VERIFY_PARAM_set_time(rules, parameters.at->time_since_epoch().count());
  result.chain_verified = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (result.chain_verified) return;
  result.chain_error = X509_STORE_CTX_get_error(context.get());
  result.chain_error_depth = X509_STORE_CTX_get_error_depth(context.get());
  result.chain_error_text = X509_verify_cert_error_string(result.chain_error);
}

// RFC 9525: subject alternative names only, the common name never counts.
void verify_name(X509* leaf, const TlsParameters& parameters, SessionResult& result) {
  const std::string& name = parameters.server_name;
  constexpr unsigned kFlags =
      X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
  if (name.empty()) {
    result.name_error_text = "no name to verify was given";
  } else if (is_numeric_ip(name)) {
    result.name_verified = X509_check_ip_asc(leaf, name.c_str(), kFlags) == 1;
  } else {
    result.name_verified = X509_check_host(leaf, name.data(), name.size(), kFlags, nullptr) == 1;
  }
  ERR_clear_error();
  if (!result.name_verified && result.name_error_text.empty()) {
    result.name_error_text = "no subject alternative name of the certificate is " + name;
  }
}

struct Offer {
  const char* suites;
  const char* signatures;
};

Offer offer_of(const TlsParameters& parameters) {
  if (parameters.as_ordinary_client) return {kClientSuites, kSignatures};
  switch (parameters.signatures) {
    case SignatureOffer::all:
      return {kObserverSuites, kObserverSignatures};
    case SignatureOffer::rsa_only:
      return {kRsaSuites, kRsaSignatures};
    case SignatureOffer::ecdsa_only:
      return {kEcdsaSuites, kEcdsaSignatures};
  }
  return {kObserverSuites, kObserverSignatures};
}

}  // namespace

OSSL_LIB_CTX* tls_library_context() {
  // The default context reads openssl.cnf; ours does not. Never freed: contexts
  // of sessions may outlive static destruction.
  static OSSL_LIB_CTX* const context = [] {
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    return made;
  }();
  return context;
}

Result<SslContext> make_tls_context(const TlsParameters& parameters) {
  ERR_clear_error();
  SslContext made{SSL_CTX_new_ex(tls_library_context(), nullptr, TLS_client_method())};
  SSL_CTX* context = made.get();
  if (context == nullptr) return openssl_error("OpenSSL gives no TLS context");
  const bool ordinary = parameters.as_ordinary_client;
  const auto oldest =
      ordinary ? std::max(parameters.min_version, ProtocolVersion::tls1_2) : parameters.min_version;
  SSL_CTX_clear_options(context, ~std::uint64_t{0});
  SSL_CTX_set_options(context, ordinary ? kClientOptions : kObserverOptions);
  SSL_CTX_set_security_level(context, ordinary ? 1 : 0);
  if (!parameters.tickets) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  const Offer offer = offer_of(parameters);
  const bool set =
      SSL_CTX_set_min_proto_version(context, static_cast<int>(oldest)) == 1 &&
      SSL_CTX_set_max_proto_version(context, static_cast<int>(parameters.max_version)) == 1 &&
      SSL_CTX_set_cipher_list(context, offer.suites) == 1 &&
      SSL_CTX_set_ciphersuites(context, ordinary ? kTls13Suites : kObserverTls13Suites) == 1 &&
      SSL_CTX_set1_groups_list(context, ordinary ? kGroups : kObserverGroups) == 1 &&
      SSL_CTX_set1_sigalgs_list(context, offer.signatures) == 1;
  if (!set) return openssl_error("OpenSSL refuses our settings");
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);  // verify_server() judges afterwards
  SSL_CTX_set_max_cert_list(context, static_cast<long>(limits::kCertificateChain));
  SSL_CTX_set_default_passwd_cb(context, refuse_passphrase);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  if (Result<void> used = use_client_certificate(context, parameters); !used) return used.error();
  return made;
}

Result<void> check_client_certificate(const TlsParameters& parameters) {
  const Result<SslContext> made = make_tls_context(parameters);
  if (!made) return made.error();
  return {};
}

void verify_server(SSL* ssl, const TlsParameters& parameters, SessionResult& result) {
  X509* leaf = SSL_get0_peer_certificate(ssl);
  if (leaf == nullptr) {
    result.chain_error = X509_V_ERR_UNSPECIFIED;
    result.chain_error_text = "the server sent no certificate";
    result.name_error_text = result.chain_error_text;
    return;
  }
  verify_chain(leaf, SSL_get_peer_cert_chain(ssl), parameters, result);
  verify_name(leaf, parameters, result);
}

std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return {};
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? "OpenSSL error " + std::to_string(code) : reason;
}

}  // namespace rta::net

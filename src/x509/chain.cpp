#include "x509/chain.h"

#include <algorithm>
#include <optional>
#include <set>

#include "x509/openssl.h"

namespace rta::x509 {
namespace {

using StoreHandle = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using ContextHandle = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;
using CrlHandle = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackHandle = std::unique_ptr<STACK_OF(X509), FreeStack>;

constexpr int kMaxDepth = 10;

X509Handle decode(ByteView der) {
  const unsigned char* at = der.data();
  X509Handle x509{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  ERR_clear_error();
  return x509;
}

Bytes encode(X509* x509) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(x509, &der);
  Bytes bytes;
  if (size > 0) bytes.assign(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

// RFC 5280 4.1.2.5 counts the last second in; OpenSSL does not.
int accept_last_second(int accepted, X509_STORE_CTX* context) {
  if (accepted == 1 || X509_STORE_CTX_get_error(context) != X509_V_ERR_CERT_HAS_EXPIRED)
    return accepted;
  const auto* at = static_cast<const Timestamp*>(X509_STORE_CTX_get_app_data(context));
  const ASN1_TIME* end = X509_get0_notAfter(X509_STORE_CTX_get_current_cert(context));
  int days = 0;
  int seconds = 0;
  const ASN1_TIME* now =
      ASN1_TIME_set(nullptr, static_cast<time_t>(at->time_since_epoch().count()));
  const bool same =
      now != nullptr && ASN1_TIME_diff(&days, &seconds, now, end) == 1 && days == 0 && seconds == 0;
  ASN1_TIME_free(const_cast<ASN1_TIME*>(now));
  if (!same) return 0;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return 1;
}

StoreHandle make_store(const ChainRequest& request) {
  StoreHandle store{X509_STORE_new()};
  for (const Bytes& anchor : request.anchors)
    if (const X509Handle x509 = decode(anchor)) X509_STORE_add_cert(store.get(), x509.get());
  for (const Bytes& der : request.crls) {
    const unsigned char* at = der.data();
    const CrlHandle crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
    if (crl) X509_STORE_add_crl(store.get(), crl.get());
  }
  ERR_clear_error();
  return store;
}

void set_parameters(X509_STORE_CTX* context, const ChainRequest& request) {
  unsigned long flags = 0;
  if (request.strict) flags |= X509_V_FLAG_X509_STRICT;
  if (request.partial_chain) flags |= X509_V_FLAG_PARTIAL_CHAIN;
  // Only the leaf's: there is rarely a list for each CA above it.
  if (!request.crls.empty()) flags |= X509_V_FLAG_CRL_CHECK;
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_flags(parameters, flags);
  // A time that is set outranks X509_V_FLAG_NO_CHECK_TIME.
  if (request.check_time)
    X509_VERIFY_PARAM_set_time(parameters,
                               static_cast<time_t>(request.at.time_since_epoch().count()));
  else
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_depth(parameters, kMaxDepth);
  X509_VERIFY_PARAM_set_auth_level(parameters, request.security_level);
  if (request.purpose == ChainPurpose::tls_server)
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
  if (request.purpose == ChainPurpose::tls_client)
    X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_CLIENT);
}

ChainResult refused(int error, std::string text) {
  ChainResult result;
  result.error = error;
  result.text = std::move(text);
  return result;
}

}  // namespace

ChainResult verify_chain(const ChainRequest& request) {
  if (request.served.empty()) return refused(X509_V_ERR_UNSPECIFIED, "no certificate was sent");
  const X509Handle leaf = decode(request.served.front());
  if (!leaf) return refused(X509_V_ERR_UNSPECIFIED, "the first certificate cannot be read");
  const StackHandle others{sk_X509_new_null()};
  for (const Bytes& der : request.served.subspan(1))
    if (X509Handle x509 = decode(der); x509 && sk_X509_push(others.get(), x509.get()) > 0)
      static_cast<void>(x509.release());  // the stack owns it

  const StoreHandle store = make_store(request);
  const ContextHandle context{X509_STORE_CTX_new()};
  if (!store || !context ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), others.get()) != 1)
    return refused(X509_V_ERR_OUT_OF_MEM, "verification could not start");
  set_parameters(context.get(), request);
  Timestamp at = request.at;
  X509_STORE_CTX_set_app_data(context.get(), &at);
  X509_STORE_CTX_set_verify_cb(context.get(), accept_last_second);

  ChainResult result;
  result.accepted = X509_verify_cert(context.get()) == 1;
  result.error = X509_STORE_CTX_get_error(context.get());
  result.depth = X509_STORE_CTX_get_error_depth(context.get());
  if (!result.accepted) result.text = X509_verify_cert_error_string(result.error);
  const STACK_OF(X509)* path = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(path); ++i) result.path.push_back(encode(sk_X509_value(path, i)));
  ERR_clear_error();
  return result;
}

bool was_issued_by(ByteView subject, ByteView issuer) {
  const X509Handle child = decode(subject);
  const X509Handle parent = decode(issuer);
  if (!child || !parent) return false;
  EVP_PKEY* key = X509_get0_pubkey(parent.get());
  const bool issued =
      X509_NAME_cmp(X509_get_issuer_name(child.get()), X509_get_subject_name(parent.get())) == 0 &&
      key != nullptr && X509_verify(child.get(), key) == 1;
  ERR_clear_error();
  return issued;
}

ChainShape shape_of(std::span<const Bytes> served) {
  ChainShape shape;
  if (served.empty()) return shape;
  std::set<std::string> seen;
  std::vector<std::optional<Certificate>> parsed;
  for (const Bytes& der : served) {
    Result<Certificate> certificate = parse_certificate(der);
    parsed.push_back(certificate ? std::optional{std::move(*certificate)} : std::nullopt);
    if (parsed.back() && !seen.insert(parsed.back()->sha256).second) shape.duplicates = true;
  }
  // Climb from the leaf; each certificate is used once.
  std::set<std::size_t> used{0};
  std::size_t current = 0;
  while (parsed[current] && !parsed[current]->self_signed) {
    std::optional<std::size_t> issuer;
    for (std::size_t i = 0; i < served.size() && !issuer; ++i)
      if (!used.contains(i) && parsed[i] && parsed[i]->subject == parsed[current]->issuer &&
          was_issued_by(served[current], served[i]))
        issuer = i;
    if (!issuer) break;
    const bool only_copies_between = [&] {
      for (std::size_t i = current + 1; i < *issuer; ++i)
        if (!used.contains(i) && served[i] != served[current]) return false;
      return *issuer > current;
    }();
    shape.unordered |= !only_copies_between;
    used.insert(*issuer);
    current = *issuer;
  }
  const std::optional<Certificate>& top = parsed[current];
  shape.complete = top && top->self_signed;
  shape.root_included = shape.complete && current != 0;
  if (top && !shape.complete) shape.missing_issuer = top->issuer;
  std::set<Bytes> on_the_way;
  for (const std::size_t index : used) on_the_way.insert(served[index]);
  shape.unrelated = static_cast<std::size_t>(
      std::ranges::count_if(served, [&](const Bytes& der) { return !on_the_way.contains(der); }));
  return shape;
}

}  // namespace rta::x509

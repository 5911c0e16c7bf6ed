#include "tests/support/pki.h"

#include <stdexcept>

#include "tests/support/check_story.h"

namespace rta::testing {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(*result);
}

}  // namespace

Issued make_self_signed(const x509::CertificateSpec& spec, x509::PrivateKey key) {
  Bytes der = must(x509::self_sign(spec, key));
  return {std::move(key), std::move(der)};
}

Issued make_self_signed(const x509::CertificateSpec& spec) {
  return make_self_signed(spec, must(x509::PrivateKey::make_ec()));
}

Issued make_issued(const x509::CertificateSpec& spec, const Issued& issuer, x509::PrivateKey key) {
  Bytes der = must(x509::issue(spec, key, issuer.der, issuer.key));
  return {std::move(key), std::move(der)};
}

Issued make_issued(const x509::CertificateSpec& spec, const Issued& issuer) {
  return make_issued(spec, issuer, must(x509::PrivateKey::make_ec()));
}

Timestamp issued_at() { return story_time() - std::chrono::days{30}; }

Issued make_authority(std::string common_name) {
  return make_self_signed(x509::proper_ca(std::move(common_name), issued_at(), 3000));
}

Issued make_server(const Issued& authority, const std::string& name) {
  return make_issued(x509::proper_server({name}, {}, issued_at(), 365), authority);
}

}  // namespace rta::testing

// Pki makes the certificates of a test: one authority and what it signs, all
// with EC keys, which cost a millisecond each.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/time.h>

#include <string>

#include "x509/issue.h"

namespace rta::testing {

struct Issued {
  x509::PrivateKey key;
  Bytes der;
  [[nodiscard]] std::string pem() const { return x509::certificate_pem(der); }
  [[nodiscard]] std::string key_pem() const { return std::string{key.pem().expose()}; }
};

// Ends the test when something cannot be made.
Issued make_self_signed(const x509::CertificateSpec& spec);
Issued make_self_signed(const x509::CertificateSpec& spec, x509::PrivateKey key);
Issued make_issued(const x509::CertificateSpec& spec, const Issued& issuer);
Issued make_issued(const x509::CertificateSpec& spec, const Issued& issuer, x509::PrivateKey key);

// A certificate made a month before story_time(), good for a year.
Timestamp issued_at();
Issued make_authority(std::string common_name = "Corp Root");
Issued make_server(const Issued& authority, const std::string& name = "redis");

}  // namespace rta::testing

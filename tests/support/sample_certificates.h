// Certificates made when a test runs, for reports that show some.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/time.h>

#include <string>

namespace rta::testing {

struct CertificateOrder {
  std::string common_name;
  Timestamp not_before;
  Timestamp not_after;
  bool is_ca = false;
};

// Self-signed with a fresh P-256 key; DER.
Bytes make_certificate(const CertificateOrder& order);

}  // namespace rta::testing

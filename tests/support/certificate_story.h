// Pieces of evidence about certificates and keys, for stories about checks.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <string>
#include <vector>

namespace rta::testing {

// A live endpoint that serves these certificates.
Endpoint& serve(Evidence& evidence, std::vector<Bytes> certificates,
                const std::string& host = "redis");
// A live endpoint whose certificates could not be seen.
Endpoint& serve_nothing(Evidence& evidence, const std::string& host = "redis");

CertificateFile& add_certificates(Evidence& evidence, const std::string& path,
                                  std::vector<Bytes> certificates, FileUse use,
                                  const std::string& by = "redis.conf");
void add_certificate_gap(Evidence& evidence, const std::string& path, GapReason reason);

// Mode 0600, root's, on ext4, in a directory of mode 0750.
KeyFile& add_key(Evidence& evidence, const std::string& path, FileUse use = FileUse::server_key,
                 const std::string& spki_sha256 = {}, const std::string& by = "redis.conf");
void add_key_gap(Evidence& evidence, const std::string& path, GapReason reason);

// A backend at backend/.env that talks to the endpoint of this host over TLS.
Consumer& add_consumer(Evidence& evidence, const std::string& host = "redis",
                       std::vector<Bytes> ca_certificates = {});

}  // namespace rta::testing

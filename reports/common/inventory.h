// The inventory of certificates: every certificate that was seen, once, with
// all places where it was seen. Pure; any thread.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <optional>
#include <string>
#include <vector>

namespace rta::reports {

struct CertificateEntry {
  std::string sha256;   // of the DER, lower-case hex
  std::string subject;  // RFC 4514 text
  std::string issuer;
  std::string common_name;              // the shortest name for people
  std::string serial;                   // hex
  std::string spki_sha256;              // of the public key, lower-case hex
  std::string key;                      // "RSA 4096"
  std::string signature;                // "sha256WithRSAEncryption"
  std::vector<std::string> names;       // subjectAltName
  std::optional<Timestamp> not_before;  // absent: unreadable
  std::optional<Timestamp> not_after;
  bool is_ca = false;
  bool self_signed = false;
  std::vector<std::string> files;      // where it lies
  std::vector<std::string> served_by;  // endpoints and consumers that were given it
  std::string problem;                 // why it cannot be read, or empty
};

// Leaves that are served first, then by expiry.
std::vector<CertificateEntry> certificate_inventory(const Evidence& evidence);

}  // namespace rta::reports

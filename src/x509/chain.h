// verify_chain() says whether a client with certain anchors would accept what
// a server sent, at a certain time. OpenSSL builds and checks the path; the
// name is not looked at (names.h does). Pure: no store of the system, no
// clock, nothing fetched. Any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/time.h>

#include <span>
#include <string>
#include <vector>

#include "x509/certificate.h"

namespace rta::x509 {

enum class ChainPurpose { any, tls_server, tls_client };

struct ChainRequest {
  std::span<const Bytes> served;     // DER, leaf first
  std::span<const Bytes> anchors;    // DER
  std::span<const Bytes> crls = {};  // DER; when given, every certificate must be covered
  Timestamp at;
  ChainPurpose purpose = ChainPurpose::tls_server;
  // X509_V_FLAG_X509_STRICT: what Python 3.13 and later demand (RFC 5280).
  bool strict = false;
  // An anchor need not be self-signed, as in Go, Java and Python 3.13.
  bool partial_chain = false;
  bool check_time = true;
  // OpenSSL's: 2 asks for 112 bits, RSA-2048 and SHA-224 (Debian's default).
  int security_level = 2;
};

struct ChainResult {
  bool accepted = false;
  int error = 0;            // X509_V_ERR_*
  std::string text;         // OpenSSL's words: "certificate has expired"
  int depth = 0;            // of the certificate at fault, 0 = leaf
  std::vector<Bytes> path;  // DER, leaf to anchor, as far as it was built
};

ChainResult verify_chain(const ChainRequest& request);

// How a chain as sent is built, anchors aside.
struct ChainShape {
  bool unordered = false;  // some issuer does not directly follow its subject
  bool duplicates = false;
  std::size_t unrelated = 0;   // not on the way up from the leaf
  bool root_included = false;  // the last of the way is self-signed (not the leaf itself)
  bool complete = false;       // ends in a self-signed certificate
  std::string missing_issuer;  // printable name that nobody carries; empty when complete
};
ChainShape shape_of(std::span<const Bytes> served);

// `issuer` is named as the issuer and its key made the signature.
bool was_issued_by(ByteView subject, ByteView issuer);

}  // namespace rta::x509

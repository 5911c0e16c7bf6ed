// PEM as people really store it: several blocks, text around them, a byte
// order mark, CRLF (RFC 7468, read leniently). Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::x509 {

struct PemBlock {
  std::string label;       // "CERTIFICATE", "RSA PRIVATE KEY"
  Bytes der;               // empty when `problem` is set
  int line = 0;            // of its BEGIN, from 1
  bool encrypted = false;  // "Proc-Type: 4,ENCRYPTED", or by its label
  std::string problem;     // "no END line", "not base64"
};

struct PemText {
  std::vector<PemBlock> blocks;
  bool has_byte_order_mark = false;
  bool has_other_text = false;  // lines outside the blocks that are not blank
  bool is_cut = false;          // more blocks than the limit
};

// At most `limit` blocks are kept.
PemText parse_pem(ByteView text, std::size_t limit = 20'000);

// "PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY".
bool is_private_key_label(std::string_view label);
// "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE".
bool is_certificate_label(std::string_view label);

}  // namespace rta::x509

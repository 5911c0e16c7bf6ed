// Names and words for code points of TLS. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>

namespace rta::reports {

std::string suite_name(CipherSuite suite);  // "TLS_AES_256_GCM_SHA384", else "0x1302"
std::string group_name(NamedGroup group);   // "x25519", else "0x001D"
bool is_tls13_suite(CipherSuite suite);
// "yes", "no", "not known"
std::string secrecy_words(CipherSuite suite);
// "AEAD, 256 bits", "CBC, 128 bits", "none"
std::string encryption_words(CipherSuite suite);

}  // namespace rta::reports

// Names of code points for people, and the matrix of versions and suites.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>

namespace rta::reports {

std::string suite_name(CipherSuite suite);  // "TLS_AES_256_GCM_SHA384", else "0x1302"
std::string group_name(NamedGroup group);   // "x25519", else "0x001D"

}  // namespace rta::reports

// Which entries of the system's trust store an audit needs: reading the store
// costs more than a whole audit, and a private deployment brings its own root.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <set>
#include <string>

namespace rta {

// Names of issuers whose own certificate is not in the evidence. A root of
// the same name that made no signature here counts for nothing: a tree must
// not hide a public authority behind its namesake.
std::set<std::string> issuers_without_root(const Evidence& evidence);

}  // namespace rta

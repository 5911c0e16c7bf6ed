// Evidence as JSON and back: the audit's archive, the input of `evaluate`, and
// recorded stories. The fields are those of the headers under
// include/redis_tls_audit. Canonical: sorted keys, no floats, RFC 3339 UTC;
// equal evidence gives equal bytes.
#pragma once

#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <string_view>

namespace rta {

std::string write_evidence(const Evidence& evidence);
// SHA-256 of the same bytes, which are never there as a whole.
std::string digest_of_evidence(const Evidence& evidence);

// Hostile input is welcome: bounded depth and size, and an Error that names
// what is wrong. Fields that are not known are ignored; a newer major version
// is refused by name.
Result<Evidence> read_evidence(std::string_view json);

}  // namespace rta

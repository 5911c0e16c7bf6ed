// What a checkout rightly does not hold: certificates and keys that are kept
// out of version control. In a pull request they are not there, and a rehearsal
// serves stand-ins: neither is a defect, and neither is judged.
#pragma once

#include <redis_tls_audit/check.h>

namespace rta::checks {

// A pull request is being judged, and the named file is not in the checkout:
// whether it exists where it is used was not seen. The gap's reason tells
// whether it is kept out (left_out) or simply not there (not_found).
bool is_left_out(const Evidence& evidence, const NamedFile& file);
// For Findings::unknown().
Gap left_out(const NamedFile& file);

// Why the certificate that a rehearsed server served is not judged.
Gap stand_in_gap(const Evidence& evidence, const Endpoint& endpoint);
// A finding for every rehearsed server that served a stand-in.
void say_stand_ins(const Evidence& evidence, Findings& findings);

}  // namespace rta::checks

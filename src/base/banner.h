// Which protocol the first bytes of a server betray, for the words of a report:
// a port that is no Redis and speaks no TLS should be called by its name. Pure;
// any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string_view>

namespace rta {

// "SSH", "HTTP", "SMTP" ...; empty when nothing is recognised.
std::string_view protocol_of(ByteView first_bytes);

}  // namespace rta

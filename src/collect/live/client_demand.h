// How a session shows whether a client certificate is demanded. A handshake
// that has ended proves nothing at TLS 1.3: only a refusal, or an answer to
// something that we said afterwards, does.
#pragma once

#include <redis_tls_audit/facts/session.h>

#include "collect/live/greeting.h"
#include "net/tls_session.h"

namespace rta {

// The server answered PING, so it has let us in as far as TLS is concerned. At
// TLS 1.3 only an answer as Redis or a web server gives it counts: anything
// else may have been sent before the certificate was looked at.
bool was_let_in(const net::SessionResult& seen, const Greeting& greeting);

// Of a session without a certificate.
VersionDemand demand_of(const net::SessionResult& seen, const Greeting& greeting);

// The weakest of the versions: an attacker chooses. Unknown where one is open,
// unless another already lets everybody in.
ClientCertificateDemand weakest(const std::vector<VersionDemand>& demands);

// Of a session with a rogue certificate.
void judge_rogue(const net::SessionResult& seen, const Greeting& greeting, RogueCertificate& rogue);

}  // namespace rta

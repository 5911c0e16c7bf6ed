// What most servers of today offer. A survey in a hurry asks for each of these
// alone, all at the same time, instead of finding them one after another: as
// many connections, since each of them takes one anyway, and two round trips
// instead of two for each. Nothing is ever taken for granted. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <vector>

namespace rta::tls {

// The suites that a server has by default that chose this one at this version:
// its key decides, for an ECDSA key cannot carry RSA suites.
std::vector<CipherSuite> usual_suites(ProtocolVersion version, CipherSuite chosen);

const std::vector<NamedGroup>& usual_groups();

// Takes those codes out of `all` that are among `usual`, and gives them back.
std::vector<std::uint16_t> pick_usual(const std::vector<std::uint16_t>& usual,
                                      std::vector<std::uint16_t>& all);

}  // namespace rta::tls

// What to write so that a consumer uses TLS, in the words that its own reader
// knows. For RTA-ENV-001, RTA-ENV-002 and RTA-ENV-010.
#pragma once

#include <redis_tls_audit/facts/consumer.h>

#include <string>

namespace rta::checks {

// Empty: its settings do not show how it is told.
std::string transport_remedy(const Consumer& consumer);

}  // namespace rta::checks

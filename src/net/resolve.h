// resolve() turns a host name into addresses that may be dialled. The lookup
// runs on a worker thread, because getaddrinfo cannot be interrupted: a lookup
// that outlives its deadline is left to end by itself. Any thread.
#pragma once

#include <redis_tls_audit/observation.h>

#include <string>
#include <vector>

#include "base/deadline.h"
#include "net/address.h"

namespace rta::net {

inline constexpr std::size_t kMaxAddresses = 8;

struct Resolution {
  std::vector<Address> addresses;     // in the resolver's order, at most kMaxAddresses, never empty
  std::vector<std::string> left_out;  // "169.254.169.254: link-local address"
};

// A Gap: unreachable (no such name), timed_out, outside_scope (only addresses
// that must not be dialled), malformed (not a host name).
Observation<Resolution> resolve(const std::string& host, std::uint16_t port, Deadline deadline);

}  // namespace rta::net

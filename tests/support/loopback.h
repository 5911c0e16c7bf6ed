// Places on the loopback network for servers that a test starts: an address of
// its own in 127.0.0.0/8 and a port that was free a moment ago, so that tests
// meet neither each other nor a Redis of this machine.
#pragma once

#include <string>

#include "net/address.h"

namespace rta::testing {

// An address like 127.83.4.201, another one at each call.
std::string own_loopback_ip();
// A port that nothing listens on.
net::Address free_address(const std::string& ip = own_loopback_ip());

}  // namespace rta::testing

// The first hello that an endpoint gets: TLS 1.3 with an empty key share, and TLS
// 1.2, padded to a record of 0x020A bytes. Redis reads an inline command up to the
// first newline and stops at the first NUL: the record's length puts a newline
// before any NUL, so that plaintext Redis answers "-ERR unknown command" at once.
// Old stacks drop TLS 1.3, or hellos of more than 255 bytes: they get a short one.
// Pure; any thread.
#pragma once

#include <string>

#include "tls/offer.h"

namespace rta::tls {

// `server_name` is what it asks for (SNI); empty, or too long to be padded: none.
Offer first_hello(std::string server_name);

// The same with TLS 1.2 alone: who reads the one reads the other.
Offer first_hello_of_tls12(std::string server_name);

// The usual suites of TLS 1.2 or older, in fewer than 256 bytes.
Offer short_hello(std::string server_name, ProtocolVersion version = ProtocolVersion::tls1_2);

}  // namespace rta::tls

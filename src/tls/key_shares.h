// Key shares that nobody holds the secret of: enough to learn whether a server
// would use a group (it answers before it needs anything back). Pure.
#pragma once

#include <vector>

#include "tls/client_hello.h"

namespace rta::tls {

// A share for X25519, P-256, P-384 or a group that combines one of them with
// ML-KEM, or for ML-KEM alone; an empty key for any other group. The ML-KEM
// part is a list of random coefficients below the modulus, which passes the
// check of FIPS 203 7.2.
KeyShare unheld_key_share(NamedGroup group, std::uint64_t nonce);
// Of X25519, P-256 and P-384: a server that speaks TLS 1.3 can use one of them.
std::vector<KeyShare> usual_key_shares(std::uint64_t nonce);

// The post-quantum groups that unheld_key_share() can make, in the order of
// their use: the hybrids, then pure ML-KEM.
const std::vector<NamedGroup>& post_quantum_groups();

}  // namespace rta::tls

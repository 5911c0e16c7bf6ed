// The chains that an endpoint serves beside the usual one, and what is wrong
// with them: to other signatures, without a name, to a name that nobody has,
// at another address.
#pragma once

#include <redis_tls_audit/check.h>

#include <string>
#include <vector>

#include "x509/certificate.h"

namespace rta::checks {

struct FurtherChain {
  const ServedChain* chain = nullptr;
  x509::Certificate leaf;
  std::string way;  // "to clients without a server name"
  // Another certificate is no surprise here: it stands beside the usual one.
  bool is_second_certificate = false;
  std::string wrong;  // why clients must refuse it; empty when nothing is
};

// Those of a live endpoint whose leaf can be read.
std::vector<FurtherChain> further_chains(const Evidence& evidence, const Endpoint& endpoint);

}  // namespace rta::checks

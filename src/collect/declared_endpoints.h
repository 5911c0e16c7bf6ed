// The endpoints that somebody declared, before anything is dialled: by the
// operator (--target, configuration) first, then by the project's consumers.
// Equal names are one endpoint. Looks nothing up.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <string>
#include <vector>

#include "collect/settings.h"

namespace rta {

struct DeclaredEndpoint {
  std::string key;  // "redis:6379"
  HostPort place;
  std::vector<std::string> named_by;   // "--target", "backend/.env:3"
  bool by_operator = false;            // else only the tree names it
  std::vector<std::size_t> consumers;  // indices into Evidence::consumers
};

std::vector<DeclaredEndpoint> declared_endpoints(const ScanSettings& settings,
                                                 const std::vector<Consumer>& consumers);

// Where the consumer's host is written: the variable's place, else its file.
SourceLocation place_of_host(const Consumer& consumer);

}  // namespace rta

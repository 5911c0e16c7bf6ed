// Stand-ins for the certificates that a project rightly keeps out of its tree:
// made for one rehearsal, of the kind of the real key where that is known.
#pragma once

#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <string>

namespace rta::rehearse {

struct Material;

// What the private server is given, in PEM.
struct ServedMaterial {
  std::string certificate;
  Secret key;
  std::string ca;
  std::string dh;
  bool stand_in = false;     // the served certificate was made here
  bool stand_in_ca = false;  // so was the CA for clients
};

Result<ServedMaterial> complete_material(const Material& given, bool needs_ca);

}  // namespace rta::rehearse

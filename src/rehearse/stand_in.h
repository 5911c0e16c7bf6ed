// Stand-ins for the certificates that a project rightly keeps out of its tree:
// made for one rehearsal, of the kind of the real key where that is known.
#pragma once

#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <string>

namespace rta::rehearse {

struct Material;

// What a client of the private server needs in place of its own files: the CA
// that issued a made certificate, and a client certificate where the made CA
// is asked for them. In PEM; empty where nothing was made.
struct StandIns {
  std::string anchor;
  std::string client_certificate;
  Secret client_key;
};

// What the private server is given, in PEM.
struct ServedMaterial {
  std::string certificate;
  Secret key;
  std::string ca;
  std::string dh;
  bool stand_in = false;     // the served certificate was made here
  bool stand_in_ca = false;  // so was the CA for clients
  StandIns made;             // for those who connect
};

Result<ServedMaterial> complete_material(const Material& given, bool needs_ca);

}  // namespace rta::rehearse

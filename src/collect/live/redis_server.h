// Asking one Redis server what it says of itself: a session as nobody first,
// then, where the operator gave a certificate or a password for this target,
// one with them. A password leaves this program only over a channel whose
// chain and name were verified.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/secret.h>

#include <memory>
#include <string>
#include <vector>

#include "net/engine.h"

namespace rta {

struct RedisTarget {
  std::string key;  // of the Endpoint, for provenance
  net::Address address;
  std::string server_name;  // SNI, and the name to verify
  bool speaks_tls = true;
  std::vector<Bytes> trusted;               // DER of trust anchors
  std::vector<std::string> trusted_sha256;  // of anchors that the server itself sends
  bool trust_public_store = false;
  Bytes client_certificate_pem;  // empty = none
  std::shared_ptr<const Secret> client_key_pem;
  std::string user;
  std::shared_ptr<const Secret> password;  // null = none
  bool auth_unverified = false;            // the operator's --auth-unverified
  std::optional<Timestamp> at;             // verify certificates at this instant
  net::Budget budget;
};

// A Gap when no command was answered and the handshake did not show why.
Observation<RedisServer> ask_redis_server(net::Engine& engine, const RedisTarget& target,
                                          Footprint& footprint);

// Speaks to the bus port of a cluster node and notes what it answers.
void probe_cluster_bus(net::Engine& engine, const RedisTarget& target, RedisServer& server,
                       Footprint& footprint);

}  // namespace rta

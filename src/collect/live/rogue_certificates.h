// Client certificates that no server should take, made in memory for one
// endpoint and thrown away with it. No authority of the audited deployment
// signs them: what a refusal proves is that strangers are kept out, and the
// server's alert says at what it took offence.
#pragma once

#include <redis_tls_audit/facts/session.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>
#include <redis_tls_audit/time.h>

#include <memory>
#include <vector>

namespace rta {

struct RogueClient {
  RogueKind kind = RogueKind::strange_authority;
  Bytes certificate;  // DER
  Bytes pem;          // with its authority
  std::shared_ptr<const Secret> key_pem;
};

// One of each kind, around `now`. `served` is the chain of the server: the
// namesake authority and the issuers of the dated ones bear its issuer's name.
Result<std::vector<RogueClient>> make_rogue_clients(const std::vector<Bytes>& served,
                                                    Timestamp now);

}  // namespace rta

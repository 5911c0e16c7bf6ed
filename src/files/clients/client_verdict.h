// What a client library makes of a connection URL or of options in its own
// notation: whether it encrypts, and what it verifies. The rules of ioredis,
// node-redis, BullMQ, redis-py, kombu, Celery and redis-cli are compared with
// the real clients in tests/differential; the others are read in their
// sources and documentation. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/consumer.h>

#include <map>
#include <string>
#include <string_view>

namespace rta::files {

enum class ClientVerdict {
  unknown,  // another library, or code decides
  plaintext,
  tls_unverified,
  tls_chain_only,
  tls_verified,
  tls_verified_other_name,
  client_refuses_config
};

struct ClientJudgement {
  ClientVerdict verdict = ClientVerdict::unknown;
  std::string why;  // "rejectUnauthorized is false"
};

// Which library, and which one it stands on: Celery and kombu hand on to
// redis-py, whose version decides about names. Versions may be empty.
struct ClientUse {
  std::string name;
  std::string version;
  std::string driver_version;
};

using ClientEnvironment = std::map<std::string, std::string>;

ClientJudgement judge_client_use(const ClientUse& client, std::string_view form,
                                 const ClientEnvironment& environment = {});
ClientVerdict judge_client(std::string_view client, std::string_view version, std::string_view form,
                           const ClientEnvironment& environment = {});
VerificationLevel level_of(ClientVerdict verdict);
// "accepts any certificate": what such a client does, for sentences.
std::string_view behaviour_of(ClientVerdict verdict);

// -1, 0, 1 as versions compare, number by number; "" is unknown and equal.
int compare_versions(std::string_view one, std::string_view other);

}  // namespace rta::files

template <>
struct rta::EnumNames<rta::files::ClientVerdict> {
  using Verdict = rta::files::ClientVerdict;
  static constexpr std::array table{
      EnumName<Verdict>{Verdict::unknown, "unknown"},
      EnumName<Verdict>{Verdict::plaintext, "plaintext"},
      EnumName<Verdict>{Verdict::tls_unverified, "tls-unverified"},
      EnumName<Verdict>{Verdict::tls_chain_only, "tls-chain-only"},
      EnumName<Verdict>{Verdict::tls_verified, "tls-verified"},
      EnumName<Verdict>{Verdict::tls_verified_other_name, "tls-verified-other-name"},
      EnumName<Verdict>{Verdict::client_refuses_config, "client-refuses-config"}};
};

// Which Redis client a project uses, from its manifests and lock files, and
// what that client verifies for a given URL or options (observed with the real
// clients; docs of the checks say which). Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/consumer.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct ClientLibrary {
  std::string name;     // "ioredis", "node-redis", "redis-py", "celery", "go-redis" ...
  std::string version;  // "4.3.4"; a lower bound when `exact` is false; may be empty
  bool exact = false;   // from a lock file or a pinned requirement
  SourceLocation location;
};

// By the file's name: package.json, package-lock.json, requirements*.txt,
// pyproject.toml, poetry.lock, Pipfile, go.mod. Unknown names give nothing.
std::vector<ClientLibrary> client_libraries(ByteView bytes, const std::string& path);
// The same file names a reader of env files.
std::optional<std::string> dotenv_reader_named(ByteView bytes, const std::string& path);

// -1, 0, 1 as versions compare, number by number; "" is unknown and equal.
int compare_versions(std::string_view one, std::string_view other);

// What a client makes of a connection URL or of options in its own notation.
enum class ClientVerdict {
  unknown,
  plaintext,
  tls_unverified,
  tls_chain_only,
  tls_verified,
  tls_verified_other_name,
  client_refuses_config
};
ClientVerdict judge_client(std::string_view client, std::string_view version, std::string_view form,
                           const std::map<std::string, std::string>& environment = {});
VerificationLevel level_of(ClientVerdict verdict);

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

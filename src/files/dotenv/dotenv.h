// DotenvFile is what one real program takes from a file of assignments. Who
// reads a file decides what it says: the same bytes give different values to
// Node, Python, docker compose and a shell, so every reader here is one
// dialect. A file that its real reader refuses is `refused` and holds nothing:
// the half that parsed is never judged. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/enum_names.h>
#include <redis_tls_audit/observation.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rta::files {

enum class DotenvDialect {
  node,           // npm dotenv 16 to 18
  node_env_file,  // node --env-file and util.parseEnv of Node 20
  python,         // python-dotenv
  compose,        // docker compose v2: .env, --env-file, env_file
  docker,         // docker run --env-file, env_file with `format: raw`
  sh,             // ". file" in a POSIX shell
  systemd,        // EnvironmentFile=
  go,             // joho/godotenv
};

using Environment = std::map<std::string, std::string>;

struct DotenvEntry {
  std::string key;
  std::optional<std::string> value;  // interpolated; absent: named without a value
  SourceLocation location;           // of the key
};

struct DotenvFile {
  DotenvDialect dialect = DotenvDialect::node;
  std::vector<DotenvEntry> entries;  // in file order, duplicates kept
  // After duplicates: what the application finds. A null value is python's
  // bare KEY, which load_dotenv() does not set.
  std::map<std::string, std::optional<std::string>> values;
  std::optional<std::string> refused;  // the real reader's complaint, without values
  SourceLocation refused_at;

  // The assignment that decided a key; null when the file does not set it.
  [[nodiscard]] const DotenvEntry* deciding(const std::string& key) const;
};

// Reads at most limits::kTextFile bytes; more is refused. `environment` is the
// process environment of the reader, for interpolation and bare keys; `earlier`
// holds what compose read from env files before this one.
DotenvFile read_dotenv(ByteView bytes, DotenvDialect dialect, const std::string& path,
                       const Environment& environment = {}, const Environment& earlier = {});

}  // namespace rta::files

template <>
struct rta::EnumNames<rta::files::DotenvDialect> {
  using Dialect = rta::files::DotenvDialect;
  static constexpr std::array table{EnumName<Dialect>{Dialect::node, "node"},
                                    EnumName<Dialect>{Dialect::node_env_file, "node-env-file"},
                                    EnumName<Dialect>{Dialect::python, "python"},
                                    EnumName<Dialect>{Dialect::compose, "compose"},
                                    EnumName<Dialect>{Dialect::docker, "docker"},
                                    EnumName<Dialect>{Dialect::sh, "sh"},
                                    EnumName<Dialect>{Dialect::systemd, "systemd"},
                                    EnumName<Dialect>{Dialect::go, "go"}};
};

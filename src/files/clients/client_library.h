// Which Redis client a project uses, from its manifests and lock files. What
// that client verifies is in client_verdict.h. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/observation.h>

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

// By the file's name: manifests (package.json, requirements*.txt, pyproject.toml,
// Pipfile, go.mod, pom.xml, build.gradle, *.csproj) and lock files (of npm,
// yarn, pnpm, Poetry, uv, PDM, Pipenv, Go, Gradle, NuGet).
bool is_client_manifest(std::string_view path);
bool is_client_lock_file(std::string_view path);
// Unknown names give nothing.
std::vector<ClientLibrary> client_libraries(ByteView bytes, const std::string& path);
// The same file names a reader of env files.
std::optional<std::string> dotenv_reader_named(ByteView bytes, const std::string& path);

}  // namespace rta::files

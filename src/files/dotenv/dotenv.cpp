#include "files/dotenv/dotenv.h"

#include <redis_tls_audit/limits.h>

#include "files/dotenv/dotenv_reader.h"

namespace rta::files {

const DotenvEntry* DotenvFile::deciding(const std::string& key) const {
  if (!values.contains(key)) return nullptr;
  const DotenvEntry* last = nullptr;
  for (const DotenvEntry& entry : entries)
    if (entry.key == key) last = &entry;
  return last;
}

DotenvFile read_dotenv(ByteView bytes, DotenvDialect dialect, const std::string& path,
                       const Environment& environment, const Environment& earlier) {
  DotenvBuilder out{dialect, path};
  const std::string_view text = as_text(bytes);
  if (text.size() > limits::kTextFile) {
    out.refuse("larger than 1 MiB, not read", {path, 0, 0});
    return std::move(out).take();
  }
  switch (dialect) {
    case DotenvDialect::node:
      read_node_dotenv(text, out);
      break;
    case DotenvDialect::node_env_file:
      read_node_env_file(text, out);
      break;
    case DotenvDialect::python:
      read_python_dotenv(text, environment, out);
      break;
    case DotenvDialect::compose:
      read_compose_dotenv(text, environment, earlier, out);
      break;
    case DotenvDialect::docker:
      read_docker_env_file(text, environment, out);
      break;
    case DotenvDialect::sh:
      read_shell_assignments(text, environment, out);
      break;
    case DotenvDialect::systemd:
      read_systemd_environment(text, out);
      break;
    case DotenvDialect::go:
      read_go_dotenv(text, out);
      break;
  }
  return std::move(out).take();
}

}  // namespace rta::files

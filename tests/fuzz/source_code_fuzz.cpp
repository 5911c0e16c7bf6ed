// The search in source code and the readers of manifests.
#include "files/clients/client_library.h"
#include "files/clients/client_verdict.h"
#include "files/clients/kill_switch.h"
#include "files/clients/truth_readings.h"
#include "files/clients/verification_search.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  for (const char* path : {"a.py", "a.js", "a.go", "a.sh", "a.php", "a.yml", "a.exs"})
    (void)files::search_verification({data, size}, path);
  for (const char* path : {"package.json", "Dockerfile"})
    (void)files::find_kill_switches({data, size}, path);
  for (const char* path : {"a.py", "a.js"}) (void)files::truth_readings({data, size}, path);
  for (const char* path :
       {"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "requirements.txt",
        "pyproject.toml", "poetry.lock", "Pipfile.lock", "go.mod", "go.sum", "pom.xml",
        "build.gradle", "a.csproj", "packages.lock.json"})
    (void)files::client_libraries({data, size}, path);
  return 0;
}

#include "files/clients/kill_switch.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {

// "2:5" for each hit, "?" behind one that may not be deployed.
std::string told(std::string_view path, std::string_view text) {
  std::string all;
  for (const VerificationHit& hit : find_kill_switches(as_bytes(text), path))
    all += (all.empty() ? "" : " ") + std::to_string(hit.line) + ":" + std::to_string(hit.column) +
           (hit.conditional ? "?" : "");
  return all;
}

}  // namespace

TEST_CASE("the switch is found wherever programs are started") {
  CHECK(told("package.json",
             "{\"scripts\": {\n \"start\": \"NODE_TLS_REJECT_UNAUTHORIZED=0 node x.js\",\n"
             " \"test:e2e\": \"NODE_TLS_REJECT_UNAUTHORIZED='0' jest\"}}\n") == "2:12 3:15?");
  CHECK(told("Dockerfile", "ENV NODE_TLS_REJECT_UNAUTHORIZED=0\n") == "1:5");
  CHECK(told("Dockerfile", "ENV A=1 \\\n  NODE_TLS_REJECT_UNAUTHORIZED=\"0\"\r\n") == "2:3");
  CHECK(told("Dockerfile", "ENV NODE_TLS_REJECT_UNAUTHORIZED 0\n") == "1:5");
  CHECK(told("Procfile", "web: NODE_TLS_REJECT_UNAUTHORIZED=0 node x.js\n") == "1:6");
  CHECK(told("a.service", "Environment=\"NODE_TLS_REJECT_UNAUTHORIZED=0\"\n") == "1:14");
  CHECK(told("k8s/a.yaml", "  - name: NODE_TLS_REJECT_UNAUTHORIZED\n    value: \"0\"\n") == "1:11");
  CHECK(told("k8s/a.yaml", "env: [{name: NODE_TLS_REJECT_UNAUTHORIZED, value: '0'}]\n") == "1:14");
  CHECK(told("ci.yml", "env:\n  NODE_TLS_REJECT_UNAUTHORIZED: 0\n") == "2:3");
}

TEST_CASE("what keeps verification on, comments and other names are no hits") {
  for (const char* text :
       {"NODE_TLS_REJECT_UNAUTHORIZED=1",
        "NODE_TLS_REJECT_UNAUTHORIZED=", "NODE_TLS_REJECT_UNAUTHORIZED",
        "# NODE_TLS_REJECT_UNAUTHORIZED=0", "X_NODE_TLS_REJECT_UNAUTHORIZED=0",
        "NODE_TLS_REJECT_UNAUTHORIZED=00", "test $NODE_TLS_REJECT_UNAUTHORIZED == 0",
        "NODE_TLS_REJECT_UNAUTHORIZED=$X", "ARG NODE_TLS_REJECT_UNAUTHORIZED\nvalues: 0"})
    CHECK(told("Dockerfile", text).empty());
}

TEST_CASE("files with readers of their own are left to them") {
  for (const char* path :
       {"docker-compose.yml", "compose.override.yaml", ".env", "a.js", "README.md"})
    CHECK(!may_start_programs(path));
  for (const char* path : {"apps/web/package.json", "Dockerfile.prod", "x.dockerfile", "Makefile",
                           ".github/workflows/ci.yml", "deploy/app.service"})
    CHECK(may_start_programs(path));
}

TEST_CASE("any truncation is read without harm") {
  const std::string all = "  - name: \"NODE_TLS_REJECT_UNAUTHORIZED\"\r\n    value: '0'\r\n";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(find_kill_switches(as_bytes(std::string_view{all}.substr(0, size)), "a.yml").size() <= 1);
}

#include <doctest/doctest.h>
#include <redis_tls_audit/limits.h>

#include "base/file_system.h"
#include "collect/collectors.h"
#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using namespace rta::testing;

namespace {

constexpr const char* kLine = "81:M 26 Nov 2026 12:00:00.000 # Error accepting a client connection: "
                              "error:0A00010B:SSL routines::wrong version number (conn: fd=8)\n";

struct Collection {
  std::optional<std::string> project;
  ScanSettings settings;
  Evidence evidence = story();

  const std::vector<Observation<ServerLog>>& run() {
    std::optional<ProjectFiles> files;
    if (project) files = std::move(*ProjectFiles::open(*project, settings.allow_paths));
    SecretVault vault;
    CollectContext context{settings, files ? &*files : nullptr, vault, {}};
    context.started = Timestamp::max();
    collect_server_logs(context, evidence);
    return evidence.server_logs;
  }

  void server_logs_to(const std::string& path, const std::string& directory = "/nonexistent") {
    RedisServer server = hardened_server();
    server.config["logfile"] = path;
    server.config["dir"] = directory;
    add_endpoint(evidence, std::move(server));
  }
};

}  // namespace

TEST_CASE("a log inside the project is read, also by a name relative to the server's directory") {
  const TemporaryDirectory project;
  project.write("log/redis.log", kLine);
  for (const bool relative : {false, true}) {
    Collection collection{.project = project.path()};
    if (relative)
      collection.server_logs_to("log/redis.log", project.path());
    else
      collection.server_logs_to(project / "log/redis.log");
    const auto& logs = collection.run();
    REQUIRE(logs.size() == 1);
    REQUIRE(logs[0].has_value());
    CHECK(logs[0]->endpoint == "redis:6379");
    CHECK(logs[0]->complete);
    CHECK(logs[0]->process_id == "81");
    CHECK(logs[0]->handshake_failures.at("wrong version number") == 1);
    CHECK(logs[0].provenance().endpoint == "redis:6379");
  }
}

TEST_CASE("a log outside is read only where the operator allowed it, with a project or without") {
  const TemporaryDirectory project;
  const TemporaryDirectory elsewhere;
  elsewhere.write("redis.log", kLine);
  Collection forbidden{.project = project.path()};
  forbidden.server_logs_to(elsewhere / "redis.log");
  REQUIRE(forbidden.run().size() == 1);
  CHECK(forbidden.evidence.server_logs[0].gap()->reason == GapReason::outside_scope);
  CHECK(forbidden.evidence.server_logs[0].gap()->remedy.contains("--allow-path"));
  for (const bool with_project : {true, false}) {
    Collection allowed;
    if (with_project) allowed.project = project.path();
    allowed.settings.allow_paths = {elsewhere.path()};
    allowed.server_logs_to(elsewhere / "redis.log");
    REQUIRE(allowed.run().size() == 1);
    CHECK(allowed.evidence.server_logs[0].has_value());
  }
  Collection alone;
  alone.server_logs_to(elsewhere / "redis.log");
  REQUIRE(alone.run().size() == 1);
  CHECK(alone.evidence.server_logs[0].gap()->remedy.contains("--allow-path " + elsewhere.path()));
}

TEST_CASE("of a long log only the newest part is read") {
  const TemporaryDirectory project;
  std::string text = "77:M 25 Nov 2026 12:00:00.000 * the oldest line\n";
  while (text.size() < limits::kServerLogEnd) text += kLine;
  project.write("redis.log", text);
  Collection collection{.project = project.path()};
  collection.server_logs_to(project / "redis.log");
  REQUIRE(collection.run()[0].has_value());
  CHECK_FALSE(collection.evidence.server_logs[0]->complete);
  CHECK(to_date(*collection.evidence.server_logs[0]->oldest) == "2026-11-26");
}

TEST_CASE("a server without a log file, or that does not tell, is a gap with its reason") {
  Collection collection;
  collection.server_logs_to("");
  CHECK(collection.run()[0].gap()->reason == GapReason::not_found);
  Collection silent;
  silent.server_logs_to("x");
  silent.evidence.endpoints[0].redis.value()->config.erase("logfile");
  CHECK(silent.run()[0].gap()->reason == GapReason::denied);
  Collection unreachable;
  add_silent_endpoint(unreachable.evidence);
  CHECK(unreachable.run()[0].gap()->reason == GapReason::timed_out);
}

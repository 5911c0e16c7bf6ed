// The store of earlier reports: what one scan leaves there, the next one knows.
#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/program/run_program.h"
#include "tests/support/redis_server.h"

using namespace rta::testing;

namespace {

std::size_t files_in(const std::string& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator{directory}, {}));
}

}  // namespace

TEST_CASE("scans with a store see the ones before them, oldest certificate and all") {
  if (!RedisFixture::available()) return;
  const RedisFixture redis;
  const TemporaryDirectory out;
  const std::string store = out.make_directory("store", 0700);
  const auto scan = [&](const std::string& name, const std::string& now) {
    const Run run = run_program({"scan", "-t", redis.tls().text(), "--aggressive", "--history", store,
                                 "--now", now, "-o", "json=" + (out / name)});
    REQUIRE_MESSAGE((run.exit_code == 1 || run.exit_code == 3), run.errors);
    return read_report(out / name);
  };
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const auto day = [&](int later) { return rta::to_date(today + std::chrono::days{later}); };

  const nlohmann::json first = scan("first.json", day(1));
  CHECK(findings_of(first, "RTA-MON-004").contains("first scan on record"));
  CHECK(findings_of(first, "RTA-ROT-004").contains("no earlier scan"));
  CHECK(files_in(store) == 1);
  const nlohmann::json second = scan("second.json", day(3));
  CHECK(status_of(second, "RTA-MON-004") == "pass");
  CHECK(findings_of(second, "RTA-ROT-004").contains("2 scans over 2 days saw one certificate"));
  const nlohmann::json late = scan("late.json", day(12));
  CHECK(status_of(late, "RTA-MON-004") == "warn");
  CHECK(files_in(store) == 3);
  // Evidence carries its history: judged again, it needs no store.
  const std::string evidence = out / "evidence.json";
  CHECK(run_program({"collect", "-t", redis.tls().text(), "--aggressive", "--history", store, "--now",
                     day(12), "-o", evidence})
            .exit_code == 0);
  CHECK(files_in(store) == 3);
  const Run judged = run_program({"evaluate", evidence, "-o", "json"});
  CHECK(status_of(nlohmann::json::parse(judged.output), "RTA-MON-004") == "warn");
}

TEST_CASE("a project cannot bring a history of its own") {
  const TemporaryDirectory project;
  const TemporaryDirectory store;
  project.write(".redis-tls-audit.toml", "history = \"" + store.path() + "\"\n");
  const Run run = run_program({"scan", project.path(), "--offline", "-o", "json"});
  CHECK(run.exit_code == 3);
  CHECK(status_of(nlohmann::json::parse(run.output), "RTA-MON-004") == "unknown");
  CHECK(files_in(store.path()) == 0);
}

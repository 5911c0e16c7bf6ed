// Where reports go: files that are whole or absent, a closed pipe, a full
// disk, two runs at once, and an operator who interrupts.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/deadline.h"
#include "tests/program/run_program.h"
#include "tests/support/bad_peer.h"
#include "tests/support/redis_server.h"

using namespace rta;
using namespace rta::testing;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{directory})
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

using Names = std::vector<std::string>;

// Waits until the program has said this; a program that ends before fails the test.
void wait_for(ChildProcess& program, std::string_view text) {
  const Deadline deadline = Deadline::after(std::chrono::minutes{2});
  while (!program.read_output().contains(text))
    if (program.wait(std::chrono::milliseconds{5}) || deadline.passed())
      FAIL("not said: ", text, " in ", program.read_output());
}

}  // namespace

TEST_CASE("a report that cannot be written ends with 2 and leaves nothing half-written") {
  const TemporaryDirectory project;
  const TemporaryDirectory out;
  out.write("target.json", "kept");
  out.link("link.json", out / "target.json");
  out.make_directory("directory.json");
  for (const std::string& path :
       {std::string{"/dev/full"}, out / "link.json", out / "directory.json",
        out / "missing/report.json", out / "target.json/report.json"}) {
    const Run run = run_program({"scan", project.path(), "--offline", "-o", "json=" + path});
    CAPTURE(path);
    CHECK(run.exit_code == 2);
    CHECK(run.output.empty());
    CHECK(std::ranges::count(run.errors, '\n') == 1);
  }
  CHECK(read_whole(out / "target.json") == "kept");
  CHECK(names_in(out.path()) == Names{"directory.json", "link.json", "target.json"});
}

TEST_CASE("standard output that is full ends with 2") {
  const TemporaryDirectory project;
  const Run run = run_program({"scan", project.path(), "--offline"}, {.output_to = "/dev/full"});
  CHECK(run.exit_code == 2);
  CHECK(run.errors.contains("No space left on device"));
}

TEST_CASE("a pipe that closes early leaves the exit code true and nothing on standard error") {
  const TemporaryDirectory project;
  for (const char* reader : {"head -n 1", "true"}) {
    const Run run = run_program({"scan", project.path(), "--offline"}, {.piped_into = reader});
    CHECK(run.exit_code == 3);
    CHECK(run.errors.empty());
  }
}

TEST_CASE("reports are new files of mode 0600, whatever stood there before") {
  const TemporaryDirectory project;
  const TemporaryDirectory out;
  out.write("report.html", "old", 0644);
  const Run run = run_program({"scan", project.path(), "--offline", "-o", "html=" + (out / "report.html"),
                               "-o", "json=" + (out / "report.json"), "-o", "text=" + (out / "report.txt")});
  CHECK(run.exit_code == 3);
  CHECK(run.output.starts_with("RESULT incomplete "));
  for (const char* name : {"report.html", "report.json", "report.txt"}) {
    struct stat facts{};
    REQUIRE(::stat((out / name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0600);
  }
  CHECK(read_whole(out / "report.html").starts_with("<!DOCTYPE html>"));
}

TEST_CASE("two runs at once into one file leave one whole report") {
  const TemporaryDirectory project;
  const TemporaryDirectory out;
  const std::vector<std::string> arguments{"scan", project.path(), "--offline", "-o",
                                           "json=" + (out / "report.json")};
  ChildProcess one = start_program(arguments);
  ChildProcess two = start_program(arguments);
  CHECK(one.wait(std::chrono::minutes{2}) == 3);
  CHECK(two.wait(std::chrono::minutes{2}) == 3);
  CHECK(read_report(out / "report.json")["schema"] == "redis-tls-audit/report");
  CHECK(names_in(out.path()) == Names{"report.json"});
}

TEST_CASE("two demonstrations at once do not meet") {
  if (!RedisFixture::available()) return;
  const TemporaryDirectory out;
  const auto demo = [&](const std::string& name) {
    return start_program({"demo", "--hardened", "--aggressive", "-o", "json=" + (out / name)},
                         {.environment = {"TMPDIR=" + out.path()}});
  };
  ChildProcess one = demo("1.json");
  ChildProcess two = demo("2.json");
  CHECK(one.wait(std::chrono::minutes{2}) == 3);
  CHECK(two.wait(std::chrono::minutes{2}) == 3);
  CHECK(names_in(out.path()) == Names{"1.json", "2.json"});
}

TEST_CASE("a demonstration that is interrupted takes its server and its directory away") {
  if (!RedisFixture::available()) return;
  for (const char* moment : {"making", "redis-server runs on"}) {
    const TemporaryDirectory out;
    ChildProcess demo = start_program({"demo", "-o", "text"},
                                      {.directory = out.path(), .environment = {"TMPDIR=" + out.path()}});
    wait_for(demo, moment);
    ::kill(demo.pid(), SIGINT);
    const auto code = demo.wait(std::chrono::minutes{2});
    CAPTURE(demo.read_output());
    REQUIRE(code.has_value());
    CHECK(*code != 0);
    CHECK(names_in(out.path()).empty());
    // A server that stayed would still stand in its directory.
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
      std::error_code gone;
      const std::string directory = fs::read_symlink(entry.path() / "cwd", gone).string();
      CHECK_FALSE(directory.starts_with(out.path() + "/"));
    }
  }
}

TEST_CASE("a scan that is interrupted ends and is never green") {
  const BadPeer peer{Manner::silent};
  ChildProcess scan = start_program({"scan", "-t", peer.address().text(), "--timeout", "3000"});
  const Deadline deadline = Deadline::after(std::chrono::minutes{1});
  while (peer.connections() == 0 && !deadline.passed()) scan.wait(std::chrono::milliseconds{5});
  REQUIRE(peer.connections() > 0);
  ::kill(scan.pid(), SIGINT);
  CHECK(scan.wait(std::chrono::minutes{2}) == 3);
  CHECK(scan.read_output().contains("RESULT incomplete"));
}

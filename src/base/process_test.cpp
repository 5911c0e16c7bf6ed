#include "base/process.h"

#include <doctest/doctest.h>

#include <csignal>
#include <thread>

#include "base/deadline.h"

using namespace rta;
using namespace std::chrono_literals;

namespace {

ProcessSpec shell(const std::string& script) {
  return {.executable = "/bin/sh", .argv = {"sh", "-c", script}};
}

}  // namespace

TEST_CASE("a child's output and exit code are known when it has ended") {
  auto child = ChildProcess::start(shell("echo out; echo err >&2; exit 3"));
  REQUIRE(child);
  CHECK(child->wait(5s) == 3);
  CHECK(child->read_output() == "out\nerr\n");
}

TEST_CASE("a child gets the environment it was given and nothing of ours") {
  ::setenv("RTA_CANARY", "secret", 1);
  auto child = ChildProcess::start({.executable = "/usr/bin/env", .argv = {"env"}, .environment = {"A=1"}});
  REQUIRE(child);
  CHECK(child->wait(5s) == 0);
  CHECK(child->read_output() == "A=1\n");
}

TEST_CASE("standard input reaches the child") {
  ProcessSpec spec{.executable = "/bin/cat", .argv = {"cat"}};
  spec.standard_input = "hello";
  auto child = ChildProcess::start(spec);
  REQUIRE(child);
  CHECK(child->wait(5s) == 0);
  CHECK(child->read_output() == "hello");
}

TEST_CASE("a child and what it started end with the object") {
  pid_t group = 0;
  {
    auto child = ChildProcess::start(shell("sleep 600 & sleep 600 & echo ready; wait"));
    REQUIRE(child);
    while (child->read_output() != "ready\n") REQUIRE_FALSE(child->exit_code());
    group = child->pid();
  }
  // Zombies of another parent may linger a moment; killing them finds no live one.
  CHECK((::kill(group, 0) != 0));
}

TEST_CASE("a program that does not exist is an error with its name") {
  auto child = ChildProcess::start({.executable = "/nonexistent/program", .argv = {"x"}});
  REQUIRE_FALSE(child);
  CHECK(child.error().text() == "/nonexistent/program: cannot be started: No such file or directory");
}

// A server that logs more than a pipe holds stood still in the midst of a
// survey of many connections, until every deadline was over.
TEST_CASE("a child that writes more than a pipe holds goes on although nobody reads") {
  auto child = ChildProcess::start(
      shell("i=0; while [ $i -lt 4000 ]; do echo "
            "'a warning of a hundred bytes, more or less, as a server writes them for each aborted "
            "handshake'; i=$((i+1)); done; exit 7"));
  REQUIRE(child);
  const Deadline deadline = Deadline::after(20s);
  while (!child->exit_code() && !deadline.passed())
    std::this_thread::sleep_for(2ms);  // until it has ended
  CHECK(child->exit_code() == 7);
  CHECK(child->read_output().size() > 300'000);
}

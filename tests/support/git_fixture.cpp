#include "tests/support/git_fixture.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/process.h"

namespace rta::testing {
namespace fs = std::filesystem;

GitFixture::GitFixture(bool init) {
  std::string name = (fs::temp_directory_path() / "rta-git-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  root_ = fs::canonical(name).string();
  if (init) git({"init", "-q", "-b", "main"});
}

GitFixture::~GitFixture() {
  std::error_code ignored;  // a leftover directory harms nobody
  fs::remove_all(root_, ignored);
}

void GitFixture::write(const std::string& path, std::string_view bytes) const {
  const fs::path file = fs::path{root_} / path;
  fs::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << bytes;
}

void GitFixture::link(const std::string& path, const std::string& target) const {
  const fs::path file = fs::path{root_} / path;
  fs::create_directories(file.parent_path());
  fs::create_symlink(target, file);
}

void GitFixture::remove(const std::string& path) const { fs::remove_all(fs::path{root_} / path); }

std::pair<int, std::string> GitFixture::try_git(std::vector<std::string> arguments,
                                                std::string_view input) const {
  const std::optional<std::string> program = find_program("git");
  REQUIRE_MESSAGE(program, "these tests need git to make their fixtures");
  ProcessSpec spec;
  spec.executable = *program;
  spec.argv = {"git"};
  for (std::string& argument : arguments) spec.argv.push_back(std::move(argument));
  spec.directory = root_;
  spec.standard_input = input;
  spec.environment = {"GIT_CONFIG_NOSYSTEM=1",
                      "GIT_CONFIG_GLOBAL=/dev/null",
                      "GIT_OPTIONAL_LOCKS=0",
                      "GIT_TERMINAL_PROMPT=0",
                      "GIT_NO_REPLACE_OBJECTS=1",
                      "GIT_ALLOW_PROTOCOL=file",
                      "LC_ALL=C",
                      "HOME=" + root_,
                      "PATH=/usr/bin:/bin",
                      "GIT_AUTHOR_NAME=A",
                      "GIT_AUTHOR_EMAIL=a@example.org",
                      "GIT_COMMITTER_NAME=A",
                      "GIT_COMMITTER_EMAIL=a@example.org",
                      "GIT_AUTHOR_DATE=2026-01-02T03:04:05Z",
                      "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z"};
  Result<ChildProcess> child = ChildProcess::start(spec);
  REQUIRE(child);
  for (int i = 0; i < 600; ++i) {
    const std::optional<int> code = child->wait(std::chrono::milliseconds{100});
    child->read_output();
    if (code) return {*code, child->read_output()};
  }
  FAIL("git did not end within a minute");
  return {};
}

std::string GitFixture::git(std::vector<std::string> arguments, std::string_view input) const {
  std::string line = "git";
  for (const std::string& argument : arguments) line += " " + argument;
  auto [code, output] = try_git(std::move(arguments), input);
  REQUIRE_MESSAGE(code == 0, line << ": " << output);
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

void GitFixture::commit(const std::string& message) const {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "-m", message});
}

}  // namespace rta::testing

// GitFixture is a directory with a repository that real git makes, for tests
// only: the product never runs git. Git runs without the person's own
// configuration, with fixed names and dates; the directory goes away at the end.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::testing {

class GitFixture {
 public:
  // With `init`, an empty repository with branch main.
  explicit GitFixture(bool init = true);
  GitFixture(const GitFixture&) = delete;
  GitFixture& operator=(const GitFixture&) = delete;
  ~GitFixture();

  [[nodiscard]] const std::string& root() const { return root_; }
  // Folders on the way are made.
  void write(const std::string& path, std::string_view bytes) const;
  void link(const std::string& path, const std::string& target) const;
  void remove(const std::string& path) const;
  // Runs git in the root; ends the test when it fails. Gives its output.
  std::string git(std::vector<std::string> arguments, std::string_view input = {}) const;
  // The same, where failing is an answer.
  std::pair<int, std::string> try_git(std::vector<std::string> arguments,
                                      std::string_view input = {}) const;
  // Stages everything that is not ignored and commits it.
  void commit(const std::string& message) const;

 private:
  std::string root_;
};

}  // namespace rta::testing

// A whole project in a private directory, as the setup guide tells to make it
// or as it ought to be, with a real redis-server beside it: what `demo` audits
// and what the golden tests expect exact verdicts on. One thread.
#pragma once

#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>
#include <redis_tls_audit/time.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::demo {

// A fresh directory of mode 0700 that is removed with everything in it, unless
// it is to be kept.
class PrivateDirectory {
 public:
  static Result<PrivateDirectory> make(const std::string& prefix);
  PrivateDirectory(PrivateDirectory&& other) noexcept;
  PrivateDirectory& operator=(PrivateDirectory&&) = delete;
  ~PrivateDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }
  void keep() { keep_ = true; }

 private:
  explicit PrivateDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
  bool keep_ = false;
};

// Writes files below a project's root; the first problem is kept and the rest
// skipped, so that a recipe reads straight down.
class ProjectWriter {
 public:
  explicit ProjectWriter(std::string root) : root_(std::move(root)) {}

  void file(const std::string& path, std::string_view content, unsigned mode = 0644);
  // "{root}" in the content becomes the project's directory.
  void templated(const std::string& path, std::string_view content, unsigned mode = 0644);
  void secret(const std::string& path, const Secret& content) {
    file(path, content.expose(), 0600);
  }
  // git init, add everything that is not ignored, one commit; in process.
  void commit_all(const std::string& message);

  [[nodiscard]] const std::string& root() const { return root_; }
  [[nodiscard]] Result<void> result() const;

 private:
  std::string root_;
  std::string problem_;
};

using Progress = std::function<void(const std::string&)>;

// What an operator of the project knows, and the audit is told.
struct Operator {
  std::string user;
  std::string password;  // of the hardened project's auditor; made for the run
  std::string ca_file, certificate_file, key_file;
  std::vector<std::string> anchors;
};

// Where the project's server will listen.
struct Listener {
  std::string address;
  int port = 0;
};

// The guide followed to the letter: its certificates, redis.conf, compose
// file, .env files and .gitignore, its script and its documented commands.
Result<Operator> write_guide_project(ProjectWriter& writer, Timestamp now,
                                     const Progress& progress);

// The same project as it ought to be: everything that a machine can prove holds.
Result<Operator> write_hardened_project(ProjectWriter& writer, Timestamp now,
                                        const Listener& listener, const Progress& progress);

}  // namespace rta::demo

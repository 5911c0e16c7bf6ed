// What the dialects of dotenv share: where an assignment stands, and how one
// enters the file's map. Inside src/files only.
#pragma once

#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "files/dotenv/dotenv.h"

namespace rta::files {

// Lines finds line and column of an offset into a text whose line ends are
// '\n' (readers that take others convert them first).
template <class Char>
class Lines {
 public:
  explicit Lines(std::basic_string_view<Char> text) : starts_{0} {
    for (std::size_t at = 0; at < text.size(); ++at)
      if (text[at] == Char{'\n'}) starts_.push_back(at + 1);
  }
  [[nodiscard]] SourceLocation at(const std::string& path, std::size_t offset) const {
    const auto after = std::ranges::upper_bound(starts_, offset);
    const auto line = after - starts_.begin();
    return {path, static_cast<int>(line), static_cast<int>(offset - *(after - 1) + 1)};
  }

 private:
  std::vector<std::size_t> starts_;
};

// DotenvBuilder takes assignments in file order; refuse() empties the file, and
// nothing is taken afterwards.
class DotenvBuilder {
 public:
  DotenvBuilder(DotenvDialect dialect, std::string path) : path_(std::move(path)) {
    file_.dialect = dialect;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  void add(std::string key, std::optional<std::string> value, SourceLocation where) {
    if (refused() || !spend(value ? value->size() : 0)) return;
    file_.values[key] = value;
    file_.entries.push_back({std::move(key), std::move(value), std::move(where)});
  }
  void refuse(std::string why, SourceLocation where) {
    file_.entries.clear();
    file_.values.clear();
    file_.refused = std::move(why);
    file_.refused_at = std::move(where);
  }
  void forget(const std::string& key) { file_.values.erase(key); }
  [[nodiscard]] bool refused() const { return file_.refused.has_value(); }
  // The value that an earlier line gave; null when none did, or gave no value.
  [[nodiscard]] const std::string* earlier(const std::string& key) const {
    const auto found = file_.values.find(key);
    const bool known = found != file_.values.end() && found->second;
    return known && spend(found->second->size()) ? &*found->second : nullptr;
  }
  // Values put into values multiply: false once that is more than any process
  // is started with, and the file is refused in the end.
  [[nodiscard]] bool spend(std::size_t bytes) const {
    if (bytes > budget_) too_much_ = true;
    budget_ -= std::min(bytes, budget_);
    return !too_much_;
  }
  [[nodiscard]] bool has(const std::string& key) const { return file_.values.contains(key); }
  [[nodiscard]] DotenvFile take() && {
    if (too_much_ && !refused())
      refuse("its variables make more text than a process can be started with", {path_, 0, 0});
    return std::move(file_);
  }

 private:
  mutable std::size_t budget_ = 16 * limits::kTextFile;
  mutable bool too_much_ = false;
  std::string path_;
  DotenvFile file_;
};

// One function a dialect, each in its own file.
void read_node_dotenv(std::string_view bytes, DotenvBuilder& out);
void read_node_env_file(std::string_view bytes, DotenvBuilder& out);
void read_python_dotenv(std::string_view bytes, const Environment& environment, DotenvBuilder& out);
void read_compose_dotenv(std::string_view bytes, const Environment& environment,
                         const Environment& earlier, DotenvBuilder& out);
void read_docker_env_file(std::string_view bytes, const Environment& environment,
                          DotenvBuilder& out);
void read_shell_assignments(std::string_view bytes, const Environment& environment,
                            DotenvBuilder& out);
void read_systemd_environment(std::string_view bytes, DotenvBuilder& out);
void read_go_dotenv(std::string_view bytes, DotenvBuilder& out);

}  // namespace rta::files

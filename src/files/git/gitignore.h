// GitIgnore answers what git's ignore rules say about a path, with git's exact
// meaning (libgit2's own answers differ) and the deciding file, line and
// pattern. It reads nothing: `.gitignore` files arrive through a function.
//
// Strongest first: `.gitignore` of the path's own folder, of the folders above
// it, .git/info/exclude, core.excludesFile; within one file the last match
// wins. Nothing below an excluded folder can come back.
//
// Not thread-safe: files are read once and kept.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/git/wildmatch.h"

namespace rta::files {

enum class IgnoreSource { gitignore, info_exclude, global_excludes };

struct IgnorePattern {
  std::string text;  // as git shows it: "!certs/"
  int line = 0;
  bool negative = false;
  bool folders_only = false;  // trailing '/'
  bool any_folder = false;    // no other '/': compared with the last component
  std::string literal;        // text before the first wildcard
  bool is_literal = false;    // nothing follows it
  bool is_suffix = false;     // "*.pem": `literal` is then ".pem"
  std::optional<Wildmatch> glob;
};

struct IgnoreFile {
  IgnoreSource source = IgnoreSource::gitignore;
  std::string path;    // "certs/.gitignore"
  std::string folder;  // "certs", empty for the top and for excludes
  std::vector<IgnorePattern> patterns;
};

// The rules in one file, in order. Never fails: git takes any bytes.
std::vector<IgnorePattern> parse_ignore_patterns(std::string_view bytes, bool fold_case = false);

struct IgnoreAnswer {
  bool ignored = false;
  // The deciding rule, also when it is a negation; null when none matched.
  const IgnoreFile* file = nullptr;
  const IgnorePattern* pattern = nullptr;
};

class GitIgnore {
 public:
  // Gives the bytes of a `.gitignore` by its path, or nothing when there is no
  // such regular file (git does not follow a link there).
  using Load = std::function<std::optional<std::string>(const std::string& path)>;

  explicit GitIgnore(Load load, bool fold_case = false);
  // Weaker than every `.gitignore`; info/exclude beats global excludes.
  void add_excludes(IgnoreSource source, std::string path, std::string_view bytes);
  // Forget the excludes of this clone: what is left travels with the repository.
  void use_local_excludes(bool use) { use_local_excludes_ = use; }

  // `path` is relative to the top of the work tree, with '/'; `is_folder` says
  // whether it is a real folder (a link to one is none). As in git, "x/" is asked by the rules
  // inside x too.
  [[nodiscard]] IgnoreAnswer ask(std::string_view path, bool is_folder = false);
  // What the weaker rules say: the answer if `decided`, and all that is
  // stronger, did not stand in its file. Tells what a negation undoes.
  [[nodiscard]] IgnoreAnswer ask_before(std::string_view path, bool is_folder,
                                        const IgnoreAnswer& decided);

 private:
  struct Level {
    IgnoreFile file;
    IgnoreAnswer shut;  // the rule that excludes this folder, if any
  };
  const Level& level(const std::string& folder);
  IgnoreAnswer match(std::string_view path, bool is_folder, const IgnorePattern* before = nullptr);

  Load load_;
  bool fold_case_;
  bool use_local_excludes_ = true;
  std::vector<IgnoreFile> excludes_;            // strongest first
  std::map<std::string, Level> levels_;         // by folder; with local excludes
  std::map<std::string, Level> shared_levels_;  // and without
};

}  // namespace rta::files

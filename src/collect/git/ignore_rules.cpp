#include "collect/git/ignore_rules.h"

#include <redis_tls_audit/limits.h>
#include <sys/stat.h>

#include "base/text.h"

namespace rta {

IgnoreRules::IgnoreRules(const ProjectFiles& files, const GitDirectory& git, const GitIndex& index,
                         const GitCatalogue& catalogue)
    : files_(files),
      index_(index),
      catalogue_(catalogue),
      objects_(catalogue),
      here_(make(false, git.ignores_case)),
      tracked_(make(true, git.ignores_case)),
      without_case_(make(false, true)) {
  without_case_.use_local_excludes(false);
  const auto add = [&](files::IgnoreSource source, const std::string& path) {
    const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
    if (opened.has_value())
      here_.add_excludes(source, path, as_text(opened->bytes));
    else if (opened.gap()->reason != GapReason::not_found)
      gaps_.push_back(*opened.gap());
  };
  add(files::IgnoreSource::info_exclude, git.common + "/info/exclude");
  // What lies in a home directory is this machine's matter, not the project's.
  if (!git.excludes_file.empty() && !git.excludes_file.starts_with('~'))
    add(files::IgnoreSource::global_excludes, git.excludes_file);
}

// git takes a .gitignore that is a link for none, and reads it from the index
// where a sparse checkout left it out.
std::optional<std::string> IgnoreRules::load(const std::string& path) {
  const Observation<FileFacts> facts = files_.inspect(path);
  if (!facts.has_value() && facts.gap()->reason == GapReason::not_found) {
    const auto entry = index_.entries.find(path);
    if (entry == index_.entries.end() || !entry->second.skip_worktree) return std::nullopt;
    return load_from_index(path);
  }
  if (!facts.has_value() || !facts->links.empty()) return std::nullopt;
  const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
  if (opened.has_value()) return std::string{as_text(opened->bytes)};
  gaps_.push_back(*opened.gap());
  return std::nullopt;
}

std::optional<std::string> IgnoreRules::load_from_index(const std::string& path) const {
  const auto entry = index_.entries.find(path);
  if (entry == index_.entries.end()) return std::nullopt;
  const GitCatalogue::Index at = catalogue_.find(entry->second.blob);
  if (at == GitCatalogue::kNone) return std::nullopt;
  std::optional<std::string> text;
  objects_.read(at, [&](const GitObject& object) {
    if (object.kind == ObjectKind::blob && object.bytes.size() <= limits::kTextFile)
      text = std::string{as_text(object.bytes)};
  });
  return text;
}

files::GitIgnore IgnoreRules::make(bool from_index, bool fold_case) {
  if (from_index)
    return files::GitIgnore{[this](const std::string& path) { return load_from_index(path); },
                            fold_case};
  return files::GitIgnore{[this](const std::string& path) { return load(path); }, fold_case};
}

bool IgnoreRules::is_folder(const std::string& path) const {
  struct stat facts{};
  return ::lstat((files_.root() + "/" + path).c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

files::IgnoreAnswer IgnoreRules::here(const std::string& path) {
  here_.use_local_excludes(true);
  return here_.ask(path, is_folder(path));
}

files::IgnoreAnswer IgnoreRules::shared(const std::string& path) {
  here_.use_local_excludes(false);
  return here_.ask(path, is_folder(path));
}

files::IgnoreAnswer IgnoreRules::tracked(const std::string& path) {
  return tracked_.ask(path, is_folder(path));
}

files::IgnoreAnswer IgnoreRules::without_case(const std::string& path) {
  return without_case_.ask(path, is_folder(path));
}

files::IgnoreAnswer IgnoreRules::before(const std::string& path,
                                        const files::IgnoreAnswer& decided) {
  here_.use_local_excludes(false);
  return here_.ask_before(path, is_folder(path), decided);
}

}  // namespace rta

#include "files/git/gitignore.h"

#include <algorithm>

namespace rta::files {
namespace {

constexpr std::size_t kLongestPath = 4096;  // PATH_MAX: no file has a longer one

bool is_wildcard(char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; }

std::size_t literal_length(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if(text, is_wildcard) - text.begin());
}

// Trailing spaces go unless one is escaped; tabs stay.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t keep = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escapes = line[i] == '\\';
    if (escapes && ++i == line.size()) return line;  // a lone backslash at the end keeps all
    if (escapes || line[i] != ' ') keep = i + 1;
  }
  return line.substr(0, keep);
}

bool same_bytes(std::string_view one, std::string_view other, bool fold_case) {
  if (!fold_case) return one == other;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(one, other, {}, lower, lower);
}

IgnorePattern parse_pattern(std::string_view line, int number, bool fold_case) {
  IgnorePattern pattern;
  pattern.line = number;
  pattern.text = line;
  if (line.starts_with('!')) {
    pattern.negative = true;
    line.remove_prefix(1);
  }
  if (line.ends_with('/')) {
    pattern.folders_only = true;
    line.remove_suffix(1);
  }
  pattern.any_folder = !line.contains('/');
  if (pattern.any_folder && line.starts_with('*') &&
      literal_length(line.substr(1)) + 1 == line.size()) {
    pattern.is_suffix = true;
    pattern.literal = line.substr(1);
    return pattern;
  }
  // The text before the first wildcard is compared apart, and what is left is
  // a pattern of its own: that is why "a**/k.pem" matches "a/b/k.pem".
  if (!pattern.any_folder && line.starts_with('/')) line.remove_prefix(1);
  const std::size_t literal = literal_length(line);
  pattern.is_literal = literal == line.size();
  if (pattern.any_folder) {
    if (pattern.is_literal)
      pattern.literal = line;
    else
      pattern.glob.emplace(line, WildmatchOptions{false, fold_case});
    return pattern;
  }
  pattern.literal = line.substr(0, literal);
  if (!pattern.is_literal)
    pattern.glob.emplace(line.substr(literal), WildmatchOptions{true, fold_case});
  return pattern;
}

bool matches_name(const IgnorePattern& pattern, std::string_view name, bool fold_case) {
  if (pattern.is_suffix)
    return name.size() >= pattern.literal.size() &&
           same_bytes(name.substr(name.size() - pattern.literal.size()), pattern.literal,
                      fold_case);
  if (pattern.is_literal) return same_bytes(name, pattern.literal, fold_case);
  return pattern.glob->matches(name);
}

// `path` is relative to the folder of the pattern's file.
bool matches_path(const IgnorePattern& pattern, std::string_view path, bool fold_case) {
  const std::size_t literal = pattern.literal.size();
  if (path.size() < literal || !same_bytes(path.substr(0, literal), pattern.literal, fold_case))
    return false;
  path.remove_prefix(literal);
  return pattern.is_literal ? path.empty() : pattern.glob->matches(path);
}

// The part of `path` below `folder`; nothing when it lies elsewhere.
std::optional<std::string_view> below(std::string_view path, std::string_view folder,
                                      bool fold_case) {
  if (folder.empty()) return path;
  if (path.size() <= folder.size() || path[folder.size()] != '/' ||
      !same_bytes(path.substr(0, folder.size()), folder, fold_case))
    return std::nullopt;
  return path.substr(folder.size() + 1);
}

std::string_view last_component(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The last one that matches; behind `skip_until`, which is then null, when
// that stands in this file, and none when it stands in a weaker one.
const IgnorePattern* last_match(const IgnoreFile& file, std::string_view path, bool is_folder,
                                bool fold_case, const IgnorePattern*& skip_until) {
  const std::optional<std::string_view> inside = below(path, file.folder, fold_case);
  const std::string_view name = last_component(path);
  for (auto pattern = file.patterns.rbegin(); pattern != file.patterns.rend(); ++pattern) {
    if (skip_until != nullptr) {
      if (&*pattern == skip_until) skip_until = nullptr;
      continue;
    }
    if (pattern->folders_only && !is_folder) continue;
    if (pattern->any_folder ? matches_name(*pattern, name, fold_case)
                            : inside && matches_path(*pattern, *inside, fold_case))
      return &*pattern;
  }
  return nullptr;
}

}  // namespace

std::vector<IgnorePattern> parse_ignore_patterns(std::string_view bytes, bool fold_case) {
  std::vector<IgnorePattern> patterns;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  for (int number = 1; !bytes.empty(); ++number) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = without_trailing_spaces(line.substr(0, line.find('\0')));
    patterns.push_back(parse_pattern(line, number, fold_case));
  }
  return patterns;
}

GitIgnore::GitIgnore(Load load, bool fold_case) : load_(std::move(load)), fold_case_(fold_case) {}

void GitIgnore::add_excludes(IgnoreSource source, std::string path, std::string_view bytes) {
  excludes_.push_back({source, std::move(path), "", parse_ignore_patterns(bytes, fold_case_)});
  std::ranges::stable_sort(excludes_, {}, &IgnoreFile::source);
}

const GitIgnore::Level& GitIgnore::level(const std::string& folder) {
  auto& levels = use_local_excludes_ ? levels_ : shared_levels_;
  if (const auto known = levels.find(folder); known != levels.end()) return known->second;
  Level fresh;
  if (!folder.empty()) {
    const std::size_t slash = folder.rfind('/');
    const Level& above = level(slash == std::string::npos ? "" : folder.substr(0, slash));
    if (above.shut.pattern != nullptr) {
      fresh.shut = above.shut;
    } else {
      fresh.shut = match(folder, true);
      if (!fresh.shut.ignored) fresh.shut = {};
    }
  }
  Level& kept = levels.emplace(folder, std::move(fresh)).first->second;
  // In an excluded folder git reads no rules any more.
  if (kept.shut.pattern != nullptr) return kept;
  kept.file.folder = folder;
  kept.file.path = folder.empty() ? ".gitignore" : folder + "/.gitignore";
  if (const std::optional<std::string> bytes = load_(kept.file.path))
    kept.file.patterns = parse_ignore_patterns(*bytes, fold_case_);
  return kept;
}

// Rules of the folders above `path`, none of which is excluded, then excludes.
IgnoreAnswer GitIgnore::match(std::string_view path, bool is_folder, const IgnorePattern* before) {
  const auto answer = [](const IgnoreFile& file, const IgnorePattern& pattern) {
    return IgnoreAnswer{!pattern.negative, &file, &pattern};
  };
  std::string folder{path};
  while (!folder.empty()) {
    const std::size_t slash = folder.rfind('/');
    folder.resize(slash == std::string::npos ? 0 : slash);
    const IgnoreFile& file = level(folder).file;
    if (const IgnorePattern* pattern = last_match(file, path, is_folder, fold_case_, before))
      return answer(file, *pattern);
  }
  if (!use_local_excludes_) return {};
  for (const IgnoreFile& file : excludes_)
    if (const IgnorePattern* pattern = last_match(file, path, is_folder, fold_case_, before))
      return answer(file, *pattern);
  return {};
}

IgnoreAnswer GitIgnore::ask_before(std::string_view path, bool is_folder,
                                   const IgnoreAnswer& decided) {
  return match(path, is_folder, decided.pattern);
}

IgnoreAnswer GitIgnore::ask(std::string_view path, bool is_folder) {
  if (path.empty() || path.size() > kLongestPath) return {};
  const std::size_t slash = path.rfind('/');
  const Level& parent =
      level(slash == std::string_view::npos ? "" : std::string{path.substr(0, slash)});
  if (parent.shut.pattern != nullptr) return parent.shut;
  return match(path, is_folder);
}

}  // namespace rta::files

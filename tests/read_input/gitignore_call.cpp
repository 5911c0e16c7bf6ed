// gitignore: what the ignore rules of REPO say about the paths on standard
// input, each ended or separated by NUL.
#include <cstdio>

#include "base/text.h"
#include "collect/git/repository_reading.h"
#include "tests/read_input/calls.h"

namespace rta::read_input {
namespace {

std::string standard_input() {
  std::string text;
  for (int c; (c = std::getchar()) != EOF;) text += static_cast<char>(c);
  return text;
}

// "a/./b//c" as git looks it up; a slash at the end stays.
std::string as_asked(std::string path) {
  const bool folder = path.ends_with('/');
  path = lexically_normal(path);
  return folder && !path.ends_with('/') ? path + "/" : path;
}

Json answer(RepositoryReading& reading, const std::string& asked) {
  const std::string path = as_asked(asked);
  const files::IgnoreAnswer here = reading.rules.here(path);
  const std::string bare = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  const bool tracked = reading.index.tracks_in(bare);
  Json told;
  told["path"] = asked;
  told["ignored_by_patterns"] = here.ignored;
  told["ignored"] = here.ignored && !tracked;
  told["tracked"] = tracked;
  told["source"] = here.pattern == nullptr ? "" : here.file->path;
  told["line"] = here.pattern == nullptr ? 0 : here.pattern->line;
  told["pattern"] = here.pattern == nullptr ? "" : here.pattern->text;
  return told;
}

}  // namespace

Result<Json> answer_gitignore(Arguments arguments) {
  if (arguments.size() != 1) return Error{"one repository is wanted", "", ""};
  Result<ProjectFiles> files = ProjectFiles::open(arguments[0]);
  if (!files) return std::move(files).error();
  const Observation<std::shared_ptr<RepositoryReading>> reading = open_repository(*files);
  if (!reading.has_value()) return Error{reading.gap()->detail, arguments[0], ""};
  Json queries = Json::array();
  const std::string paths = standard_input();
  for (const std::string_view path : split(paths, '\0'))
    if (!path.empty()) queries.push_back(answer(**reading.value(), std::string{path}));
  Json told;
  told["queries"] = std::move(queries);
  return told;
}

}  // namespace rta::read_input

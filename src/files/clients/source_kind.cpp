#include "files/clients/source_kind.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "files/clients/source_lines.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

}  // namespace

bool is_for_development(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  std::size_t start = 0;
  while (start < name.size()) {
    const std::size_t end = std::min(name.find_first_of(".-_", start), name.size());
    const std::string_view word = std::string_view{name}.substr(start, end - start);
    for (const char* other : {"dev", "development", "local", "test"})
      if (word == other) return true;
    start = end + 1;
  }
  return false;
}
bool is_source_file(std::string_view path) {
  constexpr std::array<std::string_view, 20> kEndings{
      "js",   "mjs", "cjs", "ts", "mts", "cts", "jsx",  "tsx", "py", "go",
      "java", "kt",  "cs",  "rb", "php", "sh",  "bash", "rs",  "ex", "exs"};
  return std::ranges::find(kEndings, file_ending(path)) != kEndings.end();
}

bool is_configuration_file(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  const std::string_view ending = file_ending(name);
  if (ending == "yml" || ending == "yaml") return name.find("compose") == kNone;
  if (ending == "properties" || ending == "toml") return true;
  if (ending != "json") return false;
  const std::string folder = "/" + lower_ascii(path.substr(0, path.size() - name.size()));
  return name.starts_with("appsettings") || name.starts_with("config") ||
         folder.ends_with("/config/") || folder.ends_with("/conf/");
}

bool is_shell_script(std::string_view path) {
  return file_ending(path) == "sh" || file_ending(path) == "bash";
}

bool is_test_or_document(std::string_view path) {
  if (file_ending(path) == "md" || file_ending(path) == "rst") return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with("test_") || name.find(".test.") != kNone || name.find(".spec.") != kNone ||
      name.find("_test.") != kNone || name == "conftest.py")
    return true;
  constexpr std::array<std::string_view, 12> kFolders{
      "test",    "tests",    "spec",      "specs",     "docs",     "doc",
      "example", "examples", "__tests__", "__mocks__", "fixtures", "e2e"};
  return std::ranges::any_of(split(path, '/'), [&](std::string_view part) {
    return std::ranges::find(kFolders, part) != kFolders.end();
  });
}
}  // namespace rta::files

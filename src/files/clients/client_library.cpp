#include "files/clients/client_library.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/client_manifests.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// "requirements.txt", "requirements-prod.txt", "requirements/base.txt".
bool is_requirements(std::string_view path) {
  const std::string_view name = file_name(path);
  if (!name.ends_with(".txt")) return false;
  return name.starts_with("requirements") || path.starts_with("requirements/") ||
         path.find("/requirements/") != kNone;
}

using Reader = ClientLibraries (*)(std::string_view text, const std::string& path);
struct Format {
  std::string_view name;
  Reader read;
  bool is_lock;  // says what is installed, not what is allowed
};

constexpr std::array kFormats{Format{"package.json", from_package_json, false},
                              Format{"package-lock.json", from_package_lock, true},
                              Format{"npm-shrinkwrap.json", from_package_lock, true},
                              Format{"yarn.lock", from_yarn_lock, true},
                              Format{"pnpm-lock.yaml", from_pnpm_lock, true},
                              Format{"pyproject.toml", from_python_manifest, false},
                              Format{"Pipfile", from_python_manifest, false},
                              Format{"Pipfile.lock", from_pipfile_lock, true},
                              Format{"poetry.lock", from_python_lock, true},
                              Format{"uv.lock", from_python_lock, true},
                              Format{"pdm.lock", from_python_lock, true},
                              Format{"go.mod", from_go_mod, false},
                              Format{"go.sum", from_go_sum, true},
                              Format{"pom.xml", from_pom, false},
                              Format{"build.gradle", from_gradle, false},
                              Format{"build.gradle.kts", from_gradle, false},
                              Format{"gradle.lockfile", from_gradle, true},
                              Format{"Directory.Packages.props", from_csproj, false},
                              Format{"packages.lock.json", from_nuget_lock, true}};

const Format* format_of(std::string_view path) {
  static constexpr Format kRequirements{"requirements", from_requirements, false};
  static constexpr Format kProject{"csproj", from_csproj, false};
  const std::string_view name = file_name(path);
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  if (found != kFormats.end()) return &*found;
  if (is_requirements(path)) return &kRequirements;
  if (name.ends_with(".csproj") || name.ends_with(".fsproj") || name.ends_with(".vbproj"))
    return &kProject;
  return nullptr;
}

}  // namespace

bool is_client_manifest(std::string_view path) { return format_of(path) != nullptr; }

bool is_client_lock_file(std::string_view path) {
  const Format* format = format_of(path);
  return format != nullptr && format->is_lock;
}

std::vector<ClientLibrary> client_libraries(ByteView bytes, const std::string& path) {
  const Format* format = format_of(path);
  return format == nullptr ? std::vector<ClientLibrary>{} : format->read(as_text(bytes), path);
}

std::string bare_version(std::string_view text) {
  const std::size_t begin = text.find_first_of("0123456789");
  if (begin == kNone) return {};
  std::size_t end = begin;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
  while (end > begin && text[end - 1] == '.') --end;  // "4.*"
  return std::string{text.substr(begin, end - begin)};
}

int line_of(std::string_view text, std::size_t offset) {
  if (offset == kNone) return 0;
  return static_cast<int>(std::ranges::count(text.substr(0, offset), '\n')) + 1;
}

std::string_view quoted_part(std::string_view line) {
  const std::size_t open = line.find_first_of("\"'");
  const std::size_t close = open == kNone ? kNone : line.find(line[open], open + 1);
  return close == kNone ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

std::optional<std::string> dotenv_reader_named(ByteView bytes, const std::string& path) {
  const std::string_view text = as_text(bytes);
  const std::string_view name = file_name(path);
  const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (name == "package.json") {
    if (has("--env-file")) return "node-env-file";
    if (has("\"dotenv\"")) return "node";
  }
  if ((is_requirements(path) || name == "pyproject.toml" || name == "Pipfile") &&
      has("python-dotenv"))
    return "python";
  if (name == "go.mod" && has("github.com/joho/godotenv")) return "go";
  return std::nullopt;
}

}  // namespace rta::files

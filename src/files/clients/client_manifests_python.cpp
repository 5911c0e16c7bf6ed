#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "files/clients/client_manifests.h"
#include "files/clients/filtered_json.h"

namespace rta::files {
namespace {

using nlohmann::json;

// PEP 503: case, '-', '_' and '.' do not matter.
std::string client_of_pypi(std::string_view package) {
  std::string name = lower_ascii(package);
  std::ranges::replace(name, '_', '-');
  std::ranges::replace(name, '.', '-');
  if (name == "redis") return "redis-py";
  constexpr std::array<std::string_view, 9> kAsTheyAre{
      "celery", "kombu", "rq", "aioredis", "valkey", "coredis", "valkey-glide", "arq", "redis-om"};
  return std::ranges::find(kAsTheyAre, name) != kAsTheyAre.end() ? name : std::string{};
}

// "redis==4.3.4", "redis[hiredis]>=5,<6  # comment", "redis @ https://..."
std::optional<ClientLibrary> requirement(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  const std::size_t end = std::min(line.find_first_of("[<>=!~; @("), line.size());
  const std::string client = client_of_pypi(trim(line.substr(0, end)));
  if (client.empty()) return std::nullopt;
  std::string_view rest = trim(line.substr(end));
  if (rest.starts_with('[')) rest = rest.substr(std::min(rest.find(']'), rest.size() - 1) + 1);
  rest = trim(rest.substr(0, rest.find(';')));
  ClientLibrary library{client, "", false, {}};
  for (std::string_view part : split(rest, ',')) {
    part = trim(part);
    while (part.starts_with('(')) part.remove_prefix(1);
    const bool is_exact = part.starts_with("==") && part.find('*') == std::string_view::npos;
    if (!part.starts_with("==") && !part.starts_with(">") && !part.starts_with("~=")) continue;
    library.version = bare_version(part);
    library.exact = is_exact;
    if (is_exact) break;
  }
  return library;
}

}  // namespace

ClientLibraries from_requirements(std::string_view text, const std::string& path) {
  ClientLibraries found;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (auto library = requirement(line)) {
      library->location = {path, number, 1};
      found.push_back(std::move(*library));
    }
  }
  return found;
}

ClientLibraries from_python_manifest(std::string_view text, const std::string& path) {
  ClientLibraries found;
  int number = 0;
  bool for_development = false;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.starts_with('['))
      for_development = line.find("dev") != std::string_view::npos ||
                        line.find("test") != std::string_view::npos ||
                        line.starts_with("[dependency-groups");
    const std::size_t equal = line.find('=');
    const std::string named =
        equal == std::string_view::npos ? "" : client_of_pypi(trim(line.substr(0, equal)));
    const auto take = [&](std::optional<ClientLibrary> library) {
      if (!library || for_development) return;
      library->location = {path, number, 1};
      found.push_back(std::move(*library));
    };
    if (!named.empty()) {  // redis = "^4.3", redis = {version = "==4.3.4", extras = [...]}
      const std::string_view value = quoted_part(line.substr(equal));
      const bool exact =
          value.starts_with("==") || (!value.empty() && value[0] >= '0' && value[0] <= '9' &&
                                      value.find_first_of("*,<>|") == std::string_view::npos);
      take(ClientLibrary{named, value.starts_with('<') ? "" : bare_version(value), exact, {}});
      continue;
    }
    // Strings of a list, one or many a line.
    for (std::size_t at = line.find_first_of("\"'"); at != std::string_view::npos;) {
      const std::size_t close = line.find(line[at], at + 1);
      if (close == std::string_view::npos) break;
      take(requirement(line.substr(at + 1, close - at - 1)));
      at = line.find_first_of("\"'", close + 1);
    }
  }
  return found;
}

// [[package]], name = "redis", version = "4.3.4".
ClientLibraries from_python_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  std::string client;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.starts_with('[')) {
      client.clear();
    } else if (line.starts_with("name =")) {
      client = client_of_pypi(quoted_part(line));
    } else if (line.starts_with("version =") && !client.empty()) {
      found.push_back({client, bare_version(quoted_part(line)), true, {path, number, 1}});
      client.clear();
    }
  }
  return found;
}

ClientLibraries from_pipfile_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const json document = parse_filtered_json(text, [](int depth, std::string_view key) {
    if (depth == 1) return key == "default";
    return depth == 2 ? !client_of_pypi(key).empty() : key == "version";
  });
  if (!document.contains("default") || !document["default"].is_object()) return found;
  for (const auto& [name, entry] : document["default"].items())
    if (entry.is_object() && entry.contains("version") && entry["version"].is_string())
      found.push_back({client_of_pypi(name),
                       bare_version(entry["version"].get<std::string>()),
                       true,
                       {path, line_of(text, text.find("\"" + name + "\"")), 0}});
  return found;
}

}  // namespace rta::files

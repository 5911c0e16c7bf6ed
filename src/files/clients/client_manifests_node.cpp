#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/client_manifests.h"
#include "files/clients/client_verdict.h"
#include "files/clients/filtered_json.h"

namespace rta::files {
namespace {

using nlohmann::json;

constexpr std::size_t kNone = std::string_view::npos;

// Package names to the clients' own names. Those without rules are named all
// the same: an unknown client is not no client.
std::string client_of_npm(std::string_view package) {
  if (package == "redis" || package == "@redis/client") return "node-redis";
  constexpr std::array<std::string_view, 9> kAsTheyAre{
      "ioredis",        "iovalkey", "bullmq",      "bull",       "@valkey/valkey-glide",
      "@upstash/redis", "tedis",    "handy-redis", "thunk-redis"};
  const bool known = std::ranges::find(kAsTheyAre, package) != kAsTheyAre.end();
  return known ? std::string{package} : std::string{};
}

// "npm:ioredis@^5" behind another name: that package is meant.
std::string_view aliased(std::string_view name, std::string_view range) {
  if (!range.starts_with("npm:")) return name;
  const std::string_view target = range.substr(4);
  const std::size_t at = target.rfind('@');
  return at == kNone || at == 0 ? name : target.substr(0, at);
}

// @redis/client has numbers of its own below 5: 1.x belongs to redis 4.
void add(std::string_view package, std::string_view version, bool exact, SourceLocation where,
         ClientLibraries& found) {
  const std::string client = client_of_npm(package);
  if (client.empty()) return;
  std::string number = bare_version(version);
  if (package == "@redis/client") {
    if (compare_versions(number, "5") < 0) number = "4";
    for (const ClientLibrary& other : found)
      if (other.name == client) return;
  } else {
    // The package itself says more than its part.
    std::erase_if(found, [&](const ClientLibrary& other) {
      return other.name == client && package == "redis" && other.version == "4" && other.exact;
    });
  }
  const bool twice = std::ranges::any_of(found, [&](const ClientLibrary& other) {
    return other.name == client && other.version == number;
  });
  if (!twice) found.push_back({client, std::move(number), exact, std::move(where)});
}

std::string text_in(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && found->is_string()
             ? found->get<std::string>()
             : std::string{};
}

// "node_modules/ioredis", "backend/node_modules/ioredis"; not what another
// package keeps below itself.
std::string_view installed_package(std::string_view path) {
  constexpr std::string_view kFolder = "node_modules/";
  const std::size_t at = path.find(kFolder);
  if (at == kNone || (at > 0 && path[at - 1] != '/') || path.find(kFolder, at + 1) != kNone)
    return {};
  return path.substr(at + kFolder.size());
}

// "ioredis@^5.3.2", "@redis/client@npm:1.5.8", "redis@npm:ioredis@5".
std::string_view package_of_specifier(std::string_view specifier) {
  const std::size_t at = specifier.find('@', 1);
  if (at == kNone) return specifier;
  return aliased(specifier.substr(0, at), specifier.substr(at + 1));
}

std::string_view unquoted(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'' || text.back() == ':'))
    text.remove_suffix(1);
  return text;
}

}  // namespace

ClientLibraries from_package_json(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const json document = parse_filtered_json(text, [](int depth, std::string_view key) {
    return depth > 1 || key == "dependencies" || key == "optionalDependencies";
  });
  for (const char* section : {"dependencies", "optionalDependencies"}) {
    if (!document.contains(section) || !document[section].is_object()) continue;
    for (const auto& [name, version] : document[section].items()) {
      if (!version.is_string()) continue;
      const std::string range = version.get<std::string>();
      const std::string_view bare = aliased(name, range) == name
                                        ? std::string_view{range}
                                        : std::string_view{range}.substr(range.rfind('@') + 1);
      const bool exact = !bare.empty() && bare.front() >= '0' && bare.front() <= '9' &&
                         bare.find_first_of(" x|*-") == kNone;
      add(aliased(name, range), bare, exact,
          {path, line_of(text, text.find("\"" + name + "\"")), 0}, found);
    }
  }
  return found;
}

ClientLibraries from_package_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const auto wanted = [](int depth, std::string_view key) {
    if (depth == 1) return key == "packages" || key == "dependencies";
    if (depth > 2) return key == "version" || key == "name";
    const std::string_view package = installed_package(key);
    return !client_of_npm(key).empty() || !package.empty();
  };
  const json document = parse_filtered_json(text, wanted);
  const bool has_packages = document.contains("packages");
  const char* section = has_packages ? "packages" : "dependencies";
  if (!document.contains(section) || !document[section].is_object()) return found;
  for (const auto& [name, entry] : document[section].items()) {
    std::string package = has_packages ? std::string{installed_package(name)} : name;
    if (package.empty()) continue;
    if (const std::string own = text_in(entry, "name"); !own.empty()) package = own;
    const std::string version = text_in(entry, "version");
    const std::string_view number = std::string_view{version}.substr(version.rfind('@') + 1);
    if (version.starts_with("npm:")) package = std::string{aliased(package, version)};
    if (!version.empty())
      add(package, number, true, {path, line_of(text, text.find("\"" + name + "\"")), 0}, found);
  }
  return found;
}

ClientLibraries from_yarn_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  std::string package;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#' || line[0] == '\r') continue;
    if (line[0] != ' ') {
      const std::string_view first = trim(line).substr(0, trim(line).find(','));
      package = std::string{package_of_specifier(unquoted(first))};
      continue;
    }
    const std::string_view field = trim(line);
    if (!package.empty() && field.starts_with("version")) {
      add(package, field, true, {path, number, 1}, found);
      package.clear();
    }
  }
  return found;
}

ClientLibraries from_pnpm_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  bool in_packages = false;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (!line.empty() && line[0] != ' ' && line[0] != '\r' && line[0] != '#')
      in_packages = trim(line) == "packages:" || trim(line) == "snapshots:";
    if (!in_packages || !line.starts_with("  ") || line.starts_with("   ")) continue;
    std::string_view key = unquoted(trim(line));
    if (key.starts_with('/')) key.remove_prefix(1);
    key = key.substr(0, key.find('('));  // "(peer@1)"
    // "ioredis@5.3.2" since v6, "ioredis/5.3.2" before.
    const std::size_t at =
        key.rfind('@') != kNone && key.rfind('@') > 0 ? key.rfind('@') : key.rfind('/');
    if (at == kNone || at == 0) continue;
    add(key.substr(0, at), key.substr(at + 1), true, {path, number, 3}, found);
  }
  return found;
}

}  // namespace rta::files

// Go, Java and .NET.
#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "files/clients/client_manifests.h"
#include "files/clients/client_verdict.h"
#include "files/clients/filtered_json.h"

namespace rta::files {
namespace {

using nlohmann::json;

constexpr std::size_t kNone = std::string_view::npos;

struct Named {
  std::string_view package;
  std::string_view client;
};

constexpr std::array kGo{
    Named{"github.com/redis/go-redis", "go-redis"}, Named{"github.com/go-redis/redis", "go-redis"},
    Named{"github.com/gomodule/redigo", "redigo"}, Named{"github.com/redis/rueidis", "rueidis"},
    Named{"github.com/valkey-io/valkey-go", "valkey-go"}};

// Maven artefacts. The starter and Spring Data bring Lettuce along.
constexpr std::array kJava{Named{"jedis", "jedis"},
                           Named{"lettuce-core", "lettuce"},
                           Named{"spring-boot-starter-data-redis", "spring"},
                           Named{"spring-boot-starter-data-redis-reactive", "spring"},
                           Named{"spring-data-redis", "spring"},
                           Named{"redisson", "redisson"},
                           Named{"redisson-spring-boot-starter", "redisson"}};

constexpr std::array kNuget{
    Named{"StackExchange.Redis", "StackExchange.Redis"},
    Named{"Microsoft.Extensions.Caching.StackExchangeRedis", "StackExchange.Redis"},
    Named{"ServiceStack.Redis", "ServiceStack.Redis"}, Named{"FreeRedis", "FreeRedis"},
    Named{"CSRedisCore", "CSRedisCore"}};

std::string client_in(const auto& table, std::string_view package) {
  const auto found = std::ranges::find(table, package, &Named::package);
  return found == table.end() ? std::string{} : std::string{found->client};
}

std::string go_client(std::string_view module) {
  for (const Named& one : kGo)
    if (module == one.package || module.starts_with(std::string{one.package} + "/"))
      return std::string{one.client};
  return {};
}

// The text with <!-- comments --> blanked, so that offsets stay.
std::string without_xml_comments(std::string_view text) {
  std::string out{text};
  for (std::size_t at = out.find("<!--"); at != kNone; at = out.find("<!--", at)) {
    const std::size_t end = std::min(out.find("-->", at), out.size());
    for (std::size_t i = at; i < std::min(end + 3, out.size()); ++i)
      if (out[i] != '\n') out[i] = ' ';
    at = end;
  }
  return out;
}

std::string_view element(std::string_view text, std::string_view name) {
  const std::string open = "<" + std::string{name} + ">";
  const std::size_t at = text.find(open);
  if (at == kNone) return {};
  const std::string_view rest = text.substr(at + open.size());
  return trim(rest.substr(0, rest.find('<')));
}

// "${jedis.version}" from <properties>.
std::string_view resolved(std::string_view value, std::string_view document) {
  if (!value.starts_with("${") || !value.ends_with('}')) return value;
  return element(document, value.substr(2, value.size() - 3));
}

std::string_view attribute(std::string_view tag, std::string_view name) {
  const std::string wanted = std::string{name} + "=\"";
  const std::size_t at = tag.find(wanted);
  if (at == kNone) return {};
  const std::string_view rest = tag.substr(at + wanted.size());
  return rest.substr(0, rest.find('"'));
}

}  // namespace

ClientLibraries from_go_mod(std::string_view text, const std::string& path) {
  ClientLibraries found;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    const bool indirect = line.find("// indirect") != kNone;
    line = trim(line.substr(0, line.find("//")));
    if (line.starts_with("require ")) line = trim(line.substr(8));
    const std::size_t blank = line.find(' ');
    if (blank == kNone || indirect) continue;
    const std::string client = go_client(line.substr(0, blank));
    if (!client.empty() && line.substr(blank).find(" v") == 0)
      found.push_back({client, bare_version(line.substr(blank)), true, {path, number, 1}});
  }
  return found;
}

// Lists versions that were looked at; only "MODULE VERSION h1:" was built.
ClientLibraries from_go_sum(std::string_view text, const std::string& path) {
  ClientLibraries found;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::vector<std::string_view> words = split(trim(line), ' ');
    if (words.size() != 3 || words[1].ends_with("/go.mod")) continue;
    const std::string client = go_client(words[0]);
    if (client.empty()) continue;
    const std::string version = bare_version(words[1]);
    const auto same = std::ranges::find(found, client, &ClientLibrary::name);
    if (same == found.end())
      found.push_back({client, version, true, {path, number, 1}});
    else if (compare_versions(version, same->version) > 0)
      *same = {client, version, true, {path, number, 1}};
  }
  return found;
}

ClientLibraries from_pom(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const std::string document = without_xml_comments(text);
  const std::string_view all = document;
  for (std::size_t at = all.find("<dependency>"); at != kNone;
       at = all.find("<dependency>", at + 1)) {
    std::string_view block = all.substr(at);
    block = block.substr(0, block.find("</dependency>"));
    const std::string client = client_in(kJava, element(block, "artifactId"));
    if (client.empty() || element(block, "scope") == "test") continue;
    const std::string version = bare_version(resolved(element(block, "version"), all));
    found.push_back({client,
                     version,
                     !version.empty(),
                     {path, line_of(all, at + block.find("<artifactId>")), 0}});
  }
  return found;
}

ClientLibraries from_gradle(std::string_view text, const std::string& path) {
  ClientLibraries found;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.starts_with("//") || line.starts_with("test")) continue;
    // 'redis.clients:jedis:5.1.0', or without quotes in gradle.lockfile
    const std::size_t begin = line.find_first_of("\"'");
    std::string_view coordinates = line;
    if (begin != kNone) {
      const std::size_t end = line.find(line[begin], begin + 1);
      coordinates = line.substr(begin + 1, end == kNone ? kNone : end - begin - 1);
    }
    const std::vector<std::string_view> parts = split(coordinates, ':');
    if (parts.size() < 2) continue;
    const std::string client = client_in(kJava, parts[1].substr(0, parts[1].find('=')));
    if (client.empty()) continue;
    const std::string version = parts.size() > 2 ? bare_version(parts[2]) : std::string{};
    const bool exact = !version.empty() && parts[2].find('+') == kNone &&
                       parts[2].find('$') == kNone && parts[2].find('[') == kNone;
    found.push_back({client, version, exact, {path, number, 1}});
  }
  return found;
}

ClientLibraries from_csproj(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const std::string document = without_xml_comments(text);
  const std::string_view all = document;
  for (const std::string_view kind : {"<PackageReference", "<PackageVersion"}) {
    for (std::size_t at = all.find(kind); at != kNone; at = all.find(kind, at + 1)) {
      std::string_view tag = all.substr(at);
      const std::size_t end = tag.find('>');
      const std::string_view inside = end != kNone && end > 0 && tag[end - 1] != '/'
                                          ? tag.substr(end, 200)
                                          : std::string_view{};
      tag = tag.substr(0, end);
      std::string client = client_in(kNuget, attribute(tag, "Include"));
      if (client.empty()) continue;
      std::string_view version = attribute(tag, "Version");
      if (version.empty()) version = element(inside.substr(0, inside.find("</Package")), "Version");
      const bool exact = !version.empty() && version.find_first_of("*[($") == kNone;
      found.push_back(
          {std::move(client), bare_version(version), exact, {path, line_of(all, at), 0}});
    }
  }
  return found;
}

ClientLibraries from_nuget_lock(std::string_view text, const std::string& path) {
  ClientLibraries found;
  const json document = parse_filtered_json(text, [](int depth, std::string_view key) {
    if (depth == 1) return key == "dependencies";
    return depth == 3 ? !client_in(kNuget, key).empty() : depth == 2 || key == "resolved";
  });
  if (!document.contains("dependencies") || !document["dependencies"].is_object()) return found;
  for (const auto& [framework, packages] : document["dependencies"].items()) {
    if (!packages.is_object()) continue;
    for (const auto& [name, entry] : packages.items())
      if (entry.is_object() && entry.contains("resolved") && entry["resolved"].is_string())
        found.push_back({client_in(kNuget, name),
                         bare_version(entry["resolved"].get<std::string>()),
                         true,
                         {path, line_of(text, text.find("\"" + name + "\"")), 0}});
  }
  return found;
}

}  // namespace rta::files

#include "files/client_library.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace rta::files {
namespace {

using nlohmann::json;

// Package names to the clients' own names.
std::string client_of_npm(std::string_view package) {
  if (package == "redis" || package == "@redis/client") return "node-redis";
  if (package == "ioredis" || package == "bullmq" || package == "bull") return std::string{package};
  return {};
}
std::string client_of_pypi(std::string_view package) {
  const std::string name = lower_ascii(package);
  if (name == "redis") return "redis-py";
  if (name == "celery" || name == "kombu" || name == "rq") return name;
  return {};
}

int line_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  return static_cast<int>(std::ranges::count(before, '\n')) + 1;
}

// The version without range operators: "^5.3.2" -> "5.3.2".
std::string bare_version(std::string_view text) {
  const std::size_t begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return {};
  std::size_t end = begin;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
  return std::string{text.substr(begin, end - begin)};
}

json parse_json(std::string_view text) {
  std::size_t depth = 0;
  const auto shallow = [&depth](int level, json::parse_event_t, json&) {
    depth = std::max(depth, static_cast<std::size_t>(level));
    return level < 64;
  };
  json document = json::parse(text, shallow, false);
  return document.is_discarded() ? json::object() : document;
}

std::vector<ClientLibrary> from_package_json(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
  const json document = parse_json(text);
  if (!document.is_object()) return found;
  for (const char* section : {"dependencies", "optionalDependencies"}) {
    const auto dependencies = document.find(section);
    if (dependencies == document.end() || !dependencies->is_object()) continue;
    for (const auto& [name, version] : dependencies->items()) {
      const std::string client = client_of_npm(name);
      if (client.empty() || !version.is_string()) continue;
      const std::string range = version.get<std::string>();
      const bool exact = !range.empty() && range.front() >= '0' && range.front() <= '9';
      found.push_back({client,
                       bare_version(range),
                       exact,
                       {path, line_of(text, text.find("\"" + name + "\"")), 0}});
    }
  }
  return found;
}

std::vector<ClientLibrary> from_package_lock(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
  const json document = parse_json(text);
  const auto packages = document.is_object() ? document.find("packages") : document.end();
  if (!document.is_object() || packages == document.end() || !packages->is_object()) return found;
  for (const auto& [name, entry] : packages->items()) {
    constexpr std::string_view kPrefix = "node_modules/";
    if (!name.starts_with(kPrefix) || !entry.is_object()) continue;
    const std::string client = client_of_npm(std::string_view{name}.substr(kPrefix.size()));
    const auto version = entry.find("version");
    if (client.empty() || version == entry.end() || !version->is_string()) continue;
    found.push_back({client,
                     bare_version(version->get<std::string>()),
                     true,
                     {path, line_of(text, text.find("\"" + name + "\"")), 0}});
  }
  return found;
}

// "redis==4.3.4", "redis[hiredis]>=5,<6  # comment"
std::optional<ClientLibrary> requirement(std::string_view line) {
  line = trim(line.substr(0, line.find('#')));
  const std::size_t end = std::min(line.find_first_of("[<>=!~; @"), line.size());
  const std::string client = client_of_pypi(line.substr(0, end));
  if (client.empty()) return std::nullopt;
  std::string_view rest = line.substr(end);
  if (rest.starts_with('[')) rest = rest.substr(std::min(rest.find(']'), rest.size() - 1) + 1);
  rest = trim(rest.substr(0, rest.find(';')));
  const bool exact = rest.starts_with("==");
  const bool bounded_below = exact || rest.starts_with(">=") || rest.starts_with("~=");
  return ClientLibrary{client, bounded_below ? bare_version(rest) : "", exact, {}};
}

std::vector<ClientLibrary> from_requirements(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
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

// pyproject.toml and Pipfile: `redis = "^4.3"` or a string in a list.
std::vector<ClientLibrary> from_python_manifest(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    const std::size_t equal = line.find('=');
    std::optional<ClientLibrary> library;
    if (line.starts_with('"') || line.starts_with('\'')) {
      const std::size_t close = line.find(line.front(), 1);
      if (close != std::string_view::npos) library = requirement(line.substr(1, close - 1));
    } else if (equal != std::string_view::npos) {
      const std::string client = client_of_pypi(trim(line.substr(0, equal)));
      if (!client.empty())
        library = ClientLibrary{client,
                                bare_version(line.substr(equal + 1)),
                                line.find("\"==") != std::string_view::npos,
                                {}};
    }
    if (!library) continue;
    library->location = {path, number, 1};
    found.push_back(std::move(*library));
  }
  return found;
}

// poetry.lock: [[package]], name = "redis", version = "4.3.4".
std::vector<ClientLibrary> from_poetry_lock(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
  std::string client;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    const auto quoted = [&]() -> std::string_view {
      const std::size_t open = line.find('"');
      const std::size_t close = open == std::string_view::npos ? open : line.find('"', open + 1);
      return close == std::string_view::npos ? std::string_view{}
                                             : line.substr(open + 1, close - open - 1);
    };
    if (line == "[[package]]")
      client.clear();
    else if (line.starts_with("name ="))
      client = client_of_pypi(quoted());
    else if (line.starts_with("version =") && !client.empty()) {
      found.push_back({client, bare_version(quoted()), true, {path, number, 1}});
      client.clear();
    }
  }
  return found;
}

std::vector<ClientLibrary> from_go_mod(std::string_view text, const std::string& path) {
  std::vector<ClientLibrary> found;
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.starts_with("require ")) line = trim(line.substr(8));
    const bool is_go_redis = line.starts_with("github.com/redis/go-redis") ||
                             line.starts_with("github.com/go-redis/redis");
    const std::size_t blank = line.find(' ');
    if (is_go_redis && blank != std::string_view::npos)
      found.push_back({"go-redis", bare_version(line.substr(blank)), true, {path, number, 1}});
  }
  return found;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_requirements(std::string_view name) {
  return name.starts_with("requirements") && name.ends_with(".txt");
}

}  // namespace

std::vector<ClientLibrary> client_libraries(ByteView bytes, const std::string& path) {
  const std::string_view text = as_text(bytes);
  const std::string_view name = file_name(path);
  if (name == "package.json") return from_package_json(text, path);
  if (name == "package-lock.json") return from_package_lock(text, path);
  if (is_requirements(name)) return from_requirements(text, path);
  if (name == "pyproject.toml" || name == "Pipfile") return from_python_manifest(text, path);
  if (name == "poetry.lock") return from_poetry_lock(text, path);
  if (name == "go.mod") return from_go_mod(text, path);
  return {};
}

std::optional<std::string> dotenv_reader_named(ByteView bytes, const std::string& path) {
  const std::string_view text = as_text(bytes);
  const std::string_view name = file_name(path);
  const auto has = [&](std::string_view part) { return text.find(part) != std::string_view::npos; };
  if (name == "package.json") {
    if (has("--env-file")) return "node-env-file";
    if (has("\"dotenv\"")) return "node";
  }
  if ((is_requirements(name) || name == "pyproject.toml" || name == "Pipfile") &&
      has("python-dotenv"))
    return "python";
  if (name == "go.mod" && has("github.com/joho/godotenv")) return "go";
  return std::nullopt;
}

}  // namespace rta::files

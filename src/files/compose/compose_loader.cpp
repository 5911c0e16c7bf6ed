#include "files/compose/compose_loader.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "files/compose/compose_casts.h"
#include "files/compose/compose_variables.h"
#include "files/dotenv/dotenv.h"

namespace rta {
namespace {

constexpr std::size_t kFiles = 1'000;
constexpr std::size_t kAllFiles = 4 * limits::kTextFile;
constexpr std::size_t kAllParsing = 64 * limits::kTextFile;
constexpr std::size_t kAllValues = 3 * limits::kYamlNodes;
constexpr std::size_t kPutIn = 32 * limits::kTextFile;  // text with its variables

Error at(const YamlNode& node, std::string what) {
  return {std::move(what), node.location.text(), ""};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
}

std::vector<std::string> texts(const YamlNode* node) {
  std::vector<std::string> all;
  if (node == nullptr) return all;
  if (node->is_scalar()) all.push_back(node->text);
  for (const YamlNode& item : node->items)
    if (item.is_scalar()) all.push_back(item.text);
  return all;
}

std::string project_name(std::string_view text) {
  std::string name;
  for (const char c : lower_ascii(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-') name += c;
  return name.substr(std::min(name.find_first_not_of("_-"), name.size()));
}

Result<const YamlNode*> with_service(const YamlNode& file, const std::string& path,
                                     const std::string& service) {
  const YamlNode* services = file.find("services");
  if (services == nullptr || services->find(service) == nullptr)
    return Error{fmt::format("cannot extend service {:?}: not found", printable(service, 100)),
                 path, ""};
  return &file;
}

}  // namespace

std::string compose_path(const std::string& directory, const std::string& path) {
  const bool absolute = path.starts_with('/');
  const std::string joined = absolute || directory.empty() ? path : directory + "/" + path;
  std::vector<std::string> parts;
  for (const std::string_view part : split(joined, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (part != ".." || !joined.starts_with('/'))
      parts.emplace_back(part);
  }
  const std::string clean = join(parts, "/");
  return joined.starts_with('/') ? "/" + clean : clean.empty() ? "." : clean;
}

std::optional<std::string> ComposeLoader::variable(const std::string& name) const {
  if (const auto own = input_.environment.find(name); own != input_.environment.end())
    return own->second;
  if (const auto file = variables_.find(name); file != variables_.end()) return file->second;
  if (name == "COMPOSE_PROJECT_NAME" && !project_name_.empty()) return project_name_;
  return std::nullopt;
}

bool ComposeLoader::profile_is_active(const std::string& name) const {
  if (std::ranges::count(input_.profiles, name) + std::ranges::count(input_.profiles, "*") > 0)
    return true;
  if (!input_.profiles.empty()) return false;
  const std::string given = variable("COMPOSE_PROFILES").value_or("");
  for (const std::string_view word : split(given, ','))
    if (trim(word) == name || trim(word) == "*") return true;
  return false;
}

Result<std::string> ComposeLoader::read_required(const std::string& path, const std::string& what) {
  const auto known = texts_.find(path);
  if (known == texts_.end()) {
    if (texts_.size() >= kFiles) return Error{"more than 1000 files", path, ""};
    ComposeFiles::Text file = files_.read(path);
    if (file.gap)
      return Error{fmt::format("{} cannot be read: {}", what, file.gap->detail), path,
                   file.gap->remedy};
    if (!file.exists) return Error{fmt::format("{} not found", what), path, ""};
    bytes_read_ += file.text.size();
    if (bytes_read_ > kAllFiles)
      return Error{"the project's files are larger than 4 MiB", path, ""};
    texts_.emplace(path, std::move(file.text));
  }
  const std::string& text = texts_.at(path);
  // A file that many services name is read once and parsed for each.
  bytes_parsed_ += text.size();
  if (bytes_parsed_ > kAllParsing)
    return Error{"the project's files are named too often", path, ""};
  return text;
}

Result<void> ComposeLoader::read_variables(const std::string& directory,
                                           const std::vector<std::string>& env_files,
                                           bool explicitly) {
  std::map<std::string, std::string> added;
  for (const std::string& name : env_files) {
    const std::string path = compose_path(directory, name);
    const ComposeFiles::Text file = files_.read(path);
    if (file.gap) gaps_.push_back(*file.gap);
    if (!file.exists && !file.gap && is_left_out(path)) {
      env_left_out_ = path;
      continue;
    }
    if (!file.exists && !file.gap && explicitly) return Error{"couldn't find env file", path, ""};
    if (!file.exists) continue;
    files::Environment known = input_.environment;
    known.insert(added.begin(), added.end());
    const files::DotenvFile env =
        files::read_dotenv(as_bytes(file.text), files::DotenvDialect::compose, path, known);
    if (env.refused) return Error{"failed to read: " + *env.refused, env.refused_at.text(), ""};
    for (const auto& [key, value] : env.values)
      if (value) added[key] = *value;
  }
  // What an outer project set wins over an included folder's file.
  variables_.insert(added.begin(), added.end());
  return {};
}

bool ComposeLoader::is_left_out(const std::string& path) const {
  return input_.left_out && !files_.read(path).exists && input_.left_out(path);
}

// Only where an env file that may hold them is kept out of the checkout.
files::ElsewhereLookup ComposeLoader::elsewhere(const std::string& owner) {
  if (env_left_out_.empty()) return {};
  return [this, owner](const std::string& name, bool is_password) -> std::optional<std::string> {
    wanted_.insert(name);
    if (!input_.elsewhere) return std::nullopt;
    std::optional<std::string> given = input_.elsewhere(is_password ? "PASSWORD" : name);
    return given || owner.empty() ? given : input_.elsewhere(owner);
  };
}

std::vector<std::string> ComposeLoader::find_files() const {
  // In the order in which compose looks for them.
  constexpr std::array<std::string_view, 4> kNames{"compose.yaml", "compose.yml",
                                                   "docker-compose.yml", "docker-compose.yaml"};
  constexpr std::array<std::string_view, 4> kOverrides{
      "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
      "docker-compose.override.yaml"};
  std::vector<std::string> found;
  const auto add_first = [&](const auto& names) {
    for (const std::string_view name : names) {
      const std::string path = compose_path(input_.directory, std::string{name});
      if (!files_.read(path).exists) continue;
      found.push_back(path);
      return;
    }
  };
  add_first(kNames);
  if (!found.empty() && input_.with_override) add_first(kOverrides);
  return found;
}

Result<std::optional<YamlNode>> ComposeLoader::load() {
  const bool explicitly = !input_.env_files.empty();
  const std::vector<std::string> env_files =
      explicitly ? input_.env_files : std::vector<std::string>{".env"};
  std::vector<std::string> files;
  for (const std::string& file : input_.files)
    files.push_back(compose_path(input_.directory, file));
  const std::string first_folder = files.empty() ? input_.directory : folder_of(files.front());
  if (Result<void> read =
          read_variables(explicitly ? input_.directory : first_folder, env_files, explicitly);
      !read)
    return std::move(read).error();
  if (files.empty())
    if (const auto named = variable("COMPOSE_FILE"); named && !named->empty()) {
      const std::string separator = variable("COMPOSE_PATH_SEPARATOR").value_or(":");
      for (const std::string_view file : split(*named, separator.empty() ? ':' : separator[0]))
        files.push_back(compose_path(input_.directory, std::string{file}));
    }
  if (files.empty()) files = find_files();
  if (files.empty()) return std::optional<YamlNode>{};
  const std::string folder = folder_of(files.front());
  project_name_ = project_name(std::string_view{folder}.substr(folder.rfind('/') + 1));

  YamlNode project;
  project.kind = YamlNode::Kind::map;
  for (const std::string& file : files)
    if (Result<void> added = add_file(project, file, folder, 0); !added)
      return std::move(added).error();
  return std::optional{std::move(project)};
}

Result<std::vector<YamlNode>> ComposeLoader::read_documents(const std::string& path) {
  Result<std::string> text = read_required(path, "compose file");
  if (!text) return std::move(text).error();
  Result<std::vector<YamlNode>> documents = read_yaml(*text, path, &values_);
  if (!documents) return documents;
  if (values_ > kAllValues) return Error{"the project's files hold too many values", path, ""};
  std::erase_if(*documents, [](const YamlNode& document) { return document.is_null(); });
  for (YamlNode& document : *documents) {
    if (!document.is_map()) return at(document, "top-level object must be a mapping");
    if (const YamlNode* name = document.find("name"); name != nullptr && loaded_.empty())
      if (auto expanded = files::expand_compose_variables(
              name->text, [this](const std::string& of) { return variable(of); });
          expanded && !project_name(*expanded).empty())
        project_name_ = project_name(*expanded);
    TreePath place;
    if (Result<void> done = interpolate(document, place); !done) return std::move(done).error();
  }
  return documents;
}

// The name of the environment variable that a `${...}` is the whole value of.
static std::string whole_value_of(const std::string& text, const TreePath& path) {
  const std::size_t dollar = text.find('$');
  if (text.find('$', dollar + 1) != std::string::npos) return {};
  if (dollar > 0)
    return text[dollar - 1] == '=' && text.ends_with('}') ? text.substr(0, dollar - 1) : "";
  constexpr std::string_view kEnvironment = ".environment.";
  const std::string place = path.text();
  const std::size_t at = place.find(kEnvironment);
  return at == std::string::npos || !text.ends_with('}') ? ""
                                                         : place.substr(at + kEnvironment.size());
}

Result<void> ComposeLoader::interpolate(YamlNode& node, TreePath& path) {
  const auto below = [&](std::string_view part, YamlNode& value) {
    path.push(part);
    Result<void> done = interpolate(value, path);
    path.pop();
    return done;
  };
  for (YamlNode& item : node.items)
    if (Result<void> done = below("[]", item); !done) return done;
  for (auto& [key, value] : node.entries)
    if (Result<void> done = below(key, value); !done) return done;
  if (!node.is_scalar()) return {};
  if (node.text.find('$') != std::string::npos) {
    Result<std::string> text = files::expand_compose_variables(
        node.text, [this](const std::string& name) { return variable(name); },
        elsewhere(whole_value_of(node.text, path)));
    if (!text) {
      Error error = std::move(text).error();
      error.where = node.location.text();
      return error;
    }
    put_in_ += text->size();
    if (put_in_ > kPutIn)
      return Error{"its variables make more text than is read", node.location.text(), ""};
    if (*text != node.text) interpolated_.insert(node.location);
    node.text = std::move(*text);
    node.plain = false;  // whatever it became, it is text
  }
  return cast_compose_text(path, node);
}

Result<void> ComposeLoader::add_file(YamlNode& project, const std::string& path,
                                     const std::string& directory, std::size_t depth) {
  if (depth > limits::kIncludeDepth) return Error{"include cycle detected", path, ""};
  Result<std::vector<YamlNode>> documents = read_documents(path);
  if (!documents) return std::move(documents).error();
  loaded_.push_back(path);
  if (documents->empty()) return Error{"empty compose file", path, ""};
  for (YamlNode& document : *documents) {
    const ComposeResets resets = take_resets(document);
    if (Result<void> valid = check_compose_schema(document, ComposeStage::one_file); !valid)
      return valid;
    if (Result<void> done = settle_compose(document, directory, ports_); !done) return done;
    if (Result<void> done = extend_all(document, directory, resets); !done) return done;
    apply_resets(project, resets);
    if (Result<void> done = add_includes(document, directory, depth); !done) return done;
    if (Result<void> done = merge_compose(project, std::move(document), ""); !done) return done;
  }
  return check_compose_schema(project, ComposeStage::all_files);
}

Result<YamlNode> ComposeLoader::included(const YamlNode& item, const std::string& directory,
                                         std::size_t depth) {
  std::vector<std::string> paths =
      item.is_scalar() ? std::vector{item.text} : texts(item.find("path"));
  if (paths.empty()) return at(item, "include.path is required");
  for (std::string& path : paths) path = compose_path(directory, path);
  std::string folder = folder_of(paths.front());
  if (const YamlNode* named = item.find("project_directory"); named != nullptr)
    folder = compose_path(directory, named->text);
  std::vector<std::string> env_files = texts(item.find("env_file"));
  const bool named_env = !env_files.empty();
  if (!named_env) env_files = {".env"};
  const auto outer = variables_;
  if (Result<void> read = read_variables(named_env ? directory : folder, env_files, named_env);
      !read)
    return std::move(read).error();
  YamlNode imported;
  imported.kind = YamlNode::Kind::map;
  for (const std::string& path : paths)
    if (Result<void> added = add_file(imported, path, folder, depth + 1); !added)
      return std::move(added).error();
  variables_ = outer;
  return imported;
}

// What is included belongs to this document; two of a name must be the same.
Result<void> ComposeLoader::add_includes(YamlNode& document, const std::string& directory,
                                         std::size_t depth) {
  const YamlNode* includes = document.find("include");
  if (includes == nullptr) return {};
  const YamlNode list = *includes;
  document.erase("include");
  for (const YamlNode& item : list.items) {
    Result<YamlNode> imported = included(item, directory, depth);
    if (!imported) return std::move(imported).error();
    for (const std::string section : {"services", "volumes", "networks", "secrets", "configs"}) {
      YamlNode* theirs = imported->find(section);
      if (theirs == nullptr) continue;
      YamlNode* ours = document.find(section);
      if (ours == nullptr) {
        document.set(section, std::move(*theirs));
        continue;
      }
      for (auto& [name, value] : theirs->entries) {
        const YamlNode* existing = ours->find(name);
        if (existing != nullptr && !existing->says_the_same_as(value))
          return at(item, fmt::format("{}.{} conflicts with imported resource", section,
                                      printable(name, 100)));
        if (existing == nullptr) ours->entries.emplace_back(name, std::move(value));
      }
    }
  }
  return {};
}

Result<void> ComposeLoader::extend_all(YamlNode& document, const std::string& directory,
                                       const ComposeResets& resets) {
  YamlNode* services = document.find("services");
  if (services == nullptr || !services->is_map()) return {};
  for (auto& [name, service] : services->entries) {
    if (service.find("extends") == nullptr) continue;
    Result<YamlNode> whole = extended(document, name, directory, resets, {});
    if (!whole) return std::move(whole).error();
    service = std::move(*whole);
  }
  return {};
}

// The services of another file, with paths of that file, and nothing else.
Result<const YamlNode*> ComposeLoader::extended_file(const std::string& path,
                                                     const std::string& service) {
  if (const auto known = extended_files_.find(path); known != extended_files_.end())
    return with_service(known->second, path, service);
  Result<std::vector<YamlNode>> documents = read_documents(path);
  if (!documents) return std::move(documents).error();
  YamlNode whole;
  whole.kind = YamlNode::Kind::map;
  for (YamlNode& document : *documents) {
    const ComposeResets resets = take_resets(document);
    YamlNode part;
    part.kind = YamlNode::Kind::map;
    if (YamlNode* services = document.find("services"); services != nullptr && services->is_map())
      part.set("services", std::move(*services));
    if (Result<void> valid = check_compose_schema(part, ComposeStage::one_file); !valid)
      return std::move(valid).error();
    if (Result<void> done = settle_compose(part, folder_of(path), ports_); !done)
      return std::move(done).error();
    apply_resets(whole, resets);
    if (Result<void> done = merge_compose(whole, std::move(part), ""); !done)
      return std::move(done).error();
  }
  if (std::ranges::count(loaded_, path) == 0) loaded_.push_back(path);
  return with_service(extended_files_.emplace(path, std::move(whole)).first->second, path, service);
}

Result<YamlNode> ComposeLoader::extended(const YamlNode& document, const std::string& name,
                                         const std::string& directory, const ComposeResets& resets,
                                         std::vector<std::string> chain) {
  const YamlNode* services = document.find("services");
  const YamlNode* found = services == nullptr ? nullptr : services->find(name);
  if (found == nullptr)
    return at(document, fmt::format("cannot extend service {:?}: not found", printable(name, 100)));
  YamlNode service = *found;
  const YamlNode* extends = found->find("extends");
  if (extends == nullptr) return service;
  const std::string link = found->location.text() + name;
  if (std::ranges::count(chain, link) > 0 || chain.size() > limits::kIncludeDepth)
    return at(*found, "circular reference: services extend each other");
  chain.push_back(link);

  const YamlNode* wanted = extends->is_map() ? extends->find("service") : extends;
  const YamlNode* file = extends->is_map() ? extends->find("file") : nullptr;
  if (wanted == nullptr || !wanted->is_scalar()) return at(*extends, "extends.service is required");
  service.erase("extends");
  Result<YamlNode> base = YamlNode{};
  if (file == nullptr || !file->is_scalar()) {
    base = extended(document, wanted->text, directory, resets, chain);
  } else {
    const std::string path = compose_path(directory, file->text);
    const Result<const YamlNode*> other = extended_file(path, wanted->text);
    if (!other) return other.error();
    base = extended(**other, wanted->text, folder_of(path), resets, chain);
  }
  if (!base) return base;
  YamlNode around, all;
  around.kind = all.kind = YamlNode::Kind::map;
  all.set(name, std::move(*base));
  around.set("services", std::move(all));
  apply_resets(around, resets);
  YamlNode result;
  if (YamlNode* left = around.find("services")->find(name)) result = std::move(*left);
  if (Result<void> done = merge_compose(result, std::move(service), "services.x"); !done)
    return std::move(done).error();
  return result;
}

}  // namespace rta

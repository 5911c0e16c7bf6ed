#include "files/compose/compose.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "files/compose/compose_loader.h"
#include "files/dotenv/dotenv.h"
#include "files/shell_words.h"

namespace rta {
namespace {

Error at(const YamlNode& node, std::string what) {
  return {std::move(what), node.location.text(), ""};
}

std::string text_of(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  return node != nullptr && node->is_scalar() ? node->text : "";
}

bool is_true(const YamlNode& map, std::string_view key) {
  const std::string text = lower_ascii(text_of(map, key));
  return text == "true" || text == "yes" || text == "on" || text == "y" || text == "1" ||
         text == "t";
}

std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A number as compose prints it: 010 is 8.
std::string number_or_text(const YamlNode& map, std::string_view key) {
  const YamlNode* node = map.find(key);
  return node != nullptr && node->is_scalar() ? type_scalar(*node).text : "";
}

Result<void> read_ports(const YamlNode& service, std::vector<ComposePort>& ports) {
  const YamlNode* list = service.find("ports");
  if (list == nullptr) return {};
  for (const YamlNode& node : list->items) {
    ComposePort port;
    port.location = node.location;
    const auto target = port_number(number_or_text(node, "target"));
    if (!target) return at(node, "ports target is required");
    port.target = *target;
    port.published = number_or_text(node, "published");
    port.host_ip = text_of(node, "host_ip");
    if (const std::string mode = text_of(node, "mode"); !mode.empty()) port.mode = mode;
    if (const std::string protocol = text_of(node, "protocol"); !protocol.empty())
      port.protocol = protocol;
    ports.push_back(port);
  }
  return {};
}

Result<void> read_mounts(const YamlNode& project, const YamlNode& service, const std::string& name,
                         ComposeServiceReading& reading) {
  const YamlNode* list = service.find("volumes");
  if (list == nullptr) return {};
  const YamlNode* volumes = project.find("volumes");
  for (const YamlNode& node : list->items) {
    ComposeMount mount{.type = text_of(node, "type"),
                       .source = text_of(node, "source"),
                       .target = text_of(node, "target"),
                       .read_only = is_true(node, "read_only"),
                       .location = node.location};
    if (reading.active && mount.type == "volume" && !mount.source.empty() &&
        (volumes == nullptr || volumes->find(mount.source) == nullptr))
      return at(node,
                fmt::format("service {:?} refers to undefined volume {}: invalid compose project",
                            name, printable(mount.source, 100)));
    reading.mounts.push_back(std::move(mount));
  }
  return {};
}

// "0400" and 256 are one mode: YAML's octal, or the text in quotes.
std::optional<std::uint32_t> mode_of(const YamlNode& grant) {
  const std::string text = text_of(grant, "mode");
  std::uint32_t mode = 0;
  std::string_view digits = text;
  if (digits.starts_with("0o")) digits.remove_prefix(2);
  const int base = text.starts_with('0') ? 8 : 10;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), mode, base);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return mode;
}

// The text of a block scalar begins below its key.
SourceLocation first_line_of(const YamlNode& content) {
  SourceLocation at = content.location;
  if (content.is_block) ++at.line;
  return at;
}

// What a secret or config holds where no file does: text, or a variable.
void read_content(ComposeLoader& loader, const YamlNode& defined, ComposeMount& mount) {
  if (const YamlNode* content = defined.find("content"); content != nullptr && content->is_scalar()) {
    mount.content = content->text;
    mount.content_at = first_line_of(*content);
    mount.content_is_literal = !loader.was_interpolated(content->location);
  } else if (const std::string name = text_of(defined, "environment"); !name.empty()) {
    mount.content = loader.variable(name);
    mount.content_at = defined.location;
  }
}

// `secrets` and `configs` of a service, by the files that the project names.
Result<void> read_grants(ComposeLoader& loader, const YamlNode& project, const YamlNode& service,
                         const std::string& name, std::string_view section,
                         ComposeServiceReading& reading) {
  const YamlNode* list = service.find(section);
  if (list == nullptr) return {};
  const bool is_secret = section == "secrets";
  for (const YamlNode& node : list->items) {
    const std::string source = node.is_scalar() ? node.text : text_of(node, "source");
    const YamlNode* all = project.find(section);
    const YamlNode* defined = all == nullptr ? nullptr : all->find(source);
    if (defined == nullptr && !reading.active) continue;
    if (defined == nullptr)
      return at(node, fmt::format("service {:?} refers to undefined {} {}: invalid compose project",
                                  name, is_secret ? "secret" : "config", printable(source, 100)));
    std::string target = text_of(node, "target");
    if (target.empty()) target = is_secret ? source : "/" + source;
    if (is_secret && !target.starts_with('/')) target = "/run/secrets/" + target;
    ComposeMount mount{.type = is_secret ? "secret" : "config",
                       .source = text_of(*defined, "file"),
                       .target = std::move(target),
                       .read_only = true,
                       .location = node.location};
    mount.mode = mode_of(node);
    read_content(loader, *defined, mount);
    reading.mounts.push_back(std::move(mount));
  }
  return {};
}

class ServiceReader {
 public:
  ServiceReader(ComposeLoader& loader, const YamlNode& project)
      : loader_(loader), project_(project) {}

  Result<ComposeServiceReading> read(const std::string& name, const YamlNode& service) {
    ComposeServiceReading reading;
    reading.name = name;
    reading.location = service.location;
    reading.image = text_of(service, "image");
    if (const YamlNode* build = service.find("build")) {
      reading.build_context = text_of(*build, "context");
      reading.build_file = text_of(*build, "dockerfile");
      reading.build_target = text_of(*build, "target");
      reading.build_inline = text_of(*build, "dockerfile_inline");
    }
    reading.active = is_active(service);
    if (reading.active && reading.image.empty() && service.find("build") == nullptr &&
        service.find("provider") == nullptr)
      return at(
          service,
          fmt::format("service {:?} has neither an image nor a build context specified: invalid "
                      "compose project",
                      name));
    if (Result<void> done = read_command(service, "entrypoint", reading, reading.entrypoint); !done)
      return std::move(done).error();
    if (Result<void> done = read_command(service, "command", reading, reading.command); !done)
      return std::move(done).error();
    if (Result<void> done = read_ports(service, reading.ports); !done)
      return std::move(done).error();
    if (Result<void> done = read_mounts(project_, service, name, reading); !done)
      return std::move(done).error();
    for (const std::string_view section : {"secrets", "configs"})
      if (Result<void> done = read_grants(loader_, project_, service, name, section, reading); !done)
        return std::move(done).error();
    read_environment(service, reading);
    // A service that is not started may lack its files.
    if (Result<void> done = read_env_files(service, reading); !done && reading.active)
      return std::move(done).error();
    if (Result<void> done = read_health(service, reading); !done && reading.active)
      return std::move(done).error();
    read_hardening(service, reading);
    return reading;
  }

 private:
  Result<void> read_command(const YamlNode& service, std::string_view key,
                            ComposeServiceReading& reading,
                            std::optional<std::vector<std::string>>& out) {
    const YamlNode* node = service.find(key);
    if (node == nullptr || node->is_null()) return {};
    reading.command_at = node->location;
    if (loader_.was_interpolated(node->location)) reading.command_is_literal = false;
    if (node->is_scalar()) {
      Result<std::vector<std::string>> words = split_shell_words(node->text);
      if (!words) return at(*node, words.error().what);
      out = std::move(*words);
      return {};
    }
    out.emplace();
    for (const YamlNode& item : node->items) {
      if (loader_.was_interpolated(item.location)) reading.command_is_literal = false;
      out->push_back(item.text);
    }
    return {};
  }

  [[nodiscard]] bool is_active(const YamlNode& service) const {
    const YamlNode* profiles = service.find("profiles");
    if (profiles == nullptr || profiles->items.empty()) return true;
    return std::ranges::any_of(profiles->items, [this](const YamlNode& profile) {
      return loader_.profile_is_active(profile.text);
    });
  }

  // Later files win over earlier ones, and `environment` over all of them.
  Result<void> read_env_files(const YamlNode& service, ComposeServiceReading& reading) {
    const YamlNode* list = service.find("env_file");
    if (list == nullptr) return {};
    files::Environment environment = loader_.environment();
    environment.insert(loader_.variables().begin(), loader_.variables().end());
    files::Environment earlier;
    for (const auto& [key, variable] : reading.environment)
      if (variable.value) environment.emplace(key, *variable.value);
    const std::set<std::string> own = names_of_environment(service);
    for (const YamlNode& item : list->items) {
      const std::string path = item.is_map() ? text_of(item, "path") : item.text;
      const bool required =
          !item.is_map() || item.find("required") == nullptr || is_true(item, "required");
      const std::string format = item.is_map() ? text_of(item, "format") : "";
      reading.env_files.push_back(path);
      Result<std::string> text = loader_.read_required(path, "env file");
      if (!text && loader_.is_left_out(path)) reading.left_out.push_back(path);
      if (!text && (!required || loader_.is_left_out(path))) continue;
      if (!text) return at(item, fmt::format("env file {} not found", printable(path, 200)));
      if (!format.empty() && format != "raw")
        return at(item, fmt::format("unsupported env_file format {:?}", printable(format, 80)));
      const auto dialect =
          format == "raw" ? files::DotenvDialect::docker : files::DotenvDialect::compose;
      const files::DotenvFile file =
          files::read_dotenv(as_bytes(*text), dialect, path, environment, earlier);
      if (file.refused)
        return Error{"failed to read: " + *file.refused, file.refused_at.text(), ""};
      for (const auto& [key, value] : file.values) {
        if (!value) continue;
        earlier[key] = *value;
        const files::DotenvEntry* entry = file.deciding(key);
        if (!own.contains(key))
          reading.environment[key] = {
              value, entry == nullptr ? SourceLocation{path, 0, 0} : entry->location, false};
      }
    }
    return {};
  }

  static std::set<std::string> names_of_environment(const YamlNode& service) {
    std::set<std::string> names;
    if (const YamlNode* list = service.find("environment"))
      for (const YamlNode& item : list->items)
        names.insert(item.text.substr(0, item.text.find('=')));
    return names;
  }

  void read_environment(const YamlNode& service, ComposeServiceReading& reading) {
    const YamlNode* list = service.find("environment");
    if (list == nullptr) return;
    for (const YamlNode& item : list->items) {
      const std::size_t equals = item.text.find('=');
      const std::string name = item.text.substr(0, equals);
      ComposeVariable variable{.value = std::nullopt, .location = item.location};
      if (equals != std::string::npos) {
        variable.value = item.text.substr(equals + 1);
        variable.literal = !loader_.was_interpolated(item.location);
      } else {
        variable.value = loader_.variable(name);
        if (const files::ElsewhereLookup elsewhere = loader_.elsewhere();
            !variable.value && elsewhere)
          variable.value = elsewhere(name, false);
      }
      reading.environment[name] = std::move(variable);
    }
  }

  static Result<void> read_health(const YamlNode& service, ComposeServiceReading& reading) {
    const YamlNode* health = service.find("healthcheck");
    const YamlNode* test = health == nullptr ? nullptr : health->find("test");
    if (test == nullptr) return {};
    if (!test->items.empty() && test->items[0].text != "CMD" &&
        test->items[0].text != "CMD-SHELL" && test->items[0].text != "NONE")
      return at(*test, "healthcheck.test must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"");
    if (is_true(*health, "disable")) return {};
    reading.healthcheck_at = test->location;
    if (test->is_scalar()) reading.healthcheck = {"CMD-SHELL", test->text};
    for (const YamlNode& item : test->items) reading.healthcheck.push_back(item.text);
    return {};
  }

  static void read_hardening(const YamlNode& service, ComposeServiceReading& reading) {
    reading.user = text_of(service, "user");
    reading.network_mode = text_of(service, "network_mode");
    if (const YamlNode* logging = service.find("logging"))
      reading.log_driver = text_of(*logging, "driver");
    reading.privileged = is_true(service, "privileged");
    reading.read_only_root = is_true(service, "read_only");
    if (const YamlNode* options = service.find("security_opt"))
      for (const YamlNode& option : options->items)
        if (option.text.starts_with("no-new-privileges") && !option.text.ends_with("false"))
          reading.no_new_privileges = true;
  }

  ComposeLoader& loader_;
  const YamlNode& project_;
};

SourceLocation location_of(const std::string& text) {
  SourceLocation location{text, 0, 0};
  for (int* number : {&location.column, &location.line}) {
    const std::size_t colon = location.path.rfind(':');
    if (colon == std::string::npos || colon + 1 == location.path.size()) break;
    int value = 0;
    const char* begin = location.path.data() + colon + 1;
    const char* end = location.path.data() + location.path.size();
    if (std::from_chars(begin, end, value).ptr != end) break;
    *number = value;
    location.path.resize(colon);
  }
  // "path:12" has a line and no column.
  if (location.line == 0) std::swap(location.line, location.column);
  return location;
}

Result<void> read_services(ComposeLoader& loader, const YamlNode& project,
                           ComposeReading& reading) {
  const YamlNode* services = project.find("services");
  if (services == nullptr) return {};
  ServiceReader reader{loader, project};
  std::set<std::string> active;
  for (const auto& [name, service] : services->entries) {
    Result<ComposeServiceReading> read = reader.read(name, service);
    if (!read) return std::move(read).error();
    if (read->active) active.insert(name);
    reading.services.push_back(std::move(*read));
  }
  std::ranges::sort(reading.services, {}, &ComposeServiceReading::name);
  return check_compose_references(project, active);
}

}  // namespace

std::optional<ComposeReading> read_compose(const ComposeInput& input, const ComposeFiles& files) {
  ComposeLoader loader{input, files};
  ComposeReading reading;
  Result<std::optional<YamlNode>> project = loader.load();
  if (project && !*project) return std::nullopt;
  Result<void> done;
  if (!project)
    done = std::move(project).error();
  else
    done = read_services(loader, **project, reading);
  reading.files = loader.files();
  reading.gaps = std::move(loader.gaps());
  reading.variables_elsewhere = loader.wanted();
  if (!reading.variables_elsewhere.empty()) reading.left_out = loader.env_left_out();
  if (done) return reading;
  reading.services.clear();
  reading.refused = printable(done.error().what, 600);
  reading.refused_at = location_of(done.error().where);
  return reading;
}

}  // namespace rta

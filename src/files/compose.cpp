#include "files/compose.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"
#include "files/compose_loader.h"
#include "files/dotenv.h"
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

struct PortRange {
  std::uint16_t first = 0, last = 0;
};

std::optional<PortRange> port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = port_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : port_number(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

// [[IP:]HOST:]CONTAINER[/PROTOCOL]
Result<void> read_short_port(const YamlNode& node, std::vector<ComposePort>& ports) {
  std::string_view text = node.text;
  ComposePort port;
  port.location = node.location;
  const auto refuse = [&] {
    return at(node, fmt::format("invalid containerPort: {}", printable(node.text, 100)));
  };
  if (const std::size_t slash = text.rfind('/'); slash != std::string_view::npos) {
    port.protocol = lower_ascii(text.substr(slash + 1));
    text = text.substr(0, slash);
    if (port.protocol != "tcp" && port.protocol != "udp" && port.protocol != "sctp")
      return refuse();
  }
  const std::size_t last = text.rfind(':');
  const std::string_view container = last == std::string_view::npos ? text : text.substr(last + 1);
  std::string_view host =
      last == std::string_view::npos ? std::string_view{} : text.substr(0, last);
  if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    std::string_view ip = host.substr(0, colon);
    if (ip.starts_with('[') && ip.ends_with(']')) ip = ip.substr(1, ip.size() - 2);
    port.host_ip = ip;
    host = host.substr(colon + 1);
  }
  const auto targets = port_range(container);
  if (!targets) return refuse();
  const auto published = host.empty() ? std::nullopt : port_range(host);
  if (!host.empty() && !published) return refuse();
  const int count = targets->last - targets->first;
  if (published && published->last - published->first != count) {
    // Several host ports for one port of the container: one of them is taken.
    if (count != 0) return at(node, "invalid ranges specified for container and host Ports");
    port.target = targets->first;
    port.published = host;
    ports.push_back(port);
    return {};
  }
  for (int i = 0; i <= count; ++i) {
    port.target = static_cast<std::uint16_t>(targets->first + i);
    port.published = published ? fmt::format("{}", published->first + i) : "";
    ports.push_back(port);
  }
  return {};
}

Result<void> read_ports(const YamlNode& service, std::vector<ComposePort>& ports) {
  const YamlNode* list = service.find("ports");
  if (list == nullptr) return {};
  for (const YamlNode& node : list->items) {
    if (node.is_scalar()) {
      if (Result<void> done = read_short_port(node, ports); !done) return done;
      continue;
    }
    ComposePort port;
    port.location = node.location;
    const auto target = port_number(text_of(node, "target"));
    if (!target) return at(node, "ports target is required");
    port.target = *target;
    port.published = text_of(node, "published");
    port.host_ip = text_of(node, "host_ip");
    if (const std::string mode = text_of(node, "mode"); !mode.empty()) port.mode = mode;
    if (const std::string protocol = text_of(node, "protocol"); !protocol.empty())
      port.protocol = protocol;
    ports.push_back(port);
  }
  return {};
}

bool is_path(std::string_view source) {
  return source.starts_with('/') || source.starts_with('.') || source.starts_with('~');
}

// SOURCE:TARGET[:OPTIONS], or a lone target: an anonymous volume.
ComposeMount read_short_mount(const YamlNode& node) {
  const auto parts = split(node.text, ':');
  ComposeMount mount{.type = "volume", .location = node.location};
  if (parts.size() < 2) {
    mount.target = node.text;
    return mount;
  }
  mount.source = parts[0];
  mount.target = parts[1];
  if (is_path(mount.source)) mount.type = "bind";
  if (mount.source.starts_with("./")) mount.source = compose_path("", mount.source);
  if (parts.size() > 2)
    for (const std::string_view option : split(parts[2], ','))
      if (option == "ro") mount.read_only = true;
  return mount;
}

Result<void> read_mounts(const YamlNode& project, const YamlNode& service, const std::string& name,
                         std::vector<ComposeMount>& mounts) {
  const YamlNode* list = service.find("volumes");
  for (const YamlNode& node : list == nullptr ? std::vector<YamlNode>{} : list->items) {
    ComposeMount mount;
    if (node.is_scalar())
      mount = read_short_mount(node);
    else
      mount = {.type = text_of(node, "type"),
               .source = text_of(node, "source"),
               .target = text_of(node, "target"),
               .read_only = is_true(node, "read_only"),
               .location = node.location};
    if (mount.type == "volume" && !mount.source.empty()) {
      const YamlNode* volumes = project.find("volumes");
      if (volumes == nullptr || volumes->find(mount.source) == nullptr)
        return at(node,
                  fmt::format("service {:?} refers to undefined volume {}: invalid compose project",
                              name, printable(mount.source, 100)));
    }
    mounts.push_back(std::move(mount));
  }
  return {};
}

// `secrets` and `configs` of a service, by the files that the project names.
Result<void> read_grants(const YamlNode& project, const YamlNode& service, const std::string& name,
                         std::string_view section, std::vector<ComposeMount>& mounts) {
  const YamlNode* list = service.find(section);
  if (list == nullptr) return {};
  const bool is_secret = section == "secrets";
  for (const YamlNode& node : list->items) {
    const std::string source = node.is_scalar() ? node.text : text_of(node, "source");
    const YamlNode* all = project.find(section);
    const YamlNode* defined = all == nullptr ? nullptr : all->find(source);
    if (defined == nullptr)
      return at(node, fmt::format("service {:?} refers to undefined {} {}: invalid compose project",
                                  name, is_secret ? "secret" : "config", printable(source, 100)));
    std::string target = text_of(node, "target");
    if (target.empty()) target = is_secret ? source : "/" + source;
    if (is_secret && !target.starts_with('/')) target = "/run/secrets/" + target;
    mounts.push_back(
        {is_secret ? "secret" : "config", text_of(*defined, "file"), target, true, node.location});
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
    }
    if (reading.image.empty() && service.find("build") == nullptr &&
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
    if (Result<void> done = read_env_files(service, reading); !done) return std::move(done).error();
    read_environment(service, reading);
    if (Result<void> done = read_ports(service, reading.ports); !done)
      return std::move(done).error();
    if (Result<void> done = read_mounts(project_, service, name, reading.mounts); !done)
      return std::move(done).error();
    for (const std::string_view section : {"secrets", "configs"})
      if (Result<void> done = read_grants(project_, service, name, section, reading.mounts); !done)
        return std::move(done).error();
    read_health(service, reading);
    read_hardening(service, reading);
    if (const YamlNode* profiles = service.find("profiles");
        profiles != nullptr && !profiles->items.empty()) {
      reading.active = false;
      for (const YamlNode& profile : profiles->items)
        if (loader_.profile_is_active(profile.text)) reading.active = true;
    }
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
      // Nothing at all is the image's own command.
      if (!words->empty()) out = std::move(*words);
      return {};
    }
    out.emplace();
    for (const YamlNode& item : node->items) {
      if (loader_.was_interpolated(item.location)) reading.command_is_literal = false;
      out->push_back(item.text);
    }
    return {};
  }

  Result<void> read_env_files(const YamlNode& service, ComposeServiceReading& reading) {
    const YamlNode* list = service.find("env_file");
    if (list == nullptr) return {};
    files::Environment known;
    for (const YamlNode& item : list->items) {
      const std::string path = item.is_map() ? text_of(item, "path") : item.text;
      const bool required =
          !item.is_map() || item.find("required") == nullptr || is_true(item, "required");
      const bool raw = item.is_map() && text_of(item, "format") == "raw";
      reading.env_files.push_back(path);
      Result<std::string> text = loader_.read_required(path, "env file");
      if (!text && !required) continue;
      if (!text) return at(item, fmt::format("env file {} not found", printable(path, 200)));
      const auto dialect = raw ? files::DotenvDialect::docker : files::DotenvDialect::compose;
      const files::DotenvFile file =
          files::read_dotenv(as_bytes(*text), dialect, path, lookup_environment(known));
      if (file.refused)
        return Error{"failed to read: " + *file.refused, file.refused_at.text(), ""};
      for (const auto& [key, value] : file.values) {
        if (!value) continue;
        known[key] = *value;
        const files::DotenvEntry* entry = file.deciding(key);
        reading.environment[key] = {
            value, entry == nullptr ? SourceLocation{path, 0, 0} : entry->location, false};
      }
    }
    return {};
  }

  files::Environment lookup_environment(const files::Environment& earlier) const {
    files::Environment all = loader_.variables();
    for (const auto& [key, value] : loader_.environment()) all[key] = value;
    for (const auto& [key, value] : earlier) all.emplace(key, value);
    return all;
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
      }
      reading.environment[name] = std::move(variable);
    }
  }

  static void read_health(const YamlNode& service, ComposeServiceReading& reading) {
    const YamlNode* health = service.find("healthcheck");
    const YamlNode* test = health == nullptr ? nullptr : health->find("test");
    if (test == nullptr || is_true(*health, "disable")) return;
    reading.healthcheck_at = test->location;
    if (test->is_scalar()) reading.healthcheck = {"CMD-SHELL", test->text};
    for (const YamlNode& item : test->items) reading.healthcheck.push_back(item.text);
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

Result<void> check_references(const YamlNode& project, const YamlNode& services) {
  for (const auto& [name, service] : services.entries) {
    const YamlNode* wanted = service.find("depends_on");
    if (wanted == nullptr) continue;
    std::vector<std::string> names;
    for (const YamlNode& item : wanted->items) names.push_back(item.text);
    for (const auto& [key, value] : wanted->entries) names.push_back(key);
    for (const std::string& other : names)
      if (services.find(other) == nullptr)
        return at(
            *wanted,
            fmt::format("service {:?} depends on undefined service {:?}: invalid compose project",
                        name, printable(other, 100)));
  }
  for (const auto& [name, service] : services.entries) {
    const YamlNode* wanted = service.find("networks");
    const YamlNode* all = project.find("networks");
    if (wanted == nullptr) continue;
    std::vector<std::string> names;
    for (const YamlNode& item : wanted->items) names.push_back(item.text);
    for (const auto& [key, value] : wanted->entries) names.push_back(key);
    for (const std::string& other : names)
      if (other != "default" && (all == nullptr || all->find(other) == nullptr))
        return at(
            *wanted,
            fmt::format("service {:?} refers to undefined network {}: invalid compose project",
                        name, printable(other, 100)));
  }
  return {};
}

Result<void> read_services(ComposeLoader& loader, const YamlNode& project,
                           ComposeReading& reading) {
  const YamlNode* services = project.find("services");
  if (services == nullptr) return {};
  if (Result<void> done = check_references(project, *services); !done) return done;
  ServiceReader reader{loader, project};
  for (const auto& [name, service] : services->entries) {
    Result<ComposeServiceReading> read = reader.read(name, service);
    if (!read) return std::move(read).error();
    reading.services.push_back(std::move(*read));
  }
  std::ranges::sort(reading.services, {}, &ComposeServiceReading::name);
  return {};
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
  if (done) return reading;
  reading.services.clear();
  reading.refused = printable(done.error().what, 600);
  reading.refused_at = location_of(done.error().where);
  return reading;
}

}  // namespace rta

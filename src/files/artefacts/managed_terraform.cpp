// Managed Redis in Terraform. Modules and variables are not resolved: what
// they decide is told, not guessed.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "files/artefacts/managed_services.h"

namespace rta::files {
namespace {

constexpr std::size_t kLongestBlock = 400;   // lines
constexpr std::size_t kMostResources = 500;  // of one file

// The body of a block from its opening line to the closing brace.
std::string block_body(const std::vector<TextLine>& lines, std::size_t from) {
  std::string body;
  int depth = 0;
  for (std::size_t i = from; i < lines.size() && i < from + kLongestBlock; ++i) {
    const std::string& text = lines[i].text;
    if (trim(text).starts_with('#') || trim(text).starts_with("//")) continue;
    body += text + "\n";
    depth += static_cast<int>(std::ranges::count(text, '{')) -
             static_cast<int>(std::ranges::count(text, '}'));
    if (depth <= 0 && i > from) break;
    if (depth <= 0 && has(text, "}")) break;
  }
  return body;
}

class Resource {
 public:
  Resource(std::string body, std::vector<std::string>& problems)
      : body_(std::move(body)), problems_(problems) {}

  // "key = value", blanks, quotes and comments off; empty when it is not set.
  [[nodiscard]] std::string attribute(std::string_view key) const {
    for (const std::string_view raw : split(body_, '\n')) {
      const std::string_view line = trim(raw);
      if (!line.starts_with(key)) continue;
      const std::string_view rest = trim(line.substr(key.size()));
      if (!rest.starts_with('=')) continue;
      std::string_view value = trim(rest.substr(1));
      value =
          trim(value.substr(0, std::min({value.find(" #"), value.find(" //"), value.find(" /*")})));
      if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
        value = value.substr(1, value.size() - 2);
      return std::string{value};
    }
    return {};
  }
  [[nodiscard]] bool names(std::string_view key) const { return has(body_, key); }

  // A variable may hold anything: that warns, whatever a wrong value does.
  void needs(std::string_view key, std::string_view right, std::string_view level) {
    const std::string value = attribute(key);
    if (value == right) return;
    if (is_decided_elsewhere(value))
      problems_.push_back(
          fmt::format("warn: {} is {}, which was not worked out", key, printable(value, 60)));
    else
      problems_.push_back(fmt::format("{}: {} is {}, not {}", level, key,
                                      value.empty() ? "missing" : printable(value, 40), right));
  }
  [[nodiscard]] bool has_problems() const { return !problems_.empty(); }
  void say(bool defect, std::string problem) {
    if (defect) problems_.push_back(std::move(problem));
  }

 private:
  static bool is_decided_elsewhere(std::string_view value) {
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"var.", "local.", "each.", "module.", "data.", "?"},
        [&](std::string_view part) { return has(value, part); });
  }

  std::string body_;
  std::vector<std::string>& problems_;
};

void judge_elasticache(Resource& resource) {
  resource.needs("transit_encryption_enabled", "true", "fail");
  resource.say(resource.attribute("transit_encryption_mode") == "preferred",
               "fail: transit_encryption_mode is preferred, which lets plaintext in");
  resource.needs("at_rest_encryption_enabled", "true", "warn");
  resource.say(!resource.names("auth_token") && !resource.names("user_group_ids"),
               "warn: neither auth_token nor user_group_ids is set");
  resource.say(resource.attribute("auto_minor_version_upgrade") == "false",
               "warn: auto_minor_version_upgrade is false");
  resource.say(!resource.names("log_delivery_configuration"),
               "warn: no log_delivery_configuration");
}

void judge_azure(Resource& resource) {
  for (const char* key : {"enable_non_ssl_port", "non_ssl_port_enabled"})
    resource.say(resource.attribute(key) == "true", fmt::format("fail: {} is true", key));
  if (resource.attribute("minimum_tls_version") != "1.3")
    resource.needs("minimum_tls_version", "1.2", "fail");
}

// False: no managed Redis.
bool judge(std::string_view head, Resource& resource) {
  if (has(head, "\"aws_elasticache_replication_group\"")) {
    judge_elasticache(resource);
  } else if (has(head, "\"aws_elasticache_cluster\"")) {
    if (resource.attribute("engine") == "memcached") return false;
    // A member of a group has its group's settings.
    if (resource.names("replication_group_id")) return false;
    resource.needs("transit_encryption_enabled", "true", "fail");
  } else if (has(head, "\"aws_memorydb_cluster\"")) {
    resource.say(resource.attribute("tls_enabled") == "false", "fail: tls_enabled is false");
    resource.say(resource.attribute("acl_name") == "open-access",
                 "warn: acl_name open-access lets everybody in");
  } else if (has(head, "\"azurerm_redis_cache\"")) {
    judge_azure(resource);
  } else if (has(head, "\"azurerm_redis_enterprise_database\"") ||
             has(head, "\"azurerm_managed_redis\"")) {
    resource.say(lower_ascii(resource.attribute("client_protocol")) == "plaintext",
                 "fail: client_protocol is Plaintext");
  } else if (has(head, "\"google_redis_cluster\"")) {
    resource.needs("transit_encryption_mode", "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
                   "fail");
  } else if (has(head, "\"google_redis_instance\"")) {
    resource.needs("transit_encryption_mode", "SERVER_AUTHENTICATION", "fail");
    resource.needs("auth_enabled", "true", "fail");
  } else {
    return false;
  }
  return true;
}

// What a module makes of its inputs is not known: only what they switch off is.
bool judge_module(Resource& resource) {
  const std::string source = lower_ascii(resource.attribute("source"));
  if (!has(source, "elasticache") && !has(source, "redis") && !has(source, "memorydb"))
    return false;
  for (const char* key : {"transit_encryption_enabled", "tls_enabled"})
    resource.say(resource.attribute(key) == "false", fmt::format("fail: {} is false", key));
  resource.say(resource.attribute("transit_encryption_mode") == "preferred",
               "fail: transit_encryption_mode is preferred, which lets plaintext in");
  return resource.has_problems();
}

}  // namespace

void read_terraform_block(std::vector<Artefact>& found, const std::vector<TextLine>& lines,
                          std::size_t i, const std::string& path) {
  const std::string& head = lines[i].text;
  const bool is_module = head.starts_with("module ");
  if (!head.starts_with("resource ") && !is_module) return;
  if (found.size() > kMostResources) return;
  if (found.size() == kMostResources) {
    found.push_back(artefact_at(path, lines[i].number, ArtefactKind::terraform,
                                Purpose::managed_service, "the rest of the file"));
    found.back().problems.push_back(
        fmt::format("warn: only {} resources of one file are read", kMostResources));
    return;
  }
  Artefact artefact =
      artefact_at(path, lines[i].number, ArtefactKind::terraform, Purpose::managed_service,
                  printable(trim(head.substr(0, head.find('{'))), 120));
  Resource resource{block_body(lines, i), artefact.problems};
  if (is_module ? judge_module(resource) : judge(head, resource))
    found.push_back(std::move(artefact));
}

}  // namespace rta::files

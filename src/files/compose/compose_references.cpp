// What names what in a project: services, networks, secrets. Compose checks the
// services that are started only.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "files/compose/compose_loader.h"

namespace rta {
namespace {

Error at(const YamlNode& node, std::string what) {
  return {std::move(what) + ": invalid compose project", node.location.text(), ""};
}

std::vector<std::string> names_in(const YamlNode& list_or_map) {
  std::vector<std::string> names;
  for (const YamlNode& item : list_or_map.items) names.push_back(item.text);
  for (const auto& [key, value] : list_or_map.entries) names.push_back(key);
  return names;
}

class References {
 public:
  References(const YamlNode& project, const std::set<std::string>& active)
      : project_(project), services_(project.find("services")), active_(active) {}

  Result<void> check() {
    for (const std::string_view section : {"secrets", "configs"})
      if (Result<void> done = check_contents(section); !done) return done;
    if (services_ == nullptr) return {};
    for (const auto& [name, service] : services_->entries) {
      if (!active_.contains(name)) continue;
      if (Result<void> done = check_networks(name, service); !done) return done;
      if (Result<void> done = check_dependencies(name, service); !done) return done;
    }
    for (const std::string& name : active_)
      if (Result<void> done = check_cycle(name); !done) return done;
    return {};
  }

 private:
  // A secret has a file or a variable, a config may have a content too.
  Result<void> check_contents(std::string_view section) const {
    const YamlNode* all = project_.find(section);
    if (all == nullptr) return {};
    for (const auto& [name, value] : all->entries) {
      int count = value.find("file") != nullptr ? 1 : 0;
      count += value.find("environment") != nullptr ? 1 : 0;
      if (section == "configs") count += value.find("content") != nullptr ? 1 : 0;
      const std::string place = fmt::format("{}.{}", section, printable(name, 100));
      const std::string_view keys =
          section == "configs" ? "file|environment|content" : "file|environment";
      if (count > 1)
        return at(value, fmt::format("{}: {} attributes are mutually exclusive", place, keys));
      if (count == 0 && value.find("driver") == nullptr && value.find("external") == nullptr)
        return at(value, fmt::format("{}: one of {} must be set", place, keys));
    }
    return {};
  }

  Result<void> check_networks(const std::string& name, const YamlNode& service) const {
    const YamlNode* wanted = service.find("networks");
    const YamlNode* mode = service.find("network_mode");
    if (mode != nullptr && !mode->text.empty()) {
      if (wanted != nullptr && !names_in(*wanted).empty())
        return at(*mode, fmt::format("service {} declares mutually exclusive `network_mode` and "
                                     "`networks`",
                                     name));
      constexpr std::string_view kService = "service:";
      if (mode->text.starts_with(kService) && !active_.contains(mode->text.substr(kService.size())))
        return at(*mode, fmt::format("service {:?} not found for network_mode",
                                     printable(mode->text.substr(kService.size()), 100)));
    }
    if (wanted == nullptr) return {};
    const YamlNode* all = project_.find("networks");
    for (const std::string& other : names_in(*wanted))
      if (other != "default" && (all == nullptr || all->find(other) == nullptr))
        return at(*wanted, fmt::format("service {:?} refers to undefined network {}", name,
                                       printable(other, 100)));
    return {};
  }

  Result<void> check_dependencies(const std::string& name, const YamlNode& service) const {
    const YamlNode* wanted = service.find("depends_on");
    if (wanted == nullptr) return {};
    for (const std::string& other : names_in(*wanted)) {
      if (active_.contains(other)) continue;
      const YamlNode* condition = wanted->find(other);
      const YamlNode* required = condition == nullptr ? nullptr : condition->find("required");
      if (services_->find(other) != nullptr && required != nullptr && required->text == "false")
        continue;
      return at(*wanted, fmt::format("service {:?} depends on undefined service {:?}", name,
                                     printable(other, 100)));
    }
    return {};
  }

  // Depth first; a service that is being visited again closes a cycle.
  Result<void> check_cycle(const std::string& first) {
    std::vector<std::pair<std::string, std::vector<std::string>>> stack;
    const auto enter = [&](const std::string& name) {
      visiting_.insert(name);
      const YamlNode* service = services_->find(name);
      const YamlNode* wanted = service == nullptr ? nullptr : service->find("depends_on");
      stack.emplace_back(name, wanted == nullptr ? std::vector<std::string>{} : names_in(*wanted));
    };
    if (done_.contains(first)) return {};
    enter(first);
    while (!stack.empty()) {
      if (stack.back().second.empty()) {
        visiting_.erase(stack.back().first);
        done_.insert(stack.back().first);
        stack.pop_back();
        continue;
      }
      const std::string next = stack.back().second.back();
      stack.back().second.pop_back();
      if (visiting_.contains(next))
        return at(*services_->find(next),
                  fmt::format("dependency cycle detected at {}", printable(next, 100)));
      if (!done_.contains(next) && active_.contains(next)) enter(next);
    }
    return {};
  }

  const YamlNode& project_;
  const YamlNode* services_;
  const std::set<std::string>& active_;
  std::set<std::string> visiting_, done_;
};

}  // namespace

Result<void> check_compose_references(const YamlNode& project,
                                      const std::set<std::string>& active) {
  return References{project, active}.check();
}

}  // namespace rta

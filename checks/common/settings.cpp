#include "checks/common/settings.h"

#include <fmt/format.h>

#include "base/provider.h"
#include "base/text.h"
#include "files/redis_conf/refusal_remedy.h"

namespace rta::checks {
namespace {

const RedisConfiguration* rehearsed_configuration(const Evidence& evidence,
                                                  const Endpoint& endpoint) {
  if (endpoint.kind != EndpointKind::rehearsal) return nullptr;
  const auto found = std::ranges::find(evidence.redis_configurations, endpoint.rehearsed_source,
                                       &RedisConfiguration::source);
  return found == evidence.redis_configurations.end() ? nullptr : &*found;
}

std::string remedy_for_configuration(const CommandResult* config) {
  switch (config == nullptr ? CommandOutcome::not_sent : config->outcome) {
    case CommandOutcome::noperm:
      return "let the audit account read the configuration: ACL SETUSER auditor +config|get";
    case CommandOutcome::unknown_command:
      return "audit the project that holds its redis.conf: nobody can ask this server";
    case CommandOutcome::loading:
      return "scan again when the server has loaded its data";
    default:
      return {};
  }
}

// Redis repeats the arguments of a command that it does not know; here they say nothing.
std::string answer_in_words(const CommandResult* config) {
  if (config == nullptr) return "CONFIG GET was not sent";
  if (config->outcome == CommandOutcome::unknown_command)
    return "CONFIG is an unknown command there, renamed or taken away";
  return config->detail;
}

}  // namespace

bool is_sentinel(const RedisServer& server) {
  const std::string* mode = server.info_value("redis_mode");
  return server.role == "sentinel" || (mode != nullptr && *mode == "sentinel");
}

std::string provider_of(const Endpoint& endpoint) {
  const RedisServer* server = endpoint.redis.value();
  if (server != nullptr && !server->provider.empty()) return server->provider;
  return provider_of_host(endpoint.host);
}

bool say_withheld(const ConfigurationView& view, std::string_view instead, Findings& findings) {
  const RedisServer* server = view.endpoint == nullptr ? nullptr : view.endpoint->redis.value();
  if (server == nullptr) return false;
  const CommandResult* config = server->command("CONFIG GET");
  const std::string provider = provider_of(*view.endpoint);
  const bool withheld = !provider.empty() && config != nullptr &&
                        config->outcome == CommandOutcome::unknown_command;
  if (!withheld && !is_sentinel(*server)) return false;
  findings.not_applicable(
      view.subject, withheld ? fmt::format("{} gives nobody CONFIG GET; {}", provider, instead)
                             : fmt::format("a sentinel has no CONFIG GET; {}", instead));
  return true;
}

SourceLocation place_of_setting(const RedisConfiguration& declared, const std::string& parameter) {
  SourceLocation place = declared.where(parameter);
  if (place.line != 0 || place.path.empty()) return place;
  // A default stands nowhere, and is told where it could be set: the beginning of
  // the file that is loaded, else the command of the service.
  if (!declared.service.empty()) {
    const auto of_file = std::ranges::find(declared.directives, false, &Directive::from_command_line);
    if (of_file != declared.directives.end() && !of_file->location.path.empty())
      return {of_file->location.path, 1, 1};
    if (!declared.directives.empty()) return declared.directives.front().location;
  }
  place.line = place.column = 1;
  return place;
}

const std::string* ConfigurationView::value(const std::string& parameter) const {
  if (declared != nullptr) return declared->value(parameter);
  const std::string* told = told_by_server(parameter);
  return told == nullptr && rehearsed != nullptr ? rehearsed->value(parameter) : told;
}

const std::string* ConfigurationView::told_by_server(const std::string& parameter) const {
  const RedisServer* server = endpoint->redis.value();
  return server == nullptr ? nullptr : server->config_value(parameter);
}

bool ConfigurationView::lacks(const std::string& parameter) const {
  if (declared != nullptr) return false;
  const RedisServer* server = endpoint->redis.value();
  return server != nullptr && std::ranges::count(server->config_unknown, parameter) > 0;
}

Gap ConfigurationView::gap(const std::string& what) const {
  if (declared != nullptr) {
    if (declared->refused)
      return {GapReason::malformed,
              "redis-server refuses this configuration: " + refusal_in_words(*declared),
              refusal_remedy(*declared)};
    return {GapReason::incomplete, what + " could not be worked out from the file", ""};
  }
  if (const Gap* gap = endpoint->redis.gap()) return *gap;
  if (is_sentinel(*endpoint->redis))
    return {GapReason::unsupported, "a sentinel has no CONFIG GET and does not tell " + what,
            "audit the project that holds its sentinel.conf"};
  const CommandResult* config = endpoint->redis->command("CONFIG GET");
  Gap gap = untold(*endpoint->redis, what, remedy_for_configuration(config));
  if (gap.detail.find(": ") == std::string::npos) gap.detail += ": " + answer_in_words(config);
  return gap;
}

Gap untold(const RedisServer& server, const std::string& what, std::string remedy) {
  const std::string said = "the server did not tell " + what;
  const bool let_in = std::ranges::any_of(server.commands, [](const CommandResult& result) {
    return result.outcome == CommandOutcome::ok;
  });
  const Gap* closed = server.users.gap();
  if (let_in || closed == nullptr) return {GapReason::denied, said, std::move(remedy)};
  return {closed->reason, said + ": " + closed->detail, closed->remedy};
}

Provenance ConfigurationView::provenance(const std::string& parameter) const {
  if (declared != nullptr)
    return {"redis_conf", "", place_of_setting(*declared, parameter), parameter, Grade::declared};
  if (rehearsed != nullptr && told_by_server(parameter) == nullptr)
    return {"redis_conf", "", place_of_setting(*rehearsed, parameter), parameter, Grade::declared};
  // What a rehearsed server tells, the project says at a line.
  const SourceLocation place =
      rehearsed == nullptr ? SourceLocation{} : place_of_setting(*rehearsed, parameter);
  return {"redis_server", endpoint->key, place, "CONFIG GET " + parameter, server_grade(*endpoint)};
}

bool ConfigurationView::binds_loopback_only() const {
  const std::string* bind = value("bind");
  if (bind == nullptr) return false;
  bool any = false;
  for (const std::string_view address : split(*bind, ' ')) {
    if (address.empty()) continue;
    any = true;
    if (!is_loopback_address(address)) return false;
  }
  return any;
}

bool ConfigurationView::is_yes(const std::string& parameter) const {
  const std::string* found = value(parameter);
  return found != nullptr && *found == "yes";
}

std::vector<ConfigurationView> configurations(const Evidence& evidence) {
  std::vector<ConfigurationView> views;
  for (const Endpoint& endpoint : evidence.endpoints)
    views.push_back({Subject::endpoint(endpoint.key), &endpoint, nullptr,
                     rehearsed_configuration(evidence, endpoint)});
  for (const RedisConfiguration& declared : evidence.redis_configurations)
    views.push_back({declared.service.empty() ? Subject::file(declared.source)
                                              : Subject::service(declared.source),
                     nullptr, &declared});
  return views;
}

void say_no_configuration(const Evidence& evidence, Findings& findings) {
  const std::string where = evidence.scope.project ? "in the project" : "because no project was given";
  findings.unknown(Subject::deployment(),
                   "no redis.conf, no Redis service and no live server was seen " + where,
                   GapReason::not_found);
}

Grade wire_grade(const Endpoint& endpoint) {
  return endpoint.kind == EndpointKind::rehearsal ? Grade::rehearsed : Grade::observed;
}

Grade server_grade(const Endpoint& endpoint) {
  return endpoint.kind == EndpointKind::rehearsal ? Grade::rehearsed : Grade::effective;
}

bool is_loopback_address(std::string_view address) {
  if (address.starts_with('-')) address.remove_prefix(1);   // "-::1": optional address
  return address.starts_with("127.") || address == "::1" || address == "localhost" ||
         address == "[::1]";
}

}  // namespace rta::checks

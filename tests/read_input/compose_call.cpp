// compose: the project in directory D as docker compose would load it.
#include <sys/stat.h>
#include <cstdio>

#include "files/compose/compose.h"
#include "tests/read_input/calls.h"

namespace rta::read_input {
namespace {

ComposeFiles::Text read_text(const std::string& path) {
  struct stat facts{};
  if (stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return {.exists = true, .gap = Gap{GapReason::denied, "not readable", ""}};
  ComposeFiles::Text answer{.exists = true};
  char buffer[4096];
  for (std::size_t size; (size = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
    answer.text.append(buffer, size);
  std::fclose(file);
  return answer;
}

Result<ComposeInput> read_arguments(Arguments arguments) {
  ComposeInput input;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const std::string& name = arguments[i];
    const std::string& value = arguments[i + 1];
    if (name == "--dir")
      input.directory = value;
    else if (name == "-f" || name == "--file")
      input.files.push_back(value);
    else if (name == "--profile")
      input.profiles.push_back(value);
    else if (name == "--env-file")
      input.env_files.push_back(value);
    else if (name == "--env")
      input.environment[value.substr(0, value.find('='))] =
          value.find('=') == std::string::npos ? "" : value.substr(value.find('=') + 1);
    else
      return Error{"unknown argument " + name, "", ""};
  }
  if (arguments.size() % 2 != 0) return Error{"an argument without value", "", ""};
  return input;
}

Json service_json(const ComposeServiceReading& service) {
  Json answer = Json::object();
  const RedisLaunch launch = redis_launch(service);
  if (launch.argv && !launch.through_shell) answer["redis_argv"] = *launch.argv;
  answer["environment"] = Json::object();
  for (const auto& [name, variable] : service.environment)
    answer["environment"][name] = variable.value ? Json(*variable.value) : Json(nullptr);
  answer["ports"] = Json::array();
  for (const ComposePort& port : service.ports)
    answer["ports"].push_back({{"mode", port.mode},
                               {"host_ip", port.host_ip},
                               {"target", port.target},
                               {"published", port.published},
                               {"protocol", port.protocol}});
  answer["volumes"] = Json::array();
  for (const ComposeMount& mount : service.mounts)
    if (mount.type != "secret" && mount.type != "config")
      answer["volumes"].push_back({{"type", mount.type},
                                   {"source", mount.source},
                                   {"target", mount.target},
                                   {"read_only", mount.read_only}});
  return answer;
}

}  // namespace

Result<Json> answer_compose(Arguments arguments) {
  Result<ComposeInput> input = read_arguments(arguments);
  if (!input) return std::move(input).error();
  if (char* real = realpath(input->directory.empty() ? "." : input->directory.c_str(), nullptr);
      real != nullptr) {
    input->directory = real;
    std::free(real);
  }
  const auto reading = read_compose(*input, {.read = read_text});
  Json answer;
  if (!reading) {
    answer["error"] = "no configuration file provided: not found";
  } else if (reading->refused) {
    answer["error"] = reading->refused_at.text() + ": " + *reading->refused;
  } else {
    answer["services"] = Json::object();
    for (const ComposeServiceReading& service : reading->services)
      if (service.active) answer["services"][service.name] = service_json(service);
  }
  return answer;
}

}  // namespace rta::read_input

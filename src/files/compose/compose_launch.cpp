// What a service's container runs, as far as it is redis-server.
#include <fmt/format.h>

#include "base/text.h"
#include "files/compose/compose.h"
#include "files/compose/compose_images.h"
#include "files/shell_words.h"

namespace rta {
namespace {

std::string_view name_of_program(std::string_view word) { return word.substr(word.rfind('/') + 1); }

// What an image does that is told by its environment, or by nothing that can be
// read here. Nothing: it is asked like any other.
bool by_its_image(const ComposeServiceReading& service, RedisLaunch& launch) {
  const bool own_command = service.command && !service.command->empty();
  const bool runs_script = own_command && service.command->size() == 1 &&
                           service.command->front() == "/opt/bitnami/scripts/redis/run.sh";
  ImageArguments told = std::unexpected{std::string{}};
  if (is_bitnami_redis(service.image) && (!own_command || runs_script))
    told = bitnami_arguments(service);
  else if (is_redis_stack(service.image) && !own_command)
    told = redis_stack_arguments(service);
  else if (!own_command && (!starts_with_defaults(service.image) || !service.build_context.empty()))
    told = std::unexpected{std::string{"its image brings a start of its own, which was not seen"}};
  else
    return false;
  launch.is_redis = true;
  launch.from_environment = true;
  if (told)
    launch.argv = std::move(*told);
  else
    launch.why_not = std::move(told).error();
  return true;
}

// The entry point puts redis-server before options and *.conf.
std::vector<std::string> through_entry_point(std::vector<std::string> command) {
  if (command.empty()) return {"redis-server"};
  if (command[0].starts_with('-') || command[0].ends_with(".conf"))
    command.insert(command.begin(), "redis-server");
  return command;
}

bool is_shell(std::string_view word) {
  const std::string_view name = name_of_program(word);
  return name == "sh" || name == "bash" || name == "ash" || name == "dash";
}

RedisLaunch as_written(const ComposeServiceReading& service) {
  RedisLaunch launch;
  launch.official_image = is_official_redis_image(service.image);
  if (is_other_server(service.image)) {
    launch.is_redis = true;
    launch.why_not = fmt::format("{} is no redis-server, and its options are its own",
                                 printable(service.image, 200));
    return launch;
  }
  const bool redis_image = is_redis_image(service.image);
  if (redis_image && !service.entrypoint && by_its_image(service, launch)) return launch;
  std::vector<std::string> argv = service.command.value_or(std::vector<std::string>{});
  if (service.entrypoint && !service.entrypoint->empty()) {
    std::vector<std::string> whole = *service.entrypoint;
    whole.insert(whole.end(), argv.begin(), argv.end());
    argv = std::move(whole);
    if (name_of_program(argv[0]) == "docker-entrypoint.sh") {
      argv.erase(argv.begin());
      argv = through_entry_point(std::move(argv));
    }
  } else if (redis_image && !service.entrypoint) {
    argv = through_entry_point(std::move(argv));
  }
  // Wrappers that only hand on.
  while (!argv.empty() && (name_of_program(argv[0]) == "tini" ||
                           name_of_program(argv[0]) == "gosu" || argv[0] == "--"))
    argv.erase(argv.begin());
  if (argv.size() >= 3 && is_shell(argv[0]) && argv[1].starts_with('-') && argv[1].ends_with('c')) {
    launch.through_shell = true;
    launch.argv = redis_command_of_script(
        argv[2], [&](const std::string& name) -> std::optional<std::string> {
          const auto found = service.environment.find(name);
          return found == service.environment.end() ? std::nullopt : found->second.value;
        });
    // A password that a variable gives does not stand in the script.
    launch.from_environment = argv[2].find('$') != std::string::npos;
    const auto has = [&](std::string_view word) { return argv[2].find(word) != std::string::npos; };
    const bool starts_server = has("-server") || has("entrypoint");
    // The image's client in a script is no server.
    const bool only_client = !starts_server && (has("redis-cli") || has("valkey-cli"));
    launch.is_redis =
        launch.argv.has_value() || has("redis-server") || (redis_image && !only_client);
    return launch;
  }
  if (!argv.empty() && is_redis_server(argv[0])) {
    launch.is_redis = true;
    launch.argv = std::move(argv);
  } else {
    // The image of Redis running something else: redis-cli, a sentinel, a script.
    const bool other_program = !argv.empty() && (name_of_program(argv[0]) == "redis-cli" ||
                                                 name_of_program(argv[0]) == "redis-sentinel" ||
                                                 name_of_program(argv[0]) == "redis-benchmark");
    launch.is_redis = redis_image && !other_program;
  }
  return launch;
}

}  // namespace

bool is_official_redis_image(std::string_view image) { return image_repository(image) == "redis"; }

RedisLaunch redis_launch(const ComposeServiceReading& service) {
  RedisLaunch launch = as_written(service);
  if (launch.is_redis && !service.changed_by.empty()) {
    launch.argv.reset();
    launch.why_not = service.changed_by + " changes it, and was not applied";
  }
  return launch;
}

}  // namespace rta

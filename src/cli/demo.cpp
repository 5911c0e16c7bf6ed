// demo: the guide's project, or the hardened one, made in a private directory
// with a real Redis beside it, and audited by scan itself.
#include <fmt/format.h>

#include <cstdio>

#include "base/process.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/scan.h"
#include "cli/stop.h"
#include "demo/project.h"
#include "demo/server.h"

namespace rta {
namespace {

constexpr std::uint16_t kRedisPort = 6379;

void tell(const std::string& line) { fmt::print(stderr, "{}\n", line); }

Timestamp today() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// What stands on the command line of the guide's server beside its redis.conf:
// an address and a port of its own, nothing kept on disk.
std::vector<std::string> guide_arguments(const demo::Listener& listener,
                                         const std::string& directory) {
  return {"--bind", listener.address, "--tls-port", std::to_string(listener.port),
          "--dir",  directory,        "--save",     ""};
}

std::vector<std::string> hardened_arguments(const std::string& directory) {
  return {"--dir", directory, "--save", ""};
}

// The server is reached under the names that the project uses for it.
Settings aim_at(Settings settings, const std::string& project, const demo::Listener& listener,
                const demo::Operator& known) {
  const HostPort there{listener.address, static_cast<std::uint16_t>(listener.port)};
  settings.scan.project = project;
  for (const char* name : {"redis", "localhost"})
    settings.scan.connect_to[{name, kRedisPort}] = there;
  TargetSettings target{.address = {"redis", kRedisPort}, .given = "rediss://redis:6379"};
  target.user = known.user;
  if (!known.password.empty())
    target.password = std::make_shared<const Secret>(Secret{known.password});
  target.ca_file = known.ca_file;
  target.certificate_file = known.certificate_file;
  target.key_file = known.key_file;
  settings.scan.targets = {std::move(target)};
  settings.scan.anchors = known.anchors;
  return settings;
}

void default_outputs(Settings& settings) {
  if (!settings.outputs.empty()) return;
  settings.outputs = {{OutputFormat::text, ""},
                      {OutputFormat::json, "redis-tls-audit-demo.json"},
                      {OutputFormat::html, "redis-tls-audit-demo.html"}};
}

int audit(Settings settings, bool hardened, demo::PrivateDirectory& directory) {
  const std::string& project = directory.path();
  const auto listener = demo::choose_listener();
  if (!listener) return usage_error(listener.error());
  demo::ProjectWriter writer{project};
  const Timestamp now = settings.scan.now.value_or(today());
  const auto known = hardened ? demo::write_hardened_project(writer, now, *listener, tell)
                              : demo::write_guide_project(writer, now, tell);
  if (!known) return usage_error(known.error());
  const auto server = demo::DemoServer::start(
      project, *listener,
      hardened ? hardened_arguments(project) : guide_arguments(*listener, project));
  if (!server) return usage_error(server.error());
  tell(fmt::format("redis-server runs on {}:{} with {}/redis.conf", listener->address,
                   listener->port, project));
  return scan_with(aim_at(std::move(settings), project, *listener, *known));
}

}  // namespace

int demo_command(const RawOptions& raw, bool hardened, bool keep) {
  forbid_core_dumps();
  stop_on_signals();   // from here on the directory and the server are ours to remove
  auto settings = settle(raw);
  if (!settings) return usage_error(settings.error());
  default_outputs(*settings);
  auto directory = demo::PrivateDirectory::make("redis-tls-audit-demo");
  if (!directory) return usage_error(directory.error());
  if (keep) {
    directory->keep();
    tell(fmt::format("the project stays in {}", directory->path()));
  }
  return audit(std::move(*settings), hardened, *directory);
}

}  // namespace rta

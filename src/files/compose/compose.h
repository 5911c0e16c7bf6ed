// A compose project as docker compose v2 (compose-go 2.4) loads it: files and
// override, extends, include, merging, interpolation, env files, both forms of
// commands, ports and mounts. Or why compose would refuse it. Pure: files come
// through ComposeFiles. ComposeReading holds values of secrets and stays with
// the collector that made it. Any thread.
#pragma once

#include <redis_tls_audit/facts/compose.h>
#include <redis_tls_audit/result.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace rta {

struct ComposeFiles {
  struct Text {
    std::string text;
    bool exists = false;
    std::optional<Gap> gap;  // exists, perhaps, but may not or cannot be read
  };
  std::function<Text(const std::string& path)> read;
};

struct ComposeInput {
  std::string directory;           // of the project; "" = paths as they are
  std::vector<std::string> files;  // -f; empty = found by name in `directory`
  std::vector<std::string> profiles;
  std::vector<std::string> env_files;              // --env-file; empty = .env of the project
  std::map<std::string, std::string> environment;  // of the process that runs compose
  // In a checkout: a missing env file that is kept out of it is no refusal, and
  // `elsewhere` gives what stands for a variable that it may hold.
  std::function<bool(const std::string& path)> left_out = {};
  std::function<std::optional<std::string>(const std::string& name)> elsewhere = {};
  bool with_override = true;  // add docker-compose.override.yml and its like
};

struct ComposeVariable {
  std::optional<std::string> value;  // absent: taken from nowhere, so unset
  SourceLocation location;
  bool literal = false;  // the text itself stands in the file, no ${...}
};

struct ComposeMount {
  std::string type;  // bind, volume, tmpfs, secret, config
  std::string source;
  std::string target;
  bool read_only = false;
  SourceLocation location;
  std::optional<std::string> content = {};  // written out in the compose file, or given by a variable
  SourceLocation content_at = {};           // its first line
  bool content_is_literal = false;          // no ${...} in it
  std::optional<std::uint32_t> mode = {};   // of a secret or config, where the service gives one
};

struct ComposePort {
  std::string mode = "ingress";
  std::string host_ip, published, protocol = "tcp";
  std::uint16_t target = 0;
  SourceLocation location;
};

struct ComposeServiceReading {
  std::string name;
  std::string image, build_context, build_file, build_target;
  std::string build_inline;  // dockerfile_inline, which takes the place of a file
  std::optional<std::vector<std::string>> command, entrypoint;  // as compose hands them over
  SourceLocation command_at;
  bool command_is_literal = true;  // no ${...} in it
  std::map<std::string, ComposeVariable> environment;
  std::vector<ComposePort> ports;
  std::vector<ComposeMount> mounts;
  std::vector<std::string> healthcheck;
  SourceLocation healthcheck_at;
  std::vector<std::string> env_files;
  std::vector<std::string> left_out;  // those of them that the checkout does not hold
  std::string user, network_mode, log_driver;
  bool privileged = false, read_only_root = false, no_new_privileges = false;
  bool active = true;  // no profile, or an active one
  std::string changed_by;  // the patch that changes what it starts, and was not applied
  SourceLocation location;
};

struct ComposeReading {
  std::vector<std::string> files;
  std::vector<ComposeServiceReading> services;  // in order of name
  std::optional<std::string> refused;
  SourceLocation refused_at;
  std::vector<Gap> gaps;
  std::string left_out;                       // the project's env file, where variables want it
  std::set<std::string> variables_elsewhere;  // that only it could give
};

// Absent: the directory holds no compose file.
std::optional<ComposeReading> read_compose(const ComposeInput& input, const ComposeFiles& files);

// What runs inside the container, as far as it is redis-server.
struct RedisLaunch {
  bool is_redis = false;
  std::optional<std::vector<std::string>> argv;  // "redis-server" first; absent: a shell decides
  std::string why_not;                           // argv is absent: why
  bool from_environment = false;                 // argv is what the image makes of its environment
  bool through_shell = false;                    // `sh -c`: argv was read out of the script
  bool official_image = false;                   // protected-mode is compiled to "no"
};
RedisLaunch redis_launch(const ComposeServiceReading& service);

// "redis", "library/redis", "docker.io/redis" with any tag or digest.
bool is_official_redis_image(std::string_view image);

}  // namespace rta

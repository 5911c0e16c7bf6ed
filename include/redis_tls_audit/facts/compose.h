// ComposeProject is the effective model of the project's compose files.
#pragma once

#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rta {

struct PublishedPort {
  std::string host_ip;    // empty = all interfaces
  std::string published;  // text: ranges are possible; empty = random
  std::uint16_t target = 0;
  std::string protocol = "tcp";
  SourceLocation location;
};

struct Mount {
  std::string type;    // bind, volume, tmpfs, secret, config
  std::string source;  // project path for bind mounts inside the project
  std::string target;
  bool read_only = false;
  bool is_directory = false;                 // of a bind source that exists
  std::vector<std::string> private_keys;     // paths of key files inside the mount
  std::vector<std::string> ca_private_keys;  // those that belong to a CA certificate
  std::optional<std::string> left_out;       // why a checkout does not hold the source
  std::optional<std::uint32_t> mode;         // that the declaration gives its files
  SourceLocation location;
};

// A secret that stands in the text, by its name.
struct LiteralSecret {
  std::string name;
  SourceLocation location;
};

// What a Dockerfile copies out of its context: the container's path, and the
// project's.
struct ImageCopy {
  std::string source;
  std::string target;
};

struct ComposeService {
  std::string name;
  std::string image;  // of a build here: what its last stage starts from
  std::string build_context;
  std::string build_file;          // "dockerfile" of the build, relative to the context
  bool is_redis = false;           // runs redis-server (image or command says so)
  bool started_by_default = true;  // no inactive profile
  std::optional<std::vector<std::string>> redis_argv;  // absent: a shell decides, or not Redis
  // Effective; secrets replaced by ordinals, as hide_secret() of
  // src/files/consumer_settings.h does it.
  std::map<std::string, std::string> environment;
  std::map<std::string, SourceLocation> environment_at;  // which file and line sets each
  std::vector<std::string> left_out;  // env files of it that the checkout does not hold
  std::vector<PublishedPort> ports;
  std::vector<Mount> mounts;
  std::vector<ImageCopy> copies;         // in the image, where it is built here
  std::vector<std::string> healthcheck;  // test command words, secrets masked
  SourceLocation healthcheck_location;
  std::vector<LiteralSecret> literal_secrets;
  std::string user;
  std::string network_mode;
  std::string log_driver;
  bool privileged = false;
  bool read_only_root = false;
  bool no_new_privileges = false;
  SourceLocation location;
};

struct ComposeProject {
  std::vector<std::string> files;
  std::vector<ComposeService> services;
  std::optional<std::string> refused;  // compose would refuse the project: why
  SourceLocation refused_at;
  std::vector<Gap> gaps;
};

}  // namespace rta

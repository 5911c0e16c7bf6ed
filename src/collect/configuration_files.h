// How the files that a redis-server names are found in the project: as they
// are written for redis.conf, through the mounts for a container.
#pragma once

#include <redis_tls_audit/facts/compose.h>

#include <set>
#include <string>
#include <vector>

#include "collect/collector.h"
#include "files/redis_conf/redis_conf.h"

namespace rta {

// PathMap turns the server's paths into the project's.
class PathMap {
 public:
  // A file of the tree: relative paths are tried from the root, then from the
  // folder of `configuration`.
  static PathMap of_tree(const ProjectFiles& files, const std::string& configuration);
  // A host that the tree has the files of, under their whole path below some
  // folder ("rootfs/etc/redis/redis.conf"), its configuration also by its name.
  static PathMap of_host(const ProjectFiles& files);
  // A container: only what is mounted exists, or is written out somewhere.
  static PathMap of_container(std::vector<Mount> mounts, InlineFiles texts = {});

  // Nothing: inside the container and not mounted from anywhere.
  [[nodiscard]] std::optional<std::string> project_path(const std::string& path) const;
  // Null: no text of it stands in a compose file or a Dockerfile.
  [[nodiscard]] const InlineFile* inline_file(const std::string& path) const;
  // Files of the server's that a pattern names, sorted, as project_path() takes them.
  [[nodiscard]] std::vector<std::string> glob(const ProjectFiles& files,
                                              const std::string& pattern) const;
  // Why nothing of the project is behind the path of a container.
  [[nodiscard]] Gap not_here(const std::string& path) const;

 private:
  [[nodiscard]] const Mount* kept_elsewhere(const std::string& path) const;
  // The mount, or copy of the image, that the path is in.
  [[nodiscard]] const Mount* around(const std::string& path) const;
  static bool covers(const Mount& mount, const std::string& path);

  const ProjectFiles* files_ = nullptr;
  std::string folder_;
  bool is_container_ = false;
  bool is_host_ = false;
  std::vector<Mount> mounts_;
  InlineFiles texts_;
};

// Reads one configuration and adds it to the evidence, with the certificate
// files it names. Returns the paths of the project that were read.
std::set<std::string> add_redis_configuration(CollectContext& context, Evidence& evidence,
                                              const RedisConfInput& input, const PathMap& paths,
                                              const std::string& service);

}  // namespace rta

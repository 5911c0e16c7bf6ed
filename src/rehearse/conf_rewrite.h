// The configuration under which a project's Redis is rehearsed. A project's
// redis.conf is code: loadmodule, include, dir, aclfile and logfile reach
// outside. So nothing is passed on; a new configuration is written from an
// allow-list of settings that shape TLS and change nothing on disk. Pure.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rta::rehearse {

// Where the private server listens, and its own files.
struct Stage {
  std::string address;     // a loopback address of this run
  std::uint16_t port = 0;  // free ports on it
  std::uint16_t tls_port = 0;
  std::string directory;  // private, mode 0700
  bool has_ca = false;    // DIRECTORY/ca.pem was written
  bool has_dh = false;    // DIRECTORY/dh.pem was written
  std::string password;   // stands for a password of the real one; empty = none
};

struct RewrittenConfiguration {
  std::string text;              // of the private redis.conf
  std::vector<Gap> not_applied;  // what was left out, one Gap each
};

RewrittenConfiguration rewrite_configuration(const RedisConfiguration& configuration,
                                             const Stage& stage);

}  // namespace rta::rehearse

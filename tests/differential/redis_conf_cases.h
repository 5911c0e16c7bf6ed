// One configuration for redis-server, and the comparison of what the real one
// makes of it with what our reader says: started or refused, the line of the
// error, CONFIG GET, listening sockets, open without password.
#pragma once

#include <string>
#include <vector>

#include "base/process.h"

namespace rta::testing {

struct RedisConfCase {
  std::vector<std::string> arguments;
  std::string file, input, extra;  // redis.conf, standard input, extra.conf
};

// Beside redis.conf and extra.conf lie conf.d/a.conf and b.conf, users.acl and
// the certificates ca.pem, cert.pem, key.pem, other.pem (a key) and empty.pem.
// True where the server started.
bool compare_redis_conf(const RedisConfCase& made, const RedisServerProgram& program, int number);

}  // namespace rta::testing

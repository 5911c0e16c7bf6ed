// The file system and OpenSSL as a redis-server on this machine meets them, for
// comparing our reader of redis.conf with the real program.
#pragma once

#include "files/redis_conf/redis_conf.h"

namespace rta::testing {

RedisConfFiles real_server_files();

}  // namespace rta::testing

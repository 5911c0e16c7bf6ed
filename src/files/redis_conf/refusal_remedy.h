// What to do about a configuration that redis-server refuses: one line for its
// own reason. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>

#include <string>

namespace rta {

// Empty: it is not refused, or the reason says it all.
std::string refusal_remedy(const RedisConfiguration& configuration);

// The reason with the directive that it is about and where it stands.
std::string refusal_in_words(const RedisConfiguration& configuration);

}  // namespace rta

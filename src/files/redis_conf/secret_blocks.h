// The password inside a block that is about Redis: `password:` below a `redis:`
// of YAML, in its flow form, in JSON, in a TOML or INI section, and among the
// arguments of a client that is made over several lines. For redis_secrets.cpp.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "files/keys/key_material.h"

namespace rta::files {

// `line` starts at `start` of `text` and may open such a block. Line and column
// of what is found count from it (line 0, column 0: on the line itself).
// `loads_client`: what loads_redis_client() says of the text.
std::optional<FoundMaterial> password_of_block(std::string_view text, std::size_t start,
                                               std::string_view line, bool loads_client);

// "- name: REDIS_PASSWORD" of a manifest has its value behind it, below or above.
std::optional<FoundMaterial> named_value(std::string_view line, std::string_view next_line,
                                         std::string_view previous_line);

// node-redis makes its clients by calls that do not name Redis.
inline constexpr std::array<std::string_view, 3> kClientCalls{"createClient(", "createCluster(",
                                                              "createSentinel("};
bool loads_redis_client(std::string_view text);

}  // namespace rta::files

// Values of directives as redis-server 7.0.15 takes them (src/config.c): the
// text that CONFIG GET prints afterwards, or Redis' own words of refusal.
// Pure; any thread.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "files/redis_conf/redis_directives.h"

namespace rta {

using Refusal = std::string;
using ValueOrRefusal = std::expected<std::string, Refusal>;

// `before` is the value so far: `save` adds to it (`save_seen` is whether a
// save line came before) and client-output-buffer-limit changes parts of it.
ValueOrRefusal read_directive_value(const DirectiveInfo& directive,
                                    std::span<const std::string> words, std::string_view before,
                                    bool save_seen);

// strcasecmp() == 0 in the C locale.
bool same_word(std::string_view one, std::string_view other);

}  // namespace rta

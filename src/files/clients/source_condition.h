// The condition under which a line of source code is reached, as far as its
// spelling shows: an if, an else, a ternary, a guard, a section for another
// environment. Nothing is evaluated. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "files/clients/source_lines.h"

namespace rta::files {

enum class Condition {
  none,        // no condition was seen
  production,  // reached where the program runs in production
  open         // some other condition, or one that leaves production out
};

// Of the place at `offset` in the code of the line `at`: the line itself, and
// the blocks that hold it.
Condition condition_of(const std::vector<SourceLine>& lines, std::size_t at, std::size_t offset);
// Of the blocks alone.
Condition condition_of_block(const std::vector<SourceLine>& lines, std::size_t at);

// "NODE_ENV==='production'", "isProd()": holds in production, whatever else.
bool holds_in_production(std::string_view condition);
// "NODE_ENV!=='production'", "!isProd": fails in production.
bool fails_in_production(std::string_view condition);

}  // namespace rta::files

// What a redis-server that refused to start said, and which line of its
// configuration it was about. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rta::rehearse {

struct LastWords {
  std::string text;  // for people, escaped; empty when it said nothing
  // It refused the configuration itself, and not memory, files or ports.
  bool about_configuration = false;
  // The line that it does not understand: too old for it, or wrong.
  bool unknown_directive = false;
  int line = 0;           // of its configuration file, from 1; 0 = not told
  std::string directive;  // where TLS could not be set up: the one that it is about
};

LastWords read_last_words(std::string_view output);

}  // namespace rta::rehearse

// ClientForm is how a program hands its connection to a client library: a URL,
// options in the notation of its language, a call that holds both, or words of
// a command line. Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/clients/option_value.h"

namespace rta::files {

struct ClientForm {
  std::string text;                   // trimmed
  std::optional<std::string> url;     // as written
  bool url_is_only_argument = false;  // createClient("redis://...")
  bool is_open = false;               // "**options", "...options": more, from code
  OptionValue options;                // an object: options and keyword arguments
  std::vector<std::string> calls;     // "createClient", "Redis", "redis.from_url"
};

ClientForm parse_client_form(std::string_view text);

// "rediss" of "rediss://h", as written; empty without "://".
std::string_view scheme_of_url(std::string_view url);
std::string host_of_url(std::string_view url);
// Query parameters in order, decoded; with a value or without.
std::vector<std::pair<std::string, std::string>> query_of_url(std::string_view url);

}  // namespace rta::files

// Words of a compose `command` or `entrypoint` written as one string (the
// go-shellwords library of docker compose): quotes and backslashes only, no
// expansion; everything from the first unquoted ; & | < > on is dropped.
// Pure; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

// An Error for unbalanced quotes and unquoted parentheses.
Result<std::vector<std::string>> split_shell_words(std::string_view text);

// The arguments of the redis-server that `sh -c SCRIPT` ends in, where the
// script is one plain command ("exec redis-server ARGS"); nothing when a
// substitution, pipe, list or here-document would need a shell.
std::optional<std::vector<std::string>> redis_command_of_script(std::string_view script);

}  // namespace rta

// Words of a compose `command` or `entrypoint` written as one string (the
// go-shellwords library of docker compose): quotes and backslashes only, no
// expansion; everything from the first unquoted ; & | < > on is dropped.
// Pure; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

// An Error for unbalanced quotes and unquoted parentheses.
Result<std::vector<std::string>> split_shell_words(std::string_view text);

// By its name: redis-server, or a server that reads the same configuration.
bool is_redis_server(std::string_view program);

// What a variable of the container holds; nothing: not known here.
using ShellVariables = std::function<std::optional<std::string>(const std::string& name)>;

// The arguments of the redis-server that `sh -c SCRIPT` ends in, where its last
// command is plain ("exec redis-server --requirepass "$PASSWORD"") and nothing
// before it can change a configuration; nothing when a substitution, pipe or
// here-document would need a shell, or a variable that is not known.
std::optional<std::vector<std::string>> redis_command_of_script(
    std::string_view script, const ShellVariables& variables = {});

}  // namespace rta

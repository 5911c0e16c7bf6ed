// Interpolation as docker compose does it ($X, ${X}, ${X:-d} and the like, $$),
// for compose files and for env files that compose reads. Pure; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace rta::files {

using VariableLookup = std::function<std::optional<std::string>(const std::string&)>;

// What stands for a variable that nobody here sets. `is_password` where its
// place tells that it is one: between a URL's user and its "@".
using ElsewhereLookup =
    std::function<std::optional<std::string>(const std::string& name, bool is_password)>;

// The text with its variables replaced; unset ones become empty. An Error when
// compose refuses the text: a bad form, or a required variable without value.
// `elsewhere`, where given, answers for a name without value and without an
// alternative in the text, and a required one is then not missed.
Result<std::string> expand_compose_variables(std::string_view text, const VariableLookup& lookup,
                                             const ElsewhereLookup& elsewhere = {});

}  // namespace rta::files

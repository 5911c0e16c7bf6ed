// One table of names per enumeration serves text, JSON and TOML: specialise
// EnumNames<E> with a constexpr array of {enumerator, name} pairs.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace rta {

template <class E>
struct EnumNames;

template <class E>
concept NamedEnum = requires { EnumNames<E>::table; };

template <class E>
using EnumName = std::pair<E, std::string_view>;

template <NamedEnum E>
constexpr std::string_view name_of(E value) {
  for (const auto& [candidate, name] : EnumNames<E>::table)
    if (candidate == value) return name;
  return "?";
}

template <NamedEnum E>
constexpr std::optional<E> from_name(std::string_view text) {
  for (const auto& [candidate, name] : EnumNames<E>::table)
    if (name == text) return candidate;
  return std::nullopt;
}

}  // namespace rta

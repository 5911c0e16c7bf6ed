// OptionValue is one value as it stands in JavaScript, Python, Go or JSON
// source: a literal, an object, a list, or code whose result nobody knows
// without running it. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct OptionMember;

struct OptionValue {
  enum class Kind { undefined, null, boolean, number, text, object, list, function, code };
  Kind kind = Kind::undefined;
  bool truth = false;  // of a boolean
  std::string text;    // of a text; numbers, functions and code as written
  // Members of an object in their order; elements of a list have no name.
  std::vector<OptionMember> members;

  // The last member of that name.
  [[nodiscard]] const OptionValue* member(std::string_view name) const;
  [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
  [[nodiscard]] bool is_true() const { return kind == Kind::boolean && truth; }
  [[nodiscard]] bool is_false() const { return kind == Kind::boolean && !truth; }
};

struct OptionMember {
  std::string name;
  OptionValue value;
};

// What `if (value)` makes of it; absent for code.
std::optional<bool> javascript_truth(const OptionValue& value);
std::optional<bool> python_truth(const OptionValue& value);

// Reads one value, as deep and as long as limits allow; what is not
// understood becomes code.
OptionValue parse_option_value(std::string_view text, int depth = 0);

// The length of the value at the start of `text`: up to the first of `ends`
// outside quotes and brackets, or to a closing bracket that was not opened.
std::size_t balanced_length(std::string_view text, std::string_view ends);

// The parts of `text` between separators outside quotes and brackets.
std::vector<std::string_view> split_balanced(std::string_view text, std::string_view separators);

}  // namespace rta::files

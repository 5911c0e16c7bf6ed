#include "files/compose_variables.h"

#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

namespace rta::files {
namespace {

bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

Error bad_form(std::string_view text) {
  // The text may hold a password: name the place of the fault, not the text.
  return {fmt::format(
              "Invalid template: a '$' that starts neither a variable nor '$$' (of {} characters)",
              text.size()),
          {},
          "write $$ for a literal $"};
}

// Expander replaces the variables of one text; defaults are texts of their own.
class Expander {
 public:
  Expander(const VariableLookup& lookup, std::size_t depth) : lookup_(lookup), depth_(depth) {}

  Result<std::string> expand(std::string_view text) {
    if (depth_ > limits::kNesting) return Error{"variables nested too deeply", {}, {}};
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t dollar = text.find('$', at);
      out += text.substr(at, dollar - at);
      if (dollar == std::string_view::npos) break;
      Result<std::size_t> next = one(text, dollar, out);
      if (!next) return std::move(next).error();
      at = *next;
    }
    return out;
  }

 private:
  // Replaces the variable at `dollar` and gives the place after it.
  Result<std::size_t> one(std::string_view text, std::size_t dollar, std::string& out) {
    const std::size_t next = dollar + 1;
    if (next >= text.size()) return bad_form(text);
    if (text[next] == '$') {
      out.push_back('$');
      return next + 1;
    }
    const bool braced = text[next] == '{';
    const std::size_t begin = braced ? next + 1 : next;
    std::size_t end = begin;
    if (end < text.size() && starts_name(text[end]))
      while (end < text.size() && continues_name(text[end])) ++end;
    if (end == begin) return bad_form(text);
    const std::string name{text.substr(begin, end - begin)};
    if (!braced) {
      out += lookup_(name).value_or("");
      return end;
    }
    if (end < text.size() && text[end] == '}') {
      out += lookup_(name).value_or("");
      return end + 1;
    }
    return with_operator(text, name, end, out);
  }

  Result<std::size_t> with_operator(std::string_view text, const std::string& name, std::size_t at,
                                    std::string& out) {
    const bool or_empty = at < text.size() && text[at] == ':';
    if (or_empty) ++at;
    if (at >= text.size() || std::string_view{"-+?"}.find(text[at]) == std::string_view::npos)
      return bad_form(text);
    const char operation = text[at++];
    const std::size_t close = closing_brace(text, at);
    if (close == std::string_view::npos) return bad_form(text);
    Result<std::string> word = Expander{lookup_, depth_ + 1}.expand(text.substr(at, close - at));
    if (!word) return word.error();
    const std::optional<std::string> value = lookup_(name);
    const bool given = value && !(or_empty && value->empty());
    if (operation == '?' && !given)
      return Error{fmt::format("required variable {} is missing a value", name), {}, {}};
    if (operation == '+')
      out += given ? *word : "";
    else
      out += given ? *value : *word;
    return close + 1;
  }

  // The brace that ends a "${" whose word begins at `at`; the word of an
  // operator does not reach over a line end.
  static std::size_t closing_brace(std::string_view text, std::size_t at) {
    int open = 1;
    for (; at < text.size() && text[at] != '\n'; ++at) {
      if (text[at] == '}' && --open == 0) return at;
      if (text[at] == '$' && at + 1 < text.size() && text[at + 1] == '{') {
        ++open;
        ++at;
      }
    }
    return std::string_view::npos;
  }

  const VariableLookup& lookup_;
  std::size_t depth_;
};

}  // namespace

Result<std::string> expand_compose_variables(std::string_view text, const VariableLookup& lookup) {
  return Expander{lookup, 0}.expand(text);
}

}  // namespace rta::files

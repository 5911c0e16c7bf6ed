#include "files/compose/compose_variables.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostText = 4 * limits::kTextFile;

bool starts_name(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

Error bad_form(std::string_view text) {
  // The text may hold a password: name the place of the fault, not the text.
  return {
      fmt::format("Invalid template: a '${{' that is no variable (in {} characters)", text.size()),
      {},
      "write $$ for a literal $"};
}

// Expander replaces the variables of one text; defaults are texts of their own.
class Expander {
 public:
  Expander(std::string_view text, const VariableLookup& lookup, const ElsewhereLookup& elsewhere,
           std::size_t depth)
      : text_(text), lookup_(lookup), elsewhere_(elsewhere), depth_(depth) {}

  Result<std::string> expand() {
    if (depth_ > limits::kNesting) return Error{"variables nested too deeply", {}, {}};
    while (at_ < text_.size()) {
      const std::size_t dollar = std::min(text_.find('$', at_), text_.size());
      out_ += text_.substr(at_, dollar - at_);
      at_ = dollar;
      if (dollar == text_.size()) break;
      if (Result<void> done = one(); !done) return std::move(done).error();
      if (out_.size() > kMostText)
        return Error{"its variables make more text than a process can be started with", {}, {}};
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  [[nodiscard]] std::string name_at(std::size_t begin) const {
    std::size_t end = begin;
    if (starts_name(peek(end)))
      while (continues_name(peek(end))) ++end;
    return std::string{text_.substr(begin, end - begin)};
  }

  // `behind` is where the text goes on.
  [[nodiscard]] std::string value_of(const std::string& name, std::size_t behind) const {
    const std::optional<std::string> value = lookup_(name);
    return value ? *value : value_elsewhere(name, behind);
  }

  [[nodiscard]] std::string value_elsewhere(const std::string& name, std::size_t behind) const {
    if (!elsewhere_) return {};
    const std::size_t mark = out_.find("://");
    const bool of_url =
        peek(behind) == '@' && mark != std::string::npos && out_.find(':', mark + 3) == out_.size() - 1;
    const bool is_password = of_url || lower_ascii(out_).ends_with(",password=");
    return elsewhere_(name, is_password).value_or("");
  }

  // Replaces what the '$' at at_ begins, and moves on.
  Result<void> one() {
    const char next = peek(at_ + 1);
    if (next == '$') {
      out_.push_back('$');
      at_ += 2;
    } else if (next == '{') {
      return braced();
    } else if (const std::string name = name_at(at_ + 1); !name.empty()) {
      out_ += value_of(name, at_ + 1 + name.size());
      at_ += 1 + name.size();
    } else {
      out_.push_back('$');  // neither a name nor a brace: itself
      ++at_;
    }
    return {};
  }

  Result<void> braced() {
    const std::string name = name_at(at_ + 2);
    if (name.empty()) return bad_form(text_);
    const std::size_t after = at_ + 2 + name.size();
    const std::size_t sign = after + (peek(after) == ':' ? 1 : 0);
    if (std::string_view{"-+?"}.find(peek(sign)) != std::string_view::npos && sign < text_.size()) {
      const std::size_t last = last_brace_of_line(sign + 1);
      if (last != std::string_view::npos) return with_operator(name, after, sign, last);
    }
    if (peek(after) != '}') return bad_form(text_);
    out_ += value_of(name, after + 1);
    at_ = after + 1;
    return {};
  }

  // compose takes the longest text up to a '}' of the line, and cuts it at the
  // brace that balances; without one the whole is the operator's word.
  Result<void> with_operator(const std::string& name, std::size_t after, std::size_t sign,
                             std::size_t last) {
    const std::size_t close = std::min(balancing_brace(last), last);
    Result<std::string> word =
        Expander{text_.substr(sign + 1, close - sign - 1), lookup_, elsewhere_, depth_ + 1}
            .expand();
    if (!word) return std::move(word).error();
    const std::optional<std::string> value = lookup_(name);
    const bool given = value && (sign == after || !value->empty());
    if (text_[sign] == '?' && !given && elsewhere_) {
      out_ += value_elsewhere(name, close + 1);
      at_ = close + 1;
      return {};
    }
    if (text_[sign] == '?' && !given)
      return Error{fmt::format("required variable {} is missing a value", name), {}, {}};
    if (text_[sign] == '+')
      out_ += given ? *word : value.value_or("");
    else
      out_ += given ? *value : *word;
    at_ = close + 1;
    return {};
  }

  // The last '}' at or behind `from` and before the line's end.
  std::size_t last_brace_of_line(std::size_t from) {
    if (from >= line_end_) {
      line_end_ = std::min(text_.find('\n', from), text_.size());
      last_brace_ = line_end_ == 0 ? std::string_view::npos : text_.rfind('}', line_end_ - 1);
    }
    return last_brace_ != std::string_view::npos && last_brace_ >= from ? last_brace_
                                                                        : std::string_view::npos;
  }

  // Every '{' opens, and what stands behind it is not looked at.
  [[nodiscard]] std::size_t balancing_brace(std::size_t last) const {
    int open = 0;
    for (std::size_t at = at_; at <= last; ++at) {
      if (text_[at] == '}' && --open == 0) return at;
      if (text_[at] == '{') {
        ++open;
        ++at;
      }
    }
    return std::string_view::npos;
  }

  std::string_view text_;
  const VariableLookup& lookup_;
  const ElsewhereLookup& elsewhere_;
  std::size_t depth_;
  std::string out_;
  std::size_t at_ = 0;
  std::size_t line_end_ = 0;                         // of the line looked at last
  std::size_t last_brace_ = std::string_view::npos;  // in that line
};

}  // namespace

Result<std::string> expand_compose_variables(std::string_view text, const VariableLookup& lookup,
                                             const ElsewhereLookup& elsewhere) {
  return Expander{text, lookup, elsewhere, 0}.expand();
}

}  // namespace rta::files

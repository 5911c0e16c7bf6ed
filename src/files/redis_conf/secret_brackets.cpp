#include "files/redis_conf/secret_brackets.h"

#include <algorithm>

#include "files/redis_conf/secret_values.h"

namespace rta::files {

StoreBrackets::StoreBrackets(std::string_view line) {
  of_position_.reserve(line.size());
  for (std::size_t at = 0; at < line.size();) {
    const char c = line[at];
    std::size_t end = at + 1;
    if (c == '"' || c == '\'' || c == '`') {
      const std::size_t closing = line.find(c, at + 1);
      if (closing != std::string_view::npos) {
        take(line.substr(at + 1, closing - at - 1), line.substr(closing + 1));
        end = closing + 1;
      }
    } else if (is_word(c)) {
      end = static_cast<std::size_t>(std::ranges::find_if_not(line.substr(at), is_word) -
                                     line.begin());
      take(line.substr(at, end - at), line.substr(end));
    } else if (c == '{' || c == '(' || c == '[') {
      brackets_.push_back({.parent = now_, .of_store = opens_store_});
      now_ = brackets_.size() - 1;
    } else if (c == '}' || c == ')' || c == ']') {
      close();
    } else if (c == ':' || c == '=') {
      brackets_[now_].has_keys = true;
    }
    of_position_.resize(end, now_);
    at = end;
  }
}

void StoreBrackets::take(std::string_view word, std::string_view behind) {
  opens_store_ = false;
  if (!rta::files::names_store(word)) return;
  behind.remove_prefix(std::min(behind.find_first_not_of(" \t:=>&"), behind.size()));
  if (!behind.empty() && std::string_view{"{(["}.contains(behind.front()))
    opens_store_ = true;
  else
    brackets_[now_].names_store = true;
}

// A list of addresses speaks for what holds it: EndPoints = { "redis:6380" }.
void StoreBrackets::close() {
  opens_store_ = false;
  if (now_ == 0) return;
  const Bracket closed = brackets_[now_];
  now_ = closed.parent;
  if (closed.names_store && !closed.has_keys) brackets_[now_].names_store = true;
}

bool StoreBrackets::is_of_store(std::size_t at) const {
  if (at >= of_position_.size()) return false;
  for (std::size_t bracket = of_position_[at];; bracket = brackets_[bracket].parent) {
    if (brackets_[bracket].of_store || brackets_[bracket].names_store) return true;
    if (bracket == 0) return false;
  }
}

}  // namespace rta::files

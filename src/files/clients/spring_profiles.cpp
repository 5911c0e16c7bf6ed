#include "files/clients/spring_profiles.h"

#include <algorithm>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr int kMostNesting = 32;

// "prod", "eu-production"; not "nonprod" and "pre-prod".
bool is_production(std::string_view name) {
  const std::string lower = lower_ascii(name);
  bool found = false;
  std::size_t start = 0;
  while (start <= lower.size()) {
    const std::size_t end = std::min(lower.find_first_of(".-_", start), lower.size());
    const std::string_view word = std::string_view{lower}.substr(start, end - start);
    if (word == "non" || word == "pre" || word == "not") return false;
    found = found || word == "prod" || word == "production" || word == "prd" || word == "live";
    start = end + 1;
  }
  return found;
}

class Expression {
 public:
  Expression(std::string_view text, const SpringProfiles& profiles)
      : text_(text), profiles_(profiles) {}

  bool any(int depth = 0) {
    bool holds = all(depth);
    while (take('|') || take(',')) holds = all(depth) || holds;
    return holds;
  }

 private:
  bool all(int depth) {
    bool holds = one(depth);
    while (take('&')) holds = one(depth) && holds;
    return holds;
  }

  bool one(int depth) {
    if (depth > kMostNesting) return false;
    if (take('!')) return !one(depth + 1);
    if (take('(')) {
      const bool holds = any(depth + 1);
      take(')');
      return holds;
    }
    const std::size_t end = std::min(text_.find_first_of("|,&!()"), text_.size());
    const std::string_view name = trim(text_.substr(0, end));
    text_.remove_prefix(end);
    return profiles_.is_active(name);
  }

  bool take(char c) {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t"), text_.size()));
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
  const SpringProfiles& profiles_;
};

}  // namespace

SpringProfiles::SpringProfiles(std::string_view active) {
  for (const std::string_view name : split(active, ','))
    if (const std::string_view word = trim(name); !word.empty()) named_.emplace_back(word);
}

bool SpringProfiles::is_active(std::string_view name) const {
  if (named_.empty()) return is_production(name);
  return std::ranges::find(named_, name) != named_.end();
}

bool SpringProfiles::holds(std::string_view expression) const {
  return Expression{expression, *this}.any();
}

}  // namespace rta::files

#include "files/git/wildmatch.h"

#include <algorithm>
#include <string>

namespace rta::files {
namespace {

unsigned char at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool is_lower(unsigned byte) { return byte >= 'a' && byte <= 'z'; }
bool is_upper(unsigned byte) { return byte >= 'A' && byte <= 'Z'; }
bool is_digit(unsigned byte) { return byte >= '0' && byte <= '9'; }
bool is_alnum(unsigned byte) { return is_lower(byte) || is_upper(byte) || is_digit(byte); }
// git's own isspace(): no vertical tab, no form feed.
bool is_space(unsigned byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }
bool is_graph(unsigned byte) { return byte > 0x20 && byte < 0x7f; }

unsigned char fold(unsigned char byte) {
  return is_upper(byte) ? static_cast<unsigned char>(byte + 32) : byte;
}

using ClassTest = bool (*)(unsigned);
struct NamedClass {
  std::string_view name;
  ClassTest test;
};
constexpr NamedClass kClasses[] = {
    {"alnum", [](unsigned b) { return is_alnum(b); }},
    {"alpha", [](unsigned b) { return is_lower(b) || is_upper(b); }},
    {"blank", [](unsigned b) { return b == ' ' || b == '\t'; }},
    {"cntrl", [](unsigned b) { return b < 0x20 || b == 0x7f; }},
    {"digit", [](unsigned b) { return is_digit(b); }},
    {"graph", [](unsigned b) { return is_graph(b); }},
    {"lower", [](unsigned b) { return is_lower(b); }},
    {"print", [](unsigned b) { return is_graph(b) || b == ' '; }},
    {"punct", [](unsigned b) { return is_graph(b) && !is_alnum(b); }},
    {"space", [](unsigned b) { return is_space(b); }},
    {"upper", [](unsigned b) { return is_upper(b); }},
    {"xdigit",
     [](unsigned b) { return is_digit(b) || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F'); }},
};

ClassTest find_class(std::string_view name) {
  for (const NamedClass& known : kClasses)
    if (known.name == name) return known.test;
  return nullptr;
}

}  // namespace

Wildmatch::Wildmatch(std::string_view pattern, WildmatchOptions options) : options_(options) {
  std::size_t i = 0;
  while (i < pattern.size() && !never_) {
    const unsigned char byte = at(pattern, i);
    if (byte == '*') {
      const std::size_t start = i;
      while (at(pattern, i) == '*') ++i;
      const unsigned char next = at(pattern, i);
      const bool whole_component =
          (start == 0 || pattern[start - 1] == '/') &&
          (i == pattern.size() || next == '/' || (next == '\\' && at(pattern, i + 1) == '/'));
      if (!options_.slash_is_special) {
        tokens_.push_back({.kind = Kind::star_star});
      } else if (i - start >= 2 && whole_component) {
        tokens_.push_back({.kind = Kind::star_star, .may_skip_slash = next == '/'});
      } else {
        tokens_.push_back({.kind = Kind::star});
      }
      continue;
    }
    const bool skippable = !tokens_.empty() && tokens_.back().may_skip_slash;
    if (!skippable) ++shortest_;
    if (byte == '?') {
      tokens_.push_back({.kind = Kind::any});
      ++i;
    } else if (byte == '[') {
      i = compile_set(pattern, i);
    } else {
      // An escaped letter is compared as it is, also when case is folded.
      const bool escaped = byte == '\\';
      if (escaped && ++i == pattern.size()) {
        never_ = true;
        break;
      }
      const unsigned char literal = at(pattern, i);
      tokens_.push_back({.byte = options_.fold_case && !escaped ? fold(literal) : literal});
      ++i;
    }
  }
}

// The set that opens at `open`; gives the index behind it. `]` first in a set
// is literal, ranges go by byte, and what git gives up on never matches.
std::size_t Wildmatch::compile_set(std::string_view pattern, std::size_t open) {
  Set members;
  const auto add_range = [&](unsigned from, unsigned to) {
    for (unsigned b = from; b <= to; ++b) members.set(b);
    if (!options_.fold_case) return;
    for (unsigned b = 'a'; b <= 'z'; ++b)
      if (b - 32 >= from && b - 32 <= to) members.set(b);
  };
  const auto give_up = [&] {
    never_ = true;
    return pattern.size();
  };
  std::size_t i = open + 1;
  const bool negated = at(pattern, i) == '!' || at(pattern, i) == '^';
  if (negated) ++i;
  unsigned char previous = 0;
  do {
    unsigned char byte = at(pattern, i);
    if (i >= pattern.size()) return give_up();
    if (byte == '\\') {
      byte = at(pattern, ++i);
      if (i >= pattern.size()) return give_up();
      members.set(byte);
    } else if (byte == '-' && previous != 0 && i + 1 < pattern.size() && pattern[i + 1] != ']') {
      byte = at(pattern, ++i);
      if (byte == '\\') byte = at(pattern, ++i);
      if (i >= pattern.size()) return give_up();
      add_range(previous, byte);
      byte = 0;
    } else if (byte == '[' && at(pattern, i + 1) == ':') {
      const std::size_t name = i + 2;
      const std::size_t end = pattern.find(']', name);
      if (end == std::string_view::npos) return give_up();
      if (end == name || pattern[end - 1] != ':') {
        members.set('[');  // no ":]": an ordinary set, the colon comes next
      } else {
        const std::string_view word = pattern.substr(name, end - 1 - name);
        const ClassTest test = find_class(word);
        if (test == nullptr) return give_up();
        for (unsigned b = 1; b < 256; ++b)
          if (test(b) || (options_.fold_case && word == "upper" && is_lower(b))) members.set(b);
        i = end;
        byte = 0;
      }
    } else {
      members.set(byte);
    }
    previous = byte;
    ++i;
  } while (at(pattern, i) != ']');

  if (negated) members.flip();
  if (options_.slash_is_special) members.reset('/');
  tokens_.push_back({.kind = Kind::set, .set = sets_.size()});
  sets_.push_back(members);
  return i + 1;
}

bool Wildmatch::accepts(const Token& token, unsigned char byte) const {
  switch (token.kind) {
    case Kind::literal:
      return token.byte == byte;
    case Kind::any:
      return !options_.slash_is_special || byte != '/';
    case Kind::set:
      return sets_[token.set][byte];
    case Kind::star:
      return byte != '/';
    case Kind::star_star:
      return true;
  }
  return false;
}

// A star may match nothing: whoever stands on it also stands behind it, and a
// `**` that was just reached may give its slash away too. Such steps lead
// forward only, so one sweep finds them all.
void Wildmatch::step_over_stars(std::vector<Place>& places) const {
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const Token& token = tokens_[i];
    if (places[i] == Place::away || (token.kind != Kind::star && token.kind != Kind::star_star))
      continue;
    places[i + 1] = Place::reached;
    if (token.may_skip_slash && places[i] == Place::reached) places[i + 2] = Place::reached;
  }
}

// Follows all places of the pattern that the text so far can have led to.
bool Wildmatch::matches(std::string_view text) const {
  if (never_ || text.size() < shortest_) return false;
  std::vector<Place> now(tokens_.size() + 1, Place::away), next = now;
  now[0] = Place::reached;
  step_over_stars(now);
  for (const char raw : text) {
    auto byte = static_cast<unsigned char>(raw);
    if (options_.fold_case) byte = fold(byte);
    std::ranges::fill(next, Place::away);
    bool alive = false;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (now[i] == Place::away || !accepts(token, byte)) continue;
      alive = true;
      if (token.kind != Kind::star && token.kind != Kind::star_star) {
        next[i + 1] = Place::reached;
      } else if (next[i] == Place::away) {
        next[i] = Place::stayed;
      }
    }
    if (!alive) return false;
    step_over_stars(next);
    now.swap(next);
  }
  return now.back() != Place::away;
}

}  // namespace rta::files

// JsonDocument writes one JSON object member by member, and arrays value by
// value: as one tree a document takes six times its text, which counts where a
// thousand endpoints are in it. The bytes are those of nlohmann's dump() if
// the caller names the members in the order of the alphabet. One thread.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace rta {

class JsonDocument {
 public:
  using Sink = std::function<void(std::string_view)>;
  struct Style {
    int indent = 2;
    bool ascii = true;
    // What is not UTF-8: refused by an exception, or replaced.
    nlohmann::json::error_handler_t wrong_utf8 = nlohmann::json::error_handler_t::strict;
  };

  JsonDocument(Style style, Sink sink) : style_(style), sink_(std::move(sink)) {}

  void member(std::string_view name, const nlohmann::json& value) {
    begin(name);
    write(value, 1);
  }

  template <class Range, class Encode>
  void array(std::string_view name, const Range& values, Encode encode) {
    begin(name);
    sink_("[");
    bool first = true;
    for (const auto& value : values) {
      sink_(first ? "\n" : ",\n");
      sink_(blanks(2));
      write(encode(value), 2);
      first = false;
    }
    if (!first) sink_("\n" + blanks(1));
    sink_("]");
  }

  void end() { sink_(is_empty_ ? "{}\n" : "\n}\n"); }

 private:
  [[nodiscard]] std::string blanks(int depth) const {
    return std::string(static_cast<std::size_t>(depth * style_.indent), ' ');
  }

  void begin(std::string_view name) {
    sink_(is_empty_ ? "{\n" : ",\n");
    is_empty_ = false;
    sink_(fmt::format("{}\"{}\": ", blanks(1), name));
  }

  // A line break is never part of a string: there it is escaped.
  void write(const nlohmann::json& value, int depth) {
    const std::string text = value.dump(style_.indent, ' ', style_.ascii, style_.wrong_utf8);
    std::string indented;
    for (const char c : text) {
      indented += c;
      if (c == '\n') indented += blanks(depth);
    }
    sink_(indented);
  }

  Style style_;
  Sink sink_;
  bool is_empty_ = true;
};

}  // namespace rta

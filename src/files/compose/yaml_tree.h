// YamlNode is a YAML document as docker compose takes it: merge keys applied,
// duplicate keys refused, anchors copied within a budget, every value with its
// line. Pure; any thread.
#pragma once

#include <redis_tls_audit/observation.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

struct YamlEntry;

struct YamlNode {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string text;            // of a scalar, as written
  bool plain = false;          // a scalar without quotes: its text may be a number or boolean
  bool is_block = false;       // a scalar behind "|" or ">": its text begins on the next line
  std::string tag;             // "!reset", "!override"; empty for the usual ones
  bool has_typed_key = false;  // a map with a key that is a number, boolean or null
  bool was_map = false;        // a sequence of NAME=VALUE that a map was turned into
  std::vector<YamlNode> items;
  std::vector<YamlEntry> entries;  // in file order
  SourceLocation location;

  [[nodiscard]] bool is_null() const { return kind == Kind::null; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
  void set(const std::string& key, YamlNode value);  // replaces or appends
  void erase(std::string_view key);
  // The same values, wherever they stand and in whatever order of keys.
  [[nodiscard]] bool says_the_same_as(const YamlNode& other) const;

  static YamlNode scalar(std::string text, SourceLocation location);
  static YamlNode sequence(std::vector<YamlNode> items, SourceLocation location);
};

struct YamlEntry {
  std::string key;
  YamlNode value;
};

// All documents of one file of at most limits::kTextFile bytes. `values` counts
// them, over several files where it is handed on.
Result<std::vector<YamlNode>> read_yaml(std::string_view text, const std::string& path,
                                        std::size_t* values = nullptr);

// What a plain scalar is to compose's YAML library (Go, yaml.v3).
struct YamlValue {
  enum class Kind { null, boolean, number, string };
  Kind kind = Kind::string;
  std::string text;  // canonical: "true", "8" for 010, "1.1" for 1.10
};
YamlValue type_scalar(const YamlNode& scalar);

}  // namespace rta

#include "files/yaml_tree.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <set>

#include "base/text.h"

namespace rta {
namespace {

// Copies the library's tree, whose aliases are shared and may be circular.
class Copier {
 public:
  explicit Copier(const std::string& path) : path_(path) {}

  Result<YamlNode> copy(const YAML::Node& from, std::size_t depth) {
    YamlNode node;
    node.location = place(from);
    if (depth > limits::kNesting)
      return refuse(node, "nested too deeply, or an anchor that holds itself");
    if (++nodes_ > limits::kYamlNodes)
      return refuse(node, "too many values after anchors are expanded");
    if (from.Tag().starts_with("!") && from.Tag().size() > 1) node.tag = from.Tag();
    if (from.IsSequence()) return copy_sequence(from, std::move(node), depth);
    if (from.IsMap()) return copy_map(from, std::move(node), depth);
    if (!from.IsScalar()) return node;
    node.kind = YamlNode::Kind::scalar;
    node.text = from.Scalar();
    node.plain = from.Tag() == "?";
    bytes_ += node.text.size();
    if (bytes_ > 8 * limits::kTextFile)
      return refuse(node, "too much text after anchors are expanded");
    if (node.plain && type_scalar(node).kind == YamlValue::Kind::null)
      node.kind = YamlNode::Kind::null;
    return node;
  }

 private:
  SourceLocation place(const YAML::Node& from) const {
    const YAML::Mark mark = from.Mark();
    return {path_, mark.line + 1, mark.column + 1};
  }

  static Error refuse(const YamlNode& node, std::string what) {
    return {std::move(what), node.location.text(), ""};
  }

  Result<YamlNode> copy_sequence(const YAML::Node& from, YamlNode node, std::size_t depth) {
    node.kind = YamlNode::Kind::sequence;
    for (const YAML::Node& item : from) {
      Result<YamlNode> copied = copy(item, depth + 1);
      if (!copied) return copied;
      node.items.push_back(std::move(*copied));
    }
    return node;
  }

  Result<YamlNode> copy_map(const YAML::Node& from, YamlNode node, std::size_t depth) {
    node.kind = YamlNode::Kind::map;
    std::set<std::string> own;
    std::vector<YamlNode> merged;
    for (const auto& pair : from) {
      if (!pair.first.IsScalar()) return refuse(node, "a key that is not text");
      const std::string& key = pair.first.Scalar();
      Result<YamlNode> value = copy(pair.second, depth + 1);
      if (!value) return value;
      if (value->location.line <= 0) value->location = place(pair.first);
      if (key == "<<" && pair.first.Tag() == "?") {
        if (value->is_sequence())
          for (YamlNode& item : value->items) merged.push_back(std::move(item));
        else
          merged.push_back(std::move(*value));
        continue;
      }
      if (!own.insert(key).second)
        return Error{fmt::format("mapping key {:?} already defined", printable(key, 100)),
                     place(pair.first).text(), ""};
      node.entries.emplace_back(key, std::move(*value));
    }
    // Own keys win wherever they stand; of several merged maps, the first.
    for (YamlNode& map : merged) {
      if (!map.is_map())
        return refuse(node, "map merge requires map or sequence of maps as the value");
      for (auto& entry : map.entries)
        if (own.insert(entry.first).second) node.entries.push_back(std::move(entry));
    }
    return node;
  }

  const std::string& path_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

std::optional<std::string> integer(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '_') digits += c;
  std::string_view rest = digits;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  int base = 10;
  const std::string_view prefix = rest.substr(0, 2);
  if (prefix == "0x" || prefix == "0X")
    base = 16;
  else if (prefix == "0b" || prefix == "0B")
    base = 2;
  else if (prefix == "0o" || prefix == "0O")
    base = 8;
  if (base != 10)
    rest.remove_prefix(2);
  else if (rest.size() > 1 && rest.front() == '0')
    base = 8;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, base);
  if (rest.empty() || error != std::errc{} || end != rest.data() + rest.size()) return std::nullopt;
  return fmt::format("{}{}", negative && value != 0 ? "-" : "", value);
}

// As Go prints a float64 with %v.
std::optional<std::string> floating(std::string_view text) {
  const std::string lower = lower_ascii(text);
  if (lower == ".inf" || lower == "+.inf") return "+Inf";
  if (lower == "-.inf") return "-Inf";
  if (lower == ".nan") return "NaN";
  std::string digits;
  bool any_digit = false;
  for (const char c : lower) {
    if (c == '_') continue;
    any_digit = any_digit || (c >= '0' && c <= '9');
    if (!((c >= '0' && c <= '9') || c == '.' || c == 'e' || c == '+' || c == '-'))
      return std::nullopt;
    digits += c;
  }
  if (digits.starts_with('+')) digits.erase(0, 1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (!any_digit || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  const double size = std::fabs(value);
  if (size != 0 && (size < 1e-4 || size >= 1e21)) return fmt::format("{:e}", value);
  std::array<char, 400> buffer{};
  const auto printed =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return std::string{buffer.data(), printed.ptr};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries)
    if (name == key) return &value;
  return nullptr;
}

YamlNode* YamlNode::find(std::string_view key) {
  for (auto& [name, value] : entries)
    if (name == key) return &value;
  return nullptr;
}

void YamlNode::set(const std::string& key, YamlNode value) {
  if (YamlNode* found = find(key))
    *found = std::move(value);
  else
    entries.emplace_back(key, std::move(value));
}

void YamlNode::erase(std::string_view key) {
  std::erase_if(entries, [key](const auto& entry) { return entry.first == key; });
}

YamlNode YamlNode::scalar(std::string text, SourceLocation location) {
  YamlNode node;
  node.kind = Kind::scalar;
  node.text = std::move(text);
  node.location = std::move(location);
  return node;
}

YamlNode YamlNode::sequence(std::vector<YamlNode> items, SourceLocation location) {
  YamlNode node;
  node.kind = Kind::sequence;
  node.items = std::move(items);
  node.location = std::move(location);
  return node;
}

Result<std::vector<YamlNode>> read_yaml(std::string_view text, const std::string& path) {
  if (text.size() > limits::kTextFile) return Error{"larger than 1 MiB", path, ""};
  std::vector<YamlNode> documents;
  // The library reports with exceptions; its own depth limit is 1,000.
  try {
    Copier copier{path};
    for (const YAML::Node& document : YAML::LoadAll(std::string{text})) {
      Result<YamlNode> copied = copier.copy(document, 0);
      if (!copied) return std::move(copied).error();
      documents.push_back(std::move(*copied));
    }
  } catch (const YAML::Exception& error) {
    const SourceLocation at{path, error.mark.line + 1, error.mark.column + 1};
    return Error{printable(error.msg, 200), at.text(), ""};
  }
  return documents;
}

YamlValue type_scalar(const YamlNode& scalar) {
  const std::string& text = scalar.text;
  if (!scalar.plain) return {YamlValue::Kind::string, text};
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
    return {YamlValue::Kind::null, ""};
  if (text == "true" || text == "True" || text == "TRUE") return {YamlValue::Kind::boolean, "true"};
  if (text == "false" || text == "False" || text == "FALSE")
    return {YamlValue::Kind::boolean, "false"};
  if (auto number = integer(text)) return {YamlValue::Kind::number, std::move(*number)};
  if (auto number = floating(text)) return {YamlValue::Kind::number, std::move(*number)};
  return {YamlValue::Kind::string, text};
}

}  // namespace rta

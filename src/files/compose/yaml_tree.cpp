#include "files/compose/yaml_tree.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <charconv>
#include <chrono>
#include <set>

#include "base/text.h"
#include "files/compose/yaml_source.h"
#include "files/yaml/load_documents.h"

namespace rta {
namespace {

// Copies the library's tree, whose aliases are shared and may be circular.
class Copier {
 public:
  Copier(const std::string& path, std::string_view text) : path_(path), source_(text) {}

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
    if (!source_.quote_closes(from.Mark().line, from.Mark().column))
      return refuse(node, "found unexpected end of stream in a quoted scalar");
    if (from.Tag() == "!" && source_.is_bare_tag(from.Mark().line, from.Mark().column)) {
      node.kind = YamlNode::Kind::null;
      return node;
    }
    node.text = from.Scalar();
    node.plain = from.Tag() == "?" || from.Tag() == "tag:yaml.org,2002:int" ||
                 from.Tag() == "tag:yaml.org,2002:bool" || from.Tag() == "tag:yaml.org,2002:null" ||
                 from.Tag() == "tag:yaml.org,2002:float";
    node.is_block = from.Tag() == "!" && source_.is_block(from.Mark().line, from.Mark().column);
    bytes_ += node.text.size();
    if (bytes_ > 8 * limits::kTextFile)
      return refuse(node, "too much text after anchors are expanded");
    if (node.plain && type_scalar(node).kind == YamlValue::Kind::null)
      node.kind = YamlNode::Kind::null;
    return node;
  }

  [[nodiscard]] std::size_t values() const { return nodes_; }

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
      if (pair.second.IsNull() && from.Style() == YAML::EmitterStyle::Block &&
          !source_.key_has_colon(pair.first.Mark().line, pair.first.Mark().column))
        return Error{"could not find expected ':'", place(pair.first).text(), ""};
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
      if (pair.first.Tag() == "?" && !is_text_key(key)) node.has_typed_key = true;
      node.entries.emplace_back(key, std::move(*value));
    }
    // Own keys win wherever they stand; of several merged maps, the first.
    for (YamlNode& map : merged) {
      if (!map.is_map())
        return refuse(node, "map merge requires map or sequence of maps as the value");
      for (auto& entry : map.entries)
        if (own.insert(entry.key).second) node.entries.push_back(std::move(entry));
    }
    return node;
  }

  static bool is_text_key(const std::string& key) {
    YamlNode node;
    node.text = key;
    node.plain = true;
    return type_scalar(node).kind == YamlValue::Kind::string;
  }

  const std::string& path_;
  YamlSource source_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
};

// Go's strconv.ParseInt with base 0 after the underscores are gone.
std::optional<std::string> integer(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.size() > 1 && digits.front() == '0') {
    const std::string prefix = lower_ascii(digits.substr(0, 2));
    base = prefix == "0x" ? 16 : prefix == "0b" ? 2 : 8;
    digits.remove_prefix(base != 8 || prefix == "0o" ? 2 : 1);
  }
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  if (negative && value > std::uint64_t{1} << 63U) return std::nullopt;
  return fmt::format("{}{}", negative && value != 0 ? "-" : "", value);
}

// As Go prints a float64 with %v: shortest, with an exponent from 1e+06 on.
std::string printed_as_go(double value) {
  std::array<char, 400> buffer{};
  const auto print = [&buffer, value](std::chars_format format) {
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    return std::string{buffer.data(), done.ptr};
  };
  std::string scientific = print(std::chars_format::scientific);
  int exponent = 0;
  const char* digits = scientific.data() + scientific.find('e') + 1;
  if (*digits == '+') ++digits;
  std::from_chars(digits, scientific.data() + scientific.size(), exponent);
  return exponent < -4 || exponent >= 21 || (exponent >= 6 && value != 0)
             ? scientific
             : print(std::chars_format::fixed);
}

// [-+]?(.digits|digits[.digits])([eE][-+]?digits)?
bool is_float(std::string_view text) {
  const auto skip_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count > 0;
  };
  const auto skip_one_of = [&text](std::string_view characters) {
    if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  };
  skip_one_of("-+");
  const bool whole = skip_digits();
  const bool fraction = skip_one_of(".") && skip_digits();
  if (!whole && !fraction) return false;
  if (skip_one_of("eE")) {
    skip_one_of("-+");
    if (!skip_digits()) return false;
  }
  return text.empty();
}

std::optional<std::string> floating(std::string_view text) {
  if (!is_float(text)) return std::nullopt;
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool tiny =
      text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
  if (error == std::errc::result_out_of_range && tiny) return text.starts_with('-') ? "-0" : "0";
  if (error != std::errc{}) return std::nullopt;
  return printed_as_go(value);
}

std::optional<std::string> special_float(std::string_view text) {
  for (const std::string_view word : {".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"})
    if (text == word) return "+Inf";
  for (const std::string_view word : {"-.inf", "-.Inf", "-.INF"})
    if (text == word) return "-Inf";
  for (const std::string_view word : {".nan", ".NaN", ".NAN"})
    if (text == word) return "NaN";
  return std::nullopt;
}

// A timestamp prints as Go prints a time: "2001-01-01 00:00:00 +0000 UTC". Of
// its forms the date alone and the date with a time of day in UTC are known.
std::optional<std::string> timestamp(std::string_view text) {
  std::size_t at = 0;
  const auto number = [&](std::size_t most) -> std::optional<unsigned> {
    const std::size_t begin = at;
    unsigned value = 0;
    while (at < text.size() && at - begin < most && text[at] >= '0' && text[at] <= '9')
      value = value * 10 + static_cast<unsigned>(text[at++] - '0');
    return at == begin ? std::nullopt : std::optional{value};
  };
  const auto skip = [&](char c) { return at < text.size() && text[at] == c && ++at > 0; };
  const auto year = number(4);
  if (!year || at != 4 || !skip('-')) return std::nullopt;
  const auto month = number(2);
  if (!month || !skip('-')) return std::nullopt;
  const auto day = number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{*month}, std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  const std::string days = fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
  if (at == text.size()) return days + " 00:00:00 +0000 UTC";
  const bool zoned = skip('T') || skip('t');
  if (!zoned && !skip(' ')) return std::nullopt;
  const auto hour = number(2);
  if (!hour || *hour > 23 || !skip(':')) return std::nullopt;
  const auto minute = number(2);
  if (!minute || *minute > 59 || !skip(':')) return std::nullopt;
  const auto second = number(2);
  if (!second || *second > 59) return std::nullopt;
  if (zoned ? !skip('Z') || at != text.size() : at != text.size()) return std::nullopt;
  return fmt::format("{} {:02}:{:02}:{:02} +0000 UTC", days, *hour, *minute, *second);
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
  std::erase_if(entries, [key](const auto& entry) { return entry.key == key; });
}

bool YamlNode::says_the_same_as(const YamlNode& other) const {
  if (kind != other.kind || text != other.text || items.size() != other.items.size() ||
      entries.size() != other.entries.size())
    return false;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!items[i].says_the_same_as(other.items[i])) return false;
  return std::ranges::all_of(entries, [&other](const auto& entry) {
    const YamlNode* theirs = other.find(entry.key);
    return theirs != nullptr && entry.value.says_the_same_as(*theirs);
  });
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

Result<std::vector<YamlNode>> read_yaml(std::string_view text, const std::string& path,
                                        std::size_t* values) {
  if (text.size() > limits::kTextFile) return Error{"larger than 1 MiB", path, ""};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<YamlNode> documents;
  if (const auto refused = YamlSource{text}.refused_directive())
    return Error{std::string{refused->second}, SourceLocation{path, refused->first + 1, 1}.text(),
                 ""};
  // The library reports with exceptions; its own depth limit is 1,000.
  try {
    Copier copier{path, text};
    for (const YAML::Node& document : files::load_documents(text)) {
      Result<YamlNode> copied = copier.copy(document, 0);
      if (!copied) return std::move(copied).error();
      documents.push_back(std::move(*copied));
    }
    if (values != nullptr) *values += copier.values();
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
  if (auto number = special_float(text)) return {YamlValue::Kind::number, std::move(*number)};
  if (std::string_view{"0123456789+-."}.find(text.front()) == std::string_view::npos)
    return {YamlValue::Kind::string, text};
  if (auto time = timestamp(text)) return {YamlValue::Kind::string, std::move(*time)};
  std::string digits = text;
  if (text.front() != '.') std::erase(digits, '_');
  if (auto number = integer(digits)) return {YamlValue::Kind::number, std::move(*number)};
  if (auto number = floating(digits)) return {YamlValue::Kind::number, std::move(*number)};
  return {YamlValue::Kind::string, text};
}

}  // namespace rta

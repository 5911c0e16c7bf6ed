#include "files/clients/spring_settings.h"

#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/clients/source_lines.h"
#include "files/compose/yaml_tree.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kMostNesting = 16;  // of placeholders in placeholders

struct Property {
  std::string name;  // "spring.data.redis.host"
  std::string value;
  SourceLocation location;
};
using Document = std::vector<Property>;

void flatten(const YamlNode& node, const std::string& name, Document& out) {
  if (node.is_scalar()) {
    out.push_back({name, node.text, node.location});
  } else if (node.is_sequence()) {
    std::vector<std::string> texts;
    for (const YamlNode& item : node.items)
      if (item.is_scalar()) texts.push_back(item.text);
    if (!texts.empty()) out.push_back({name, join(texts, ","), node.location});
  } else if (node.is_map()) {
    for (const YamlEntry& entry : node.entries)
      flatten(entry.value, name.empty() ? entry.key : name + "." + entry.key, out);
  }
}

Result<std::vector<Document>> yaml_documents(std::string_view text, const std::string& path) {
  Result<std::vector<YamlNode>> read = read_yaml(text, path);
  if (!read) return read.error();
  std::vector<Document> documents;
  for (const YamlNode& node : *read) flatten(node, "", documents.emplace_back());
  return documents;
}

// java.util.Properties: continued lines, escapes, "=", ":" or a blank between.
class PropertiesReader {
 public:
  PropertiesReader(std::string_view text, const std::string& path)
      : lines_(split(text, '\n')), path_(path) {}

  std::vector<Document> read() {
    std::vector<Document> documents(1);
    while (at_ < lines_.size()) {
      const int line = static_cast<int>(at_) + 1;
      const std::string_view first = trim(lines_[at_]);
      if (first == "#---" || first == "!---") {  // a further document
        documents.emplace_back();
        ++at_;
      } else if (first.empty() || first[0] == '#' || first[0] == '!') {
        ++at_;
      } else {
        const int column = static_cast<int>(lines_[at_].find_first_not_of(" \t\f")) + 1;
        add(logical_line(), {path_, line, column}, documents.back());
      }
    }
    return documents;
  }

 private:
  std::string logical_line() {
    std::string whole;
    while (at_ < lines_.size()) {
      std::string_view line = lines_[at_++];
      while (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      line.remove_prefix(std::min(line.find_first_not_of(" \t\f"), line.size()));
      const std::size_t last = line.find_last_not_of('\\');
      const std::size_t backslashes = line.size() - (last == kNone ? 0 : last + 1);
      const bool goes_on = backslashes % 2 == 1;
      whole += line.substr(0, line.size() - (goes_on ? 1 : 0));
      if (!goes_on) break;
    }
    return whole;
  }

  static void add(std::string_view line, SourceLocation location, Document& out) {
    std::size_t end = 0;
    while (end < line.size() && line[end] != '=' && line[end] != ':' && line[end] != ' ' &&
           line[end] != '\t')
      end += line[end] == '\\' ? 2U : 1U;
    end = std::min(end, line.size());
    std::size_t value = line.find_first_not_of(" \t\f", end);
    if (value != kNone && (line[value] == '=' || line[value] == ':'))
      value = line.find_first_not_of(" \t\f", value + 1);
    out.push_back({unescaped(line.substr(0, end)),
                   value == kNone ? "" : unescaped(line.substr(value)), std::move(location)});
  }

  // The UTF-16 unit of \uXXXX in front of `text`.
  static std::optional<char32_t> unit_of(std::string_view text) {
    unsigned value = 0;
    if (!text.starts_with("\\u") || text.size() < 6) return std::nullopt;
    const char* digits = text.data() + 2;
    const auto [end, problem] = std::from_chars(digits, digits + 4, value, 16);
    if (problem != std::errc{} || end != digits + 4) return std::nullopt;
    return static_cast<char32_t>(value);
  }

  static std::string unescaped(std::string_view text) {
    const auto is_high = [](char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; };
    const auto is_low = [](char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (const auto unit = unit_of(text.substr(i)); unit && !is_high(*unit) && !is_low(*unit)) {
        append_utf8(out, *unit);
        i += 5;
        continue;
      } else if (unit && is_high(*unit)) {
        // Above the first plane Java writes two.
        if (const auto low = unit_of(text.substr(i + 6)); low && is_low(*low)) {
          append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
          i += 11;
          continue;
        }
      }
      const bool escape = text[i] == '\\' && i + 1 < text.size() && text[i + 1] != 'u';
      if (escape) ++i;
      const char c = text[i];
      out.push_back(!escape ? c : c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c);
    }
    return out;
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  const std::string& path_;
};

// Relaxed binding: "ssl.key-store" and "ssl.keyStore" are SSL_KEYSTORE.
std::string environment_name(std::string_view property) {
  std::string name;
  for (const char c : property) {
    if (c == '-' || c == '_') continue;
    name.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

// "${REDIS_SSL:false}" is what the environment says, else "false";
// "${REDIS_SSL}" alone has no value here.
class Placeholders {
 public:
  explicit Placeholders(const Environment& environment) : environment_(environment) {}

  std::optional<std::string> resolved(std::string_view value, std::size_t depth = 0) {
    const std::size_t start = value.find("${");
    if (start == kNone) return std::string{value};
    if (depth > kMostNesting) return std::nullopt;
    const std::size_t end = closing_brace(value, start);
    if (end == kNone) return std::string{value};  // as it stands
    const auto inner = one(value.substr(start + 2, end - start - 2), depth);
    const auto rest = resolved(value.substr(end + 1), depth + 1);
    if (!inner || !rest) return std::nullopt;
    return std::string{value.substr(0, start)} + *inner + *rest;
  }
  // The first one that the environment does not set.
  [[nodiscard]] const std::string& unset() const { return unset_; }

 private:
  static std::size_t closing_brace(std::string_view value, std::size_t at) {
    int open = 0;
    for (; at < value.size(); ++at) {
      if (value.substr(at).starts_with("${")) ++open;
      if (value[at] == '}' && --open == 0) return at;
    }
    return kNone;
  }

  std::optional<std::string> one(std::string_view inner, std::size_t depth) {
    const std::size_t colon = inner.find(':');
    const std::string name{inner.substr(0, colon)};
    if (const auto set = environment_.find(name); set != environment_.end()) return set->second;
    if (unset_.empty()) unset_ = printable(name, 80);
    if (colon == kNone) return std::nullopt;
    return resolved(inner.substr(colon + 1), depth + 1);
  }

  const Environment& environment_;
  std::string unset_;
};

// Spring's own words for a boolean (StringToBooleanConverter).
std::string as_switch(std::string_view value) {
  const std::string lower = lower_ascii(trim(value));
  const bool on = lower == "true" || lower == "on" || lower == "yes" || lower == "1";
  return on ? "true" : lower.empty() ? "" : "false";
}

bool is_switch(std::string_view name) {
  return name == "SPRING_DATA_REDIS_SSL_ENABLED" || name == "SPRING_REDIS_SSL";
}

void add_property(const Property& property, const SpringRun& run, SpringSettings& settings) {
  std::string name = environment_name(property.name);
  if (!name.starts_with("SPRING_DATA_REDIS_") && !name.starts_with("SPRING_REDIS_")) return;
  Placeholders placeholders{run.environment};
  std::optional<std::string> value = placeholders.resolved(property.value);
  bool is_open = !placeholders.unset().empty() && !(run.environment_is_whole && value);
  // A bundle switches TLS on where nothing says otherwise.
  if (name == "SPRING_DATA_REDIS_SSL_BUNDLE" && !property.value.empty()) {
    name = "SPRING_DATA_REDIS_SSL_ENABLED";
    if (std::ranges::find(settings.variables, name, &ReceivedVariable::name) !=
        settings.variables.end())
      return;
    value = "true";
    is_open = false;
  }
  const bool decides = is_switch(name) || name.ends_with("_URL");
  if (decides && is_open && (!value || is_switch(name))) {
    settings.open.push_back(fmt::format("the environment variable {} ({})", placeholders.unset(),
                                        property.location.text()));
    return;
  }
  if (name.ends_with("_PASSWORD") && is_open) {
    settings.password_elsewhere = ReceivedVariable{name, "", property.location, {}, {}};
    return;
  }
  // Somebody's name, whoever that is: not nobody's.
  if (!value && name.ends_with("_USERNAME")) value = property.value;
  if (!value) return;
  if (is_switch(name)) value = as_switch(*value);
  std::erase_if(settings.variables,
                [&](const ReceivedVariable& known) { return known.name == name; });
  settings.variables.push_back({name, *value, property.location, {}, {}});
}

// Properties inside a variable: as JSON, or as options of the JVM.
Document carried_by(const ReceivedVariable& variable) {
  Document carried;
  if (variable.name == "SPRING_APPLICATION_JSON") {
    if (const auto documents = yaml_documents(variable.value, variable.location.path))
      for (const Document& document : *documents)
        carried.insert(carried.end(), document.begin(), document.end());
  } else if (variable.name == "JAVA_TOOL_OPTIONS" || variable.name == "JDK_JAVA_OPTIONS" ||
             variable.name == "JAVA_OPTS") {
    for (const std::string_view word : split(variable.value, ' ')) {
      const std::size_t equals = word.find('=');
      if (word.starts_with("-D") && equals != kNone)
        carried.push_back(
            {std::string{word.substr(2, equals - 2)}, std::string{word.substr(equals + 1)}, {}});
    }
  }
  for (Property& property : carried) property.location = variable.location;
  return carried;
}

// None: of every profile.
const std::string* condition_of(const Document& document) {
  for (const Property& property : document)
    if (property.name == "spring.config.activate.on-profile" || property.name == "spring.profiles")
      return &property.value;
  return nullptr;
}

}  // namespace

std::optional<SpringFileName> spring_file_name(std::string_view path) {
  const std::string_view ending = file_ending(path);
  if (ending != "yml" && ending != "yaml" && ending != "properties") return std::nullopt;
  std::string_view name = path.substr(path.rfind('/') + 1);
  name.remove_suffix(ending.size() + 1);
  if (name == "application") return SpringFileName{};
  if (!name.starts_with("application-")) return std::nullopt;
  return SpringFileName{std::string{name.substr(12)}};
}

Result<SpringSettings> spring_settings(ByteView bytes, const std::string& path,
                                       const SpringRun& run) {
  if (bytes.size() > limits::kTextFile)
    return Error{"a settings file of more than 1 MiB", path, "is this the right file?"};
  const std::string_view text = as_text(bytes);
  Result<std::vector<Document>> documents = path.ends_with(".properties")
                                                ? PropertiesReader{text, path}.read()
                                                : yaml_documents(text, path);
  if (!documents) return documents.error();
  SpringSettings settings;
  for (const Document& document : *documents) {
    const std::string* condition = condition_of(document);
    if (condition != nullptr && !run.profiles.holds(*condition)) continue;
    SpringSettings one;
    for (const Property& property : document) {
      add_property(property, run, one);
      if (property.name == "spring.profiles.active" && condition == nullptr)
        settings.active_profiles =
            Placeholders{run.environment}.resolved(property.value).value_or("");
    }
    overlay(settings, std::move(one));
  }
  return settings;
}

void overlay(SpringSettings& base, SpringSettings later) {
  for (ReceivedVariable& variable : later.variables) {
    std::erase_if(base.variables,
                  [&](const ReceivedVariable& known) { return known.name == variable.name; });
    if (is_switch(variable.name)) base.open.clear();
    if (variable.name.ends_with("_PASSWORD")) base.password_elsewhere.reset();
    base.variables.push_back(std::move(variable));
  }
  if (later.password_elsewhere) base.password_elsewhere = std::move(later.password_elsewhere);
  if (later.open.empty()) return;
  // What the environment decides is no longer what the earlier file said.
  std::erase_if(base.variables,
                [](const ReceivedVariable& known) { return is_switch(known.name); });
  for (std::string& name : later.open) base.open.push_back(std::move(name));
}

void overlay_environment(SpringSettings& base, const std::vector<ReceivedVariable>& variables) {
  SpringSettings of_environment;
  for (const ReceivedVariable& variable : variables)
    for (const Property& property : carried_by(variable))
      add_property(property, {}, of_environment);
  for (ReceivedVariable variable : variables) {
    if (variable.name.find('.') != kNone) variable.name = environment_name(variable.name);
    if (!variable.name.starts_with("SPRING_DATA_REDIS_") &&
        !variable.name.starts_with("SPRING_REDIS_"))
      continue;
    if (is_switch(variable.name)) variable.value = as_switch(variable.value);
    of_environment.variables.push_back(std::move(variable));
  }
  overlay(base, std::move(of_environment));
}

}  // namespace rta::files

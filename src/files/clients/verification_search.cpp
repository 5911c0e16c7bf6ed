#include "files/clients/verification_search.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "files/clients/source_condition.h"
#include "files/clients/source_kind.h"
#include "files/clients/source_lines.h"
#include "files/clients/verification_switches.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHitsPerFile = 100;
constexpr int kNearLines = 40;
constexpr std::size_t kLongestLine = 10'000;  // longer ones no person writes

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$';
}

bool names_redis(std::string_view text) {
  const std::string lower = lower_ascii(text);
  return std::ranges::any_of(
      std::array{"redis", "redix", "valkey", "keydb", "celery", "bullmq", "kombu", "lettuce"},
      [&](const char* word) { return lower.find(word) != kNone; });
}
bool names_redis(const SourceLine& line) {
  return names_redis(std::string_view{line.code}) ||
         std::ranges::any_of(line.strings, [](const SourceLine::Text& text) {
           return text.text.find("://") != kNone && names_redis(std::string_view{text.text});
         });
}

// The line brings in a Redis library or makes a client of one. A module of the
// project's own ("./redis") is neither, and a shell script holds no client whose
// verification could be read off it.
bool uses_redis_library(const SourceLine& line) {
  const std::string code = lower_ascii(line.code);
  if (code.find("new redis") != kNone || code.find("redis.createclient(") != kNone ||
      code.find("redis.newclient(") != kNone || code.find("redix.start_link(") != kNone)
    return true;
  const bool imports = code.starts_with("import") || code.starts_with("from ") ||
                       code.starts_with("using ") || code.starts_with("use ") ||
                       code.find("require") != kNone || code.find("import(") != kNone ||
                       code.find("}from") != kNone || code.find(" from") != kNone;
  const bool module_of_go = code.starts_with("''") || code.starts_with("redis''");
  if (imports && names_redis(std::string_view{line.code})) return true;
  return std::ranges::any_of(line.strings, [&](const SourceLine::Text& text) {
    if (text.text.starts_with('.') || text.text.starts_with('/') ||
        text.text.find("://") != kNone || text.text.find(' ') != kNone)
      return false;
    const bool of_go = module_of_go && text.text.find('.') != kNone && text.text.find('/') != kNone;
    return (imports || of_go) && names_redis(std::string_view{text.text});
  });
}

// The value assigned behind the name that starts at `at`; absent where it is
// only read or compared.
std::optional<std::string_view> assigned(std::string_view code, std::size_t at, std::size_t size) {
  if (at > 0 && is_name_character(code[at - 1])) return std::nullopt;
  std::string_view rest = code.substr(at + size);
  if (rest.starts_with('\'')) rest.remove_prefix(1);
  if (rest.starts_with(']')) rest.remove_prefix(1);
  if (rest.starts_with("+=")) return rest.substr(2);
  if (rest.starts_with("=>")) return rest.substr(2);
  if (rest.starts_with("::") || rest.starts_with("==")) return std::nullopt;
  if (rest.starts_with(":=")) return rest.substr(2);
  // "checkServerIdentity() {...}" and os.environ.setdefault('NAME', '0').
  if (rest.starts_with(':') || rest.starts_with('=') || rest.starts_with(','))
    return rest.substr(1);
  if (rest.starts_with('(') && rest.find("){") != kNone) return rest;
  return std::nullopt;
}

class Search {
 public:
  Search(ByteView bytes, std::string_view path) : lines_(source_lines(bytes, path)) {
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (names_redis(lines_[i])) redis_lines_.push_back(static_cast<int>(i));
    is_shell_ = is_shell_script(path);
    is_rust_ = file_ending(path) == "rs";
    is_yaml_ = file_ending(path) == "yml" || file_ending(path) == "yaml";
    is_configuration_ = is_configuration_file(path);
    is_of_developers_ = is_configuration_ && is_for_development(path);
  }

  VerificationSearch run() {
    result_.names_redis = !redis_lines_.empty();
    result_.uses_redis_library =
        !is_shell_ && std::ranges::any_of(
                          lines_, [](const SourceLine& line) { return uses_redis_library(line); });
    for (std::size_t i = 0; i < lines_.size() && result_.hits.size() < kHitsPerFile; ++i) {
      if (lines_[i].code.size() > kLongestLine) {
        result_.left_out_long_lines = true;
        continue;
      }
      if (result_.line_that_checks_names == 0 &&
          (contains(i, "ssl_check_hostname=True") || contains(i, "'ssl_check_hostname':True")))
        result_.line_that_checks_names = static_cast<int>(i) + 1;
      (void)(by_bare_url(i) || by_switch(i) || by_pattern(i) || by_trust_manager(i) || by_url(i) ||
             by_redis_cli(i));
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool contains(std::size_t i, std::string_view text) const {
    return lines_[i].code.find(text) != kNone;
  }

  // Where a string stood, in the code.
  [[nodiscard]] std::size_t offset_of(std::size_t i, const SourceLine::Text& text) const {
    const std::vector<std::uint32_t>& columns = lines_[i].columns;
    return static_cast<std::size_t>(std::ranges::lower_bound(columns, text.column) -
                                    columns.begin());
  }

  // In YAML what is near is in the same section of the outermost level.
  [[nodiscard]] bool is_in_section_of_redis(std::size_t i) const {
    const auto starts_section = [this](std::size_t at) {
      return lines_[at].indent == 0 && !lines_[at].code.empty();
    };
    std::size_t first = i;
    while (first > 0 && !starts_section(first)) --first;
    std::size_t last = i + 1;
    while (last < lines_.size() && !starts_section(last)) ++last;
    const auto found = std::ranges::lower_bound(redis_lines_, static_cast<int>(first));
    return found != redis_lines_.end() && *found < static_cast<int>(last);
  }

  [[nodiscard]] bool is_near_redis(std::size_t i) const {
    if (is_yaml_ && lines_[i].indent > 0) return is_in_section_of_redis(i);
    const int line = static_cast<int>(i);
    const auto first = std::ranges::lower_bound(redis_lines_, line - kNearLines);
    return first != redis_lines_.end() && *first <= line + kNearLines;
  }

  bool add(std::size_t i, std::size_t offset, std::string_view shown, bool needs_redis,
           Meaning meaning = Meaning::off) {
    return add_at(i, lines_[i].column_of(offset), shown, needs_redis,
                  condition_of(lines_, i, offset), meaning);
  }

  bool add_at(std::size_t i, int column, std::string_view shown, bool needs_redis,
              Condition condition, Meaning meaning = Meaning::off) {
    const bool near = is_near_redis(i);
    if (needs_redis && !near) return false;
    const bool open = condition == Condition::open || meaning == Meaning::code_decides;
    const bool in_production =
        condition == Condition::production || meaning == Meaning::off_in_production;
    std::string what{shown};
    if (in_production && !open) what += " in production";
    result_.hits.push_back(
        {static_cast<int>(i) + 1, column, std::move(what), near, open || is_of_developers_});
    return true;
  }

  bool by_switch(std::size_t i) {
    const std::string& code = lines_[i].code;
    for (const Switch& one : verification_switches()) {
      for (std::size_t at = code.find(one.name); at != kNone; at = code.find(one.name, at + 1)) {
        const auto value = assigned(code, at, one.name.size());
        // "def f(ssl_cert_reqs=None)" declares a parameter.
        if (!value || code.starts_with("def ") || code.starts_with("async def ")) continue;
        // A value may stand on the next line.
        std::string text{*value};
        if (i + 1 < lines_.size() && (text.empty() || text.ends_with("=>") || text.ends_with('{')))
          text += lines_[i + 1].code;
        const Meaning meaning = meaning_of_value(one, text);
        if (meaning == Meaning::none) continue;
        if (add(i, at, one.shown, one.needs_redis, meaning)) return true;
      }
    }
    return false;
  }

  bool by_pattern(std::size_t i) {
    for (const Pattern& pattern : verification_patterns())
      if (const std::size_t at = lines_[i].code.find(pattern.text); at != kNone)
        if (add(i, at, pattern.shown.empty() ? pattern.text : pattern.shown, pattern.needs_redis))
          return true;
    // redis-rs: ConnectionAddr::TcpTls { .., insecure: true, .. }
    const std::size_t at = is_rust_ ? lines_[i].code.find("insecure:true") : kNone;
    return at != kNone && add(i, at, "insecure: true", true);
  }

  // checkServerTrusted(...) {} trusts whatever comes.
  bool by_trust_manager(std::size_t i) {
    const std::size_t at = lines_[i].code.find("checkServerTrusted(");
    if (at == kNone) return false;
    std::string text = lines_[i].code.substr(at);
    for (std::size_t more = 1; more <= 2 && i + more < lines_.size(); ++more)
      text += lines_[i + more].code;
    const std::size_t body = text.find('{');
    if (body == kNone || text.substr(body, 2) != "{}") return false;
    return add(i, at, "an empty checkServerTrusted()", true);
  }

  bool by_url(std::size_t i) {
    for (const SourceLine::Text& text : lines_[i].strings) {
      const std::size_t mark = text.text.find("://");
      if (mark == kNone || !names_redis(std::string_view{text.text}.substr(0, mark))) continue;
      for (const std::string_view parameter : url_parameters_without_verification())
        if (text.text.find(parameter, mark) != kNone)
          return add(i, offset_of(i, text), std::string{parameter} + " in a URL", false);
      if (text.text.ends_with("#insecure"))
        return add(i, offset_of(i, text), "#insecure in a URL", false);
    }
    return false;
  }

  // url: rediss://h:6379?verifyPeer=NONE, without quotes.
  bool by_bare_url(std::size_t i) {
    const std::string_view code = lines_[i].code;
    const std::size_t mark = is_configuration_ ? code.find("://") : kNone;
    if (mark == kNone || !names_redis(code.substr(0, mark))) return false;
    for (const std::string_view parameter : url_parameters_without_verification()) {
      const std::size_t at = code.find(parameter, mark);
      if (at == kNone) continue;
      return add_at(i, lines_[i].column_of(at), std::string{parameter} + " in a URL", false,
                    condition_of_block(lines_, i));
    }
    return false;
  }

  // As a command of a script, as arguments of a call, or in a string that is run.
  bool by_redis_cli(std::size_t i) {
    const SourceLine& line = lines_[i];
    const auto is_mention = [](std::string_view code) {
      return std::ranges::any_of(
          std::array{"echo", "printf", "print(", "log", "Error(", "raise", "throw", "warn", "help"},
          [&](const char* word) { return code.find(word) != kNone; });
    };
    const bool in_code =
        contains(i, "redis-cli") && (contains(i, "--insecure") || contains(i, "--no-verify"));
    if (in_code && (is_shell_ || contains(i, "'redis-cli'")) && !line.code.starts_with("echo"))
      return add(i, line.code.find("redis-cli"), "redis-cli --insecure", false);
    for (const SourceLine::Text& text : line.strings)
      if (text.text.find("redis-cli") != kNone && text.text.find("--insecure") != kNone &&
          !is_mention(line.code))
        return add(i, offset_of(i, text), "redis-cli --insecure", false);
    return false;
  }

  std::vector<SourceLine> lines_;
  std::vector<int> redis_lines_;
  bool is_shell_ = false;
  bool is_rust_ = false;
  bool is_yaml_ = false;
  bool is_configuration_ = false;
  bool is_of_developers_ = false;
  VerificationSearch result_;
};

}  // namespace

VerificationSearch search_verification(ByteView bytes, std::string_view path) {
  if (is_configuration_file(path) && !may_switch_off(bytes)) return {};
  return Search{bytes, path}.run();
}

}  // namespace rta::files

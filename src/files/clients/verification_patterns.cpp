#include "files/clients/verification_patterns.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "files/clients/option_value.h"
#include "files/clients/source_condition.h"
#include "files/clients/source_lines.h"
#include "files/keys/needle_finder.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHitsPerFile = 100;
constexpr int kNearLines = 40;

enum class Meaning { none, off, off_in_production, code_decides };

// What an assigned value means for a switch of that kind.
using Judge = Meaning (*)(std::string_view value);

bool starts_word(std::string_view value, std::string_view word) {
  if (!value.starts_with(word)) return false;
  const char next = value.size() > word.size() ? value[word.size()] : ' ';
  return !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' ||
           (next >= '0' && next <= '9'));
}

// Code that asks where it runs.
bool asks_environment(std::string_view value) {
  const std::string lower = lower_ascii(value);
  return std::ranges::any_of(
      std::array{"env", "prod", "isdev", "development", "debug", "insecure", "skipverif"},
      [&](const char* word) { return lower.find(word) != std::string::npos; });
}

// rejectUnauthorized, check_hostname, verify_peer: false is off. The text
// 'false' is not: Node verifies all the same.
Meaning off_when_false(std::string_view value) {
  if (starts_word(value, "false") || starts_word(value, "False") || starts_word(value, "!1"))
    return Meaning::off;
  if (value.starts_with('\'') || starts_word(value, "true") || starts_word(value, "True"))
    return Meaning::none;
  if (fails_in_production(value.substr(0, balanced_length(value, ",;"))))
    return Meaning::off_in_production;
  return asks_environment(value) ? Meaning::code_decides : Meaning::none;
}
Meaning off_when_true(std::string_view value) {
  if (starts_word(value, "true")) return Meaning::off;
  const std::string_view whole = value.substr(0, balanced_length(value, ",;"));
  if (holds_in_production(whole) && whole.find('?') == kNone) return Meaning::off_in_production;
  return !starts_word(value, "false") && asks_environment(value) ? Meaning::code_decides
                                                                 : Meaning::none;
}
Meaning cert_reqs(std::string_view value) {
  for (const char* off : {"None", "none", "null", "ssl.CERT_NONE", "CERT_NONE", "_ssl.CERT_NONE",
                          "'none'", "'CERT_NONE'"})
    if (starts_word(value, off) || value.starts_with(std::string{off} + "'") ||
        (off[0] == '\'' && value.starts_with(off)))
      return Meaning::off;
  return Meaning::none;
}
Meaning verify_none(std::string_view value) {
  return value.find("VERIFY_NONE") != kNone || value.starts_with("ssl.CERT_NONE") ||
                 starts_word(value, "CERT_NONE")
             ? Meaning::off
             : Meaning::none;
}
// Exactly 0; anything else keeps verification on.
Meaning kill_switch(std::string_view value) {
  if (value.starts_with("'0'") || starts_word(value, "0")) return Meaning::off;
  const bool literal =
      value.starts_with('\'') || value.empty() || (value[0] >= '0' && value[0] <= '9');
  return literal ? Meaning::none : Meaning::code_decides;
}
Meaning identity_check(std::string_view value) {
  const std::size_t end = balanced_length(value, ",;");
  value = value.substr(0, end);
  if (value.ends_with("checkServerIdentity") || value.empty()) return Meaning::none;
  for (const char* nothing :
       {"=>undefined", "=>null", "=>{}", "=>{return undefined", "=>{return}", "=>{return;}", "){}",
        "){return undefined", "=>void 0", "=>false", "=>{return null", "){return}", "){return;}"})
    if (value.find(nothing) != kNone) return Meaning::off;
  return value.find("=>") != kNone || value.starts_with("function") ? Meaning::code_decides
                                                                    : Meaning::none;
}
Meaning net_callback(std::string_view value) {
  if (value.find("=>true") != kNone || value.find("return true") != kNone) return Meaning::off;
  return Meaning::code_decides;
}
Meaning lettuce_peer(std::string_view value) {
  value = value.starts_with('\'') ? value.substr(1) : value;
  for (const std::string_view type : {"SslVerifyMode.", "SslVerificationMode."})
    if (value.starts_with(type)) value.remove_prefix(type.size());
  return starts_word(value, "NONE") || starts_word(value, "false") ? Meaning::off : Meaning::none;
}

// The other value of Python's "a if condition else b" and of "c ? a : b"; empty
// where there is no choice.
std::string_view other_choice(std::string_view value) {
  value = value.substr(0, balanced_length(value, ",;"));
  const std::size_t condition = value.find("if ");
  const std::size_t otherwise = condition == kNone ? kNone : value.find("else", condition);
  if (condition != 0 && otherwise != kNone) {
    value.remove_prefix(otherwise + 4);
    return value.starts_with(' ') ? value.substr(1) : value;
  }
  const std::size_t question = value.find('?');
  const std::size_t colon = question == kNone ? kNone : value.find(':', question);
  return colon == kNone ? std::string_view{} : value.substr(colon + 1);
}

struct Switch {
  std::string_view name;
  std::string_view shown;
  Judge judge;
  bool needs_redis = true;  // unspecific: only near Redis
};

// NAME: value, NAME = value, 'NAME': value, 'NAME' => value, ['NAME'] = value.
constexpr std::array kSwitches{
    Switch{"rejectUnauthorized", "rejectUnauthorized: false", off_when_false},
    Switch{"checkServerIdentity", "checkServerIdentity override", identity_check},
    Switch{"NODE_TLS_REJECT_UNAUTHORIZED", "NODE_TLS_REJECT_UNAUTHORIZED set to 0", kill_switch,
           false},
    Switch{"ssl_cert_reqs", "ssl_cert_reqs none", cert_reqs, false},
    Switch{"ssl_check_hostname", "ssl_check_hostname=False", off_when_false, false},
    Switch{"check_hostname", "check_hostname = False", off_when_false},
    Switch{"verify_mode", "verify_mode without verification", verify_none},
    Switch{"InsecureSkipVerify", "InsecureSkipVerify: true", off_when_true},
    Switch{"CertificateValidation", "CertificateValidation callback", net_callback},
    Switch{"verifyPeer", "verifyPeer none", lettuce_peer},
    Switch{"verify_peer", "verify_peer false", off_when_false},
    Switch{"verify_peer_name", "verify_peer_name false", off_when_false},
    Switch{"allow_self_signed", "allow_self_signed true", off_when_true},
    Switch{"sslEnableEndpointIdentification", "sslEnableEndpointIdentification: false",
           off_when_false},
    Switch{"sslVerificationMode", "sslVerificationMode: NONE", lettuce_peer}};

// Off by one of its values is off under a condition.
Meaning judge_choices(const Switch& one, std::string_view value) {
  const Meaning meaning = one.judge(value);
  const std::string_view other = other_choice(value);
  if (other.empty() || meaning == Meaning::code_decides) return meaning;
  const std::size_t question = value.find('?');
  const bool first_is_off =
      question != kNone && one.judge(value.substr(question + 1)) == Meaning::off;
  if (meaning == Meaning::off_in_production) return meaning;
  const bool any_off = meaning == Meaning::off || first_is_off || one.judge(other) == Meaning::off;
  return any_off ? Meaning::code_decides : meaning;
}

// Found as they stand.
struct Pattern {
  std::string_view text;
  bool needs_redis = true;
  std::string_view shown = {};  // empty: as it stands
};
constexpr std::array kPatterns{Pattern{"_create_unverified_context"},
                               Pattern{"disablePeerVerification", false},
                               Pattern{"setVerifyPeer(false"},
                               Pattern{"withVerifyPeer(false"},
                               Pattern{"VerifyPeer(SslVerifyMode.NONE"},
                               Pattern{"SslVerificationMode.NONE"},
                               Pattern{"EnableEndpointIdentification(false"},
                               Pattern{"TrustAllCert"},
                               Pattern{"InsecureTrustManagerFactory"},
                               Pattern{"NoopHostnameVerifier"},
                               Pattern{"ALLOW_ALL_HOSTNAME_VERIFIER"},
                               Pattern{"danger_accept_invalid_certs(true"},
                               Pattern{"danger_accept_invalid_hostnames(true"},
                               Pattern{"verify::verify_none", true, "verify: :verify_none"}};

// In connection strings: parameters that clients obey.
constexpr std::array<std::string_view, 7> kUrlParameters{
    "ssl_cert_reqs=none",    "ssl_cert_reqs=CERT_NONE", "ssl_check_hostname=false",
    "ssl_check_hostname=no", "skip_verify=true",        "verifyPeer=NONE",
    "verifyPeer=false"};

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

// application-dev.yml, appsettings.Development.json, config/test.json.
bool is_of_developers(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  std::size_t start = 0;
  while (start < name.size()) {
    const std::size_t end = std::min(name.find_first_of(".-_", start), name.size());
    const std::string_view word = std::string_view{name}.substr(start, end - start);
    for (const char* other : {"dev", "development", "local", "test"})
      if (word == other) return true;
    start = end + 1;
  }
  return false;
}

class Search {
 public:
  Search(ByteView bytes, std::string_view path) : lines_(source_lines(bytes, path)) {
    for (std::size_t i = 0; i < lines_.size(); ++i)
      if (names_redis(lines_[i])) redis_lines_.push_back(static_cast<int>(i));
    is_shell_ = is_shell_script(path);
    is_rust_ = file_ending(path) == "rs";
    is_configuration_ = is_configuration_file(path);
    is_of_developers_ = is_configuration_ && is_of_developers(path);
  }

  VerificationSearch run() {
    result_.names_redis = !redis_lines_.empty();
    result_.uses_redis_library =
        !is_shell_ && std::ranges::any_of(
                          lines_, [](const SourceLine& line) { return uses_redis_library(line); });
    for (std::size_t i = 0; i < lines_.size() && result_.hits.size() < kHitsPerFile; ++i) {
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

  [[nodiscard]] bool is_near_redis(std::size_t i) const {
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
    for (const Switch& one : kSwitches) {
      for (std::size_t at = code.find(one.name); at != kNone; at = code.find(one.name, at + 1)) {
        const auto value = assigned(code, at, one.name.size());
        if (!value) continue;
        // A value may stand on the next line.
        std::string text{*value};
        if (i + 1 < lines_.size() && (text.empty() || text.ends_with("=>") || text.ends_with('{')))
          text += lines_[i + 1].code;
        const Meaning meaning = judge_choices(one, text);
        if (meaning == Meaning::none) continue;
        if (add(i, at, one.shown, one.needs_redis, meaning)) return true;
      }
    }
    return false;
  }

  bool by_pattern(std::size_t i) {
    for (const Pattern& pattern : kPatterns)
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
      for (const std::string_view parameter : kUrlParameters)
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
    for (const std::string_view parameter : kUrlParameters) {
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
  bool is_configuration_ = false;
  bool is_of_developers_ = false;
  VerificationSearch result_;
};

// A piece of everything that is searched for, whatever blanks stand around it.
bool may_switch_off(ByteView bytes) {
  static constexpr std::array<std::string_view, 18> kNeedles{
      "rejectUnauthorized", "checkServer",  "NODE_TLS_REJECT", "cert_reqs",        "check_hostname",
      "verify_mode",        "SkipVerify",   "Validation",      "erifyPeer",        "verify_peer",
      "allow_self_signed",  "EndpointId",   "erificationMode", "PeerVerification", "insecure",
      "skip_verify",        ":verify_none", "danger_accept"};
  static const NeedleFinder finder{kNeedles};
  return finder.any_in(as_text(bytes));
}

}  // namespace

bool is_source_file(std::string_view path) {
  constexpr std::array<std::string_view, 20> kEndings{
      "js",   "mjs", "cjs", "ts", "mts", "cts", "jsx",  "tsx", "py", "go",
      "java", "kt",  "cs",  "rb", "php", "sh",  "bash", "rs",  "ex", "exs"};
  return std::ranges::find(kEndings, file_ending(path)) != kEndings.end();
}

bool is_configuration_file(std::string_view path) {
  const std::string name = lower_ascii(path.substr(path.rfind('/') + 1));
  const std::string_view ending = file_ending(name);
  if (ending == "yml" || ending == "yaml") return name.find("compose") == kNone;
  if (ending == "properties" || ending == "toml") return true;
  if (ending != "json") return false;
  const std::string folder = "/" + lower_ascii(path.substr(0, path.size() - name.size()));
  return name.starts_with("appsettings") || name.starts_with("config") ||
         folder.ends_with("/config/");
}

bool is_shell_script(std::string_view path) {
  return file_ending(path) == "sh" || file_ending(path) == "bash";
}

bool is_test_or_document(std::string_view path) {
  if (file_ending(path) == "md" || file_ending(path) == "rst") return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with("test_") || name.find(".test.") != kNone || name.find(".spec.") != kNone ||
      name.find("_test.") != kNone || name == "conftest.py")
    return true;
  constexpr std::array<std::string_view, 12> kFolders{
      "test",    "tests",    "spec",      "specs",     "docs",     "doc",
      "example", "examples", "__tests__", "__mocks__", "fixtures", "e2e"};
  return std::ranges::any_of(split(path, '/'), [&](std::string_view part) {
    return std::ranges::find(kFolders, part) != kFolders.end();
  });
}

VerificationSearch search_verification(ByteView bytes, std::string_view path) {
  if (is_configuration_file(path) && !may_switch_off(bytes)) return {};
  return Search{bytes, path}.run();
}

}  // namespace rta::files

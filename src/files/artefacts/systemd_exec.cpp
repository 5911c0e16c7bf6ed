#include "files/artefacts/systemd_exec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/text.h"
#include "files/artefacts/systemd_unit.h"
#include "files/shell_words.h"

namespace rta::files {
namespace {

constexpr std::size_t kLongestCommand = 2UL * 1024 * 1024;

using Variables = std::map<std::string, std::string>;

struct Word {
  std::string text;
  bool quoted = false;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// C escapes as unit files have them; what is none stays as it is.
void append_escaped(std::string_view text, std::size_t& at, std::string& out) {
  const char c = text[++at];
  constexpr std::string_view kNames = "abfnrtvs\\\"'";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v \\\"'";
  if (const std::size_t known = kNames.find(c); known != std::string_view::npos) {
    out += kMeanings[known];
    return;
  }
  const auto number = [&](std::size_t first, std::size_t digits, int base) {
    unsigned value = 0;
    for (std::size_t i = first; i < first + digits; ++i) {
      if (i >= text.size()) return false;
      const char d = text[i];
      const int digit = d >= '0' && d <= '9'   ? d - '0'
                        : d >= 'a' && d <= 'f' ? d - 'a' + 10
                        : d >= 'A' && d <= 'F' ? d - 'A' + 10
                                               : 99;
      if (digit >= base) return false;
      value = value * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
    }
    if (value == 0 || value > 255) return false;
    out += static_cast<char>(value);
    at = first + digits - 1;
    return true;
  };
  if (c == 'x' && number(at + 1, 2, 16)) return;
  if (number(at, 3, 8)) return;
  out += '\\';
  out += c;
}

// Nothing: a quote never closes.
std::optional<std::vector<Word>> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) break;
    Word word;
    char quote = 0;
    for (; at < text.size() && (quote != 0 || !is_blank(text[at])); ++at) {
      const char c = text[at];
      if (c == '\\' && at + 1 < text.size()) {
        append_escaped(text, at, word.text);
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        word.quoted = true;
      } else if (c == quote) {
        quote = 0;
      } else {
        word.text += c;
      }
    }
    if (quote != 0) return std::nullopt;
    words.push_back(std::move(word));
  }
  return words;
}

// Nothing: only the running system knows it.
std::optional<std::string> specifier(char letter, const std::string& unit) {
  const std::string stem = unit.substr(0, unit.rfind('.'));
  const std::size_t sign = stem.find('@');
  switch (letter) {
    case '%': return "%";
    case 'n': return unit;
    case 'N': return stem;
    case 'p':
    case 'P': return stem.substr(0, sign);
    case 'i':
    case 'I':
      if (sign == std::string::npos) return "";
      if (sign + 1 == stem.size()) return std::nullopt;  // a template: any instance
      return stem.substr(sign + 1);
    case 't': return "/run";
    case 'S': return "/var/lib";
    case 'C': return "/var/cache";
    case 'L': return "/var/log";
    case 'E': return "/etc";
    case 'd': return "/run/credentials/" + unit;
    case 'h': return "/root";
    case 'u':
    case 'g': return "root";
    case 'U':
    case 'G': return "0";
    default: return std::nullopt;
  }
}

std::optional<std::string> with_specifiers(std::string_view text, const std::string& unit) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const auto meant = specifier(text[++at], unit);
    if (!meant) return std::nullopt;
    out += *meant;
  }
  return out;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// ${NAME} inside a word stays one word; $NAME alone is split by its blanks.
// False: a variable that only an environment file gives.
bool add_expanded(const Word& word, const Variables& variables, std::vector<std::string>& out) {
  const std::string& text = word.text;
  if (!word.quoted && text.size() > 1 && text[0] == '$' &&
      std::ranges::all_of(text.substr(1), is_name)) {
    const auto found = variables.find(text.substr(1));
    if (found == variables.end()) return false;
    for (const std::string_view part : split(found->second, ' '))
      if (!part.empty()) out.emplace_back(part);
    return true;
  }
  std::string whole;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "$$") == 0) {
      whole += '$';
      ++at;
    } else if (text.compare(at, 2, "${") == 0) {
      const std::size_t end = text.find('}', at);
      if (end == std::string::npos) return false;
      const auto found = variables.find(text.substr(at + 2, end - at - 2));
      if (found == variables.end()) return false;
      whole += found->second;
      if (whole.size() > kLongestCommand) break;  // the caller tells
      at = end;
    } else {
      whole += text[at];
    }
  }
  out.push_back(std::move(whole));
  return true;
}

struct Line {
  std::string value;
  SourceLocation at;
};

// All lines of a key that accumulates, over the unit and its drop-ins.
std::vector<Line> lines_of(std::span<const UnitText> texts, std::string_view key) {
  std::vector<Line> lines;
  for (const UnitText& text : texts)
    for (const UnitAssignment& assignment : parse_systemd_unit(text.text).assignments) {
      if (assignment.section != "Service" || assignment.key != key) continue;
      if (assignment.value.empty())
        lines.clear();
      else
        lines.push_back({assignment.value, {text.path, assignment.line, 1}});
    }
  return lines;
}

// What an environment file sets wins over the unit's own variables.
Variables variables_of(std::span<const UnitText> texts, const std::string& unit) {
  Variables variables;
  if (!lines_of(texts, "EnvironmentFile").empty()) return variables;
  for (const Line& line : lines_of(texts, "Environment")) {
    const auto value = with_specifiers(line.value, unit);
    const auto words = value ? words_of(*value) : std::nullopt;
    if (!words) continue;
    for (const Word& word : *words)
      if (const std::size_t equals = word.text.find('='); equals != std::string::npos)
        variables[word.text.substr(0, equals)] = word.text.substr(equals + 1);
  }
  return variables;
}

// "@", "-", ":", "+", "!", "|" before the path of the program.
struct Prefixes {
  bool names_argument_zero = false;
  bool no_variables = false;
};
Prefixes take_prefixes(std::string& program) {
  Prefixes found;
  while (!program.empty() && std::string_view{"@-:+!|"}.contains(program.front())) {
    found.names_argument_zero = found.names_argument_zero || program.front() == '@';
    found.no_variables = found.no_variables || program.front() == ':';
    program.erase(0, 1);
  }
  return found;
}

std::string_view name_of_program(std::string_view word) { return word.substr(word.rfind('/') + 1); }

// A step before the start that names the configuration, and could write it.
bool may_write(std::string_view step, const std::string& file) {
  constexpr std::array<std::string_view, 10> kHarmless{"test", "[",     "chown", "chmod", "chgrp",
                                                       "ls",   "mkdir", "cat",   "stat",  "grep"};
  while (!step.empty() && std::string_view{"@-:+!| \t"}.contains(step.front())) step.remove_prefix(1);
  const std::string_view program = name_of_program(step.substr(0, step.find_first_of(" \t")));
  return step.find(name_of_program(file)) != std::string_view::npos &&
         std::ranges::find(kHarmless, program) == kHarmless.end();
}

// Who runs redis-server, and hands the rest on to it.
bool hands_on(std::string_view program) {
  constexpr std::array<std::string_view, 14> kWrappers{
      "env",     "nice",   "ionice",  "numactl", "taskset", "chrt",    "setpriv",
      "sudo",    "runuser", "stdbuf", "prlimit", "gosu",    "su-exec", "chpst"};
  return std::ranges::find(kWrappers, name_of_program(program)) != kWrappers.end();
}

// What looks for a server, or ends one, starts none.
bool starts_none(std::string_view program) {
  constexpr std::array<std::string_view, 9> kOthers{"pkill", "killall",   "pgrep", "kill", "test",
                                                    "[",     "systemctl", "echo",  "logger"};
  return std::ranges::find(kOthers, name_of_program(program)) != kOthers.end();
}

bool is_shell(std::string_view program) {
  const std::string_view name = name_of_program(program);
  return name == "sh" || name == "bash" || name == "dash" || name == "ash";
}

// redis-server behind a shell or another program: its own words, or why not.
void unwrap(UnitCommand& command) {
  std::vector<std::string>& words = command.words;
  if (words.empty() || is_redis_server(words.front()) || starts_none(words.front())) return;
  // Behind a program that is not known only its path, or a container's command, is a start.
  const bool is_known = hands_on(words.front());
  const std::string_view first = name_of_program(words.front());
  const bool is_container = first == "docker" || first == "podman";
  const auto server = std::ranges::find_if(words, [&](const std::string& word) {
    return is_redis_server(word) && (is_known || is_container || word.starts_with('/'));
  });
  const bool by_shell = is_shell(words.front()) && words.size() > 2 && words[1].starts_with('-') &&
                        words[1].ends_with('c');
  if (by_shell) {
    const std::string script = words[2];
    const bool names_server = script.find("redis-server") != std::string::npos ||
                              script.find("valkey-server") != std::string::npos;
    if (!names_server) return;
    auto plain = redis_command_of_script(script);
    if (!plain && command.why_not.empty()) command.why_not = "a shell decides how";
    words = std::move(plain).value_or(std::vector<std::string>{"redis-server"});
  } else if (server != words.end()) {
    words.erase(words.begin(), server);
    if (!is_known && command.why_not.empty()) command.why_not = "another program starts it";
  }
}

void add_command(std::vector<Word> words, const Variables& variables, UnitCommand command,
                 std::vector<UnitCommand>& out) {
  if (words.empty()) return;
  const Prefixes prefixes = take_prefixes(words.front().text);
  if (prefixes.names_argument_zero && words.size() > 1) words.erase(words.begin() + 1);
  std::size_t bytes = 0;
  for (const Word& word : words) {
    const std::size_t before = command.words.size();
    if (prefixes.no_variables)
      command.words.push_back(word.text);
    else if (!add_expanded(word, variables, command.words) && command.why_not.empty())
      command.why_not = "a variable in it comes from elsewhere";
    for (std::size_t i = before; i < command.words.size(); ++i) bytes += command.words[i].size();
    if (bytes <= kLongestCommand) continue;
    command.words.resize(1);
    command.why_not = "it is longer than a command line can be";
    break;
  }
  unwrap(command);
  out.push_back(std::move(command));
}

}  // namespace

std::vector<UnitCommand> start_commands(const std::string& unit, std::span<const UnitText> texts) {
  std::vector<UnitCommand> commands;
  const Variables variables = variables_of(texts, unit);
  const std::vector<Line> directories = lines_of(texts, "WorkingDirectory");
  for (const Line& line : lines_of(texts, "ExecStart")) {
    UnitCommand command{.words = {}, .why_not = {}, .at = line.at, .working_directory = {}};
    if (!directories.empty())
      command.working_directory = with_specifiers(directories.back().value, unit).value_or("");
    const auto value = with_specifiers(line.value, unit);
    if (!value) command.why_not = "a specifier in it is only known to the running system";
    const auto words = words_of(value.value_or(line.value));
    if (!words) {
      command.why_not = "a quote in it never closes: systemd does not start it";
      commands.push_back(std::move(command));
      continue;
    }
    std::vector<Word> one;
    for (const Word& word : *words) {
      if (word.text == ";" && !word.quoted) {
        add_command(std::move(one), variables, command, commands);
        one.clear();
      } else {
        one.push_back(word);
      }
    }
    add_command(std::move(one), variables, std::move(command), commands);
  }
  const std::vector<Line> before = lines_of(texts, "ExecStartPre");
  for (UnitCommand& command : commands)
    for (const Line& step : before)
      if (command.why_not.empty() && command.words.size() > 1 &&
          !command.words[1].starts_with('-') &&
          may_write(with_specifiers(step.value, unit).value_or(step.value), command.words[1]))
        command.why_not = fmt::format("what runs before it at {} may change {}", step.at.text(),
                                      printable(command.words[1], 200));
  return commands;
}

}  // namespace rta::files

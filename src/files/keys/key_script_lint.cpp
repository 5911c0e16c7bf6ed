#include "files/keys/key_script_lint.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostCommands = 5'000;
constexpr std::size_t kMostProblems = 50;

struct Command {
  int line = 0;
  std::vector<std::string> words;
  std::string text;
};

struct MadeFile {
  std::string name;
  int line = 0;
  bool is_key = false;
  bool is_protected = false;
  std::string command;
};

// Words of one line, quotes taken off; ends at a comment.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool in_word = false;
  const auto finish = [&] {
    if (in_word) words.push_back(std::move(word));
    word.clear();
    in_word = false;
  };
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t') {
      finish();
    } else if (c == '#' && !in_word) {
      break;
    } else if (c == ';' || c == '|' || c == '&' || c == '>') {
      finish();
      words.emplace_back(1, c);
    } else {
      word += c;
      in_word = true;
    }
  }
  finish();
  return words;
}

bool is_separator(const std::string& word) { return word == ";" || word == "|" || word == "&"; }

// Splits `a && b; c` and joins lines that end with a backslash.
void add_commands(std::string_view script, int first_line, std::vector<Command>& commands) {
  std::string joined;
  int line = first_line;
  int started = line;
  for (const std::string_view raw : split(script, '\n')) {
    std::string_view text = trim(raw);
    if (text.starts_with("$ ") || text.starts_with("# openssl"))
      text.remove_prefix(2);  // a shown prompt
    if (joined.empty()) started = line;
    ++line;
    const bool continues = text.ends_with('\\');
    joined += std::string{continues ? text.substr(0, text.size() - 1) : text} + " ";
    if (continues) continue;
    Command command{started, {}, printable(trim(joined), 200)};
    for (std::string& word : words_of(joined)) {
      if (!is_separator(word)) {
        command.words.push_back(std::move(word));
      } else if (!command.words.empty()) {
        commands.push_back(command);
        command.words.clear();
      }
    }
    if (!command.words.empty()) commands.push_back(std::move(command));
    joined.clear();
    if (commands.size() > kMostCommands) return;
  }
}

// Each fenced block in a shell's language is a script of its own.
std::vector<std::vector<Command>> scripts_of(std::string_view text, bool is_markdown) {
  std::vector<std::vector<Command>> scripts;
  if (!is_markdown) {
    add_commands(text, 1, scripts.emplace_back());
    return scripts;
  }
  constexpr std::array kShells{std::string_view{"bash"},  std::string_view{"sh"},
                               std::string_view{"shell"}, std::string_view{"console"},
                               std::string_view{"zsh"},   std::string_view{}};
  std::optional<std::string> block;
  bool is_shell = false;
  int line = 0, started = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++line;
    const std::string_view trimmed = trim(raw);
    if (!trimmed.starts_with("```")) {
      if (block) *block += std::string{raw} + "\n";
      continue;
    }
    if (block) {
      if (is_shell) add_commands(*block, started, scripts.emplace_back());
      block.reset();
    } else {
      block.emplace();
      started = line + 1;
      is_shell = std::ranges::find(kShells, trim(trimmed.substr(3))) != kShells.end();
    }
  }
  return scripts;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string value_after(const std::vector<std::string>& words,
                        std::initializer_list<std::string_view> options) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i)
    if (std::ranges::find(options, words[i]) != options.end()) return words[i + 1];
  return {};
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

void add_made(const Command& command, const std::string& name, bool is_key,
              std::vector<MadeFile>& made) {
  if (name.empty() || name.contains('$') || name == "-" || name.starts_with("/dev/")) return;
  made.push_back({name, command.line, is_key, false, command.text});
}

// What the command writes, as far as its words tell.
void note_made(const Command& command, std::vector<MadeFile>& made) {
  const std::vector<std::string>& words = command.words;
  const auto openssl = std::ranges::find_if(
      words, [](const std::string& word) { return base_name(word) == "openssl"; });
  if (openssl == words.end()) {
    if (has(words, "certtool") && has(words, "--generate-privkey"))
      add_made(command, value_after(words, {"--outfile"}), true, made);
    if (has(words, "mkcert")) add_made(command, value_after(words, {"-key-file"}), true, made);
    return;
  }
  const std::vector<std::string> rest(openssl + 1, words.end());
  if (rest.empty()) return;
  const std::string& verb = rest.front();
  const std::string out = value_after(rest, {"-out", ">"});
  const bool makes_key =
      verb == "genrsa" || verb == "genpkey" || (verb == "ecparam" && has(rest, "-genkey"));
  add_made(command, out, makes_key, made);
  if (verb == "req") add_made(command, value_after(rest, {"-keyout"}), true, made);
}

bool matches(const std::string& pattern, const std::string& name) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0 ||
         ::fnmatch(base_name(pattern).c_str(), base_name(name).c_str(), 0) == 0;
}

// Bits that a numeric or symbolic mode leaves to group and others.
std::optional<bool> is_private_mode(const std::string& mode) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(mode.data(), mode.data() + mode.size(), value, 8);
  if (error == std::errc{} && end == mode.data() + mode.size()) return (value & 077U) == 0;
  if (mode.starts_with("go=") || mode.starts_with("go-r") || mode.starts_with("u=rw,go=") ||
      mode == "og-rwx")
    return true;
  return std::nullopt;
}

void apply_chmod(const Command& command, std::vector<MadeFile>& made,
                 std::vector<KeyScriptProblem>& problems) {
  std::vector<std::string> arguments;
  for (std::size_t i = 1; i < command.words.size(); ++i)
    if (const std::string& word = command.words[i];
        word == "--" || !word.starts_with('-') || arguments.empty())
      if (word != "--" && !(word.starts_with('-') && word.size() > 1 && word[1] != 'r'))
        arguments.push_back(word);
  if (arguments.size() < 2) return;
  const std::optional<bool> is_private = is_private_mode(arguments.front());
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& pattern = arguments[i];
    if (pattern.contains('$')) {  // may mean any of them
      for (MadeFile& file : made) file.is_protected |= is_private.value_or(true);
      continue;
    }
    bool any = false;
    for (MadeFile& file : made) {
      if (!matches(pattern, file.name)) continue;
      any = true;
      if (is_private == true) file.is_protected = true;
      if (is_private == false && file.is_key)
        problems.push_back(
            {command.line,
             fmt::format("chmod {} {} opens the private key {}", printable(arguments.front(), 20),
                         printable(pattern, 60), printable(file.name, 80)),
             command.text});
    }
    if (!any && pattern.find_first_of("*?[") != std::string::npos)
      problems.push_back({command.line,
                          fmt::format("chmod {} {} matches no file that is made here",
                                      printable(arguments.front(), 20), printable(pattern, 60)),
                          command.text});
  }
}

void lint(const std::vector<Command>& commands, std::vector<KeyScriptProblem>& problems) {
  std::vector<MadeFile> made;
  bool safe_umask = false;
  for (const Command& command : commands) {
    note_made(command, made);
    safe_umask |=
        command.words.size() > 1 && command.words[0] == "umask" && command.words[1].ends_with("77");
  }
  if (std::ranges::none_of(made, &MadeFile::is_key)) return;
  for (const Command& command : commands) {
    const auto chmod = std::ranges::find_if(
        command.words, [](const std::string& word) { return base_name(word) == "chmod"; });
    if (chmod != command.words.end())
      apply_chmod({command.line, {chmod, command.words.end()}, command.text}, made, problems);
    const std::string install_mode =
        has(command.words, "install") ? value_after(command.words, {"-m"}) : "";
    if (is_private_mode(install_mode) == true && !install_mode.empty())
      for (MadeFile& file : made) file.is_protected |= has(command.words, file.name);
  }
  for (const MadeFile& file : made)
    if (file.is_key && !file.is_protected && !safe_umask)
      problems.push_back(
          {file.line, fmt::format("no chmod covers the private key {}", printable(file.name, 80)),
           file.command});
}

}  // namespace

std::vector<KeyScriptProblem> lint_key_script(std::string_view text, bool is_markdown) {
  std::vector<KeyScriptProblem> problems;
  for (const std::vector<Command>& script : scripts_of(text, is_markdown)) lint(script, problems);
  if (problems.size() > kMostProblems) problems.resize(kMostProblems);
  std::ranges::stable_sort(problems, {}, &KeyScriptProblem::line);
  return problems;
}

}  // namespace rta::files

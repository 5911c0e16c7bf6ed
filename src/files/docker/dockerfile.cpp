#include "files/docker/dockerfile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostCopies = 1'000;
constexpr std::size_t kLongestInstruction = 64UL * 1024;

struct Instruction {
  std::string text;
  int line = 0;
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// "# escape=`" among the first comment lines changes the escape character.
char escape_of(const std::vector<std::string_view>& lines) {
  for (const std::string_view raw : lines) {
    const std::string_view line = trim(raw);
    if (!line.starts_with('#')) break;
    std::string directive = lower_ascii(line.substr(1));
    std::erase_if(directive, is_blank);
    if (directive == "escape=`") return '`';
    if (!directive.contains('=')) break;
  }
  return '\\';
}

// The words that end the here documents of an instruction: <<EOF, <<-"EOF".
std::vector<std::string> here_documents(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at)) {
    at += 2;
    if (at < text.size() && text[at] == '-') ++at;
    std::string_view rest = text.substr(at);
    const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
    if (quoted) rest.remove_prefix(1);
    const std::size_t end =
        std::min(rest.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789_"),
                 rest.size());
    const bool is_number = end > 0 && rest.front() >= '0' && rest.front() <= '9';  // 1<<2
    if (end > 0 && !is_number) words.emplace_back(rest.substr(0, end));
  }
  return words;
}

std::vector<Instruction> instructions_of(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const char escape = escape_of(lines);
  std::vector<Instruction> all;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = trim(lines[i]);
    if (line.empty() || line.starts_with('#')) continue;
    Instruction& instruction = all.emplace_back();
    instruction.line = static_cast<int>(i) + 1;
    // Empty lines and comments inside a continued instruction do not end it.
    for (;;) {
      const bool goes_on = line.ends_with(escape);
      if (goes_on) line.remove_suffix(1);
      if (instruction.text.size() < kLongestInstruction) instruction.text += line;
      if (!goes_on) break;
      do {
        if (++i == lines.size()) return all;
        line = trim(lines[i]);
      } while (line.empty() || line.starts_with('#'));
      instruction.text += ' ';
    }
    for (const std::string& word : here_documents(instruction.text)) {
      const auto end = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines.end(),
                                    [&](std::string_view one) { return trim(one) == word; });
      if (end != lines.end()) i = static_cast<std::size_t>(end - lines.begin());
    }
  }
  return all;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    while (at < text.size() && is_blank(text[at])) ++at;
    std::string word;
    char quote = 0;
    for (; at < text.size() && (quote != 0 || !is_blank(text[at])); ++at) {
      if (quote == 0 && (text[at] == '"' || text[at] == '\''))
        quote = text[at];
      else if (text[at] == quote)
        quote = 0;
      else
        word += text[at];
    }
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

// COPY ["a b", "c"]: a JSON list of strings, else blank-separated words.
std::vector<std::string> arguments_of(std::string_view rest) {
  if (!rest.starts_with('[')) return words_of(rest);
  const auto list = nlohmann::json::parse(rest, nullptr, false);
  if (!list.is_array()) return words_of(rest);
  std::vector<std::string> words;
  for (const auto& item : list)
    if (item.is_string()) words.push_back(item.get<std::string>());
  return words;
}

std::string without_dots(std::string_view source) {
  while (source.starts_with('/') || source.starts_with("./"))
    source.remove_prefix(source.starts_with('/') ? 1 : 2);
  while (source.ends_with('/') || source.ends_with("/.")) source.remove_suffix(1);
  return source.empty() ? "." : std::string{source};
}

bool is_from_elsewhere(std::string_view source) {
  return source.starts_with("http://") || source.starts_with("https://") ||
         source.starts_with("git@") || source.starts_with("git://") ||
         source.starts_with("ssh://") || source.starts_with("<<");
}

}  // namespace

std::vector<DockerCopy> read_dockerfile(std::string_view text) {
  std::vector<DockerCopy> copies;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (const Instruction& instruction : instructions_of(text)) {
    std::string_view rest = instruction.text;
    const auto next_word = [&] {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      const std::string_view word = rest.substr(0, end);
      rest = trim(rest.substr(end));
      return word;
    };
    std::string name = lower_ascii(next_word());
    if (name == "onbuild") name = lower_ascii(next_word());
    if (name != "copy" && name != "add") continue;
    DockerCopy copy{name == "copy" ? "COPY" : "ADD", {}, {}, instruction.line};
    bool from_stage = false;
    while (rest.starts_with("--")) {
      const std::string_view flag = next_word();
      from_stage = from_stage || flag.starts_with("--from=");
      if (flag.starts_with("--exclude=")) copy.excludes.emplace_back(flag.substr(10));
    }
    std::vector<std::string> words = arguments_of(rest);
    if (from_stage || words.size() < 2) continue;
    words.pop_back();
    for (const std::string& source : words)
      if (!is_from_elsewhere(source)) copy.sources.push_back(without_dots(source));
    if (!copy.sources.empty() && copies.size() < kMostCopies) copies.push_back(std::move(copy));
  }
  return copies;
}

}  // namespace rta::files

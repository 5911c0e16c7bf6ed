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

// The instruction's name and the rest of it; ONBUILD counts as what it holds.
struct Words {
  explicit Words(std::string_view text) : rest(text) {
    name = lower_ascii(next());
    if (name == "onbuild") name = lower_ascii(next());
  }
  std::string_view next() {
    const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest = trim(rest.substr(end));
    return word;
  }
  std::string name;
  std::string_view rest;
};

std::optional<DockerCopy> copy_of(Words words, int line) {
  DockerCopy copy{words.name == "copy" ? "COPY" : "ADD", {}, {}, line, {}};
  bool from_stage = false;
  while (words.rest.starts_with("--")) {
    const std::string_view flag = words.next();
    from_stage = from_stage || flag.starts_with("--from=");
    if (flag.starts_with("--exclude=")) copy.excludes.emplace_back(flag.substr(10));
  }
  std::vector<std::string> arguments = arguments_of(words.rest);
  if (from_stage || arguments.size() < 2) return std::nullopt;
  copy.target = std::move(arguments.back());
  arguments.pop_back();
  for (const std::string& source : arguments)
    if (!is_from_elsewhere(source)) copy.sources.push_back(without_dots(source));
  if (copy.sources.empty()) return std::nullopt;
  return copy;
}

// ENV NAME=value NAME="two words", and the older ENV NAME all the rest.
void add_variables(std::string_view rest, int line, std::vector<DockerVariable>& variables) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const std::size_t blank = rest.find_first_of(" \t");
  const std::size_t equals = rest.find('=');
  if (equals == std::string_view::npos || blank < equals) {
    if (blank == std::string_view::npos) return;
    pairs.emplace_back(rest.substr(0, blank), trim(rest.substr(blank)));
  } else {
    for (const std::string& word : words_of(rest))
      if (const std::size_t at = word.find('='); at != std::string::npos && at > 0)
        pairs.emplace_back(word.substr(0, at), word.substr(at + 1));
  }
  for (auto& [name, value] : pairs) {
    std::erase_if(variables, [&](const DockerVariable& other) { return other.name == name; });
    if (value.find('$') == std::string::npos && variables.size() < kMostCopies)
      variables.push_back({std::move(name), std::move(value), line});
  }
}

DockerCommand command_of(std::string_view rest, int line) {
  if (rest.starts_with('[')) {
    const auto list = nlohmann::json::parse(rest, nullptr, false);
    if (list.is_array()) return {arguments_of(rest), line};
  }
  return {{"/bin/sh", "-c", std::string{rest}}, line};
}

// One FROM and what follows it.
struct Stage {
  std::string name;    // AS, in lower case
  std::string folder;  // WORKDIR; empty: the base image's, which is not known
  DockerImage image;
};

// A stage that starts from an earlier one goes on with what that one has.
Stage stage_from(Words words, const std::vector<Stage>& earlier) {
  while (words.rest.starts_with("--")) words.next();
  const std::string base{words.next()};
  Stage stage;
  const auto same = std::ranges::find(earlier, lower_ascii(base), &Stage::name);
  if (same != earlier.end() && !base.empty())
    stage = *same;
  else if (base.find('$') == std::string::npos)
    stage.image.base = base;
  stage.name = lower_ascii(words.next()) == "as" ? lower_ascii(words.next()) : std::string{};
  return stage;
}

std::string name_of_source(const std::string& source) {
  return source.substr(source.rfind('/') + 1);
}

// Where each source of a copy lies in the image. A folder's content is copied,
// which its own path under the target tells as well.
void add_copies(const DockerCopy& copy, Stage& stage) {
  std::string target = copy.target;
  if (target.find('$') != std::string::npos) return;
  if (!target.starts_with('/')) {
    if (stage.folder.empty()) return;
    while (target.starts_with("./")) target.erase(0, 2);
    target =
        stage.folder + (stage.folder.ends_with('/') ? "" : "/") + (target == "." ? "" : target);
  }
  const bool is_folder = target.ends_with('/') || copy.sources.size() > 1 || copy.target == ".";
  for (const std::string& source : copy.sources) {
    const std::string name = name_of_source(source);
    const bool is_file = source != "." && name.find('.') != std::string::npos;
    DockerCopy one = copy;
    one.sources = {source};
    one.target = target;
    if (is_folder && is_file) one.target += (target.ends_with('/') ? "" : "/") + name;
    if (stage.image.copies.size() < kMostCopies) stage.image.copies.push_back(std::move(one));
  }
}

void read_instruction(const Words& words, int line, Stage& stage) {
  DockerImage& image = stage.image;
  if (words.name == "env") {
    add_variables(words.rest, line, image.variables);
  } else if (words.name == "workdir") {
    const std::vector<std::string> path = words_of(words.rest);
    const std::string folder = path.empty() ? std::string{} : path.front();
    const bool is_known = folder.find('$') == std::string::npos;
    if (folder.starts_with('/') || !is_known)
      stage.folder = is_known ? folder : "";
    else if (!stage.folder.empty())
      stage.folder += "/" + folder;
  } else if (words.name == "user") {
    image.user = std::string{words.rest};
  } else if (words.name == "entrypoint") {
    image.entrypoint = command_of(words.rest, line);
    image.command.reset();  // the base image's does not survive it
  } else if (words.name == "cmd") {
    image.command = command_of(words.rest, line);
  } else if (words.name == "copy" || words.name == "add") {
    if (const auto copy = copy_of(words, line)) add_copies(*copy, stage);
  }
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

}  // namespace

std::vector<DockerCopy> read_dockerfile(std::string_view text) {
  std::vector<DockerCopy> copies;
  for (const Instruction& instruction : instructions_of(without_mark(text))) {
    const Words words{instruction.text};
    if (words.name != "copy" && words.name != "add") continue;
    if (auto copy = copy_of(words, instruction.line); copy && copies.size() < kMostCopies)
      copies.push_back(std::move(*copy));
  }
  return copies;
}

DockerImage read_docker_image(std::string_view text, std::string_view target) {
  constexpr std::size_t kMostStages = 64;
  std::vector<Stage> stages;
  for (const Instruction& instruction : instructions_of(without_mark(text))) {
    const Words words{instruction.text};
    if (words.name == "from") {
      if (stages.size() == kMostStages) return {};
      stages.push_back(stage_from(words, stages));
    } else if (!stages.empty()) {
      read_instruction(words, instruction.line, stages.back());
    }
  }
  if (stages.empty()) return {};
  if (target.empty()) return std::move(stages.back().image);
  const auto wanted = std::ranges::find(stages, lower_ascii(target), &Stage::name);
  return wanted == stages.end() ? DockerImage{} : std::move(wanted->image);
}

}  // namespace rta::files

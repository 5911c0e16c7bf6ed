#include "files/docker/dockerfile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.h"
#include "files/compose/compose_images.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostCopies = 1'000;
constexpr std::size_t kLongestInstruction = 64UL * 1024;
constexpr std::string_view kNameLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

struct Instruction {
  std::string text;
  int line = 0;
  std::vector<DockerCopy::Document> documents;  // here documents behind it
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

// How a here document is announced: <<EOF, <<-"EOF".
struct HereWord {
  std::string word;
  bool quoted = false;      // its variables are left alone
  bool strips_tabs = false;
};

std::vector<HereWord> here_words(std::string_view text) {
  std::vector<HereWord> words;
  for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at)) {
    HereWord here;
    at += 2;
    here.strips_tabs = at < text.size() && text[at] == '-';
    if (here.strips_tabs) ++at;
    std::string_view rest = text.substr(at);
    here.quoted = rest.starts_with('"') || rest.starts_with('\'');
    if (here.quoted) rest.remove_prefix(1);
    const std::size_t end = std::min(rest.find_first_not_of(kNameLetters), rest.size());
    const bool is_number = end > 0 && rest.front() >= '0' && rest.front() <= '9';  // 1<<2
    here.word = rest.substr(0, end);
    if (end > 0 && !is_number) words.push_back(std::move(here));
  }
  return words;
}

// Finds the line that ends a here document, however many never end.
class LinesOfWords {
 public:
  explicit LinesOfWords(const std::vector<std::string_view>& lines) : lines_(lines) {}

  // The first line after `at` that holds the word alone; the end: none does.
  std::size_t after(std::size_t at, std::string_view word) {
    if (places_.empty())
      for (std::size_t i = 0; i < lines_.size(); ++i) places_[trim(lines_[i])].push_back(i);
    const auto found = places_.find(word);
    if (found == places_.end()) return lines_.size();
    const auto next = std::ranges::upper_bound(found->second, at);
    return next == found->second.end() ? lines_.size() : *next;
  }

 private:
  const std::vector<std::string_view>& lines_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> places_;
};

// The lines up to the word alone in its line; `at` is left there.
DockerCopy::Document document_of(const HereWord& here, const std::vector<std::string_view>& lines,
                                 LinesOfWords& ends, std::size_t& at) {
  DockerCopy::Document document{.name = here.word, .text = {}, .line = static_cast<int>(at) + 2};
  const std::size_t end = ends.after(at, here.word);
  document.known = end < lines.size();
  if (!document.known) return document;
  for (std::size_t i = at + 1; i < end; ++i) {
    std::string_view text = lines[i];
    while (here.strips_tabs && text.starts_with('\t')) text.remove_prefix(1);
    document.text += text;
    document.text += '\n';
  }
  document.known = here.quoted || document.text.find('$') == std::string::npos;
  at = end;
  return document;
}

std::vector<Instruction> instructions_of(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  const char escape = escape_of(lines);
  LinesOfWords ends{lines};
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
    for (const HereWord& here : here_words(instruction.text))
      instruction.documents.push_back(document_of(here, lines, ends, i));
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
         source.starts_with("ssh://");
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

std::optional<DockerCopy> copy_of(Words words, const Instruction& instruction) {
  DockerCopy copy{
      words.name == "copy" ? "COPY" : "ADD", {}, {}, instruction.line, {}, {}, instruction.documents, {}};
  while (words.rest.starts_with("--")) {
    const std::string_view flag = words.next();
    if (flag.starts_with("--from=")) copy.stage = lower_ascii(flag.substr(7));
    if (flag.starts_with("--exclude=")) copy.excludes.emplace_back(flag.substr(10));
  }
  std::vector<std::string> arguments = arguments_of(words.rest);
  if (arguments.size() < 2) return std::nullopt;
  copy.target = std::move(arguments.back());
  arguments.pop_back();
  for (const std::string& source : arguments)
    if (is_from_elsewhere(source))
      copy.remote.push_back(source.substr(0, source.find_first_of("?#")));
    else if (!source.starts_with("<<"))
      copy.sources.push_back(without_dots(source));
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
  if (starts_with_defaults(stage.image.base) && stage.folder.empty()) stage.folder = "/data";
  stage.name = lower_ascii(words.next()) == "as" ? lower_ascii(words.next()) : std::string{};
  return stage;
}

std::string name_of_source(const std::string& source) {
  return source.substr(source.rfind('/') + 1);
}

// With the variables that ENV sets; nothing: another one is in it.
std::optional<std::string> with_variables(std::string_view text,
                                          const std::vector<DockerVariable>& variables) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const bool braced = text.substr(at + 1).starts_with('{');
    const std::size_t start = at + (braced ? 2 : 1);
    const std::size_t end = std::min(text.find_first_not_of(kNameLetters, start), text.size());
    const auto known = std::ranges::find(variables, text.substr(start, end - start),
                                         [](const DockerVariable& one) { return std::string_view{one.name}; });
    const bool closed = !braced || text.substr(end).starts_with('}');
    if (known == variables.end() || !closed || out.size() > kLongestInstruction) return std::nullopt;
    out += known->value;
    at = end + (braced ? 1 : 0);
  }
  return out;
}

// Where a copy goes to: absolute, or nothing where that is not known.
std::string absolute_target(const DockerCopy& copy, const Stage& stage) {
  std::string target = with_variables(copy.target, stage.image.variables).value_or("");
  if (target.empty() || target.starts_with('/')) return target;
  if (stage.folder.empty()) return {};
  while (target.starts_with("./")) target.erase(0, 2);
  return stage.folder + (stage.folder.ends_with('/') ? "" : "/") + (target == "." ? "" : target);
}

std::string in_folder(const std::string& folder, std::string_view name) {
  return folder + (folder.ends_with('/') ? "" : "/") + std::string{name};
}

bool is_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

void put(DockerImage& image, DockerCopy one) {
  std::erase_if(image.texts, [&](const DockerText& text) { return text.target == one.target; });
  if (image.copies.size() < kMostCopies) image.copies.push_back(std::move(one));
}

void put(DockerImage& image, DockerText text) {
  std::erase_if(image.copies, [&](const DockerCopy& one) { return one.target == text.target; });
  std::erase_if(image.texts, [&](const DockerText& one) { return one.target == text.target; });
  if (image.texts.size() < kMostCopies) image.texts.push_back(std::move(text));
}

// The last copy or text of a configuration is no longer what the image holds.
template <typename IsChanged>
void forget_configurations(DockerImage& image, const IsChanged& is_changed) {
  const auto changed = [&](const auto& one) {
    const std::string name = name_of_source(one.target);
    return (name.ends_with(".conf") || name.ends_with(".acl")) && is_changed(one.target, name);
  };
  std::erase_if(image.copies, changed);
  std::erase_if(image.texts, changed);
}

// Something lies at the target that is not in the context: it hides what was
// there, as a folder also what was below.
void put_unseen(DockerImage& image, const std::string& target, int line) {
  forget_configurations(image, [&](const std::string& path, const std::string&) {
    return path == target || is_below(path, target);
  });
  DockerCopy unseen;
  unseen.line = line;
  unseen.target = target;
  put(image, std::move(unseen));
}

// A copy to a place that only the build knows, if it may bring a configuration
// of this name.
void forget_named(const DockerCopy& copy, DockerImage& image) {
  const std::string last = name_of_source(copy.target);
  const bool unknown_name = last.find('$') != std::string::npos;
  const bool only_files = copy.documents.empty() &&
                          std::ranges::all_of(copy.sources, [](const std::string& source) {
                            return source != "." && name_of_source(source).find('.') != std::string::npos;
                          });
  forget_configurations(image, [&](const std::string&, const std::string& name) {
    const auto brings = [&](const std::string& source) { return name_of_source(source) == name; };
    return !only_files || unknown_name || last == name || std::ranges::any_of(copy.sources, brings) ||
           std::ranges::any_of(copy.remote, brings);
  });
}

std::string_view rest_below(std::string_view path, std::string_view folder) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return path.substr(folder.size() + 1);
}

// The copy that `path` is in: itself, else the last of a folder around it.
const DockerCopy* copy_around(const DockerImage& image, std::string_view path) {
  const DockerCopy* found = nullptr;
  for (const DockerCopy& one : image.copies) {
    if (one.target == path || one.target == std::string{path} + "/") return &one;
    if (is_below(path, one.target)) found = &one;
  }
  return found;
}

// What `source` of an earlier stage is, as far as that stage has it from the
// context or out of the Dockerfile, at `target`.
void take_from_stage(const DockerImage& from, const std::string& source, const std::string& target,
                     int line, DockerImage& image) {
  const std::string path = "/" + (source == "." ? std::string{} : source);
  const auto take = [&](const DockerCopy& one, std::string taken_source, std::string at) {
    DockerCopy taken = one;
    taken.line = line;
    taken.sources = {std::move(taken_source)};
    taken.target = std::move(at);
    put(image, std::move(taken));
  };
  const auto text = std::ranges::find(from.texts, path, &DockerText::target);
  if (text != from.texts.end()) {
    put(image, DockerText{target, text->text, text->line});
    return;
  }
  bool found = false;
  if (const DockerCopy* around = copy_around(from, path); around != nullptr && !around->sources.empty()) {
    found = true;
    const std::string& its = around->sources.front();
    take(*around, is_below(path, around->target) ? in_folder(its, rest_below(path, around->target)) : its,
         target);
  }
  // What its steps made, or its own base holds.
  if (!found) put_unseen(image, target, line);
  for (const DockerCopy& one : from.copies) {
    if (!is_below(one.target, path) || one.target == path + "/") continue;
    const std::string at = in_folder(target, rest_below(one.target, path));
    if (one.sources.empty())
      put_unseen(image, at, line);
    else
      take(one, one.sources.front(), at);
  }
  for (const DockerText& one : from.texts)
    if (is_below(one.target, path))
      put(image, DockerText{in_folder(target, rest_below(one.target, path)), one.text, one.line});
}

// A stage by its name or its number.
const Stage* stage_called(const std::string& name, const std::vector<Stage>& stages) {
  const auto same = std::ranges::find(stages, name, &Stage::name);
  if (same != stages.end()) return &*same;
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (std::to_string(i) == name) return &stages[i];
  return nullptr;
}

// Where each source of a copy lies in the image. A folder's content is copied,
// which its own path under the target tells as well.
void add_copies(const DockerCopy& copy, Stage& stage, const std::vector<Stage>& stages) {
  const std::string target = absolute_target(copy, stage);
  if (target.empty()) return forget_named(copy, stage.image);
  const std::size_t count = copy.sources.size() + copy.documents.size() + copy.remote.size();
  const bool is_folder = target.ends_with('/') || count > 1 || copy.target == ".";
  for (const DockerCopy::Document& document : copy.documents) {
    std::string place = is_folder ? in_folder(target, document.name) : target;
    if (document.known)
      put(stage.image, DockerText{std::move(place), document.text, document.line});
    else
      put_unseen(stage.image, place, copy.line);
  }
  for (const std::string& address : copy.remote)
    put_unseen(stage.image, is_folder ? in_folder(target, name_of_source(address)) : target,
               copy.line);
  const Stage* from = copy.stage.empty() ? nullptr : stage_called(copy.stage, stages);
  const bool is_unseen = !copy.stage.empty() && (from == nullptr || from == &stage);
  for (const std::string& source : copy.sources) {
    const std::string name = name_of_source(source);
    const bool is_file = source != "." && name.find('.') != std::string::npos;
    DockerCopy one = copy;
    one.sources = {source};
    one.documents.clear();
    one.remote.clear();
    one.target = is_folder && is_file ? in_folder(target, name) : target;
    if (is_unseen)
      put_unseen(stage.image, one.target, copy.line);
    else if (from == nullptr)
      put(stage.image, std::move(one));
    else
      take_from_stage(from->image, source, one.target, copy.line, stage.image);
  }
}

// A configuration that a RUN changes is no longer what was copied. Modes and
// owners may change.
void forget_changed(std::string_view command, DockerImage& image) {
  constexpr std::array<std::string_view, 9> kHarmless{"chmod", "chown", "chgrp", "mkdir",       "ls",
                                                      "test",  "cat",   "stat",  "redis-server"};
  std::string text{command};
  for (char& c : text)
    if (c == ';' || c == '|' || c == '&' || c == '\n') c = '\n';
  for (const std::string_view part : split(text, '\n')) {
    const std::string_view step = trim(part);
    const std::string_view program = step.substr(0, step.find_first_of(" \t"));
    const bool harmless = step.find('>') == std::string_view::npos &&
                          std::ranges::find(kHarmless, program) != kHarmless.end();
    if (step.empty() || harmless) continue;
    forget_configurations(image, [&](const std::string&, const std::string& name) {
      return step.find(name) != std::string_view::npos;
    });
  }
}

void read_instruction(const Words& words, const Instruction& instruction,
                      std::vector<Stage>& stages) {
  Stage& stage = stages.back();
  DockerImage& image = stage.image;
  const int line = instruction.line;
  if (words.name == "env") {
    add_variables(words.rest, line, image.variables);
  } else if (words.name == "workdir") {
    const std::vector<std::string> path = words_of(words.rest);
    const auto known = with_variables(path.empty() ? "" : path.front(), image.variables);
    const std::string folder = known.value_or("");
    if (folder.starts_with('/') || !known)
      stage.folder = folder;
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
    if (const auto copy = copy_of(words, instruction)) add_copies(*copy, stage, stages);
  } else if (words.name == "run") {
    forget_changed(words.rest, image);
    for (const DockerCopy::Document& script : instruction.documents)
      forget_changed(script.text, image);
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
    auto copy = copy_of(words, instruction);
    const bool of_context = copy && copy->stage.empty() && !copy->sources.empty();
    if (of_context && copies.size() < kMostCopies) copies.push_back(std::move(*copy));
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
      read_instruction(words, instruction, stages);
    }
  }
  if (stages.empty()) return {};
  if (target.empty()) return std::move(stages.back().image);
  const auto wanted = std::ranges::find(stages, lower_ascii(target), &Stage::name);
  return wanted == stages.end() ? DockerImage{} : std::move(wanted->image);
}

}  // namespace rta::files

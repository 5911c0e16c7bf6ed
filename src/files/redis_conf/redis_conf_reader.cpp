#include "files/redis_conf/redis_conf_reader.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "files/redis_conf/redis_argv.h"
#include "files/redis_conf/redis_values.h"
#include "files/redis_conf/sds_words.h"

namespace rta {
namespace {

// Redis reads with fgets() in pieces of 1024 bytes and appends each as a C
// string: a NUL drops the rest of its piece, the line end included.
std::string as_fgets_appends(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return std::string{text};
  std::string kept;
  while (!text.empty()) {
    const std::size_t line = text.find('\n');
    const std::size_t size =
        std::min<std::size_t>({text.size(), 1024, line == text.npos ? text.npos : line + 1});
    const std::string_view piece = text.substr(0, size);
    kept += piece.substr(0, piece.find('\0'));
    text.remove_prefix(size);
  }
  return kept;
}

// Real configurations have some hundreds, with a line for each user.
constexpr std::size_t kDirectives = 50'000;

bool holds_secret(std::string_view word) {
  return !word.empty() && std::string_view{"><#!"}.find(word.front()) != std::string_view::npos;
}

std::string masked_rule(const std::string& rule) {
  return holds_secret(rule) ? std::string{rule.front()} + "***" : printable(rule, 200);
}

// `sentinel auth-pass mymaster secret`
bool is_sentinel_secret(const std::vector<std::string>& words) {
  return words.size() > 1 && lower_ascii(words[1]).ends_with("-pass");
}

std::vector<std::string> masked(const std::string& name, const std::vector<std::string>& words) {
  std::vector<std::string> shown;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool is_secret =
        is_secret_directive(name) || (i > 1 && name == "sentinel" && is_sentinel_secret(words));
    if (is_secret)
      shown.emplace_back(words[i].empty() ? "" : "***");
    else if (name == "user" && i > 1)
      shown.push_back(masked_rule(words[i]));
    else
      shown.push_back(printable(words[i], 400));
  }
  return shown;
}

}  // namespace

void ConfigText::append(std::string_view more, const std::string& path) {
  if (more.empty()) return;
  // A file behind one without final newline continues that line.
  if (text.empty())
    lines.push_back({path, 1, 0});
  else if (text.back() == '\n')
    lines.back() = {path, 1, 0};
  int line = 1;
  for (const char c : more)
    if (c == '\n') lines.push_back({path, ++line, 0});
  text += more;
}

RedisConfReader::RedisConfReader(const RedisConfInput& input, const RedisConfFiles& files)
    : input_(input), files_(files), directory_(input.working_directory) {
  for (const DirectiveInfo& directive : redis_directives())
    values_.emplace(directive.name, directive.initial);
  reading_.facts.source = input.source;
  reading_.facts.container_image = input.container_image;
  if (input.container_image) values_["protected-mode"] = "no";
}

bool RedisConfReader::refuse(const Line& line, const std::string& words) {
  reading_.facts.refused = printable(words, 600);
  reading_.facts.refused_at = line.location;
  reading_.redis_line = line.number;
  return false;
}

bool RedisConfReader::refuse_start(const std::string& words, const std::string& directive) {
  Line line;
  if (const auto seen = seen_.find(directive); seen != seen_.end() && !seen->second.empty())
    line.location = seen->second.back().location;
  return refuse(line, words);
}

void RedisConfReader::note(const Line& line, const std::string& name) {
  reading_.facts.directives.push_back(
      {name, masked(name, line.words), line.location, line.from_command_line});
  const auto behind_name = line.words.begin() + 1;
  seen_[name].push_back({name, {behind_name, line.words.end()}, line.location});
}

RedisConfReading RedisConfReader::run() && {
  const RedisCommandLine command = read_redis_argv(input_.arguments);
  sentinel_ = input_.sentinel || command.sentinel;
  if (sentinel_) {
    values_["port"] = "26379";
    values_["protected-mode"] = "no";
  }
  ConfigText config;
  bool readable = true;
  if (command.prints_and_exits)
    readable = refuse({}, "redis-server prints its version or help and exits");
  if (readable && command.file) readable = append_file(*command.file, config);
  if (readable && command.from_stdin)
    config.append(as_fgets_appends(input_.standard_input), "standard input");
  if (!command.options.empty()) {
    // One newline is always put in between.
    config.append("\n", input_.command_line_at.path);
    config.options_from = static_cast<std::size_t>(std::ranges::count(config.text, '\n'));
    config.append(command.options, input_.command_line_at.path);
  }
  // Half of a configuration says nothing about how the server would start.
  if (readable && read_text(config, 0) && !known_since_gap_) start();
  if (!reading_.facts.refused) {
    tell_effective();
  }
  tell_duplicates();
  reading_.working_directory = directory_;
  return std::move(reading_);
}

bool RedisConfReader::append_one_file(const std::string& path, const std::string& shown,
                                      ConfigText& config) {
  if (shown.empty())
    return refuse({}, "Fatal error, can't open config file '': No such file or directory");
  if (!files_.read) return true;
  const RedisConfFiles::Text file = files_.read(path);
  if (file.gap) {
    reading_.facts.gaps.push_back(*file.gap);
    known_since_gap_.emplace();
    return true;
  }
  if (!file.refusal.empty())
    return refuse({},
                  fmt::format("Fatal error, can't open config file '{}': {}", shown, file.refusal));
  bytes_read_ += file.text.size();
  if (bytes_read_ > 8 * limits::kTextFile) {
    reading_.facts.gaps.push_back(
        {GapReason::too_large, "the included files are more than 8 MiB", ""});
    return refuse({}, "more than 8 MiB of configuration");
  }
  if (file.text.find('\0') != std::string::npos)
    reading_.facts.gaps.push_back(
        {GapReason::malformed,
         fmt::format("{} holds NUL bytes, which hide directives", printable(shown, 200)),
         "write the file anew as plain text"});
  config.append(as_fgets_appends(file.text), file.path.empty() ? path : file.path);
  return true;
}

bool RedisConfReader::append_file(const std::string& name, ConfigText& config) {
  const std::string path = join_path(directory_, name);
  if (name.find_first_of("*?[") == std::string::npos) return append_one_file(path, name, config);
  if (!files_.glob) return true;
  for (const std::string& match : files_.glob(path)) {
    if (++included_ > limits::kIncludedFiles) return refuse({}, "too many included files");
    if (!append_one_file(match, match, config)) return false;
  }
  return true;
}

bool RedisConfReader::read_text(const ConfigText& config, std::size_t depth) {
  Line line;
  std::size_t index = 0;
  if (!config.text.empty()) {
    for (const std::string_view raw : split(config.text, '\n')) {
      line.number = static_cast<int>(index + 1);
      line.location = index < config.lines.size() ? config.lines[index] : SourceLocation{};
      line.from_command_line = index >= config.options_from;
      if (line.from_command_line) line.location = input_.command_line_at;
      ++index;
      const std::string_view text = trim(raw);
      if (!line.from_command_line)
        line.location.column = static_cast<int>(text.data() - raw.data()) + 1;
      if (text.empty() || text.front() == '#') continue;
      auto words = split_sds_words(text);
      if (!words) return refuse(line, "Unbalanced quotes in configuration line");
      if (words->empty()) continue;
      line.words = std::move(*words);
      line.words[0] = lower_ascii(line.words[0]);
      if (!read_line(line, depth)) return false;
    }
  }
  return after_text(line);
}

// Redis asks these after every text, included ones too.
bool RedisConfReader::after_text(Line last) {
  last.number = 0;  // and names no line
  if (!value("logfile").empty() && files_.append_to) {
    const std::string problem = files_.append_to(join_path(directory_, value("logfile")));
    if (!problem.empty()) return refuse(last, "Can't open the log file: " + problem);
  }
  if (is_yes("cluster-enabled") && !value("replicaof").empty())
    return refuse(last, "replicaof directive not allowed in cluster mode");
  return true;
}

bool RedisConfReader::read_line(const Line& line, std::size_t depth) {
  if (reading_.facts.directives.size() >= kDirectives) {
    reading_.facts.gaps.push_back({GapReason::too_large, "more directives than a server has", ""});
    return refuse(line, fmt::format("more than {} directives", kDirectives));
  }
  const std::string& name = line.words[0];
  const std::size_t count = line.words.size();
  if (const DirectiveInfo* directive = find_directive(name)) return set_directive(*directive, line);
  if (count == 2 && (name == "list-max-ziplist-entries" || name == "list-max-ziplist-value" ||
                     name == "lua-replicate-commands"))
    return note(line, name), true;
  if (name == "include" && count == 2) return include(line, depth);
  if (name == "rename-command" && count == 3) return rename_command(line);
  if (name == "user" && count >= 2) return add_user(line);
  if (name == "loadmodule" && count >= 2) return note(line, name), true;
  if (name.find('.') != std::string::npos) {
    if (count < 2) return refuse(line, "Module config specified without value");
    module_setting_ = name;
    return note(line, name), true;
  }
  if (name == "sentinel") {
    if (count > 1 && !sentinel_)
      return refuse(line, "sentinel directive while not in sentinel mode");
    return note(line, name), true;
  }
  if (!directive_since(name).empty() && input_.accept_newer) return take_newer(line);
  const bool misspelt =
      name != "include" && name != "rename-command" && name != "user" && name != "loadmodule";
  if (misspelt) reading_.facts.unknown_directives.push_back(printable(name, 100));
  return refuse(line, "Bad directive or wrong number of arguments");
}

bool RedisConfReader::take_newer(const Line& line) {
  const std::string& name = line.words[0];
  note(line, name);
  reading_.facts.unknown_directives.push_back(
      fmt::format("{} (needs {})", name, directive_since(name)));
  if (line.words.size() == 2) values_[name] = is_secret_directive(name) ? "***" : line.words[1];
  return true;
}

bool RedisConfReader::set_directive(const DirectiveInfo& directive, const Line& line) {
  const std::string name{directive.name};
  std::vector<std::string> words{line.words.begin() + 1, line.words.end()};
  note(line, name);
  if (!directive.takes_many() && words.size() != 1)
    return refuse(line, "wrong number of arguments");
  if (directive.takes_many() && words.size() == 1 && !words[0].empty())
    words = split_sds_words(words[0]).value_or(std::vector<std::string>{});
  if (directive.kind == DirectiveKind::directory) return set_directory(line);
  ValueOrRefusal read = read_directive_value(directive, words, value(name), save_seen_);
  if (!read) return refuse(line, read.error());
  save_seen_ = save_seen_ || directive.kind == DirectiveKind::save;
  // `tls-*-pass` and passwords: the value itself goes nowhere else.
  if (is_secret_directive(name)) {
    reading_.secrets.erase(name);
    reading_.secrets_at[name] = line.location;
    if (!read->empty()) reading_.secrets.emplace(name, Secret{*read});
    values_[name] = read->empty() ? "" : "***";
  } else {
    values_[name] = std::move(*read);
  }
  reading_.facts.decided_at[name] = line.location;
  if (known_since_gap_) known_since_gap_->insert(name);
  return true;
}

bool RedisConfReader::set_directory(const Line& line) {
  const std::string wanted = line.words[1].substr(0, line.words[1].find('\0'));
  const std::string path = join_path(directory_, wanted);
  if (wanted.empty()) return refuse(line, "No such file or directory");
  if (files_.enter_directory) {
    const std::string problem = files_.enter_directory(path);
    if (!problem.empty()) return refuse(line, problem);
  }
  directory_ = path;
  values_["dir"] = path;
  reading_.facts.decided_at["dir"] = line.location;
  return true;
}

bool RedisConfReader::include(const Line& line, std::size_t depth) {
  note(line, "include");
  if (depth + 1 > limits::kIncludeDepth)
    return refuse(line, "the file includes itself, or too deep");
  if (++included_ > limits::kIncludedFiles) return refuse(line, "too many included files");
  ConfigText config;
  const std::string name = line.words[1].substr(0, line.words[1].find('\0'));
  if (!append_file(name, config)) {
    reading_.facts.refused_at = line.location;
    return false;
  }
  return read_text(config, depth + 1);
}

bool RedisConfReader::rename_command(const Line& line) {
  note(line, "rename-command");
  const std::string from = lower_ascii(line.words[1]);
  const std::string to = lower_ascii(line.words[2]);
  const auto exists = [this](const std::string& name) {
    if (added_commands_.contains(name)) return true;
    return is_redis_command(name) && name.find('|') == std::string::npos &&
           !removed_commands_.contains(name);
  };
  if (!exists(from)) return refuse(line, "No such command in rename-command");
  if (added_commands_.erase(from) == 0) removed_commands_.insert(from);
  if (to.empty()) return true;
  if (exists(to)) return refuse(line, "Target command name already exists");
  if (removed_commands_.erase(to) == 0 || !is_redis_command(to)) added_commands_.insert(to);
  return true;
}

bool RedisConfReader::add_user(const Line& line) {
  note(line, "user");
  const auto shown = [&line](std::size_t index) {
    return index < line.words.size() ? masked_rule(line.words[index]) : std::string{};
  };
  const auto refuse_user = [&](std::size_t index, AclError error) {
    return refuse(line, fmt::format("Error in user declaration '{}': {}", shown(index),
                                    acl_error_text(error)));
  };
  for (const AclUserLine& user : users_to_load_)
    if (user.name == line.words[1]) return refuse_user(1, AclError::duplicate_user);
  std::size_t opened_at = 0;
  auto rules = merge_selectors(std::span{line.words}.subspan(2), opened_at);
  if (!rules) return refuse_user(opened_at, AclError::syntax);
  AclRules trial = AclRules::fresh(value("acl-pubsub-default") == "allchannels");
  for (std::size_t i = 0; i < rules->size(); ++i) {
    const auto error = trial.apply((*rules)[i]);
    // Commands of modules are not known yet: only asked when users are loaded.
    if (error && *error != AclError::unknown_command) return refuse_user(i, *error);
  }
  users_to_load_.push_back({line.words[1], std::move(*rules), line.location});
  return true;
}

RedisConfReading read_redis_conf(const RedisConfInput& input, const RedisConfFiles& files) {
  return RedisConfReader{input, files}.run();
}

std::string join_path(const std::string& directory, const std::string& path) {
  if (path.starts_with('/') || directory.empty()) return path;
  return directory + (directory.ends_with('/') ? "" : "/") + path;
}

}  // namespace rta

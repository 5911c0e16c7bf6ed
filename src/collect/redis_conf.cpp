// Finds the configurations of Redis in the project: redis.conf under its usual
// names, and the command lines of compose services.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/configuration_files.h"
#include "collect/systemd_services.h"
#include "files/redis_conf/redis_argv.h"
#include "files/redis_conf/redis_directives.h"
#include "files/redis_conf/sds_words.h"

namespace rta {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool may_be_configuration(const std::string& path) {
  const std::string name = lower_ascii(file_name(path));
  if (!name.ends_with(".conf")) return false;
  return name.find("redis") != std::string::npos || name.find("valkey") != std::string::npos ||
         name.find("sentinel") != std::string::npos;
}

// Names alone mislead (an nginx upstream for Redis): some line must be ours.
bool has_directives(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view trimmed = trim(line);
    const std::string name = lower_ascii(trimmed.substr(0, trimmed.find_first_of(" \t")));
    if (name == "sentinel" || name == "include" || find_directive(name) != nullptr) {
      const auto words = split_sds_words(trimmed);
      if (words && words->size() > 1 && !trimmed.ends_with(';') && !trimmed.ends_with('{'))
        return true;
    }
  }
  return false;
}

// Another program's configuration about Redis: sections in brackets, as in INI
// files, stand in no redis.conf.
bool has_sections(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view trimmed = trim(line);
    if (trimmed.empty() || trimmed.starts_with('#') || trimmed.starts_with(';')) continue;
    return trimmed.starts_with('[');
  }
  return false;
}

struct Found {
  std::string path;
  bool sentinel = false;
};

std::vector<Found> find_configurations(const ProjectFiles& files) {
  std::vector<Found> found;
  for (const TreeEntry& entry : files.listing().entries) {
    if (!may_be_configuration(entry.path)) continue;
    const Observation<OpenedFile> file = files.read(entry.path, limits::kTextFile);
    const std::string name = lower_ascii(file_name(entry.path));
    const bool sentinel = name.find("sentinel") != std::string::npos;
    if (!file.has_value()) {
      // A configuration that cannot be read is told by its name alone.
      if (name == "redis.conf") found.push_back({entry.path, false});
    } else if (has_sections(as_text(file->bytes))) {
      continue;
    } else if (name == "redis.conf" || has_directives(as_text(file->bytes))) {
      found.push_back({entry.path, sentinel});
    }
  }
  return found;
}

// Files that another configuration includes are judged there, not alone.
void drop_included(Evidence& evidence,
                   const std::map<std::string, std::set<std::string>>& read_by) {
  std::erase_if(evidence.redis_configurations, [&](const RedisConfiguration& configuration) {
    return std::ranges::any_of(read_by, [&](const auto& reader) {
      return reader.first != configuration.source && reader.second.contains(configuration.source);
    });
  });
  std::erase_if(evidence.named_files, [&](const NamedFile& file) {
    return std::ranges::any_of(read_by, [&](const auto& reader) {
      return reader.first != file.reference.by && reader.second.contains(file.reference.by);
    });
  });
}

// A redis-server that is started, nobody here knows how.
RedisConfiguration unknown_start(const RedisUnit& unit) {
  RedisConfiguration unknown;
  unknown.source = unit.path;
  unknown.default_user_open = false;
  unknown.gaps.push_back({GapReason::unsupported,
                          fmt::format("how {} starts redis-server is not known: {}",
                                      unit.command.at.text(), unit.command.why_not),
                          "name the running server with --target"});
  return unknown;
}

// What stands on the command line of a unit wins over the file that it names.
void add_units(CollectContext& context, Evidence& evidence,
               std::map<std::string, std::set<std::string>>& read_by) {
  const ProjectFiles& files = *context.files;
  const PathMap paths = PathMap::of_host(files);
  for (const RedisUnit& unit : find_redis_units(files)) {
    const files::UnitCommand& command = unit.command;
    const auto skip = [&](std::string why) {
      evidence.scope.notes.push_back(
          {GapReason::not_found,
           fmt::format("{} starts redis-server, and was not judged: {}", command.at.text(), why),
           "name the running server with --target"});
    };
    if (!command.why_not.empty()) {
      // The file that it names is not judged alone: it starts with more, or changed.
      if (command.words.size() > 1 && !command.words[1].starts_with('-'))
        read_by[unit.path].insert(files.relative(
            paths.project_path(command.words[1]).value_or(command.words[1])));
      evidence.redis_configurations.push_back(unknown_start(unit));
      continue;
    }
    RedisConfInput input{.arguments = {command.words.begin() + 1, command.words.end()},
                         .working_directory = command.working_directory,
                         .source = unit.path,
                         .command_line_at = command.at,
                         .accept_newer = true};
    const std::optional<std::string> file = read_redis_argv(input.arguments).file;
    const std::string mapped = file ? paths.project_path(*file).value_or(*file) : std::string{};
    if (file && !files.exists(mapped)) {
      skip(fmt::format("{} is not in the project", printable(*file, 200)));
      continue;
    }
    if (file && !("/" + mapped).ends_with(*file))
      evidence.scope.notes.push_back(
          {GapReason::incomplete,
           fmt::format("{} names {}: {} of the project was taken for it", command.at.text(),
                       printable(*file, 200), printable(mapped, 200)),
           ""});
    read_by[unit.path].merge(add_redis_configuration(context, evidence, input, paths, ""));
  }
}

}  // namespace

void collect_redis_configurations(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  std::map<std::string, std::set<std::string>> read_by;
  // A file that a compose service loads is judged with that service's command line.
  for (const RedisConfiguration& configuration : evidence.redis_configurations)
    for (const Directive& directive : configuration.directives)
      if (!directive.location.path.empty())
        read_by[configuration.source].insert(directive.location.path);
  add_units(context, evidence, read_by);
  for (const Found& found : find_configurations(*context.files)) {
    RedisConfInput input{.arguments = {found.path},
                         .source = found.path,
                         .sentinel = found.sentinel,
                         .accept_newer = true};
    read_by[found.path] = add_redis_configuration(context, evidence, input,
                                                  PathMap::of_tree(*context.files, found.path), "");
  }
  drop_included(evidence, read_by);
}

}  // namespace rta

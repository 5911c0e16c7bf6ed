// ComposeLoader turns the files of a project into one tree: interpolated,
// extended, included and merged. read_compose() is the way in.
#pragma once

#include <redis_tls_audit/result.h>

#include "files/compose/compose.h"
#include "files/compose/compose_variables.h"
#include "files/compose/tree_path.h"
#include "files/compose/yaml_tree.h"

namespace rta {

// Paths of keys that !reset and !override take away from earlier files.
using ComposeResets = std::vector<std::vector<std::string>>;

class ComposeLoader {
 public:
  ComposeLoader(const ComposeInput& input, const ComposeFiles& files)
      : input_(input), files_(files) {}

  // Null: there is no compose file.
  Result<std::optional<YamlNode>> load();

  [[nodiscard]] const std::vector<std::string>& files() const { return loaded_; }
  [[nodiscard]] std::vector<Gap>& gaps() { return gaps_; }
  [[nodiscard]] const std::map<std::string, std::string>& variables() const { return variables_; }
  [[nodiscard]] const std::map<std::string, std::string>& environment() const {
    return input_.environment;
  }
  [[nodiscard]] bool was_interpolated(const SourceLocation& place) const {
    return interpolated_.contains(place);
  }
  [[nodiscard]] bool profile_is_active(const std::string& name) const;
  Result<std::string> read_required(const std::string& path, const std::string& what);
  std::optional<std::string> variable(const std::string& name) const;
  // A missing file that a checkout rightly does not hold.
  [[nodiscard]] bool is_left_out(const std::string& path) const;
  // What stands for a variable that only a left-out env file could give; empty
  // where there is no such file.
  // `owner`: the variable whose whole value it is, which may say by its name what it holds.
  files::ElsewhereLookup elsewhere(const std::string& owner = {});
  [[nodiscard]] const std::string& env_left_out() const { return env_left_out_; }
  [[nodiscard]] const std::set<std::string>& wanted() const { return wanted_; }

 private:
  std::vector<std::string> find_files() const;
  Result<void> read_variables(const std::string& directory,
                              const std::vector<std::string>& env_files, bool explicitly);
  Result<void> add_file(YamlNode& project, const std::string& path, const std::string& directory,
                        std::size_t depth);
  Result<std::vector<YamlNode>> read_documents(const std::string& path);
  Result<void> interpolate(YamlNode& node, TreePath& path);
  Result<void> add_includes(YamlNode& document, const std::string& directory, std::size_t depth);
  Result<YamlNode> included(const YamlNode& item, const std::string& directory, std::size_t depth);
  Result<void> extend_all(YamlNode& document, const std::string& directory,
                          const ComposeResets& resets);
  Result<YamlNode> extended(const YamlNode& document, const std::string& name,
                            const std::string& directory, const ComposeResets& resets,
                            std::vector<std::string> chain);
  Result<const YamlNode*> extended_file(const std::string& path, const std::string& service);

  const ComposeInput& input_;
  const ComposeFiles& files_;
  std::map<std::string, std::string> variables_;
  std::set<SourceLocation> interpolated_;
  std::vector<std::string> loaded_;
  std::vector<Gap> gaps_;
  std::map<std::string, std::string> texts_;  // of the files read, by path
  std::size_t bytes_read_ = 0, bytes_parsed_ = 0;
  std::size_t values_ = 0;  // in all files together
  std::size_t put_in_ = 0;  // bytes of texts that had variables
  std::size_t ports_ = 0;
  std::map<std::string, YamlNode> extended_files_;
  std::string env_left_out_;
  std::set<std::string> wanted_;  // variables that it may hold
  std::string project_name_;      // what COMPOSE_PROJECT_NAME is when nobody sets it
};

// A file of its own may leave a value empty and a key out that another has.
enum class ComposeStage { one_file, all_files };

// Unknown keys and values of a wrong kind; the Error is what compose says.
Result<void> check_compose_schema(const YamlNode& document, ComposeStage stage);

// One form for ports, mounts and variables; paths become the project's. Once a
// document: its relative paths are relative to `directory`.
// `ports` counts the published ports of the whole project, which are limited.
Result<void> settle_compose(YamlNode& document, const std::string& directory, std::size_t& ports);

// Taking them removes what !reset stands at.
ComposeResets take_resets(YamlNode& document);
void apply_resets(YamlNode& project, const ComposeResets& resets);

// Puts `over` on top of `under`, by compose's rules for each place.
Result<void> merge_compose(YamlNode& under, YamlNode over, const std::string& path);

// Of list items that mean the same the last stays, in the place of the first.
void make_items_unique(YamlNode& node, const std::string& path);

// "127.0.0.1:6379:6379/tcp" and "./certs:/certs:ro" as maps; a range of ports
// is one map each.
Result<std::vector<YamlNode>> parse_short_port(const YamlNode& node);
Result<YamlNode> parse_short_volume(const YamlNode& node);

// Undefined services, networks, secrets; cycles; secrets without content. Only
// the active services are looked at.
Result<void> check_compose_references(const YamlNode& project, const std::set<std::string>& active);

// The path below `directory`, without "./" and "x/..".
std::string compose_path(const std::string& directory, const std::string& path);

}  // namespace rta

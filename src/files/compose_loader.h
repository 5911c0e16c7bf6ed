// ComposeLoader turns the files of a project into one tree: interpolated,
// extended, included and merged. read_compose() is the way in.
#pragma once

#include "files/compose.h"
#include "files/yaml_tree.h"

namespace rta {

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

 private:
  std::vector<std::string> find_files() const;
  Result<void> read_variables(const std::string& directory,
                              const std::vector<std::string>& env_files, bool explicitly);
  Result<void> add_file(YamlNode& project, const std::string& path, const std::string& directory,
                        std::size_t depth);
  Result<std::vector<YamlNode>> read_documents(const std::string& path);
  Result<void> interpolate(YamlNode& node);
  Result<void> add_includes(YamlNode& project, const YamlNode& document,
                            const std::string& directory, std::size_t depth);
  Result<void> extend_all(YamlNode& document, const std::string& directory);
  Result<YamlNode> extended(const YamlNode& document, const std::string& name,
                            const std::string& directory, std::vector<std::string> chain);

  const ComposeInput& input_;
  const ComposeFiles& files_;
  std::map<std::string, std::string> variables_;
  std::set<SourceLocation> interpolated_;
  std::vector<std::string> loaded_;
  std::vector<Gap> gaps_;
  std::size_t files_read_ = 0;
};

// Puts `over` on top of `under`, by compose's rules for each place.
void merge_compose(YamlNode& under, YamlNode over, const std::string& path);

// Unknown keys and values of a wrong type; the Error is what compose says.
Result<void> check_compose_schema(const YamlNode& document);

// Paths become relative to the project, and lists and maps take one form.
void settle_compose(YamlNode& document, const std::string& directory);

// The path below `directory`, without "./" and "x/..".
std::string compose_path(const std::string& directory, const std::string& path);

}  // namespace rta

// What a file is to a search in code, by its path alone. Pure; any thread.
#pragma once

#include <string_view>

namespace rta::files {

bool is_source_file(std::string_view path);
bool is_shell_script(std::string_view path);
// What applications read at start: YAML that is no compose file, properties,
// TOML, and JSON that is named appsettings or config, or lies in such a folder.
// It can hold a hit; it proves nothing about the code.
bool is_configuration_file(std::string_view path);
// application-dev.yml, appsettings.Development.json, config/test.json.
bool is_for_development(std::string_view path);
// Under test/, spec/, docs/, examples/, or Markdown.
bool is_test_or_document(std::string_view path);

}  // namespace rta::files

// Readers of manifests and lock files, one function a format; each gives the
// Redis clients in it. client_library.cpp chooses by the file's name. For this
// room only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "files/clients/client_library.h"

namespace rta::files {

using ClientLibraries = std::vector<ClientLibrary>;

// The first version number in it: "^5.3.2" -> "5.3.2", "npm:ioredis@5" -> "5".
std::string bare_version(std::string_view text);
// 1 for offset 0; where the text is not found, 0.
int line_of(std::string_view text, std::size_t offset);
// The text between the first pair of double quotes.
std::string_view quoted_part(std::string_view line);

ClientLibraries from_package_json(std::string_view text, const std::string& path);
ClientLibraries from_package_lock(std::string_view text, const std::string& path);  // v1 to v3
ClientLibraries from_yarn_lock(std::string_view text, const std::string& path);     // v1 and berry
ClientLibraries from_pnpm_lock(std::string_view text, const std::string& path);     // v5 to v9

ClientLibraries from_requirements(std::string_view text, const std::string& path);
// pyproject.toml (PEP 621 and Poetry) and Pipfile.
ClientLibraries from_python_manifest(std::string_view text, const std::string& path);
ClientLibraries from_python_lock(std::string_view text,
                                 const std::string& path);  // poetry, uv, pdm
ClientLibraries from_pipfile_lock(std::string_view text, const std::string& path);

ClientLibraries from_go_mod(std::string_view text, const std::string& path);
ClientLibraries from_go_sum(std::string_view text, const std::string& path);
ClientLibraries from_pom(std::string_view text, const std::string& path);
ClientLibraries from_gradle(std::string_view text, const std::string& path);
// Project files and central versions of NuGet, and its lock file.
ClientLibraries from_csproj(std::string_view text, const std::string& path);
ClientLibraries from_nuget_lock(std::string_view text, const std::string& path);

}  // namespace rta::files

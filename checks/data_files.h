// Profiles and texts of controls as embedded in the program.
#pragma once

#include <span>
#include <string_view>

namespace rta {

struct DataFile {
  std::string_view name;      // "profiles/hipaa.toml"
  std::string_view content;
};

std::span<const DataFile> data_files();

}  // namespace rta

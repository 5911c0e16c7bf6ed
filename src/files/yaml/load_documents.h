// All documents of a YAML text as nodes of yaml-cpp. Its own LoadAll() never
// ends where a token stands that belongs to no document, as in ",a": it finds
// one empty document after the other. Included by readers of YAML only. Pure;
// any thread.
#pragma once

#include <yaml-cpp/yaml.h>

#include <string_view>
#include <vector>

namespace rta::files {

// Throws YAML::Exception for what is not YAML.
std::vector<YAML::Node> load_documents(std::string_view text);

}  // namespace rta::files

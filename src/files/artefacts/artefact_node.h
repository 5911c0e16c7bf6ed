// YAML as the readers of artefacts take it: forgiving, and never walked without
// a bound, since yaml-cpp accepts anchors that contain themselves. Included by
// files/artefacts only.
#pragma once

#include <redis_tls_audit/observation.h>
#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

#include "files/yaml/load_documents.h"

namespace rta::files {

// Documents of a stream; none when it is not YAML.
inline std::vector<YAML::Node> documents_of(std::string_view content) {
  try {
    return load_documents(content);
  } catch (const YAML::Exception&) {
    return {};
  }
}

inline std::string scalar(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string{};
}

// A child by key; an undefined node when there is none or it cannot have one.
inline YAML::Node child(const YAML::Node& node, const char* key) {
  return node.IsDefined() && node.IsMap() ? node[key] : YAML::Node{YAML::NodeType::Undefined};
}

inline SourceLocation place(const std::string& path, const YAML::Node& node) {
  return {path, node.Mark().line + 1, node.Mark().column + 1};
}

}  // namespace rta::files

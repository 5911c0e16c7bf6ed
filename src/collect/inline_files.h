// Files of a container whose text stands in a compose file or in a Dockerfile.
// Holds secrets: stays with the collectors.
#pragma once

#include <redis_tls_audit/observation.h>

#include <map>
#include <string>

namespace rta {

struct InlineFile {
  std::string text;
  SourceLocation at;  // of its first line
};

using InlineFiles = std::map<std::string, InlineFile>;  // by path in the container

// The text behind as many empty lines as stand above it in its file: a reader
// then counts that file's lines. No reader here minds empty lines.
std::string in_its_lines(const InlineFile& file);

}  // namespace rta

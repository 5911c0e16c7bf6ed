// read_dockerfile tells what a Dockerfile copies from its build context into
// the image: COPY and ADD with their sources, over continued lines, here
// documents and both forms of arguments. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct DockerCopy {
  std::string instruction;            // "COPY" or "ADD"
  std::vector<std::string> sources;   // relative to the context, without "./"; "." is all of it
  std::vector<std::string> excludes;  // --exclude
  int line = 0;
};

// Copies from other stages and from the network are left out.
std::vector<DockerCopy> read_dockerfile(std::string_view text);

}  // namespace rta::files

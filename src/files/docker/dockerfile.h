// read_dockerfile tells what a Dockerfile copies from its build context into
// the image: COPY and ADD with their sources, over continued lines, here
// documents and both forms of arguments. read_docker_image tells what a
// container of its last stage starts with. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct DockerCopy {
  std::string instruction;            // "COPY" or "ADD"
  std::vector<std::string> sources;   // relative to the context, without "./"; "." is all of it
  std::vector<std::string> excludes;  // --exclude
  int line = 0;
  std::string target;  // as written: a folder where it ends with "/"
  std::string stage;   // --from: of the sources, which are paths in it then
  // Sources that are written out in the Dockerfile itself, by their names.
  struct Document {
    std::string name, text;
    int line = 0;        // of its first line
    bool known = true;   // no variable in it that only the build knows
  };
  std::vector<Document> documents;
  std::vector<std::string> remote;  // sources of ADD that are addresses
};

// Copies from other stages, from the network and out of the Dockerfile are left out.
std::vector<DockerCopy> read_dockerfile(std::string_view text);

struct DockerVariable {
  std::string name, value;
  int line = 0;
};

// ENTRYPOINT or CMD, as the words that are run; the shell form is run by sh.
struct DockerCommand {
  std::vector<std::string> words;
  int line = 0;
};

// A file of the image whose text stands in the Dockerfile.
struct DockerText {
  std::string target, text;
  int line = 0;
};

// One stage, with those that it is built on. What an ARG decides is left
// out, and no `base` is told then.
struct DockerImage {
  std::string base;
  std::vector<DockerVariable> variables;  // ENV, in order
  // Targets absolute, one source each; the last one holds. Without a source
  // something lies there that the context does not hold, or only the build knows.
  std::vector<DockerCopy> copies;
  std::vector<DockerText> texts;          // the same
  std::optional<DockerCommand> entrypoint, command;
  std::string user;
};

// The last stage, or the one that is called `target`.
DockerImage read_docker_image(std::string_view text, std::string_view target = {});

}  // namespace rta::files

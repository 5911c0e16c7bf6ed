#include "files/docker/dockerfile.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace rta;
using namespace rta::files;

namespace {

// "COPY 3: a b" for each copy.
std::string copies(std::string_view text) {
  std::string told;
  for (const DockerCopy& copy : read_dockerfile(text))
    told +=
        copy.instruction + " " + std::to_string(copy.line) + ": " + join(copy.sources, " ") + "\n";
  return told;
}

}  // namespace

TEST_CASE("sources of COPY and ADD are read in every form") {
  CHECK(copies("FROM x\nCOPY . /app\n") == "COPY 2: .\n");
  CHECK(copies("copy ./ /app\nADD --chown=1:1 --link src/ a.txt /x/\n") ==
        "COPY 1: .\nADD 2: src a.txt\n");
  CHECK(copies("COPY [\"a b\", \"./c\", \"/d\"]\n") == "COPY 1: a b c\n");
  CHECK(copies("ONBUILD COPY . .\n") == "COPY 1: .\n");
  CHECK(copies("COPY \"a b\" /x\n") == "COPY 1: a b\n");
}

TEST_CASE("continued lines, comments between them and another escape character") {
  CHECK(copies("COPY \\\n# why\n\n  a \\\n  b /x\n") == "COPY 1: a b\n");
  CHECK(copies("# escape=`\nCOPY a `\n b /x\nCOPY c\\ /y\n") == "COPY 2: a b\nCOPY 4: c\\\n");
  CHECK(copies("COPY a /x\r\nCOPY b /y\r\n") == "COPY 1: a\nCOPY 2: b\n");
}

TEST_CASE("other stages, the network and here documents are no context") {
  CHECK(copies("COPY --from=build /out /app\nADD https://x.org/y /z\nADD git@x:y /z\n").empty());
  CHECK(copies("COPY <<EOF /etc/x\nCOPY . /in/text\nEOF\nRUN <<-'E2'\nADD . /q\nE2\nCOPY b /c\n") ==
        "COPY 7: b\n");
  CHECK(copies("RUN echo $((1<<4)) <<NEVER\nCOPY . /app\n") == "COPY 2: .\n");
}

TEST_CASE("any truncation of a Dockerfile is read without harm") {
  const std::string all =
      "# escape=`\nFROM x\nCOPY --exclude=*.pem [\"a\", `\n\"b\"]\nRUN <<E\nx\nE\n";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(read_dockerfile(std::string_view{all}.substr(0, size)).size() <= 1);
}

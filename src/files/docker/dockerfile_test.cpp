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

TEST_CASE("an image is its last stage, with the stages that it starts from") {
  const DockerImage image = read_docker_image(
      "ARG V=20\nFROM node:20 AS build\nENV NODE_ENV=test A=1\nRUN make\n"
      "FROM --platform=linux/amd64 node:20-slim AS Base\nWORKDIR /app\n"
      "ENV NODE_TLS_REJECT_UNAUTHORIZED=0 \\\n  TITLE=\"two words\"\nENV OLD all the rest\n"
      "FROM base\nENV FROM_ARG=$V OLD=new\nCOPY server.js certs/ca.pem ./\n"
      "COPY certs/ /tls/\nCOPY --from=build /out /app\nUSER 10001\nCMD [\"node\", "
      "\"server.js\"]\n");
  CHECK(image.base == "node:20-slim");
  REQUIRE(image.variables.size() == 3);
  CHECK(image.variables[0].name == "NODE_TLS_REJECT_UNAUTHORIZED");
  CHECK(image.variables[0].value == "0");
  CHECK(image.variables[0].line == 7);
  CHECK(image.variables[1].value == "two words");
  CHECK(image.variables[2].value == "new");
  REQUIRE(image.copies.size() == 4);
  CHECK(image.copies[3].sources.empty());  // what the other stage built
  CHECK(image.copies[3].target == "/app");
  CHECK(image.copies[0].target == "/app/server.js");
  CHECK(image.copies[1].target == "/app/ca.pem");
  CHECK(image.copies[2].target == "/tls/");
  CHECK(image.copies[2].sources.front() == "certs");
  CHECK(image.user == "10001");
  REQUIRE(image.command);
  CHECK(join(image.command->words, " ") == "node server.js");
  CHECK(image.command->line == 16);
}

TEST_CASE("files of another stage are those that it was given, here documents have their text") {
  const DockerImage image = read_docker_image(
      "FROM a AS One\nCOPY conf/ /out/\nCOPY x.conf /out/deep/\nFROM b\nCOPY --from=one /out /etc/r\n"
      "COPY --from=0 /out/deep/x.conf /y.conf\nCOPY --from=redis:7 /z /z\n"
      "COPY <<-EOF <<'B' /texts/\n\tport 0\nEOF\n$literal\nB\n"
      "COPY <<C /c.conf\nport $PORT\nC\n");
  REQUIRE(image.copies.size() == 5);
  CHECK(image.copies[3].sources.size() + image.copies[4].sources.size() == 0);
  CHECK(image.copies[3].target + " " + image.copies[4].target == "/z /c.conf");
  CHECK(image.copies[0].sources.front() + " " + image.copies[0].target == "conf /etc/r");
  CHECK(image.copies[1].sources.front() + " " + image.copies[1].target == "x.conf /etc/r/deep/x.conf");
  CHECK(image.copies[2].sources.front() + " " + image.copies[2].target == "x.conf /y.conf");
  REQUIRE(image.texts.size() == 2);
  CHECK(image.texts[0].target + ":" + image.texts[0].text == "/texts/EOF:port 0\n");
  CHECK(image.texts[1].target + ":" + image.texts[1].text == "/texts/B:$literal\n");
  CHECK(image.texts[1].line == 11);
}

TEST_CASE("a step that changes a configuration makes it unknown, a mode does not") {
  const auto kept = [](std::string_view run) {
    return read_docker_image(std::string{"FROM a\nCOPY r.conf /r.conf\nRUN "} + std::string{run})
        .copies.size();
  };
  CHECK(kept("chmod 600 /r.conf && chown redis /r.conf") == 1);
  CHECK(kept("apt-get update") == 1);
  CHECK(kept("sed -i s/0/1/ /r.conf") == 0);
  CHECK(kept("cd / && cat x >> r.conf") == 0);
  CHECK(kept("<<EOF\nsed -i s/0/1/ /r.conf\nEOF\n") == 0);
}

TEST_CASE("a configuration is unknown once something unseen lies over it") {
  const auto told = [](std::string_view later) {
    const DockerImage image = read_docker_image(
        "FROM redis:8\nCOPY <<'EOF' /etc/r/redis.conf\nport 0\nEOF\nENV D=/etc/r E=$ARG\n" +
        std::string{later});
    std::string all;
    for (const DockerText& text : image.texts) all += "text " + text.target + "; ";
    for (const DockerCopy& copy : image.copies)
      all += (copy.sources.empty() ? "?" : copy.sources.front()) + " " + copy.target + "; ";
    return all;
  };
  CHECK(told("COPY --from=registry.example.org/conf:1 /redis.conf /etc/r/redis.conf\n") ==
        "? /etc/r/redis.conf; ");
  CHECK(told("COPY --from=registry.example.org/conf:1 /conf /etc/r\n") == "? /etc/r; ");
  CHECK(told("COPY <<EOF /etc/r/redis.conf\nlogfile $LOG\nEOF\n") == "? /etc/r/redis.conf; ");
  CHECK(told("COPY <<EOF /etc/r/redis.conf\nport 6380\n") == "? /etc/r/redis.conf; ");
  CHECK(told("ADD https://example.org/redis.conf?x=/y /etc/r/\n") == "? /etc/r/redis.conf; ");
  CHECK(told("ADD https://example.org/x /etc/r/redis.conf\n") == "? /etc/r/redis.conf; ");
  CHECK(told("COPY plain.txt ${D}/redis.conf\n") == "plain.txt /etc/r/redis.conf; ");
  CHECK(told("WORKDIR $D\nCOPY redis.conf .\n") == "redis.conf /etc/r/redis.conf; ");
  CHECK(told("COPY plain.txt $E/redis.conf\n").empty());
  CHECK(told("COPY redis.conf $E/\n").empty());
  CHECK(told("COPY certs certs\n") == "text /etc/r/redis.conf; certs /data/certs; ");
  CHECK(told("COPY start.sh $E/start.sh\n") == "text /etc/r/redis.conf; ");
  CHECK(told("COPY --from=x /bin/tool /usr/bin/tool\n") ==
        "text /etc/r/redis.conf; ? /usr/bin/tool; ");
}

TEST_CASE("here documents that never end cost one look each") {
  std::string all = "FROM a\nRUN ";
  for (int i = 0; i < 16'000; ++i) all += "<<A ";
  all += "\n";
  for (int i = 0; i < 400'000; ++i) all += "x\n";
  CHECK(read_docker_image(all).base == "a");
}

TEST_CASE("how an image starts: both forms, and an entry point ends the base's command") {
  const DockerImage shell = read_docker_image("FROM redis:7\nCMD redis-server --port 0\n");
  REQUIRE(shell.command);
  CHECK(join(shell.command->words, "|") == "/bin/sh|-c|redis-server --port 0");
  const DockerImage entry = read_docker_image(
      "FROM redis:7 AS a\nCMD [\"redis-server\"]\nFROM a\nENTRYPOINT [\"/start.sh\"]\n");
  CHECK(entry.base == "redis:7");
  CHECK(!entry.command);
  CHECK(entry.entrypoint->words.front() == "/start.sh");
  CHECK(read_docker_image("FROM a AS dev\nCMD x\nFROM b AS prod\n", "Dev").base == "a");
  CHECK(read_docker_image("FROM a AS dev\n", "prod").base.empty());
  CHECK(read_docker_image("FROM ${BASE}\n").base.empty());
  CHECK(read_docker_image("RUN x\n").base.empty());
  CHECK(read_docker_image("FROM x\nCOPY a.conf b/\n").copies.empty());
}

TEST_CASE("any truncation of an image's description is read without harm") {
  const std::string all =
      "FROM --platform=x a AS b\nENV A=\"1 2\" B=3\nWORKDIR x\nCOPY [\"a\", \"b/\"]\nUSER 1\n"
      "ENTRYPOINT [\"x\"]\nCMD y\nFROM b\n";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(read_docker_image(std::string_view{all}.substr(0, size)).variables.size() <= 2);
}

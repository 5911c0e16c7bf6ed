#include "files/docker/docker_ignore.h"

#include <doctest/doctest.h>

using rta::files::DockerIgnore;

TEST_CASE("lines mean what docker means by them, not git") {
  struct Row {
    const char* lines;
    const char* path;
    bool excluded;
  };
  const Row rows[] = {
      {"*.pem", "x.pem", true},
      {"*.pem", "certs/x.pem", false},  // git: ignored
      {"**/*.pem", "x.pem", true},
      {"**/*.pem", "a/b/x.pem", true},
      {"certs", "certs/redis/x.pem", true},
      {"certs/", "certs/redis/x.pem", true},
      {"/certs/", "certs/x.pem", true},
      {"certs", "a/certs/x.pem", false},
      {"**/certs", "a/certs/x.pem", true},
      {"certs/*", "certs/redis/x.pem", true},  // redis matches, and all below it
      {"certs/**", "certs", false},
      {"certs/**", "certs/redis/x.pem", true},
      {"**", "a/b", true},
      {"*", "a/b", true},
      {".env", ".env", true},
      {".env", "backend/.env", false},
      {"**/.env", "backend/.env", true},
      {"**/.env*", "backend/.env.local", true},
      {"a/**/x", "a/x", true},
      {"a/**/x", "a/b/c/x", true},
      {"a/**/x", "ab/x", false},
      {"*\n!keep.pem", "keep.pem", false},
      {"*\n!keep.pem", "x.pem", true},
      {"certs\n!certs/ca.pem", "certs/ca.pem", false},  // git: cannot come back
      {"!certs/ca.pem\ncerts", "certs/ca.pem", true},
      {"# x.pem", "# x.pem", false},
      {"  x.pem  ", "x.pem", true},
      {" # x", "# x", true},
      {"./x.pem", "x.pem", true},
      {"a/../x.pem", "x.pem", true},
      {"x.pem\r", "x.pem", true},
      {"\xEF\xBB\xBFx.pem", "x.pem", true},
      {"k?.pem", "k1.pem", true},
      {"k[12].pem", "k1.pem", true},
      {"k[^12].pem", "k1.pem", false},
      {"k[!2].pem", "k!.pem", true},
      {"k[1-3].pem", "k2.pem", true},
      {"x\\*", "x*", true},
      {"x\\*", "xy", false},
      {"*.PEM", "x.pem", false},
  };
  for (const Row& row : rows) {
    INFO(row.lines << " against " << row.path);
    CHECK(DockerIgnore{row.lines}.excludes(row.path) == row.excluded);
  }
}

TEST_CASE("a line that docker refuses is told, a hostile one costs little") {
  CHECK(DockerIgnore{"a\nk[1\n"}.malformed_line() == 2);
  std::string stars;
  for (int i = 0; i < 1000; ++i) stars += "**/*a";
  CHECK_FALSE(DockerIgnore{stars + "b"}.excludes(std::string(2000, 'a')));
}

TEST_CASE("any truncation of a .dockerignore is read without harm") {
  const std::string all = "\xEF\xBB\xBF# c\n!**/[^a-z]\\]x\n a/../**\n";
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const DockerIgnore ignore{std::string_view{all}.substr(0, size)};
    CHECK((ignore.malformed_line() == 0 || ignore.malformed_line() == 2));
    static_cast<void>(ignore.excludes("a/b"));
  }
}

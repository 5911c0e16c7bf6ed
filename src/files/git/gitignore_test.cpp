#include "files/git/gitignore.h"

#include <doctest/doctest.h>

#include <map>

using namespace rta::files;

namespace {

using Tree = std::map<std::string, std::string>;

GitIgnore rules(Tree tree, bool fold_case = false) {
  return GitIgnore{[tree = std::move(tree)](const std::string& path) -> std::optional<std::string> {
                     const auto found = tree.find(path);
                     if (found == tree.end()) return std::nullopt;
                     return found->second;
                   },
                   fold_case};
}

bool ignored(const std::string& gitignore, const std::string& path) {
  GitIgnore top = rules({{".gitignore", gitignore}});
  return top.ask(path).ignored;
}

}  // namespace

TEST_CASE("the guide's five patterns cover its certificates and miss the usual rest") {
  const std::string guide = "certs/\n*.pem\n*.key\n*.crt\n*.csr\n";
  for (const char* path :
       {"certs/redis/ca-key.pem", "x.pem", "deep/down/server.key", "a/certs/readme"})
    CHECK_MESSAGE(ignored(guide, path), path);
  for (const char* path : {".env", "backend/.env", "x.p12", "x.jks", "users.acl", "dump.rdb",
                           "id_rsa", "k.pem.bak", "CA.PEM", "certs"})
    CHECK_MESSAGE(!ignored(guide, path), path);
}

TEST_CASE("an answer names file, line and pattern, also of a negation") {
  GitIgnore tree = rules({{".gitignore", "# keys\n*.key\n"}, {"redis/.gitignore", "!redis.key\n"}});
  const IgnoreAnswer top = tree.ask("x/server.key");
  CHECK(top.ignored);
  CHECK(top.file->path == ".gitignore");
  CHECK(top.pattern->line == 2);
  CHECK(top.pattern->text == "*.key");
  const IgnoreAnswer reopened = tree.ask("redis/redis.key");
  CHECK_FALSE(reopened.ignored);
  CHECK(reopened.file->path == "redis/.gitignore");
  CHECK(reopened.pattern->text == "!redis.key");
  CHECK(tree.ask("redis/other.txt").pattern == nullptr);
}

TEST_CASE("nothing below an excluded folder comes back") {
  GitIgnore tree =
      rules({{".gitignore", "certs/\n!certs/public.pem\n"}, {"certs/.gitignore", "!*\n"}});
  CHECK(tree.ask("certs/public.pem").ignored);
  CHECK(tree.ask("certs", true).ignored);
  CHECK_FALSE(tree.ask("certs", false).ignored);  // a link to a folder is not a folder
  CHECK(tree.ask("certs/").ignored);
  CHECK_FALSE(ignored("certs/*\n!certs/public.pem\n", "certs/public.pem"));
}

TEST_CASE("info/exclude is weaker than .gitignore and can be left out") {
  GitIgnore tree = rules({{".gitignore", "!x.key\n"}});
  tree.add_excludes(IgnoreSource::global_excludes, "/home/u/.ignore", "*.env\n*.key\n");
  tree.add_excludes(IgnoreSource::info_exclude, ".git/info/exclude", "*.key\n!y.env\n");
  CHECK_FALSE(tree.ask("x.key").ignored);
  CHECK(tree.ask("z.key").file->path == ".git/info/exclude");
  CHECK_FALSE(tree.ask("y.env").ignored);
  CHECK(tree.ask("z.env").ignored);
  tree.use_local_excludes(false);
  CHECK_FALSE(tree.ask("z.env").ignored);
  CHECK_FALSE(tree.ask("z.key").ignored);
}

TEST_CASE("patterns mean what git means by them") {
  struct Row {
    const char* pattern;
    const char* path;
    bool ignored;
  };
  const Row rows[] = {
      {"/x.pem", "x.pem", true},
      {"/x.pem", "a/x.pem", false},
      {"a/*.pem", "a/x.pem", true},
      {"a/*.pem", "a/b/x.pem", false},
      {"a/*.pem", "c/a/x.pem", false},
      {"**/x.pem", "x.pem", true},
      {"**/x.pem", "a/b/x.pem", true},
      {"**/x.pem", "ax.pem", false},
      {"**/x.pem", "b/ax.pem", false},
      {"a/**/x.pem", "a/x.pem", true},
      {"a/**/x.pem", "a/b/c/x.pem", true},
      {"a/**", "a/b/c", true},
      {"a/**", "a", false},
      {"a**/k.pem", "a/b/k.pem", true},
      {"a**/k.pem", "ab/k.pem", true},
      {"***/x", "a/b/x", true},
      {"x.pem ", "x.pem", true},
      {"x.pem\\ ", "x.pem ", true},
      {"x\\\\  ", "x\\", true},
      {"x.pem\t", "x.pem", false},
      {" x.pem", "x.pem", false},
      {"x.pem\r", "x.pem", true},
      {"\xEF\xBB\xBFx.pem", "x.pem", true},
      {"#x", "#x", false},
      {"\\#x", "#x", true},
      {"\\!x", "!x", true},
      {"x # y", "x", false},
      {"./x", "x", false},
      {"*.{pem,key}", "a.pem", false},
      {"cl??.pem", "cl\xC3\xA9.pem", true},
      {"cl?.pem", "cl\xC3\xA9.pem", false},
      {"[!a].pem", "b.pem", true},
      {"[^a].pem", "a.pem", false},
      {"[[:digit:]].pem", "7.pem", true},
      {"[[:nope:]].pem", "7.pem", false},
      {"[]x].pem", "].pem", true},
      {"[].pem", "].pem", false},
      {"[z-a].pem", "m.pem", false},
      {"x[", "x[", false},
      {"x\\", "x\\", false},
      {"x\\", "x", false},
      {"*.PEM", "a.pem", false},
      {"a/[!b]c", "a//c", false},
      {"x.k\0ey", "x.key", false},
  };
  for (const Row& row : rows) {
    INFO(row.pattern << " against " << row.path);
    CHECK(ignored(std::string{row.pattern} + "\n", row.path) == row.ignored);
  }
}

TEST_CASE("case is folded only where the clone says so") {
  GitIgnore tree = rules({{".gitignore", "*.pem\n/Certs/[A-C]*\nKEY\\S\n"}}, true);
  CHECK(tree.ask("CA.PEM").ignored);
  CHECK(tree.ask("certs/bravo").ignored);
  CHECK_FALSE(tree.ask("keys").ignored);  // git compares an escaped letter as written
}

TEST_CASE("a hostile pattern costs little") {
  std::string stars;
  for (int i = 0; i < 2000; ++i) stars += "*a";
  CHECK_FALSE(ignored(stars + "b\n", std::string(4000, 'a')));
  std::string folders;
  for (int i = 0; i < 2000; ++i) folders += "**/";
  CHECK(ignored(folders + "x\n", "a/b/x"));
}

TEST_CASE("any truncation of a rule file parses") {
  const std::string all = "\xEF\xBB\xBF!a/**/[[:alpha:]-z]\\ \r\n*.pem/ \n\\";
  for (std::size_t size = 0; size <= all.size(); ++size)
    CHECK(parse_ignore_patterns(std::string_view{all}.substr(0, size)).size() <= 3);
}

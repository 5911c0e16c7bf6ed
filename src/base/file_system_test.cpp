#include "base/file_system.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::TemporaryDirectory;

namespace {

ProjectFiles files_of(const std::string& root, const std::vector<std::string>& allowed = {}) {
  Result<ProjectFiles> files = ProjectFiles::open(root, allowed);
  if (!files) throw std::runtime_error(files.error().text());
  return std::move(*files);
}

std::optional<GapReason> reason(const ProjectFiles& files, const std::string& path,
                                std::size_t limit = 4096) {
  const Observation<OpenedFile> opened = files.read(path, limit);
  return opened.gap() == nullptr ? std::nullopt : std::optional{opened.gap()->reason};
}

std::string text_of(const ProjectFiles& files, const std::string& path) {
  const Observation<OpenedFile> opened = files.read(path, 4096);
  return opened.has_value() ? std::string{as_text(opened->bytes)} : "gap: " + opened.gap()->detail;
}

}  // namespace

TEST_CASE("a file is read with its mode, its way and its file system") {
  const TemporaryDirectory tree;
  tree.make_directory("certs", 0750);
  tree.write("certs/k.pem", "key", 0640);
  const ProjectFiles files = files_of(tree.path());
  const Observation<OpenedFile> opened = files.read("certs//./k.pem", 100);
  REQUIRE(opened.has_value());
  CHECK(as_text(opened->bytes) == "key");
  CHECK(opened->facts.path == "certs/k.pem");
  CHECK(opened->facts.mode == 0640);
  CHECK(opened->facts.uid == ::getuid());
  CHECK(opened->facts.size_bytes == 3);
  CHECK_FALSE(opened->facts.file_system.empty());
  CHECK_FALSE(opened->facts.has_acl);
  REQUIRE(opened->facts.directories.size() == 2);
  CHECK(opened->facts.directories[0].path == ".");
  CHECK(opened->facts.directories[1].path == "certs");
  CHECK(opened->facts.directories[1].mode == 0750);
}

TEST_CASE("an absolute path inside the project is the same file") {
  const TemporaryDirectory tree;
  tree.write("a/b.txt", "b");
  const ProjectFiles files = files_of(tree.path());
  CHECK(text_of(files, tree / "a/b.txt") == "b");
  CHECK(files.relative(tree / "a/../a/b.txt") == "a/b.txt");
  CHECK(files.relative("/etc/passwd") == "/etc/passwd");
}

TEST_CASE("a project that is named through a link is served under both names") {
  const TemporaryDirectory tree;
  tree.write("real/a.txt", "a");
  tree.link("link", "real");
  const ProjectFiles files = files_of(tree / "link");
  CHECK(files.root() == tree / "real");
  CHECK(text_of(files, tree / "link/a.txt") == "a");
  CHECK(text_of(files, tree / "real/a.txt") == "a");
  CHECK(text_of(files, "a.txt") == "a");
}

TEST_CASE("nothing leads out of the project: dots, links, links to links") {
  const TemporaryDirectory tree;
  tree.write("outside/secret.txt", "secret");
  tree.make_directory("project/sub");
  tree.link("project/relative", "../outside/secret.txt");
  tree.link("project/absolute", tree / "outside/secret.txt");
  tree.link("project/directory", "../outside");
  tree.link("project/twice", "relative");
  tree.link("project/up", "sub/../../outside/secret.txt");
  const ProjectFiles files = files_of(tree / "project");
  for (const std::string path :
       {"relative", "absolute", "directory/secret.txt", "twice", "up", "../outside/secret.txt",
        "sub/../../outside/secret.txt", "/etc/passwd", "directory/../outside/secret.txt"}) {
    INFO(path);
    CHECK(reason(files, path) == GapReason::outside_scope);
    CHECK_FALSE(files.exists(path));
  }
  CHECK(files.read("relative", 100).gap()->remedy.contains("--allow-path"));
  CHECK(files.inspect("relative").gap()->reason == GapReason::outside_scope);
}

TEST_CASE(
    "a directory that the operator allowed may be read, and its way from the root is judged") {
  const TemporaryDirectory tree;
  tree.write("outside/secret.txt", "secret");
  tree.make_directory("project");
  tree.link("project/link", "../outside/secret.txt");
  const ProjectFiles files = files_of(tree / "project", {tree / "outside"});
  CHECK(text_of(files, "link") == "secret");
  CHECK(text_of(files, "../outside/secret.txt") == "secret");
  const Observation<OpenedFile> opened = files.read(tree / "outside/secret.txt", 100);
  REQUIRE(opened.has_value());
  CHECK(opened->facts.path == tree / "outside/secret.txt");
  CHECK(opened->facts.directories.front().path == "/");
  CHECK(opened->facts.directories.back().path == tree / "outside");
  CHECK(reason(files, "/etc/passwd") == GapReason::outside_scope);
  CHECK_FALSE(reason(files_of(tree / "project", {"/"}), "/etc/passwd", 1U << 20U).has_value());
}

TEST_CASE("dots that leave the project and come back are inside") {
  const TemporaryDirectory tree;
  tree.write("project/a.txt", "a");
  const ProjectFiles files = files_of(tree / "project");
  CHECK(text_of(files, "../project/a.txt") == "a");
  CHECK(text_of(files, tree / "elsewhere/../project/a.txt") == "a");
}

TEST_CASE("links inside are followed, told, and the target's mode is judged") {
  const TemporaryDirectory tree;
  tree.write("d/real.key", "key", 0644);
  tree.link("d/k.key", "real.key");
  tree.link("first", tree / "d/k.key");
  const ProjectFiles files = files_of(tree.path());
  const Observation<OpenedFile> opened = files.read("first", 100);
  REQUIRE(opened.has_value());
  CHECK(opened->facts.mode == 0644);
  CHECK(opened->facts.path == "first");
  CHECK(opened->facts.links ==
        std::vector<std::string>{"first -> " + (tree / "d/k.key"), "d/k.key -> real.key"});
  CHECK(opened->facts.directories.back().path == "d");
}

TEST_CASE("link loops and dangling links are told apart") {
  const TemporaryDirectory tree;
  tree.link("a", "b");
  tree.link("b", "a");
  tree.link("self", "self/self");
  tree.link("dangling", "nowhere");
  const ProjectFiles files = files_of(tree.path());
  CHECK(reason(files, "a") == GapReason::malformed);
  CHECK(reason(files, "self") == GapReason::malformed);
  CHECK(reason(files, "dangling") == GapReason::not_found);
}

TEST_CASE("only regular files are read: a pipe does not block") {
  const TemporaryDirectory tree;
  REQUIRE(::mkfifo((tree / "pipe").c_str(), 0600) == 0);
  tree.make_directory("directory");
  const ProjectFiles files = files_of(tree.path(), {"/dev"});
  CHECK(reason(files, "pipe") == GapReason::malformed);
  CHECK(files.read("pipe", 10).gap()->detail == "pipe is a named pipe, not a regular file");
  CHECK(reason(files, "directory") == GapReason::malformed);
  CHECK(reason(files, "/dev/zero") == GapReason::malformed);
  CHECK(files.is_directory("directory"));
  CHECK(files.is_directory("."));
  CHECK_FALSE(files.is_directory("pipe"));
  CHECK(files.exists("pipe"));
}

TEST_CASE("reasons are kept apart: missing, too large, odd names") {
  const TemporaryDirectory tree;
  tree.write("big", std::string(11, 'x'));
  const ProjectFiles files = files_of(tree.path());
  CHECK(reason(files, "missing") == GapReason::not_found);
  CHECK(reason(files, "big/below") == GapReason::not_found);
  CHECK(reason(files, "big", 10) == GapReason::too_large);
  CHECK_FALSE(reason(files, "big", 11).has_value());
  CHECK(reason(files, "") == GapReason::not_found);
  CHECK(reason(files, std::string("a\0b", 3)) == GapReason::not_found);
  CHECK(reason(files, std::string(100'000, 'a')) == GapReason::not_found);
}

TEST_CASE("a sparse file of a tebibyte is refused by its size") {
  const TemporaryDirectory tree;
  const std::string path = tree.write("sparse", "");
  if (::truncate(path.c_str(), 1LL << 40) != 0) return;  // the file system cannot hold it
  CHECK(reason(files_of(tree.path()), "sparse", 1U << 20U) == GapReason::too_large);
}

TEST_CASE("what may not be read is denied, but its mode is still known") {
  const TemporaryDirectory tree;
  tree.write("k.pem", "key", 0000);
  const ProjectFiles files = files_of(tree.path());
  const Observation<FileFacts> facts = files.inspect("k.pem");
  REQUIRE(facts.has_value());
  CHECK(facts->mode == 0);
  if (::geteuid() == 0) {
    MESSAGE("root may read everything: the denial itself is not tested");
    return;
  }
  CHECK(reason(files, "k.pem") == GapReason::denied);
}

TEST_CASE("a tree that is 500 directories deep is listed to its limit and read to its end") {
  const TemporaryDirectory tree;
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += "d/";
  tree.write(deep + "end.txt", "end");
  tree.write("top.txt", "top");
  const ProjectFiles files = files_of(tree.path());
  CHECK(text_of(files, deep + "end.txt") == "end");
  REQUIRE(files.listing().gap.has_value());
  CHECK(files.listing().gap->reason == GapReason::too_large);
  REQUIRE(files.listing().entries.size() == 1);
  CHECK(files.listing().entries[0].path == "top.txt");
}

TEST_CASE("the listing is sorted, names links without following, and skips what tools made") {
  const TemporaryDirectory tree;
  tree.write("b.txt", "b");
  tree.write("a/c.txt", "cc");
  tree.write("a.txt", "");
  tree.write(".git/config", "");
  tree.write("web/node_modules/x/index.js", "");
  tree.write("env/pyvenv.cfg", "");
  tree.write("env/lib/cert.pem", "");
  tree.write("out/CMakeCache.txt", "");
  tree.link("loop", ".");
  const ProjectFiles files = files_of(tree.path());
  std::vector<std::string> paths;
  for (const TreeEntry& entry : files.listing().entries) paths.push_back(entry.path);
  CHECK(paths == std::vector<std::string>{"a.txt", "a/c.txt", "b.txt", "loop"});
  CHECK(files.listing().entries[1].size_bytes == 2);
  CHECK(files.listing().entries[1].is_regular);
  CHECK(files.listing().entries[3].is_symlink);
  CHECK_FALSE(files.listing().gap.has_value());
}

TEST_CASE("the verdict belongs to the bytes: a file swapped while it is read") {
  const TemporaryDirectory tree;
  tree.write("safe", "safe", 0600);
  tree.write("open", "open", 0644);
  tree.write("key", "safe", 0600);
  const std::string key = tree / "key";
  const ProjectFiles files = files_of(tree.path());
  for (int i = 0; i < 200; ++i) {
    // A new file takes the name, as a renewal would do it.
    const std::string next =
        tree.write("next", i % 2 == 0 ? "open" : "safe", i % 2 == 0 ? 0644 : 0600);
    REQUIRE(::rename(next.c_str(), key.c_str()) == 0);
    const Observation<OpenedFile> opened = files.read("key", 100);
    REQUIRE(opened.has_value());
    CHECK(opened->facts.mode == (as_text(opened->bytes) == "open" ? 0644U : 0600U));
  }
}

TEST_CASE("a project that is not a directory is an error with its name") {
  const TemporaryDirectory tree;
  tree.write("file", "");
  CHECK(ProjectFiles::open(tree / "file").error().text().contains("is not a directory"));
  CHECK(ProjectFiles::open(tree / "none").error().text().contains("does not exist"));
  CHECK_FALSE(ProjectFiles::open(tree.path(), {tree / "none"}).has_value());
}

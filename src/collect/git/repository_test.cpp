#include <sys/stat.h>

#include "tests/support/repository_case.h"

using namespace rta;
using rta::testing::a_key;
using rta::testing::collected;
using rta::testing::GitFixture;
using rta::testing::has_gap;
using rta::testing::key_pem;
using rta::testing::places;

namespace {

const IgnoreVerdict& about(const Repository& repository, const std::string& path) {
  const auto found = std::ranges::find(repository.ignore, path, &IgnoreVerdict::path);
  REQUIRE(found != repository.ignore.end());
  return *found;
}

}  // namespace

TEST_CASE("a key is found wherever git keeps it") {
  const GitFixture fixture;
  fixture.write("readme", "hello\n");
  fixture.commit("first");
  fixture.write("old.pem", key_pem());
  fixture.commit("a key");
  fixture.remove("old.pem");
  fixture.commit("gone");
  fixture.write("now.pem", key_pem() + "\n");
  fixture.commit("another");
  fixture.git({"tag", "-a", "v1", "-m", "tagged"});
  fixture.write("staged.pem", key_pem() + "\n\n");
  fixture.git({"add", "staged.pem"});
  fixture.write(".gitignore", "ignored.pem\n");
  fixture.write("ignored.pem", key_pem() + "\n\n\n");
  fixture.write("loose.pem", key_pem() + "\n\n\n\n");

  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(found->is_repository);
  CHECK(found->has_commits);
  CHECK(found->index_read);
  CHECK(found->history_complete);
  CHECK(places(*found, "old.pem") == "history");
  CHECK(places(*found, "now.pem") == "branch:main index tag:v1 worktree");
  CHECK(places(*found, "staged.pem") == "index worktree");
  CHECK(places(*found, "ignored.pem") == "worktree-ignored");
  CHECK(places(*found, "loose.pem") == "worktree-untracked");
  for (const MaterialHit& hit : found->hits) {
    CHECK(hit.tracked == (hit.path == "now.pem" || hit.path == "staged.pem"));
    CHECK(hit.spki_sha256 == a_key().spki_sha256());
    CHECK(hit.blob.size() == 40);
  }
}

TEST_CASE("stashes, also older ones, notes, reflogs and lost objects are searched") {
  const GitFixture fixture;
  fixture.write("a", "a\n");
  fixture.commit("first");
  fixture.write("stash1.pem", key_pem());
  fixture.git({"stash", "push", "-q", "-u"});
  fixture.write("a", key_pem() + "\n");
  fixture.git({"stash", "push", "-q"});
  fixture.git({"notes", "add", "-m", key_pem() + "\n\n"});
  fixture.write("lost.pem", key_pem() + "\n\n\n");
  fixture.commit("lost");
  fixture.git({"reset", "-q", "--hard", "HEAD~1"});
  fixture.git({"hash-object", "-w", "--stdin"}, key_pem() + "\n\n\n\n\n");

  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(places(*found, "stash1.pem") == "stash");
  CHECK(places(*found, "a") == "stash");
  CHECK(places(*found, "lost.pem") == "reflog");
  CHECK(places(*found, "") == "unreachable");
  CHECK(std::ranges::any_of(found->hits, [](const MaterialHit& hit) {
    return hit.places == std::vector<std::string>{"notes"};
  }));
}

TEST_CASE("packed objects, branches, remote branches and commit messages are searched") {
  const GitFixture fixture;
  fixture.write("k/server.key", key_pem());
  fixture.commit("key\n\n" + key_pem());
  fixture.git({"update-ref", "refs/remotes/origin/dev", "HEAD"});
  fixture.git({"checkout", "-q", "--orphan", "clean"});
  fixture.git({"rm", "-rqf", "."});
  fixture.write("a", "a");
  fixture.commit("clean");
  fixture.git({"gc", "-q"});
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(places(*found, "k/server.key") == "branch:main remote:origin/dev");
  CHECK(places(*found, "") == "commit-message");
  CHECK(found->history_complete);
  CHECK(found->tracked_files == 1);
}

TEST_CASE("no repository, a shallow clone and SHA-256 are gaps, never a clean result") {
  const GitFixture nothing{false};
  const Observation<Repository> none = collected(nothing);
  REQUIRE(none.gap() != nullptr);
  CHECK(none.gap()->reason == GapReason::not_found);

  const GitFixture source;
  source.write("a", "1");
  source.commit("1");
  source.write("a", "2");
  source.commit("2");
  const GitFixture shallow{false};
  shallow.git({"clone", "-q", "--depth", "1", "file://" + source.root(), "."});
  const Observation<Repository> cut = collected(shallow);
  REQUIRE(cut.has_value());
  CHECK(cut->shallow);
  CHECK_FALSE(cut->history_complete);
  CHECK(has_gap(*cut, GapReason::incomplete));

  const GitFixture sha256{false};
  sha256.git({"init", "-q", "--object-format=sha256"});
  const Observation<Repository> unread = collected(sha256);
  REQUIRE(unread.gap() != nullptr);
  CHECK(unread.gap()->reason == GapReason::unsupported);
}

TEST_CASE("objects outside the tree are not read, and the gap says so") {
  const GitFixture source, borrower{false};
  source.write("secret.pem", key_pem());
  source.commit("key");
  borrower.git({"clone", "-q", "--shared", source.root(), "."});
  const Observation<Repository> found = collected(borrower);
  REQUIRE(found.has_value());
  CHECK_FALSE(found->history_complete);
  CHECK(has_gap(*found, GapReason::outside_scope));
  for (const MaterialHit& hit : found->hits)
    for (const std::string& place : hit.places) CHECK(place.starts_with("worktree"));

  const GitFixture pointing{false};
  pointing.write(".git", "gitdir: " + source.root() + "/.git\n");
  const Observation<Repository> outside = collected(pointing);
  REQUIRE(outside.gap() != nullptr);
  CHECK(outside.gap()->reason == GapReason::outside_scope);

  const GitFixture linked;
  linked.write("a", "a");
  linked.commit("a");
  linked.remove(".git/objects/pack");
  linked.link(".git/objects/pack", source.root() + "/.git/objects/pack");
  const Observation<Repository> link = collected(linked);
  REQUIRE(link.has_value());
  CHECK_FALSE(link->history_complete);
  CHECK(has_gap(*link, GapReason::outside_scope));
}

TEST_CASE("a hostile repository makes nothing run") {
  const GitFixture fixture;
  fixture.write(".gitignore", "*.pem\n");
  fixture.write(".gitattributes", "* filter=evil diff=evil\n");
  fixture.write("a", "a\n");
  fixture.commit("first");
  const std::string marker = fixture.root() + "/executed";
  const std::string command = "touch " + marker;
  fixture.write("evil.sh", "#!/bin/sh\n" + command + "\n");
  ::chmod((fixture.root() + "/evil.sh").c_str(), 0755);
  for (const char* hook :
       {"post-index-change", "fsmonitor-watchman", "post-checkout", "pre-commit"}) {
    fixture.write(std::string{".git/hooks/"} + hook, "#!/bin/sh\n" + command + "\n");
    ::chmod((fixture.root() + "/.git/hooks/" + hook).c_str(), 0755);
  }
  const std::string evil = fixture.root() + "/evil.sh";
  fixture.write(".git/config",
                "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = " + evil +
                    "\n\thooksPath = " + fixture.root() + "/.git/hooks\n\tpager = " + evil +
                    "\n\tsshCommand = " + evil + "\n[filter \"evil\"]\n\tclean = " + evil +
                    "\n\tsmudge = " + evil + "\n\trequired = true\n[diff \"evil\"]\n\ttextconv = " +
                    evil + "\n[include]\n\tpath = /etc/passwd\n[safe]\n\tdirectory = *\n");
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(found->history_complete);
  CHECK(found->tracked_files == 3);
  struct stat facts{};
  CHECK(::lstat(marker.c_str(), &facts) != 0);
}

TEST_CASE("a replace ref hides nothing") {
  const GitFixture fixture;
  fixture.write("k.pem", key_pem());
  fixture.commit("key");
  fixture.write("other", "nothing here\n");
  const std::string blob = fixture.git({"rev-parse", "HEAD:k.pem"});
  const std::string harmless = fixture.git({"hash-object", "-w", "other"});
  fixture.git({"replace", blob, harmless});
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(places(*found, "k.pem") == "branch:main index worktree");
}

TEST_CASE("a corrupt index and missing objects are told, not passed over") {
  const GitFixture fixture;
  fixture.write("a", "a\n");
  fixture.commit("first");
  const std::string blob = fixture.git({"rev-parse", "HEAD:a"});
  fixture.write(".git/index", "DIRC garbage");
  fixture.remove(".git/objects/" + blob.substr(0, 2) + "/" + blob.substr(2));
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK_FALSE(found->index_read);
  CHECK_FALSE(found->history_complete);
  CHECK(has_gap(*found, GapReason::malformed));
  CHECK(has_gap(*found, GapReason::incomplete));
}

TEST_CASE("ignore verdicts tell shared rules from rules of this clone") {
  const GitFixture fixture;
  fixture.write(".gitignore", "certs/\n*.pem\n*.key\n*.crt\n*.csr\n");
  fixture.write("backend/.env", "REDIS_TLS_ENABLED=true\n");
  fixture.write("forced.pem", "x");
  fixture.commit("first");
  fixture.git({"add", "-f", "forced.pem"});
  fixture.write(".git/info/exclude", "*.p12\n");
  Evidence evidence;
  NamedFile& named = evidence.named_files.emplace_back();
  named.path = "certs/redis/server.pem";
  named.reference.named_at = {"redis.conf", 3, 0};
  const Observation<Repository> found = collected(fixture, evidence);
  REQUIRE(found.has_value());
  const IgnoreVerdict& server = about(*found, "certs/redis/server.pem");
  CHECK(server.referenced);
  CHECK(server.ignored);
  CHECK(server.pattern == "certs/");
  CHECK(server.rules_tracked);
  CHECK(server.pattern_at.text() == ".gitignore:1");
  CHECK(about(*found, "x.p12").ignored_locally_only);
  CHECK_FALSE(about(*found, "x.p12").ignored);
  CHECK_FALSE(about(*found, ".env").ignored);
  REQUIRE(found->tracked_but_ignored.size() == 1);
  CHECK(found->tracked_but_ignored[0].path == "forced.pem");
  CHECK(found->tracked_but_ignored[0].pattern_at.text() == ".gitignore:2");
}

TEST_CASE("secrets in env files are found without their values, certificates pair with keys") {
  const GitFixture fixture;
  const Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  const Bytes ca = *x509::self_sign(x509::proper_ca("Test CA", now, 365), a_key());
  fixture.write("ca.pem", x509::certificate_pem(ca));
  fixture.write("backend/.env", "REDIS_PASSWORD=correct-horse-7\n");
  fixture.write("backend/.env.example", "REDIS_PASSWORD=changeme\n");
  fixture.write("docs/setup.md", "REDIS_PASSWORD=correct-horse-7\n");
  fixture.commit("all");
  fixture.write("local.key", key_pem());
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  int secrets = 0;
  for (const MaterialHit& hit : found->hits) {
    CHECK(hit.detail.find("correct") == std::string::npos);
    if (hit.material == Material::redis_secret) ++secrets;
    if (hit.path == "ca.pem") {
      CHECK(hit.is_ca);
      CHECK(hit.pairs_with_local_key);
    }
    if (hit.path == "backend/.env.example") CHECK((hit.template_file && hit.placeholder));
  }
  CHECK(secrets == 2);
}

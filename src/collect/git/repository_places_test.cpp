// Places that need more than one repository or checkout: borrowed objects,
// submodules, linked worktrees, clones that are not whole.
#include "tests/support/repository_case.h"

using namespace rta;
using rta::testing::collected;
using rta::testing::GitFixture;
using rta::testing::has_gap;
using rta::testing::key_pem;
using rta::testing::places;

namespace {

// A repository whose history holds a key.
struct KeyRepository : GitFixture {
  KeyRepository() {
    write("k.pem", key_pem());
    commit("a key");
    write("k.pem", "gone\n");
    commit("gone");
  }
};

}  // namespace

TEST_CASE("borrowed objects are searched when they lie inside, or where the operator allows") {
  const KeyRepository source;
  const GitFixture outside{false};
  outside.git({"clone", "-q", "--shared", source.root(), "."});
  const Observation<Repository> refused = collected(outside);
  REQUIRE(refused.has_value());
  CHECK_FALSE(refused->history_complete);
  CHECK(has_gap(*refused, GapReason::outside_scope));
  CHECK(refused->hits.empty());
  const Observation<Repository> allowed = collected(outside, {}, {source.root()});
  REQUIRE(allowed.has_value());
  CHECK(places(*allowed, "k.pem") == "alternates history");
  CHECK(allowed->history_complete);

  const GitFixture inside;
  inside.git({"clone", "-q", "--bare", source.root(), "store.git"});
  inside.write(".git/objects/info/alternates", "../../store.git/objects\n");
  const Observation<Repository> found = collected(inside);
  REQUIRE(found.has_value());
  CHECK(found->history_complete);
  CHECK(places(*found, "k.pem") == "alternates unreachable");
}

TEST_CASE("a submodule is searched, also when it is no longer checked out") {
  const KeyRepository library;
  const GitFixture project;
  project.write("a", "a\n");
  project.commit("first");
  project.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.root(),
               "deep/lib"});
  project.git({"commit", "-q", "-m", "a submodule"});
  const Observation<Repository> here = collected(project);
  REQUIRE(here.has_value());
  CHECK(here->history_complete);
  CHECK(places(*here, "deep/lib/k.pem") == "submodule");

  project.write("deep/lib/k.pem", key_pem());
  CHECK(places(*collected(project), "deep/lib/k.pem") == "submodule");

  project.git({"submodule", "--quiet", "deinit", "-f", "deep/lib"});
  const Observation<Repository> stored = collected(project);
  CHECK(stored->history_complete);
  CHECK(places(*stored, "deep/lib/k.pem") == "submodule");

  const GitFixture clone{false};
  clone.git({"clone", "-q", project.root(), "."});
  const Observation<Repository> missing = collected(clone);
  REQUIRE(missing.has_value());
  CHECK_FALSE(missing->history_complete);
  CHECK(has_gap(*missing, GapReason::incomplete));
}

TEST_CASE("a linked worktree has an index, a head and files of its own") {
  const GitFixture main;
  main.write("a", "a\n");
  main.commit("first");
  main.git({"worktree", "add", "-q", "--detach", "linked"});
  main.write("linked/staged.pem", key_pem());
  main.git({"-C", "linked", "add", "staged.pem"});
  main.write("linked/loose.pem", key_pem() + "\n");
  const Observation<Repository> found = collected(main);
  REQUIRE(found.has_value());
  CHECK(places(*found, "staged.pem") == "index");
  CHECK(places(*found, "linked/staged.pem") == "worktree");
  CHECK(places(*found, "linked/loose.pem") == "worktree-untracked");
  main.git({"-C", "linked", "commit", "-q", "-m", "detached"});
  CHECK(places(*collected(main), "staged.pem") == "head index");

  const GitFixture linked{false};
  main.git({"worktree", "add", "-q", "-b", "other", linked.root() + "/checkout"});
  const ProjectFiles files = *ProjectFiles::open(linked.root() + "/checkout", {});
  const ScanSettings settings;
  SecretVault vault;
  CollectContext context{settings, &files, vault, {}, [](const std::string&) {}};
  Evidence evidence;
  collect_repository(context, evidence);
  REQUIRE(evidence.repository.gap() != nullptr);
  CHECK(evidence.repository.gap()->reason == GapReason::outside_scope);
}

TEST_CASE("shallow, partial and sparse checkouts are gaps, and what they hold is found") {
  const KeyRepository source;
  source.write("now.pem", key_pem() + "\n");
  source.commit("another");
  source.git({"config", "uploadpack.allowFilter", "true"});
  const std::string url = "file://" + source.root();
  const GitFixture shallow{false}, partial{false}, sparse{false};
  shallow.git({"clone", "-q", "--depth", "1", url, "."});
  partial.git({"clone", "-q", "--filter=blob:none", "--no-checkout", url, "."});
  sparse.git({"clone", "-q", url, "."});
  sparse.git({"sparse-checkout", "set", "--no-cone", "/a"});
  for (const GitFixture* clone : {&shallow, &partial, &sparse}) {
    const Observation<Repository> found = collected(*clone);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->history_complete);
    CHECK(has_gap(*found, GapReason::incomplete));
  }
  CHECK(collected(shallow)->shallow);
  CHECK(places(*collected(shallow), "now.pem") ==
        "branch:main index remote:origin/HEAD remote:origin/main worktree");
  CHECK(collected(sparse)->sparse);
  CHECK(places(*collected(sparse), "k.pem") == "history");
}

TEST_CASE("conflicts, intended additions and rules that only the index holds are read") {
  const GitFixture fixture;
  fixture.write("k.pem", "base\n");
  fixture.write(".gitignore", "*.key\n");
  fixture.commit("first");
  fixture.git({"checkout", "-q", "-b", "side"});
  fixture.write("k.pem", key_pem());
  fixture.commit("side");
  fixture.git({"checkout", "-q", "main"});
  fixture.write("k.pem", key_pem() + "\n");
  fixture.commit("main");
  fixture.try_git({"merge", "-q", "side"});
  fixture.write("later", "x\n");
  fixture.git({"add", "--intent-to-add", "later"});
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(found->history_complete);
  int staged = 0;
  for (const MaterialHit& hit : found->hits)
    if (hit.path == "k.pem" && std::ranges::count(hit.places, "index") > 0) ++staged;
  CHECK(staged == 2);

  const GitFixture sparse;
  sparse.write(".gitignore", "*.key\n");
  sparse.commit("rules");
  sparse.git({"update-index", "--skip-worktree", ".gitignore"});
  sparse.remove(".gitignore");
  const Observation<Repository> ruled = collected(sparse);
  REQUIRE(ruled.has_value());
  for (const IgnoreVerdict& verdict : ruled->ignore)
    if (verdict.path == "x.key") CHECK(verdict.ignored);
}

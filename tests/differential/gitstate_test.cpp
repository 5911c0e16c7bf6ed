// Where the collector finds key material, against what git's own plumbing says
// of the same repository: generated histories with refs of every kind,
// stashes, reflogs, lost objects, packs and worktrees. RTA_SEED and RTA_CASES
// choose other cases than the default ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "collect/collectors.h"
#include "tests/support/dice.h"
#include "tests/support/git_fixture.h"
#include "x509/issue.h"

using namespace rta;
using rta::testing::Dice;
using rta::testing::GitFixture;
using rta::testing::number_from_environment;

namespace {

using Places = std::set<std::string>;
// By "path blob kind".
using State = std::map<std::string, Places>;

const std::string& key_pem() {
  static const std::string pem{x509::PrivateKey::make_ec()->pem().expose()};
  return pem;
}

const std::string& certificate_pem() {
  static const std::string pem = [] {
    const Timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
    const x509::PrivateKey key = *x509::PrivateKey::make_ec();
    return x509::certificate_pem(*x509::self_sign(x509::proper_ca("Test CA", now, 365), key));
  }();
  return pem;
}

State collected_state(const std::string& root) {
  const ProjectFiles files = *ProjectFiles::open(root, {});
  const ScanSettings settings;
  SecretVault vault;
  CollectContext context{settings, &files, vault, {}, [](const std::string&) {}};
  Evidence evidence;
  collect_repository(context, evidence);
  REQUIRE(evidence.repository.has_value());
  State state;
  for (const MaterialHit& hit : evidence.repository->hits)
    state[fmt::format("{} {} {}", hit.path, hit.blob, name_of(hit.material))].insert(
        hit.places.begin(), hit.places.end());
  CHECK(evidence.repository->history_complete);
  return state;
}

std::vector<std::string> lines(const std::string& text, char end = '\n') {
  std::vector<std::string> all;
  for (const std::string_view line : split(text, end))
    if (!line.empty()) all.emplace_back(line);
  return all;
}

// The same by git: only plumbing that reads objects.
class Reference {
 public:
  Reference(const GitFixture& repository, std::map<std::string, std::string> planted)
      : git_(repository), planted_(std::move(planted)) {}

  State state() {
    add_refs();
    add_index();
    add_work_tree();
    add_walk("history", {"rev-list", "--all"});
    add_walk("reflog", {"rev-list", "--reflog"});
    add_lost();
    return state_;
  }

 private:
  void add(const std::string& path, const std::string& blob, const std::string& place) {
    const auto kind = planted_.find(blob);
    if (kind == planted_.end()) return;
    state_[fmt::format("{} {} {}", path, blob, kind->second)].insert(place);
    named_.insert(blob);
  }

  // path and blob of everything in a commit or tree.
  std::vector<std::pair<std::string, std::string>> tree(const std::string& name) const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const std::string& line : lines(git_.git({"ls-tree", "-r", "-z", name}), '\0')) {
      const std::size_t tab = line.find('\t');
      all.emplace_back(line.substr(tab + 1), line.substr(tab - 40, 40));
    }
    return all;
  }

  void add_tree(const std::string& name, const std::string& place) {
    for (const auto& [path, blob] : tree(name)) add(path, blob, place);
  }

  void add_refs() {
    for (const std::string& line :
         lines(git_.git({"for-each-ref", "--format=%(objectname) %(objecttype) %(refname)"}))) {
      const std::string id = line.substr(0, 40), ref = line.substr(line.rfind(' ') + 1);
      const auto below = [&](std::string_view start) { return ref.substr(start.size()); };
      std::string place = "ref:" + ref;
      if (ref.starts_with("refs/heads/")) place = "branch:" + below("refs/heads/");
      if (ref.starts_with("refs/tags/")) place = "tag:" + below("refs/tags/");
      if (ref.starts_with("refs/remotes/")) place = "remote:" + below("refs/remotes/");
      if (ref.starts_with("refs/notes/")) place = "notes";
      if (ref == "refs/stash") continue;
      const std::string end = git_.git({"rev-parse", id + "^{}"});
      if (git_.git({"cat-file", "-t", end}) == "blob")
        add("", end, place);
      else
        add_tree(end, place);
    }
    if (git_.try_git({"symbolic-ref", "-q", "HEAD"}).first != 0) add_tree("HEAD", "head");
    if (git_.try_git({"rev-parse", "-q", "--verify", "refs/stash"}).first != 0) return;
    for (const std::string& stash :
         lines(git_.git({"reflog", "show", "--format=%H", "refs/stash"})))
      for (const char* part : {"", "^2", "^3"})
        if (git_.try_git({"rev-parse", "-q", "--verify", stash + part}).first == 0)
          add_tree(stash + part, "stash");
  }

  void add_index() {
    for (const std::string& line : lines(git_.git({"ls-files", "-s", "-z"}), '\0'))
      add(line.substr(line.find('\t') + 1), line.substr(line.find(' ') + 1, 40), "index");
  }

  void add_work_tree() {
    const auto add_files = [&](std::vector<std::string> question, const std::string& place) {
      for (const std::string& path : lines(git_.git(std::move(question)), '\0'))
        if (const auto [code, id] = git_.try_git({"hash-object", "--no-filters", "--", path});
            code == 0)
          add(path, id.substr(0, 40), place);
    };
    add_files({"ls-files", "-z"}, "worktree");
    add_files({"ls-files", "-z", "-o", "-i", "--exclude-standard"}, "worktree-ignored");
    add_files({"ls-files", "-z", "-o", "--exclude-standard"}, "worktree-untracked");
  }

  // Only what has no place of its own yet.
  void add_walk(const std::string& place, std::vector<std::string> question) {
    const State before = state_;
    const auto [code, commits] = git_.try_git(std::move(question));  // 129: no reflog at all
    if (code != 0) return;
    for (const std::string& commit : lines(commits))
      for (const auto& [path, blob] : tree(commit))
        if (planted_.contains(blob) && !in_git(before, path, blob)) add(path, blob, place);
  }

  // The work tree and the index are no places of a history.
  bool in_git(const State& state, const std::string& path, const std::string& blob) const {
    const auto found = state.find(fmt::format("{} {} {}", path, blob, planted_.at(blob)));
    return found != state.end() && std::ranges::any_of(found->second, [](const std::string& place) {
             return !place.starts_with("worktree") && place != "index";
           });
  }

  void add_lost() {
    Places in_history;
    for (const auto& [what, places] : state_)
      if (std::ranges::any_of(places, [](const std::string& place) {
            return !place.starts_with("worktree");
          }))
        in_history.insert(what.substr(what.rfind(' ') - 40, 40));
    const std::vector<std::string> all = lines(git_.git(
        {"cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)"}));
    Places found;
    for (const std::string& line : all) {
      const std::string id = line.substr(0, 40);
      if (!line.ends_with("commit")) continue;
      for (const auto& [path, blob] : tree(id))
        if (planted_.contains(blob) && !in_history.contains(blob)) {
          add(path, blob, "unreachable");
          found.insert(blob);
        }
    }
    for (const std::string& line : all) {
      const std::string id = line.substr(0, 40);
      if (planted_.contains(id) && !in_history.contains(id) && !found.contains(id))
        add("", id, "unreachable");
    }
  }

  const GitFixture& git_;
  std::map<std::string, std::string> planted_;
  State state_;
  Places named_;
};

// Writes files and does what people do to a repository.
class Generator {
 public:
  Generator(const GitFixture& repository, unsigned seed) : git_(repository), dice_(seed) {}

  // By blob id: what stands in it.
  std::map<std::string, std::string> run() {
    git_.write(".gitignore", "ignored*\n");
    git_.commit("first");
    for (std::size_t i = 6 + dice_.below(10); i > 0; --i) step();
    return planted_;
  }
  [[nodiscard]] const std::string& story() const { return story_; }

 private:
  std::string path() {
    static constexpr const char* kNames[] = {"k.pem",     "certs/k.pem", "a/b/c/server.key",
                                             "ignored.k", "x",           "s p/\xC3\xA9.pem"};
    return dice_.pick(kNames);
  }
  std::string material() {
    std::string text = dice_.one_in(3) ? certificate_pem() : key_pem();
    const std::string kind = text == key_pem() ? "private-key" : "certificate";
    text += std::string(++count_, '\n');
    planted_[git_.git({"hash-object", "--stdin"}, text)] = kind;
    return text;
  }
  void write_some() {
    const std::string name = path();
    git_.write(name, dice_.one_in(4) ? "nothing " + std::to_string(++count_) : material());
    story_ += " write:" + name;
  }
  void run(std::vector<std::string> arguments, std::string_view input = {}) {
    for (const std::string& argument : arguments)
      if (argument.size() < 40) story_ += " " + argument;
    story_ += ";";
    git_.try_git(std::move(arguments), input);  // some steps do not apply; git decides
  }
  void step();

  const GitFixture& git_;
  Dice dice_;
  std::size_t count_ = 0;
  std::map<std::string, std::string> planted_;
  std::string story_;
};

void Generator::step() {
  const std::string number = std::to_string(++count_);
  write_some();
  switch (dice_.below(20)) {
    case 0:
      return run({"stash", "push", "-q"});
    case 1:
      return run({"stash", "push", "-q", "-u"});
    case 2:
      return run({"stash", "drop", "-q"});
    case 3:
      run({"add", "-A"});
      return run({"commit", "-q", "--amend", "-m", "amended"});
    case 4:
      return run({"reset", "-q", "--hard", "HEAD~1"});
    case 5:
      return run({"tag", "light" + number});
    case 6:
      return run({"tag", "-a", "-m", "annotated", "note" + number});
    case 7:
      return run({"tag", "blob" + number,
                  git_.git({"hash-object", "-w", "--stdin"}, material())});
    case 8:
      git_.git({"hash-object", "-w", "--stdin"}, material());
      return;
    case 9:
      return run({"notes", "add", "-f", "-C",
                  git_.git({"hash-object", "-w", "--stdin"}, material())});
    case 10:
      return run({"update-ref", "refs/remotes/origin/r" + number, "HEAD"});
    case 11:
      return run({"update-ref", "refs/pull/" + number + "/head", "HEAD"});
    case 12:
      return run({"checkout", "-q", "-b", "b" + number});
    case 13:
      run({"rm", "-rqf", "--ignore-unmatch", path()});
      return run({"commit", "-q", "-m", "removed"});
    case 14:
      return run({"gc", "-q"});
    case 15:
      run({"pack-refs", "--all"});
      return run({"repack", "-adq"});
    case 16:
      run({"checkout", "-q", "--detach"});
      return;
    case 17:
      return run({"add", "-A"});
    case 18:
      return run({"symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main"});
    default:
      run({"add", "-f", "."});
      return run({"commit", "-q", "-m", "step"});
  }
}

std::string text_of(const State& state) {
  std::string text;
  for (const auto& [what, places] : state) {
    text += "\n  " + what + ":";
    for (const std::string& place : places) text += " " + place;
  }
  return text;
}

}  // namespace

TEST_CASE("the collector and git's plumbing place every key alike, whatever was done before") {
  const unsigned first = number_from_environment("RTA_SEED", 1);
  const unsigned cases = number_from_environment("RTA_CASES", 25);
  std::size_t compared = 0;
  int differences = 0;
  for (unsigned seed = first; seed < first + cases && differences < 3; ++seed) {
    const GitFixture repository;
    Generator generator{repository, seed};
    const std::map<std::string, std::string> planted = generator.run();
    const State ours = collected_state(repository.root());
    const State theirs = Reference{repository, planted}.state();
    compared += theirs.size();
    if (ours == theirs) continue;
    ++differences;
    FAIL_CHECK("seed " << seed << ":" << generator.story() << "\ngit:" << text_of(theirs)
                       << "\nwe:" << text_of(ours));
  }
  MESSAGE(compared << " findings");
  CHECK(compared > cases);
}

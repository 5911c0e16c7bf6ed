// What git says in everyday life, with the index in view: `git check-ignore -v`
// and `git ls-files` on generated repositories, some of whose ignored files are
// tracked all the same. RTA_SEED and RTA_CASES choose other cases than the
// default ones; RTA_CASES=5000 is the long run.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "collect/git/repository_reading.h"
#include "tests/differential/ignore_cases.h"
#include "tests/support/git_fixture.h"

using namespace rta;
using rta::testing::Dice;
using rta::testing::GitFixture;
using rta::testing::ignore_path;
using rta::testing::ignore_rules;
using rta::testing::number_from_environment;

namespace {

struct Case {
  GitFixture tree;
  std::set<std::string> files, folders{""}, questions;
};

void write_files(Dice& dice, Case& one) {
  for (std::size_t i = 0; i < 12; ++i) {
    const std::string file = ignore_path(dice);
    try {
      one.tree.write(file, "x");
    } catch (const std::exception&) {  // a file stands where a folder should be
      continue;
    }
    one.files.insert(file);
    for (std::size_t slash = file.find('/'); slash != std::string::npos;
         slash = file.find('/', slash + 1))
      one.folders.insert(file.substr(0, slash + 1));
  }
  for (const std::string& folder : one.folders)
    if (folder.empty() || dice.one_in(3)) one.tree.write(folder + ".gitignore", ignore_rules(dice));
  one.tree.write(".git/info/exclude", dice.one_in(2) ? ignore_rules(dice) : "");
  if (!dice.one_in(3)) return;
  one.tree.write(".git/global", ignore_rules(dice));
  one.tree.git({"config", "core.excludesFile", one.tree.root() + "/.git/global"});
}

// Some are added, some by force, some lost again or changed after.
void fill_index(Dice& dice, Case& one) {
  if (dice.one_in(2)) one.tree.try_git({"add", "-A"});
  for (const std::string& file : one.files)
    if (dice.one_in(3)) one.tree.git({"--literal-pathspecs", "add", "-f", "--", file});
  if (dice.one_in(2)) one.tree.git({"commit", "-q", "--allow-empty", "-m", "x"});
  for (const std::string& file : one.files)
    if (dice.one_in(8)) one.tree.remove(file);
  if (dice.one_in(4)) one.tree.write(".gitignore", ignore_rules(dice));
}

void ask(Dice& dice, Case& one) {
  one.questions.insert(one.files.begin(), one.files.end());
  for (const std::string& folder : one.folders)
    if (!folder.empty()) one.questions.insert(folder.substr(0, folder.size() - 1));
  for (int i = 0; i < 20; ++i) one.questions.insert(ignore_path(dice));
  // git looks such a path up in the index as a pattern.
  std::erase_if(one.questions, [](const std::string& question) {
    return question.find_first_of("[*?\\") != std::string::npos;
  });
}

// The number of questions, or -1 at the first difference.
int compare_once(unsigned seed) {
  Dice dice{seed};
  Case one;
  write_files(dice, one);
  fill_index(dice, one);
  ask(dice, one);
  std::string input;
  for (const std::string& question : one.questions) input += question + '\0';
  const auto [code, output] =
      one.tree.try_git({"check-ignore", "-z", "-v", "-n", "--stdin"}, input);
  REQUIRE_MESSAGE(code <= 1, "seed " << seed << ": git ended with " << code << ": " << output);
  std::set<std::string> tracked;
  const std::string listed = one.tree.git({"ls-files", "-z"});
  for (const std::string_view file : split(listed, '\0')) tracked.emplace(file);

  Result<ProjectFiles> files = ProjectFiles::open(one.tree.root());
  REQUIRE(files);
  const Observation<std::shared_ptr<RepositoryReading>> opened = open_repository(*files);
  REQUIRE_MESSAGE(opened.has_value(), "seed " << seed << ": " << opened.gap()->detail);
  RepositoryReading& reading = **opened.value();

  const std::vector<std::string_view> fields = split(output, '\0');
  int asked = 0;
  for (std::size_t i = 0; i + 3 < fields.size(); i += 4) {
    const std::string question{fields[i + 3]};
    const bool seen = reading.index.tracks_in(question);
    const files::IgnoreAnswer here = reading.rules.here(question);
    // git does not look for a rule where the index answers.
    const bool decided = !seen && here.pattern != nullptr;
    const std::string told =
        decided ? fmt::format("{}|{}|{}", here.file->path, here.pattern->line, here.pattern->text)
                : "||";
    // A global file is named by the path that the configuration gives.
    const std::string expected = fmt::format("{}|{}|{}", fields[i], fields[i + 1], fields[i + 2]);
    ++asked;
    CHECK_MESSAGE(reading.index.entries.contains(question) == tracked.contains(question),
                  "seed " << seed << ", tracked: '" << question << "'");
    if (told == expected) continue;
    FAIL_CHECK("seed " << seed << ", path '" << question << "': git says " << expected
                       << ", we say " << told << (seen ? " (tracked)" : ""));
    return -1;
  }
  CHECK(asked == static_cast<int>(one.questions.size()));
  return asked;
}

}  // namespace

TEST_CASE("our everyday answers about ignored and tracked files are git's") {
  rta::testing::compare_all(200, compare_once);
}

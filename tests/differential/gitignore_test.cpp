// Our ignore matcher against `git check-ignore`, on generated trees and rules.
// RTA_SEED and RTA_CASES choose other cases than the default ones.
#include <doctest/doctest.h>
#include <redis_tls_audit/bytes.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <set>

#include "base/text.h"
#include "files/git/gitignore.h"
#include "tests/differential/ignore_cases.h"
#include "tests/support/dice.h"
#include "tests/support/git_fixture.h"

using namespace rta;
using namespace rta::files;
using rta::testing::Dice;
using rta::testing::GitFixture;
using rta::testing::ignore_path;
using rta::testing::ignore_rules;
using rta::testing::number_from_environment;

namespace {

bool is_real_folder(const std::string& path) {
  struct stat facts{};
  return ::lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

std::optional<std::string> file_bytes(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

// One tree: answers compared; the number of questions, or -1 at the first difference.
int compare_once(unsigned seed) {
  Dice dice{seed};
  GitFixture tree;
  const bool fold_case = dice.one_in(5);
  std::set<std::string> folders{""}, links, questions;
  for (std::size_t i = 0; i < 14; ++i) {
    const std::string file = ignore_path(dice);
    std::error_code failed;
    try {
      tree.write(file, "x");
    } catch (const std::exception&) {  // a file stands where a folder should be
      continue;
    }
    for (std::size_t slash = file.find('/'); slash != std::string::npos;
         slash = file.find('/', slash + 1))
      folders.insert(file.substr(0, slash + 1));
    questions.insert(file);
  }
  tree.link("linked", "certs");
  for (const std::string& folder : folders)
    if (folder.empty() || dice.one_in(3)) tree.write(folder + ".gitignore", ignore_rules(dice));
  tree.write(".git/info/exclude", dice.one_in(2) ? ignore_rules(dice) : "");
  const std::string global = tree.root() + "/.git/global";
  tree.write(".git/global", dice.one_in(2) ? ignore_rules(dice) : "");

  questions.insert("linked");
  for (const std::string& folder : folders)
    if (!folder.empty())
      questions.insert(dice.one_in(2) ? folder : folder.substr(0, folder.size() - 1));
  for (int i = 0; i < 40; ++i) questions.insert(ignore_path(dice));
  std::string input;
  std::erase_if(questions, [](const std::string& one) { return one.starts_with(':'); });
  for (const std::string& one : questions) input += one + '\0';

  const auto [code, output] =
      tree.try_git({"-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c",
                    "core.excludesFile=" + global, "-c",
                    fold_case ? "core.ignorecase=true" : "core.ignorecase=false", "check-ignore",
                    "-z", "-v", "-n", "--no-index", "--stdin"},
                   input);
  REQUIRE_MESSAGE(code <= 1, "seed " << seed << ": git ended with " << code << ": " << output);

  GitIgnore ours{[&](const std::string& file) { return file_bytes(tree.root() + "/" + file); },
                 fold_case};
  ours.add_excludes(IgnoreSource::global_excludes, global, *file_bytes(global));
  ours.add_excludes(IgnoreSource::info_exclude, ".git/info/exclude",
                    *file_bytes(tree.root() + "/.git/info/exclude"));
  const std::vector<std::string_view> fields = split(output, '\0');
  int asked = 0;
  for (std::size_t i = 0; i + 3 < fields.size(); i += 4) {
    const std::string question{fields[i + 3]};
    const IgnoreAnswer answer = ours.ask(question, is_real_folder(tree.root() + "/" + question));
    const std::string told = answer.pattern == nullptr
                                 ? "||"
                                 : fmt::format("{}|{}|{}", answer.file->path, answer.pattern->line,
                                               answer.pattern->text);
    const std::string expected = fmt::format("{}|{}|{}", fields[i], fields[i + 1], fields[i + 2]);
    ++asked;
    if (told == expected) continue;
    std::string listing;
    for (const std::string& folder : folders)
      if (const auto bytes = file_bytes(tree.root() + "/" + folder + ".gitignore"))
        listing += "\n--- " + folder + ".gitignore\n" + printable(*bytes, 2000);
    FAIL_CHECK("seed " << seed << ", path '" << question << "': git says " << expected
                       << ", we say " << told << listing << "\n--- exclude\n"
                       << printable(*file_bytes(tree.root() + "/.git/info/exclude"), 2000)
                       << "\n--- global\n"
                       << printable(*file_bytes(global), 2000));
    return -1;
  }
  CHECK(asked == static_cast<int>(questions.size()));
  return asked;
}

}  // namespace

TEST_CASE("our ignore matcher and git agree on every generated question") {
  rta::testing::compare_all(150, compare_once);
}

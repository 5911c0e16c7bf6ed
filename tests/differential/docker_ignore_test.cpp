// Our reading of .dockerignore against moby's own matcher (Debian's
// golang-github-moby-patternmatcher-dev). Without it this says that it is
// skipped. RTA_SEED and RTA_CASES choose other cases than the default ones.
#include "files/docker/docker_ignore.h"

#include "base/text.h"
#include "tests/differential/dotenv_cases.h"
#include "tests/support/dice.h"

using namespace rta;
using rta::testing::Dice;
using rta::testing::number_from_environment;
using rta::testing::TemporaryDirectory;

namespace {

constexpr const char* kUsual[] = {"certs",     "certs/", "*.pem",    "**/*.pem", "**/*.key",
                                  "!k.pem",    "!*.pem", "**/certs", "certs/**", "!certs/redis",
                                  "!**/k.pem", "*",      "/certs",   "a/*",      "**",
                                  ".env",      ".env*",  "**/.env",  "!README",  "# comment",
                                  "[a",        "a\\"};
constexpr const char* kPieces[] = {"*", "**", "?",   "/",     "a",    "b",       "certs", ".pem",
                                   "k", ".",  "..",  "[ab]",  "[^a]", "[a-c]",   "\\*",   "\\.",
                                   "!", "#",  " ",   "redis", "/./",  "//",      "**/",   "/**",
                                   "]", "+",  "(a)", "$",     "\\[",  "\xC3\xA9"};
constexpr const char* kFolders[] = {"a", "b", "certs", "redis", "k"};
constexpr const char* kNames[] = {"k.pem", "x.key", ".env", "a", "b", "README", "ab", "k"};

std::string line(Dice& dice) {
  if (dice.one_in(2)) return dice.pick(kUsual);
  std::string text = dice.one_in(5) ? "!" : "";
  for (std::size_t i = 1 + dice.below(4); i > 0; --i) text += dice.pick(kPieces);
  return text;
}

struct Case {
  std::string ignore;
  std::vector<std::string> paths;
};

Case make(unsigned seed) {
  Dice dice{seed};
  Case one;
  if (dice.one_in(20)) one.ignore = "\xEF\xBB\xBF";
  for (std::size_t i = 1 + dice.below(5); i > 0; --i)
    one.ignore += line(dice) + (dice.one_in(10) ? "\r\n" : "\n");
  for (int i = 0; i < 25; ++i) {
    std::string path;
    for (std::size_t depth = dice.below(4); depth > 0; --depth)
      path += dice.pick(kFolders) + std::string{"/"};
    one.paths.push_back(path + dice.pick(kNames));
  }
  return one;
}

}  // namespace

TEST_CASE("a .dockerignore keeps out what moby's matcher keeps out") {
  const unsigned first = number_from_environment("RTA_SEED", 1);
  const unsigned count = number_from_environment("RTA_CASES", 4000);
  const TemporaryDirectory directory;
  std::vector<Case> cases;
  for (unsigned i = 0; i < count; ++i) {
    cases.push_back(make(first + i));
    directory.write(fmt::format("{}.ignore", i), cases.back().ignore);
    directory.write(fmt::format("{}.paths", i),
                    fmt::format("{}", fmt::join(cases.back().paths, "\n")));
  }
  const auto answers = rta::testing::ask(RTA_GO_IGNORE_READER, {std::to_string(count)}, directory);
  if (!answers) return;
  std::size_t asked = 0, different = 0;
  for (unsigned i = 0; i < count && different < 10; ++i) {
    const files::DockerIgnore ours{cases[i].ignore};
    const nlohmann::json& theirs = (*answers)[i];
    if (theirs.is_null() != (ours.malformed_line() != 0)) {
      ++different;
      FAIL_CHECK("seed " << first + i << ": moby "
                         << std::string{theirs.is_null() ? "refuses" : "takes"} << "\n"
                         << printable(cases[i].ignore, 500));
    }
    if (theirs.is_null() || ours.malformed_line() != 0) continue;
    for (std::size_t k = 0; k < cases[i].paths.size(); ++k) {
      ++asked;
      const bool told = ours.excludes(cases[i].paths[k]);
      if (told == theirs[k].get<bool>()) continue;
      ++different;
      FAIL_CHECK("seed " << first + i << ", path " << cases[i].paths[k] << ": we say " << told
                         << "\n"
                         << printable(cases[i].ignore, 500));
      break;
    }
  }
  MESSAGE(asked << " questions");
  CHECK(different == 0);
  CHECK(asked > count * 10);
}

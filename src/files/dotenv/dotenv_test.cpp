#include "files/dotenv/dotenv.h"

#include <doctest/doctest.h>

#include <redis_tls_audit/limits.h>

#include "base/text.h"

using namespace rta;
using files::DotenvDialect;
using files::DotenvFile;
using files::read_dotenv;

namespace {

DotenvFile read(std::string_view text, DotenvDialect dialect,
                const files::Environment& environment = {}) {
  return read_dotenv(as_bytes(text), dialect, ".env", environment);
}

// What the application finds under the name: the value, "(unset)", "(null)"
// or "(refused)".
std::string value(std::string_view text, DotenvDialect dialect, const std::string& name = "K",
                  const files::Environment& environment = {}) {
  const DotenvFile file = read(text, dialect, environment);
  if (file.refused) return "(refused)";
  const auto found = file.values.find(name);
  if (found == file.values.end()) return "(unset)";
  return found->second.value_or("(null)");
}

struct Row {
  std::string_view text;
  std::string node, python, compose;
};

}  // namespace

TEST_CASE("three readers, three answers: the lines that change a verdict") {
  const std::vector<Row> rows{
      {"K=true#on\n", "true", "true#on", "true#on"},
      {"K=true\t# on\n", "true", "true", "true\t# on"},
      {"K: true\n", "true", "(unset)", "true"},
      {"K=true\nK: false\n", "false", "true", "false"},
      {"K=redis://:p#w@h\n", "redis://:p", "redis://:p#w@h", "redis://:p#w@h"},
      {"K=\"true\n", "\"true", "(unset)", "(refused)"},
      {"K=`true`\n", "true", "`true`", "`true`"},
      {"'K'=true\n", "(unset)", "true", "(refused)"},
      {"; c\nK=true\n", "true", "true", "(refused)"},
      {"\xEF\xBB\xBFK=true\n", "true", "(unset)", "true"},
      {"K=pa$word\n", "pa$word", "pa$word", "pa"},
      {"K=pa$$word\n", "pa$$word", "pa$$word", "pa$word"},
      {"K='${HOSTVAR}'\n", "${HOSTVAR}", "host", "${HOSTVAR}"},
      {"K=${EMPTY:-true}\n", "${EMPTY:-true}", "", "true"},
      {"K=#x\n", "", "#x", "#x"},
      {"K= #x\n", "", "#x", "#x"},
      {"K=\"a\\tb\"\n", "a\\tb", "a\tb", "a\tb"},
      {"K=\"a\\nb\"\n", "a\nb", "a\nb", "a\nb"},
      {"K='it\\'s'\n", "it\\'s", "it's", "it's"},
      {"K=\"\\$A\"\n", "\\$A", "\\$A", "$A"},
      {"K=\"x\" y\n", "\"x\" y", "(unset)", "x"},
      {"K=a\r\n", "a", "a", "a"},
      {"K=\"x\nB=1\n\"\n", "x\nB=1\n", "x\nB=1\n", "x\nB=1\n"},
      {"K\n", "(unset)", "(null)", "(unset)"},
      {"export  K = v \n", "v", "v", "v"},
      {"K=a\nK\n", "a", "(null)", "a"},
  };
  const files::Environment environment{{"HOSTVAR", "host"}, {"EMPTY", ""}};
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(value(row.text, DotenvDialect::node, "K", environment) == row.node);
    CHECK(value(row.text, DotenvDialect::python, "K", environment) == row.python);
    CHECK(value(row.text, DotenvDialect::compose, "K", environment) == row.compose);
  }
}

TEST_CASE("node --env-file glues a line without '=' to the next one") {
  const DotenvFile file =
      read("REDIS_TLS_ENABLED\nREDIS_TLS_VERIFY=true\n", DotenvDialect::node_env_file);
  CHECK(file.values.contains("REDIS_TLS_ENABLED\nREDIS_TLS_VERIFY"));
  CHECK(value("K=\tx\n", DotenvDialect::node_env_file) == "\tx");
  CHECK(value("K='a' b\n", DotenvDialect::node_env_file) == "a");
  const DotenvFile blank =
      read("A=1\n =2\nREDIS_TLS_VERIFY=true\n", DotenvDialect::node_env_file);
  CHECK(blank.values.at("\n") == "2");
  CHECK(blank.values.at("REDIS_TLS_VERIFY") == "true");
}

TEST_CASE("docker takes lines as they are and refuses blanks in names") {
  CHECK(value("K=\"true\" # x\n", DotenvDialect::docker) == "\"true\" # x");
  CHECK(value("K =x\n", DotenvDialect::docker) == "(refused)");
  CHECK(value("export K=x\n", DotenvDialect::docker) == "(refused)");
  CHECK(value("K\n", DotenvDialect::docker, "K", {{"K", "v"}}) == "v");
  CHECK(value("A=\xFF\n", DotenvDialect::docker) == "(refused)");
}

TEST_CASE("a shell joins quotes, keeps carriage returns and never runs commands") {
  CHECK(value("K=\"tr\"ue\n", DotenvDialect::sh) == "true");
  CHECK(value("K=true\r\n", DotenvDialect::sh) == "true\r");
  CHECK(value("K = true\n", DotenvDialect::sh) == "(unset)");
  CHECK(value("K=$(id)\n", DotenvDialect::sh) == "(null)");
  CHECK(value("export K=a B=${K}b\n", DotenvDialect::sh, "B") == "b");
  CHECK(value("K=\"a\n", DotenvDialect::sh) == "(refused)");
  CHECK(value("K=1 make\n", DotenvDialect::sh) == "(unset)");
  CHECK(value("A=x\nK=${A:-y}${B:-z}\n", DotenvDialect::sh) == "xz");
}

TEST_CASE("systemd reads its own quotes and ignores bad names") {
  CHECK(value("K='a b' # c\n", DotenvDialect::systemd) == "a b# c");
  CHECK(value("; c\nK=a \\\n b\n", DotenvDialect::systemd) == "a  b");
  CHECK(value("export K=a\n", DotenvDialect::systemd) == "(unset)");
  CHECK(value("K=$A\n", DotenvDialect::systemd) == "$A");
}

TEST_CASE("godotenv expands upper-case names of the same file") {
  CHECK(value("A=x\nK=${A}-$A-$b\n", DotenvDialect::go) == "x-x-$b");
  CHECK(value("K=a # c\n", DotenvDialect::go) == "a");
  CHECK(value("K\nB=1\n", DotenvDialect::go) == "(refused)");
}

TEST_CASE("an assignment knows its line and column, and the last one decides") {
  for (const auto& [dialect, name] : EnumNames<DotenvDialect>::table) {
    INFO(name);
    const DotenvFile file = read("# c\nA=\"x\ny\"\nK=1\nK=2\n", dialect);
    if (dialect == DotenvDialect::docker) continue;  // refuses nothing, but splits the quote
    REQUIRE(file.deciding("K") != nullptr);
    CHECK(file.deciding("K")->location == SourceLocation{".env", 5, 1});
    CHECK(file.entries.size() == 3);
    CHECK(file.deciding("missing") == nullptr);
  }
}

TEST_CASE("a file cut at any byte is read or refused, in every dialect") {
  const std::string_view whole =
      "\xEF\xBB\xBF# c\r\nexport A='x\\'y' # z\nB=\"${A:-${C-d}}\\n\\u\"\nC: `q`\nD=$(id) "
      "${E?x}\n\xC3\xA9=\xFF\n";
  for (const auto& [dialect, name] : EnumNames<DotenvDialect>::table) {
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      const DotenvFile file = read(whole.substr(0, size), dialect);
      if (file.refused) {
        CHECK(file.entries.empty());
        CHECK(file.values.empty());
      }
      CHECK(file.values.size() <= file.entries.size());
    }
  }
}

TEST_CASE("a refusal names no value and a place") {
  const DotenvFile file = read("A=1\nREDIS_PASSWORD=hunter2${\n", DotenvDialect::compose);
  REQUIRE(file.refused);
  CHECK(file.refused->find("hunter2") == std::string::npos);
  CHECK(file.refused_at.line == 2);
}

TEST_CASE("a file beyond the limit is refused, and hostile ones take no quadratic time") {
  CHECK(read(std::string(limits::kTextFile + 1, 'a'), DotenvDialect::node).refused);
  const std::size_t size = limits::kTextFile - 8;
  for (const std::string_view pattern :
       {"\n", "A='\\'", "A=\"\n", "${", "\xE2\x80\xA8'", "A", "A=${A:-", "K=\\"}) {
    std::string text;
    while (text.size() + pattern.size() <= size) text += pattern;
    for (const auto& [dialect, name] : EnumNames<DotenvDialect>::table)
      CHECK_NOTHROW(read(text, dialect));
  }
}

TEST_CASE("variables that double each other make a file that no process starts with") {
  std::string text = "A0=" + std::string(100, 'x') + "\n";
  for (int i = 1; i < 40; ++i)
    text += fmt::format("A{0}=${{A{1}}}${{A{1}}}\n", i, i - 1);
  std::string many = "A=" + std::string(100'000, 'x') + "\nK=\"";
  for (int i = 0; i < 200'000; ++i) many += "${A}";
  many += "\"\n";
  std::string inherited = "K=\"";
  for (int i = 0; i < 200'000; ++i) inherited += "${E}";
  inherited += "\"\n";
  for (const DotenvDialect dialect :
       {DotenvDialect::compose, DotenvDialect::python, DotenvDialect::sh, DotenvDialect::go}) {
    CHECK(value(text, dialect) == "(refused)");
    CHECK(value(many, dialect) == "(refused)");
    if (dialect != DotenvDialect::go)
      CHECK(value(inherited, dialect, "K", {{"E", std::string(100'000, 'x')}}) == "(refused)");
  }
}

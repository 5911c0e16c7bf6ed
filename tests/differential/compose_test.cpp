// Our reader of compose files against real programs: the YAML scalars of Go's
// yaml.v3 and the words of go-shellwords, which docker compose v2 is made of,
// and whole projects against Debian's docker-compose (v1), in the part of the
// language where both versions agree. What is not installed is skipped.
#include "files/compose/compose.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "base/process.h"
#include "files/shell_words.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using nlohmann::json;

namespace {

class Dice {
 public:
  bool one_in(unsigned n) { return engine_() % n == 0; }
  std::size_t below(std::size_t n) { return engine_() % n; }
  template <std::size_t N>
  std::string any(const std::array<const char*, N>& from) {
    return from[engine_() % N];
  }

 private:
  static unsigned seed() {
    const char* given = std::getenv("RTA_SEED");
    return given == nullptr ? 20261126U : static_cast<unsigned>(std::atoi(given));
  }
  std::mt19937 engine_{seed()};
};

// What `program ARGUMENTS` writes to answers.json in the folder.
std::optional<json> ask(const std::string& program, const std::vector<std::string>& arguments,
                        const rta::testing::TemporaryDirectory& directory) {
  ProcessSpec spec{.executable = program,
                   .argv = {program},
                   .environment = {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "LC_ALL=C.UTF-8"},
                   .directory = directory.path()};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  auto child = ChildProcess::start(spec);
  const std::optional<int> code = child ? child->wait(std::chrono::seconds{120}) : std::nullopt;
  std::ifstream file{directory / "answers.json"};
  if (code != 0 || !file) {
    MESSAGE("skipped: " << program << ": "
                        << (child ? child->read_output() : std::string{"is not installed"}));
    return std::nullopt;
  }
  return json::parse(file, nullptr, false);
}

ComposeFiles files_of_disk() {
  return {.read = [](const std::string& path) -> ComposeFiles::Text {
    std::ifstream file{path};
    if (!file) return {};
    std::ostringstream text;
    text << file.rdbuf();
    return {.text = text.str(), .exists = true};
  }};
}

std::string scalar(Dice& dice) {
  if (dice.one_in(2))
    return dice.any(std::array{"true",
                               "TRUE",
                               "tRue",
                               "yes",
                               "off",
                               "n",
                               "null",
                               "~",
                               ".inf",
                               "-.Inf",
                               ".NaN",
                               ".nAn",
                               "0x1F",
                               "0o17",
                               "017",
                               "08",
                               "0b101",
                               "1_000",
                               "_1",
                               "1e3",
                               "1E-3",
                               "1.",
                               ".5",
                               "+.5",
                               "-0",
                               "00",
                               "-0.0",
                               "1.10",
                               "1e400",
                               "1e-400",
                               "0x",
                               "0b2",
                               "-0x1f",
                               "0_7",
                               "0x_1f",
                               "12:30",
                               "1.2.3",
                               "1,000",
                               "<<",
                               "6379",
                               "1e5",
                               "1e6",
                               "123456.7",
                               "1234567.8",
                               "0.00001",
                               "1e21",
                               "0O7",
                               "2001-01-01",
                               "2001-13-01",
                               "2001-01-01 10:00:00",
                               "9223372036854775808",
                               "18446744073709551616"});
  std::string text;
  for (std::size_t i = 0; i < 1 + dice.below(6); ++i)
    text += "0123456789+-._eExXobB:aft~"[dice.below(26)];
  return text == "-" || text.front() == ':' || text.back() == ':' ? "x" : text;
}

std::string command(Dice& dice) {
  std::string text;
  for (std::size_t i = 0; i < 1 + dice.below(8); ++i)
    text += dice.any(std::array{"redis-server",
                                " ",
                                " ",
                                "--port",
                                "0",
                                "\"",
                                "'",
                                "\\",
                                "`",
                                "$",
                                "(",
                                ")",
                                ";",
                                "&",
                                "|",
                                "<",
                                ">",
                                "2>",
                                "#",
                                "~",
                                "\n",
                                "\t",
                                "a=b",
                                "\"x y\"",
                                "'p w'",
                                "\\n",
                                "$(",
                                "é"});
  return text;
}

}  // namespace

TEST_CASE("scalars are typed and printed as yaml.v3 and Go do it") {
  Dice dice;
  const rta::testing::TemporaryDirectory directory;
  constexpr std::size_t kFiles = 20, kScalars = 200;
  std::vector<std::vector<std::string>> written(kFiles);
  for (std::size_t i = 0; i < kFiles; ++i) {
    std::string lines;
    for (std::size_t k = 0; k < kScalars; ++k) {
      written[i].push_back(scalar(dice));
      lines += fmt::format("k{}: {}\n", k, written[i].back());
    }
    directory.write(fmt::format("{}.yaml", i), lines);
  }
  const auto answers = ask(RTA_GO_READERS, {"scalars", std::to_string(kFiles)}, directory);
  if (!answers) return;
  std::size_t different = 0;
  for (std::size_t i = 0; i < kFiles; ++i) {
    std::string project = "services:\n  redis:\n    image: redis\n    environment:\n";
    for (std::size_t k = 0; k < kScalars; ++k)
      project += fmt::format("      k{}: {}\n", k, written[i][k]);
    const ComposeFiles files{.read = [&project](const std::string& path) -> ComposeFiles::Text {
      return path == "compose.yml" ? ComposeFiles::Text{.text = project, .exists = true}
                                   : ComposeFiles::Text{};
    }};
    const auto reading = read_compose({}, files);
    REQUIRE(reading);
    REQUIRE_MESSAGE(!reading->refused, *reading->refused);
    for (std::size_t k = 0; k < kScalars; ++k) {
      const auto& ours = reading->services[0].environment.at(fmt::format("k{}", k)).value;
      const json& theirs = (*answers)[i][fmt::format("k{}", k)];
      if ((ours ? json(*ours) : json(nullptr)) == theirs) continue;
      ++different;
      MESSAGE(written[i][k] << " is " << ours.value_or("null") << ", to Go " << theirs.dump());
    }
  }
  CHECK(different * 1000 <= kFiles * kScalars);
}

TEST_CASE("what is YAML and what it says is what yaml.v3 says") {
  Dice dice;
  // Known to differ: yaml-cpp keeps one line end fewer behind ">+" and blank lines.
  constexpr std::array kValues{"x",
                               "'it''s'",
                               "\"a\\tb\"",
                               "\"\\x41\\u00e9\\n\"",
                               "'a\\nb'",
                               ">\n        folded\n        text",
                               "|-\n        a\n        b",
                               "plain\n        continued",
                               "plain\n      continued",
                               "a # c",
                               "a#c",
                               "'#x'",
                               "&a1 v",
                               "*a1",
                               "!!str 5",
                               "!foo x",
                               "[a, b]",
                               "{a: b}",
                               "\"multi\n        line\"",
                               "a: b",
                               "- x",
                               "%x",
                               "@x",
                               "`x`",
                               "x:y",
                               "x: ",
                               "? x",
                               "!",
                               "&",
                               "*",
                               "\"\\q\"",
                               "\"never closed",
                               "'never closed",
                               "a\tb",
                               "x ",
                               "-",
                               "---",
                               "...",
                               "é",
                               "a,b",
                               "[a",
                               "}",
                               "]",
                               "x]",
                               "=",
                               "~",
                               "null",
                               "\"\"",
                               "''",
                               "a\\",
                               "\"a\\\n        b\"",
                               "http://x:1/#y",
                               "a  #b",
                               "0x10"};
  constexpr std::array kStarts{
      "", "# c\n", "---\n", "%YAML 1.2\n---\n", "%YAML 1.1\n---\n", "\xEF\xBB\xBF"};
  const rta::testing::TemporaryDirectory directory;
  constexpr std::size_t kCount = 3000;
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < kCount; ++i) {
    std::string text = dice.one_in(4) ? dice.any(kStarts) : "";
    text += "x-m: &m {M: one, K0: z}\nservices:\n  redis:\n    image: redis\n    environment:\n";
    for (std::size_t k = 0; k < 1 + dice.below(3); ++k)
      text += fmt::format("      K{}: {}\n", k, dice.any(kValues));
    if (dice.one_in(5)) text += "      <<: *m\n";
    text += dice.any(std::array{"", "", "...\n", "---\nx-b: 1\n", " \n"});
    directory.write(fmt::format("{}.yml", i), text);
    documents.push_back(std::move(text));
  }
  const auto answers = ask(RTA_GO_READERS, {"environments", std::to_string(kCount)}, directory);
  if (!answers) return;
  std::size_t different = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    const ComposeFiles files{.read = [&](const std::string& path) -> ComposeFiles::Text {
      return path == "compose.yml" ? ComposeFiles::Text{.text = documents[i], .exists = true}
                                   : ComposeFiles::Text{};
    }};
    const auto reading = read_compose({}, files);
    REQUIRE(reading);
    json ours = nullptr;
    if (!reading->refused) {
      ours = json::object();
      for (const auto& [name, variable] : reading->services.at(0).environment)
        ours[name] = variable.value ? json(*variable.value) : json(nullptr);
    }
    if (ours == (*answers)[i]) continue;
    ++different;
    MESSAGE("ours " << ours.dump() << " theirs " << (*answers)[i].dump() << "\n" << documents[i]);
  }
  CHECK(different * 100 <= kCount);
}

TEST_CASE("a command is split as go-shellwords splits it") {
  Dice dice;
  const rta::testing::TemporaryDirectory directory;
  constexpr std::size_t kCount = 4000;
  std::vector<std::string> commands;
  for (std::size_t i = 0; i < kCount; ++i) {
    commands.push_back(command(dice));
    directory.write(fmt::format("{}.txt", i), commands.back());
  }
  const auto answers = ask(RTA_GO_READERS, {"words", std::to_string(kCount)}, directory);
  if (!answers) return;
  for (std::size_t i = 0; i < kCount; ++i) {
    const auto ours = split_shell_words(commands[i]);
    INFO(commands[i]);
    CHECK((ours ? json(*ours) : json(nullptr)).dump() == (*answers)[i].dump());
  }
}

namespace {

// A project in the part of the language that v1 and v2 read alike.
class Project {
 public:
  explicit Project(Dice& dice) : dice_(dice) {}

  void write(const rta::testing::TemporaryDirectory& directory, const std::string& folder) {
    directory.write(folder + "/docker-compose.yml", file(true));
    if (dice_.one_in(2)) directory.write(folder + "/docker-compose.override.yml", file(false));
    directory.write(folder + "/.env", "P=project\nQ=0\n");
    directory.write(folder + "/a.env", "A=file\nB=file\nE=a\n");
    directory.write(folder + "/b.env", "B=later\nE=b\n");
    directory.write(folder + "/base/base.yml",
                    "version: '3.3'\nservices:\n  base:\n    image: redis:7\n    environment: "
                    "[C=base, A=base]\n"
                    "    volumes: [\"./certs:/base\"]\n");
  }

 private:
  std::string file(bool whole) {
    std::string text = "version: '3.3'\nservices:\n  redis:\n";
    if (whole) text += "    image: redis:6\n";
    // v1 knows extends in version 2 only: it is left to the unit tests.
    if (dice_.one_in(2)) text += "    environment:" + environment();
    if (dice_.one_in(2))
      // v1 forgets the order of several when it merges.
      text += "    env_file: " + dice_.any(std::array{"a.env", "[b.env]"}) + "\n";
    if (dice_.one_in(2)) {
      text += "    ports:\n";
      text +=
          "      - \"" + dice_.any(std::array{"6379:6379", "127.0.0.1:6380:6379", "6379"}) + "\"\n";
      if (dice_.one_in(2))
        text += "      - \"" + dice_.any(std::array{"7000-7001:7000-7001", "1:2/udp"}) + "\"\n";
    }
    if (dice_.one_in(2)) {
      text += "    volumes:\n";
      // v1 refuses two equal ones, v2 takes the last.
      const std::string certs = dice_.any(std::array{"./certs:/certs:ro", "./other:/certs"});
      text += "      - " + certs + "\n";
      if (dice_.one_in(2))
        text += "      - " + dice_.any(std::array{"data:/data", "/host:/data"}) + "\n";
      if (dice_.one_in(2)) text += "      - ./a/../b:/b:rw\n";
    }
    if (dice_.one_in(2))
      text += "    command: " +
              dice_.any(std::array{"redis-server --port 0", "[redis-server, --port, \"0\"]",
                                   "redis-server --requirepass '${P}'", "redis-server --port $Q",
                                   "[redis-server, \"${U:-x y}\"]", "[a, \"${U-z}\", \"$$P\"]"}) +
              "\n";
    if (text.ends_with("redis:\n")) text += "    user: \"1\"\n";
    return text + "volumes: {data: {}}\n";
  }

  std::string environment() {
    const bool list = dice_.one_in(2);
    std::string text = "\n";
    for (const char* name : {"A", "B", "C"}) {
      if (dice_.one_in(3)) continue;
      const std::string value = dice_.any(std::array{"x", "true", "${P}", "${U:-d}", "a$$b", ""});
      text += list ? fmt::format("      - {}={}\n", name, value)
                   : fmt::format("      {}: \"{}\"\n", name, value);
    }
    return text == "\n" ? " {Z: \"1\"}\n" : text;
  }

  Dice& dice_;
};

json service_json(const ComposeServiceReading& service) {
  json answer = {{"command", json(nullptr)},
                 {"environment", json::object()},
                 {"ports", json::array()},
                 {"volumes", json::object()}};
  if (service.command) answer["command"] = *service.command;
  for (const auto& [name, variable] : service.environment)
    answer["environment"][name] = variable.value ? json(*variable.value) : json(nullptr);
  std::vector<std::string> ports;
  for (const ComposePort& port : service.ports)
    ports.push_back(
        fmt::format("{}:{}:{}/{}", port.host_ip, port.published, port.target, port.protocol));
  std::ranges::sort(ports);
  answer["ports"] = ports;
  for (const ComposeMount& mount : service.mounts)
    answer["volumes"][mount.target] = mount.source + (mount.read_only ? ":ro" : "");
  return answer;
}

}  // namespace

TEST_CASE("whole projects load as docker-compose v1 loads them") {
  Dice dice;
  const rta::testing::TemporaryDirectory directory;
  constexpr std::size_t kCount = 150;
  for (std::size_t i = 0; i < kCount; ++i) Project{dice}.write(directory, std::to_string(i));
  const auto answers =
      ask("/usr/bin/python3",
          {fmt::format("{}/compose_v1.py", RTA_READERS), std::to_string(kCount)}, directory);
  if (!answers) return;
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::string folder = directory / std::to_string(i);
    const auto reading = read_compose({.directory = folder}, files_of_disk());
    REQUIRE(reading);
    const json ours =
        reading->refused ? json(*reading->refused) : service_json(reading->services.at(0));
    std::ifstream main{folder + "/docker-compose.yml"},
        over{folder + "/docker-compose.override.yml"};
    std::ostringstream shown;
    shown << main.rdbuf() << "---\n";
    if (over) shown << over.rdbuf();
    INFO("case ", i, "\n", shown.str());
    CHECK(ours.dump() == (*answers)[i].dump());
  }
}

// Seeded env files, and their comparison with a real reader. No answer may
// differ for the variables that decide about TLS, and 99 of 100 files must be
// equal in all.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "base/process.h"
#include "files/dotenv/dotenv.h"
#include "tests/support/temporary_directory.h"

namespace rta::testing {

// RTA_SEED chooses other cases, RTA_CASES how many.
inline unsigned seed() {
  const char* given = std::getenv("RTA_SEED");
  return given == nullptr ? 20261123U : static_cast<unsigned>(std::atoi(given));
}

inline std::size_t count_of_cases(std::size_t usual) {
  const char* given = std::getenv("RTA_CASES");
  return given == nullptr ? usual : static_cast<std::size_t>(std::atoi(given));
}

class Generator {
 public:
  std::string file() {
    std::string text = one_in(20) ? "\xEF\xBB\xBF" : "";
    const std::size_t lines = 1 + random_() % 5;
    for (std::size_t i = 0; i < lines; ++i) text += line() + end();
    return text;
  }

 private:
  bool one_in(unsigned n) { return random_() % n == 0; }
  template <std::size_t N>
  std::string any(const std::array<const char*, N>& from) {
    return from[random_() % N];
  }

  std::string end() { return any(std::array{"\n", "\n", "\n", "\n", "\r\n", "\n\n", "", "\r"}); }

  std::string line() {
    if (one_in(12))
      return any(
          std::array{"# comment", "  # x=1", "", "   ", "garbage", "; ini", "=x", "K", "a b=c"});
    const std::string key = any(std::array{"REDIS_TLS_ENABLED", "REDIS_TLS_VERIFY",
                                           "REDIS_TLS_ENABLED", "A", "B", "'A'", "A.B-c", "1A"});
    const std::string sign =
        any(std::array{"=", "=", "=", "=", " = ", "= ", " =", ": ", ":", "=\t"});
    return any(std::array{"", "", "", "export ", "  ", "export  ", "\t"}) + key + sign + value() +
           tail();
  }
  std::string tail() { return any(std::array{"", "", "", " ", " # c", "#c", "\t# c", " x", "\t"}); }

  std::string value() {
    const std::string quote = any(std::array{"", "", "", "\"", "'", "`", "\""});
    std::string text = quote;
    const std::size_t parts = random_() % 4;
    for (std::size_t i = 0; i < parts; ++i)
      text += any(std::array{
          "true",         "false", "x",   " ",  "#",    "\\n",     "\\\"",     "\\'",
          "\\\\",         "\\t",   "\\$", "$A", "${A}", "${A:-d}", "${B-d}",   "$$",
          "\"",           "'",     "`",   "=",  ":",    "\n",      "\xC3\xA9", "\xC2\xA0",
          "\xE3\x80\x80", "\\",    "\\r", "\\z"});
    return one_in(10) ? text : text + quote;
  }

  std::mt19937 random_{seed()};
};

// Files as no person writes them: odd blanks and line ends, bytes that are no
// text, marks in the middle, quotes over lines, lines of many kilobytes.
class WildGenerator {
 public:
  std::string file() {
    std::string text = one_in(20) ? "\xEF\xBB\xBF" : "";
    for (std::size_t lines = 1 + random_() % 7; lines > 0; --lines)
      text += line() + any(kEnds);
    return text;
  }

 private:
  static constexpr std::array kEnds{"\n", "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", ""};
  static constexpr std::array kBefore{"",   "",          "",      "",        "export ",
                                      " ",  "export\t",  "\t",    "EXPORT ", "  export  ",
                                      "\v", "exportA",   "export=", "\xC2\xA0"};
  static constexpr std::array kKeys{"REDIS_TLS_ENABLED", "REDIS_TLS_VERIFY", "A",    "B",
                                    "a.b",               "a-b",              "_x",   "9k",
                                    "\xC3\xA9t",         "'Q'",              "\"Q\"", "K[0]",
                                    "",                  "A B",              "A\0B"};
  static constexpr std::array kSigns{"=", "=", "=", "=", " = ", "= ", " =", ": ", ":", " : ",
                                     "\t=\t", "==", "=\r", "=\xC2\xA0", "=\f"};
  static constexpr std::array kTails{"", "", "", " ", " # c", "#c", "\t#c", " x", ";", " \""};
  static constexpr std::array kLines{"#",      "# x=1",    "  # \"",       "",   " ",  "\t",
                                     "export", "export A", "export A B=1", "; x", "[s]", "A",
                                     "=1",     "--",       "\"",           "'",  "`",  "\v"};
  static constexpr std::array kPieces{
      "true", "false", "x", " ", "true", "\t", "#", " #c", "\t#c", "\"", "'", "`", "\\", "\\n",
      "\\r", "\\\"", "\\'", "\\`", "\\\\", "\\$", "$", "$$", "$A", "${A}", "${A:-d}", "${A-d}",
      "${B:-${A:-x}}", "${A:+y}", "${A", "${}", "$1", "$(id)", "=", ":", "\n", "\r\n", "\r", "\v",
      "\f", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\xA8", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xC2\x85",
      "\xFF", "\xC3", "\xF0\x9F\x98\x80", "\xED\xA0\x80", "rediss://:p#w@h:6379/0?ssl_cert_reqs=none",
      "-----BEGIN X-----", "//", ";", ",", "export ", "\x1C", "\xE1\x9A\x80"};

  bool one_in(unsigned n) { return random_() % n == 0; }
  template <std::size_t N>
  std::string any(const std::array<const char*, N>& from) {
    return from[random_() % N];
  }

  std::string line() {
    if (one_in(10)) return any(kLines);
    return any(kBefore) + any(kKeys) + any(kSigns) + value() + any(kTails);
  }
  std::string value() {
    const std::string quote = any(std::array{"", "", "", "\"", "'", "`", "\""});
    std::string text = quote;
    for (std::size_t parts = random_() % 6; parts > 0; --parts) text += any(kPieces);
    if (one_in(40)) text += '\0';
    if (one_in(100)) text.append(70'000, 'z');
    return one_in(8) ? text : text + quote;
  }

  std::mt19937 random_{seed()};
};

template <class Source>
std::vector<std::string> cases(std::size_t count) {
  Source generator;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < count; ++i) files.push_back(generator.file());
  return files;
}

// Runs a program over a directory of numbered files; its answer is one JSON
// array of objects or null (refused).
inline std::optional<nlohmann::json> ask(const std::string& program,
                                         std::vector<std::string> arguments,
                                         const TemporaryDirectory& directory) {
  ProcessSpec spec;
  spec.executable = program;
  spec.argv = {program};
  spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
  spec.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=/nonexistent"};
  spec.directory = directory.path();
  auto child = ChildProcess::start(spec);
  if (!child) return std::nullopt;
  // Its output may be longer than a pipe holds: the answer is a file.
  const std::optional<int> code = child->wait(std::chrono::seconds{60});
  if (code != 0) {
    MESSAGE("skipped: " << program << " " << (arguments.empty() ? "" : arguments[0])
                        << " ended with " << code.value_or(-1) << ": " << child->read_output());
    return std::nullopt;
  }
  std::FILE* file = std::fopen((directory / "answers.json").c_str(), "rb");
  if (file == nullptr) return std::nullopt;
  nlohmann::json answers = nlohmann::json::parse(file, nullptr, false);
  std::fclose(file);
  return answers;
}

// Runs `program ARGUMENTS COUNT` in a folder that holds 0.env, 1.env and so on
// beside `script` as "reader", and compares what it writes to answers.json.
template <class Source = Generator>
void compare(const std::string& program, std::vector<std::string> arguments,
                    std::string_view script, files::DotenvDialect dialect, std::size_t count) {
  using nlohmann::json;
  if (std::FILE* file = std::fopen(program.c_str(), "rb"); file == nullptr) {
    MESSAGE("skipped: " << program << " is not installed");
    return;
  } else {
    std::fclose(file);
  }
  const TemporaryDirectory directory;
  const std::vector<std::string> files = cases<Source>(count);
  for (std::size_t i = 0; i < files.size(); ++i)
    directory.write(fmt::format("{}.env", i), files[i]);
  directory.write("reader", script);
  const bool is_bash = !arguments.empty() && arguments.back().ends_with("bash");
  arguments.push_back(std::to_string(files.size()));
  const std::optional<json> answers = ask(program, arguments, directory);
  if (!answers) return;
  REQUIRE(answers->is_array());
  REQUIRE(answers->size() == files.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    // A command in backquotes has quoting rules of its own, and is never run by us.
    if (dialect == files::DotenvDialect::sh && files[i].find('`') != std::string::npos) continue;
    const files::DotenvFile file = files::read_dotenv(as_bytes(files[i]), dialect, ".env");
    // The dialect is dash's: where it gives the file up, bash goes on.
    if (file.refused && is_bash) continue;
    json ours = nullptr;
    if (!file.refused) {
      ours = json::object();
      for (const auto& [key, value] : file.values) ours[key] = value ? json(*value) : json(nullptr);
    }
    json theirs = (*answers)[i];
    // What a command would decide is not known to us, and not compared.
    if (dialect == files::DotenvDialect::sh && ours.is_object() && theirs.is_object())
      for (const auto& [key, value] : file.values)
        if (!value) {
          ours.erase(key);
          theirs.erase(key);
        }
    if (ours == theirs) continue;
    ++different;
    const std::string shown =
        fmt::format("seed {} case {}: {}\n ours   {}\n theirs {}", seed(), i,
                    json(files[i]).dump(-1, ' ', false, json::error_handler_t::replace),
                    ours.dump(-1, ' ', false, json::error_handler_t::replace), theirs.dump());
    for (const char* deciding : {"REDIS_TLS_ENABLED", "REDIS_TLS_VERIFY"}) {
      const auto in = [&](const json& answer) {
        return answer.is_object() && answer.contains(deciding) ? answer[deciding] : json("(unset)");
      };
      CHECK_MESSAGE(in(ours) == in(theirs), shown);
    }
    if (different <= 3) MESSAGE(shown);
  }
  MESSAGE(name_of(dialect) << ": " << files.size() - different << " of " << files.size()
                           << " equal");
  CHECK(different * 100 <= files.size());
}

}  // namespace rta::testing

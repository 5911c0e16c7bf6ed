#include "tests/program/run_program.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace rta::testing {
namespace {

// A hang is a failure; nothing here is timed.
constexpr std::chrono::minutes kForever{3};
constexpr const char* kNobody = "65534";

std::vector<std::string> command_line(const std::vector<std::string>& arguments,
                                      const RunOptions& options) {
  std::vector<std::string> line;
  if (options.as_nobody)
    line = {"setpriv", std::string{"--reuid="} + kNobody, std::string{"--regid="} + kNobody,
            "--clear-groups"};
  line.emplace_back(RTA_PROGRAM);
  line.insert(line.end(), arguments.begin(), arguments.end());
  return line;
}

ProcessSpec spec_of(const std::string& script, const std::vector<std::string>& line,
                    const RunOptions& options) {
  ProcessSpec spec;
  spec.executable = "/bin/sh";
  spec.argv = {"sh", "-c", script, "sh"};
  spec.argv.insert(spec.argv.end(), line.begin(), line.end());
  const char* path = std::getenv("PATH");
  spec.environment = {std::string{"PATH="} + (path == nullptr ? "/usr/bin:/bin" : path),
                      "HOME=/nonexistent", "LC_ALL=C.UTF-8"};
  spec.environment.insert(spec.environment.end(), options.environment.begin(),
                          options.environment.end());
  spec.directory = options.directory.empty() ? "/" : options.directory;
  return spec;
}

}  // namespace

Run run_program(const std::vector<std::string>& arguments, const RunOptions& options) {
  const TemporaryDirectory files;
  const std::string output = options.output_to.empty() ? files / "out" : options.output_to;
  // The exit code is the program's own, whatever reads its output.
  std::string script = "( \"$@\"; echo $? > \"$CODE\" ) 2> \"$ERRORS\"";
  script += options.piped_into.empty() ? " > \"$OUTPUT\"" : " | " + options.piped_into + " > \"$OUTPUT\"";
  ProcessSpec spec = spec_of(script, command_line(arguments, options), options);
  spec.environment.insert(spec.environment.end(),
                          {"OUTPUT=" + output, "ERRORS=" + (files / "err"), "CODE=" + (files / "code")});
  auto child = ChildProcess::start(spec);
  REQUIRE_MESSAGE(child.has_value(), (child ? "" : child.error().text()));
  REQUIRE_MESSAGE(child->wait(kForever).has_value(), "the program does not end");
  Run run;
  std::ifstream{files / "code"} >> run.exit_code;
  if (options.output_to.empty()) run.output = read_whole(output);
  run.errors = read_whole(files / "err");
  return run;
}

ChildProcess start_program(const std::vector<std::string>& arguments, const RunOptions& options) {
  auto child = ChildProcess::start(spec_of("exec \"$@\"", command_line(arguments, options), options));
  REQUIRE_MESSAGE(child.has_value(), (child ? "" : child.error().text()));
  return std::move(*child);
}

bool can_become_nobody() {
  if (::geteuid() == 0 && find_program("setpriv")) return true;
  MESSAGE("skipped: only root, with setpriv, can become another user");
  return false;
}

std::string read_whole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

nlohmann::json read_report(const std::string& path) {
  const nlohmann::json report = nlohmann::json::parse(read_whole(path), nullptr, false);
  REQUIRE_MESSAGE(!report.is_discarded(), path << " is not JSON");
  return report;
}

std::string verdict_of(const nlohmann::json& report, const std::string& item) {
  for (const auto& row : report["checklist"])
    if (row["item"] == item) return row["verdict"];
  return "no such item";
}

std::string findings_of(const nlohmann::json& report, const std::string& code) {
  std::string text;
  for (const auto& finding : report["findings"])
    if (finding["code"] == code)
      text += finding["status"].get<std::string>() + " " +
              finding["subject"]["key"].get<std::string>() + ": " +
              finding["message"].get<std::string>() + "\n";
  return text;
}

std::string status_of(const nlohmann::json& report, const std::string& code) {
  for (const auto& check : report["checks"])
    if (check["code"] == code) return check["status"];
  return "no such check";
}

}  // namespace rta::testing

// Runs redis-tls-audit as a person or a script would: another process, with
// its own standard output, standard error and exit code.
//
//   const Run run = run_program({"scan", project.path(), "--offline"});
//   CHECK(run.exit_code == 3);
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/process.h"
#include "tests/support/temporary_directory.h"

namespace rta::testing {

struct Run {
  int exit_code = -1;
  std::string output;   // standard output
  std::string errors;   // standard error
};

struct RunOptions {
  std::string directory;                   // working directory
  std::vector<std::string> environment;    // beside PATH and HOME
  bool as_nobody = false;                  // a user without any right
  std::string output_to;                   // standard output to this file
  std::string piped_into;                  // standard output into this command of the shell
};

// Ends the test when the program does not end by itself.
Run run_program(const std::vector<std::string>& arguments, const RunOptions& options = {});

// Running still: for signals. Output and errors arrive together.
ChildProcess start_program(const std::vector<std::string>& arguments,
                           const RunOptions& options = {});

// This test may become another user.
bool can_become_nobody();

// A report that was written as JSON.
nlohmann::json read_report(const std::string& path);
std::string read_whole(const std::string& path);

// Of a report: the verdict of an item ("1" to "12", "S"), and all findings of
// a check as "status subject: message", one a line.
std::string verdict_of(const nlohmann::json& report, const std::string& item);
std::string findings_of(const nlohmann::json& report, const std::string& code);
std::string status_of(const nlohmann::json& report, const std::string& code);

}  // namespace rta::testing

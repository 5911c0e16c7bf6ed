// The command line: what the program does when it is started.
#pragma once

namespace rta {

// Runs one command and returns the exit code of exit_code.h. Results go to
// standard output, everything else to standard error.
int run_command_line(int argc, const char* const* argv);

}  // namespace rta

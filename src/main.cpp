#include "cli/cli.h"

int main(int argc, char** argv) { return rta::run_command_line(argc, argv); }

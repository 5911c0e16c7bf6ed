// Our readers of env files against the programs that are no libraries: dash,
// bash, systemd's own parser, docker's command line and joho/godotenv. A
// program that is not installed skips its part and says so.
#include "tests/differential/dotenv_cases.h"

using namespace rta;
using files::DotenvDialect;
using testing::compare;
using testing::count_of_cases;

namespace {

std::string reader(std::string_view name) { return fmt::format("{}/{}", RTA_READERS, name); }

}  // namespace

TEST_CASE("dash agrees with the sh dialect") {
  compare("/usr/bin/python3", {reader("dotenv_shell.py"), "/bin/dash"}, "", DotenvDialect::sh,
          count_of_cases(300));
}

TEST_CASE("bash agrees with the sh dialect") {
  compare("/usr/bin/python3", {reader("dotenv_shell.py"), "/bin/bash"}, "", DotenvDialect::sh,
          count_of_cases(300));
}

TEST_CASE("systemd's parser agrees with the systemd dialect") {
  compare("/usr/bin/python3", {reader("dotenv_systemd.py")}, "", DotenvDialect::systemd,
          count_of_cases(4000));
}

TEST_CASE("docker run --env-file agrees with the docker dialect") {
  compare("/usr/bin/python3", {reader("dotenv_docker.py")}, "", DotenvDialect::docker,
          count_of_cases(100));
}

TEST_CASE("joho/godotenv agrees with the go dialect") {
  compare(RTA_GO_READERS, {"dotenv"}, "", DotenvDialect::go, count_of_cases(4000));
}

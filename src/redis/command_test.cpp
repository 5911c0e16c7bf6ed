#include "redis/command.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::redis;

static_assert(is_scan_command("CLIENT LIST"));
static_assert(!is_scan_command("CONFIG SET"));
static_assert(!is_scan_command("FLUSHALL"));
static_assert(!is_scan_command("MONITOR"));
static_assert(!is_scan_command("ACL LOG RESET"));
static_assert(!is_scan_command("GET"));
static_assert(is_config_parameter("tls-port"));
static_assert(!is_config_parameter("requirepass"));
static_assert(!is_config_parameter("masterauth"));
static_assert(!is_config_parameter("tls-key-file-pass"));
static_assert(!is_config_parameter("tls-client-key-file-pass"));

TEST_CASE("no parameter that is asked for is a pattern or a secret") {
  for (const std::string_view name : kConfigParameters) {
    INFO(name);
    CHECK(name.find_first_of("*?[") == std::string_view::npos);
    CHECK_FALSE(name.ends_with("pass"));
    CHECK_FALSE(name.ends_with("auth"));
  }
}

TEST_CASE("commands are arrays of strings, so that no argument can become another command") {
  CHECK(as_text(Command{"CLIENT LIST"}.wire()) == "*2\r\n$6\r\nCLIENT\r\n$4\r\nLIST\r\n");
  CHECK(as_text(Command::config_get("port").wire()) ==
        "*3\r\n$6\r\nCONFIG\r\n$3\r\nGET\r\n$4\r\nport\r\n");
  CHECK(as_text(Command::hello("a\r\nFLUSHALL", Secret{"p w"}).wire()) ==
        "*7\r\n$5\r\nHELLO\r\n$1\r\n2\r\n$4\r\nAUTH\r\n$11\r\na\r\nFLUSHALL\r\n$3\r\np "
        "w\r\n$7\r\nSETNAME\r\n"
        "$15\r\nredis-tls-audit\r\n");
  CHECK(as_text(Command::auth("", Secret{"x"}).wire()) == "*2\r\n$4\r\nAUTH\r\n$1\r\nx\r\n");
}

TEST_CASE("the audit user holds a rule for every command and starts from nothing") {
  const std::string rules = audit_user_rules();
  CHECK(rules.starts_with("resetkeys resetchannels -@all +ping"));
  CHECK(rules.find("+config|get") != std::string::npos);
  CHECK(rules.find("+@") == std::string::npos);
  CHECK(rules.find("+config ") == std::string::npos);
  CHECK(rules.find("sentinel") == std::string::npos);
}

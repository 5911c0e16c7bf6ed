#include "tests/support/check_story.h"
#include "tests/support/redis_story.h"

namespace rta::checks {
extern const Check audit_trail_durable_log;
}

using namespace rta;
using namespace rta::testing;

namespace {

const Check& check = checks::audit_trail_durable_log;

Status told(const std::map<std::string, std::string>& changed) {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  for (const auto& [name, value] : changed) conf.effective[name] = value;
  return findings(check, evidence).front().status;
}

}  // namespace

TEST_CASE("a file, syslog or a supervisor keeps the log") {
  CHECK(told({{"logfile", "/var/log/redis/redis.log"}}) == Status::pass);
  CHECK(told({{"syslog-enabled", "yes"}}) == Status::pass);
  CHECK(told({{"supervised", "systemd"}}) == Status::pass);
  CHECK(told({{"logfile", "/var/log/redis.log"}, {"daemonize", "yes"}}) == Status::pass);
}

TEST_CASE("standard output without a supervisor warns, and is lost when daemonized") {
  CHECK(told({}) == Status::warn);
  CHECK(told({{"daemonize", "yes"}}) == Status::fail);
}

TEST_CASE("a log that is switched off fails") {
  CHECK(told({{"logfile", "/dev/null"}}) == Status::fail);
  CHECK(told({{"logfile", "/var/log/redis.log"}, {"loglevel", "warning"}}) == Status::fail);
  CHECK(told({{"loglevel", "nothing"}}) == Status::fail);
}

TEST_CASE("a container's log is kept by a driver that compose names, and lost by none") {
  Evidence evidence = story();
  RedisConfiguration& conf = add_configuration(evidence);
  conf.source = "docker-compose.yml#redis";
  conf.service = "redis";
  ComposeProject compose;
  compose.services.push_back({.name = "redis"});
  evidence.compose = compose;
  const auto status = [&](const std::string& driver) {
    evidence.compose.value()->services.front().log_driver = driver;
    return findings(check, evidence).front().status;
  };
  CHECK(status("") == Status::warn);
  CHECK(status("journald") == Status::pass);
  CHECK(status("none") == Status::fail);
}

TEST_CASE("a live server tells its supervisor, and a denied CONFIG is unknown") {
  Evidence evidence = story();
  RedisServer server = open_server();
  server.info["process_supervised"] = "systemd";
  Endpoint& endpoint = add_endpoint(evidence, server);
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::pass}});
  endpoint.redis.value()->config.clear();
  CHECK(verdicts(check, evidence) == Verdicts{{"endpoint redis:6379", Status::unknown}});
}

TEST_CASE("development only informs") {
  Evidence evidence = story();
  add_configuration(evidence);
  const Finding finding = findings(check, evidence, profile("development")).front();
  CHECK(finding.status == Status::warn);
  CHECK(finding.severity == Severity::info);
}

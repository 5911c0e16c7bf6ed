#include "rehearse/conf_rewrite.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "files/redis_conf/redis_conf.h"

using namespace rta;
using namespace rta::rehearse;

namespace {

RedisConfiguration configuration(const std::string& text, const std::string& acl = {}) {
  const RedisConfFiles files{.read = [=](const std::string& path) {
    return path == "redis.conf" ? RedisConfFiles::Text{.text = text, .path = "redis.conf"}
                                : RedisConfFiles::Text{.text = acl, .path = path};
  }};
  return read_redis_conf({.arguments = {"redis.conf"}, .source = "redis.conf"}, files).facts;
}

constexpr const char* kGuide =
    "port 0\ntls-port 6379\ntls-cert-file c\ntls-key-file k\ntls-auth-clients no\ntls-protocols "
    "\"TLSv1.2 TLSv1.3\"\n";

const Stage kStage{.address = "127.1.2.3", .port = 1, .tls_port = 2, .bus_port = 3};

bool has_line(const RewrittenConfiguration& rewritten, const std::string& start) {
  for (const std::string_view line : split(rewritten.text, '\n'))
    if (line.starts_with(start)) return true;
  return false;
}

std::string told(const RewrittenConfiguration& rewritten) {
  std::string all;
  for (const Gap& gap : rewritten.not_applied) all += gap.detail + "\n";
  return all;
}

}  // namespace

TEST_CASE("only allowed settings are passed on, and each refusal names its line") {
  const RedisConfiguration conf = configuration(
      std::string{kGuide} +
      "loadmodule /evil.so\nlogfile \"\"\ndir /\nrename-command GET \"\"\nrequirepass hunter2\n"
      "unixsocket /tmp/x\nsave 1 1\nappendonly yes\nenable-debug-command yes\nreplicaof 10.0.0.9 "
      "6379\nmasterauth hunter3\npidfile /evil.pid\ndbfilename evil.rdb\nmaxmemory 9gb\nio-threads "
      "4\noom-score-adj yes\nsupervised no\ndaemonize yes\n");
  REQUIRE_MESSAGE(!conf.refused, *conf.refused);
  const RewrittenConfiguration rewritten = rewrite_configuration(conf, kStage);
  for (const std::string word :
       {"evil", "hunter", "/tmp/x", "***", "appendonly \"yes\"", "10.0.0.9", "bind \"*", "9gb",
        "io-threads", "oom-score", "supervised"})
    CHECK_MESSAGE(rewritten.text.find(word) == std::string::npos, word);
  CHECK(has_line(rewritten, "tls-port \"2\""));
  CHECK(has_line(rewritten, "port \"0\""));
  CHECK(has_line(rewritten, "bind \"127.1.2.3\""));
  const std::string all = told(rewritten);
  for (const std::string line :
       {"redis.conf:7:1: loadmodule was not applied",
        "redis.conf:10:1: rename-command was not applied",
        "redis.conf:15:1: enable-debug-command was not applied",
        "redis.conf:16:1: replicaof was not applied", "redis.conf:17:1: masterauth was not applied",
        "unixsocket (redis.conf:12:1)", "dir (redis.conf:9:1)", "maxmemory (redis.conf:20:1)",
        "daemonize (redis.conf:24:1)"})
    CHECK_MESSAGE(all.find(line) != std::string::npos, line << " in\n" << all);
  // What the private server mirrors is not worth a word.
  CHECK(all.find("requirepass") == std::string::npos);
  CHECK(all.find("tls-port") == std::string::npos);
}

TEST_CASE("every line of the text keeps the place that it stands for") {
  const RewrittenConfiguration rewritten = rewrite_configuration(configuration(kGuide), kStage);
  const auto lines = split(rewritten.text, '\n');
  REQUIRE(lines.size() == rewritten.lines.size() + 1);  // the last one is empty
  for (std::size_t i = 0; i < rewritten.lines.size(); ++i)
    CHECK(lines[i].starts_with(rewritten.lines[i].directive + " "));
  const auto protocols =
      std::ranges::find(rewritten.lines, "tls-protocols", &RewrittenConfiguration::Line::directive);
  REQUIRE(protocols != rewritten.lines.end());
  CHECK(protocols->at.text() == "redis.conf:6:1");
}

TEST_CASE("a value cannot smuggle a second directive in") {
  RedisConfiguration conf = configuration(kGuide);
  conf.effective["tls-ciphers"] = "DEFAULT\nloadmodule /evil.so\n";
  conf.users = {{.name = "a\nloadmodule b", .rules = "~x\nloadmodule c +get"}};
  const std::string text = rewrite_configuration(conf, kStage).text;
  CHECK(text.find("\nloadmodule") == std::string::npos);
}

TEST_CASE("users are taken over with their rules and without their passwords") {
  const RedisConfiguration conf = configuration(
      std::string{kGuide} + "aclfile users.acl\n",
      "user default off\nuser backend on >hunter2 ~app:* +get +set\nuser guest on nopass +ping\n");
  REQUIRE_FALSE(conf.refused);
  const RewrittenConfiguration rewritten = rewrite_configuration(conf, kStage);
  CHECK(rewritten.text.find("hunter2") == std::string::npos);
  CHECK(rewritten.text.find("aclfile") == std::string::npos);
  CHECK(has_line(rewritten, "user \"default\""));
  CHECK(rewritten.text.find("\"~app:*\" \"+get\" \"+set\" resetpass #") != std::string::npos);
  CHECK(rewritten.text.find("\"+ping\" resetpass nopass on") != std::string::npos);
}

TEST_CASE("where the users are not known nobody may log in") {
  RedisConfiguration conf = configuration(kGuide);
  conf.users.clear();
  const RewrittenConfiguration rewritten = rewrite_configuration(conf, kStage);
  CHECK(has_line(rewritten, "user default on #"));
}

TEST_CASE("the observer is one more user, over a socket of its own") {
  Stage stage = kStage;
  stage.observer = "rehearsal-1";
  stage.observer_sha256 = std::string(64, 'a');
  stage.observer_rules = "+ping";
  const RewrittenConfiguration rewritten = rewrite_configuration(configuration(kGuide), stage);
  CHECK(has_line(rewritten, "user rehearsal-1 reset on #aaaa"));
  CHECK(has_line(rewritten, "unixsocket \"observer.sock\""));
  CHECK_FALSE(has_line(rewrite_configuration(configuration(kGuide), kStage), "unixsocket"));
}

TEST_CASE("what the release does not know is left out") {
  Stage stage = kStage;
  stage.unknown = {"tls-protocols"};
  const RewrittenConfiguration rewritten = rewrite_configuration(configuration(kGuide), stage);
  CHECK_FALSE(has_line(rewritten, "tls-protocols"));
  CHECK(told(rewritten).find("redis.conf:6:1: the installed redis-server does not know") == 0);
}

TEST_CASE("only what was taken over counts as told by the project's server") {
  CHECK(is_of_the_project("tls-protocols"));
  for (const char* ours : {"bind", "port", "logfile", "unixsocket", "tls-cert-file", "loadmodule",
                           "slowlog-log-slower-than"})
    CHECK_FALSE(is_of_the_project(ours));
}

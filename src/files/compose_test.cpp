#include "files/compose.h"

#include <doctest/doctest.h>

#include "files/shell_words.h"
#include "files/yaml_tree.h"

using namespace rta;

namespace {

using Tree = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

ComposeReading reading(const Tree& tree, ComposeInput input = {}) {
  const ComposeFiles files{.read = [&tree](const std::string& path) -> ComposeFiles::Text {
    const auto found = tree.find(path);
    if (found == tree.end()) return {};
    return {.text = found->second, .exists = true};
  }};
  auto answer = read_compose(input, files);
  REQUIRE(answer);
  return std::move(*answer);
}

ComposeReading reading_of(const std::string& text) {
  return reading({{"docker-compose.yml", text}});
}

std::string in_redis(const std::string& lines) {
  return "services:\n  redis:\n    image: redis:7-alpine\n" + lines;
}

const ComposeServiceReading& service(const ComposeReading& answer, const std::string& name) {
  INFO(answer.refused.value_or(""));
  for (const ComposeServiceReading& candidate : answer.services)
    if (candidate.name == name) return candidate;
  FAIL("no service ", name);
  std::abort();
}

std::optional<std::string> variable(const ComposeReading& answer, const std::string& name) {
  return service(answer, "redis").environment.at(name).value;
}

Words argv(const ComposeReading& answer) {
  return redis_launch(service(answer, "redis")).argv.value_or(Words{"(none)"});
}

}  // namespace

TEST_CASE("a command string is split without any expansion") {
  CHECK(*split_shell_words(R"(a 'b c' "d e" f\ g)") == Words{"a", "b c", "d e", "f g"});
  CHECK(*split_shell_words(R"("b\nc" $HOME ~ * {a,b} # x)") ==
        Words{"bnc", "$HOME", "~", "*", "{a,b}", "#", "x"});
  CHECK(*split_shell_words("redis-server --requirepass p&w --port 0") ==
        Words{"redis-server", "--requirepass", "p"});
  CHECK(*split_shell_words("a 2>x") == Words{"a"});
  CHECK(*split_shell_words("'' \"\"") == Words{"", ""});
  CHECK(*split_shell_words("a \\\n b") == Words{"a", "\n", "b"});
  CHECK_FALSE(split_shell_words("a 'b"));
  CHECK_FALSE(split_shell_words("a (b)"));
  CHECK_FALSE(split_shell_words("a\\"));
}

TEST_CASE("a shell script is understood only as one plain command") {
  CHECK(redis_command_of_script("exec redis-server --port 0") ==
        Words{"redis-server", "--port", "0"});
  CHECK(redis_command_of_script("chown x /data && redis-server /c.conf") ==
        Words{"redis-server", "/c.conf"});
  CHECK(redis_command_of_script("redis-server --requirepass $(cat /run/x)") == std::nullopt);
  CHECK(redis_command_of_script("redis-server | tee log") == std::nullopt);
  CHECK(redis_command_of_script("echo hi") == std::nullopt);
}

TEST_CASE("merge keys are applied, duplicates refused, and circular anchors end") {
  const auto documents = read_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", "f");
  REQUIRE(documents);
  CHECK(documents->at(0).find("b")->find("x")->text == "1");
  CHECK(documents->at(0).find("b")->find("y")->text == "3");
  CHECK(read_yaml("a: 1\na: 2\n", "f").error().where == "f:2:1");
  CHECK_FALSE(read_yaml("a: &a [*a]\n", "f"));
  CHECK_FALSE(read_yaml("a:\n\t- b\n", "f"));
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i)
    bomb +=
        fmt::format("a{0}: &a{0} [*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1},*a{1}]\n", i, i - 1);
  CHECK_FALSE(read_yaml(bomb, "f"));
}

TEST_CASE("scalars of an environment are typed as compose types them") {
  const ComposeReading answer =
      reading_of(in_redis("    environment:\n      A: true\n      B: yes\n      C: 010\n      D: "
                          "0x10\n      E: 1e3\n      F: 1.10\n"
                          "      G:\n      H: '010'\n      I: True\n"));
  CHECK(variable(answer, "A") == "true");
  CHECK(variable(answer, "B") == "yes");
  CHECK(variable(answer, "C") == "8");
  CHECK(variable(answer, "D") == "16");
  CHECK(variable(answer, "E") == "1000");
  CHECK(variable(answer, "F") == "1.1");
  CHECK(variable(answer, "G") == std::nullopt);
  CHECK(variable(answer, "H") == "010");
  CHECK(variable(answer, "I") == "true");
}

TEST_CASE("the guide's service is TLS only by its folded command") {
  const ComposeReading answer = reading_of(in_redis(
      "    ports:\n      - \"6379:6379\"\n    volumes:\n      - ./certs/redis:/certs/redis:ro\n"
      "    command: >\n      redis-server\n      --port 0\n      --tls-protocols \"TLSv1.2 "
      "TLSv1.3\"\n"));
  CHECK(argv(answer) == Words{"redis-server", "--port", "0", "--tls-protocols", "TLSv1.2 TLSv1.3"});
  const ComposeServiceReading& redis = service(answer, "redis");
  REQUIRE(redis.ports.size() == 1);
  CHECK(redis.ports[0].host_ip.empty());
  CHECK(redis.ports[0].published == "6379");
  REQUIRE(redis.mounts.size() == 1);
  CHECK(redis.mounts[0].source == "certs/redis");
  CHECK(redis.mounts[0].read_only);
}

TEST_CASE("the image's entry point puts redis-server in front") {
  CHECK(argv(reading_of(in_redis(""))) == Words{"redis-server"});
  CHECK(argv(reading_of(in_redis("    command: [\"/etc/r.conf\", \"--port\", \"0\"]\n"))) ==
        Words{"redis-server", "/etc/r.conf", "--port", "0"});
  CHECK(argv(reading_of(in_redis("    command: --port 0\n"))) ==
        Words{"redis-server", "--port", "0"});
  CHECK(argv(reading_of(in_redis("    command: sh -c 'redis-server --requirepass $$PW'\n"))) ==
        Words{"(none)"});
}

TEST_CASE("an unset variable vanishes from a string and stays empty in a list") {
  CHECK(argv(reading_of(in_redis("    command: redis-server --requirepass ${PW} --port 0\n"))) ==
        Words{"redis-server", "--requirepass", "--port", "0"});
  CHECK(argv(reading_of(in_redis("    command: [redis-server, --requirepass, \"${PW}\"]\n"))) ==
        Words{"redis-server", "--requirepass", ""});
}

TEST_CASE("the project's .env interpolates and the process environment beats it") {
  const Tree tree{{"docker-compose.yml",
                   in_redis("    environment:\n      - A=${X}-$Y\n      - B\n      - C=$$X\n")},
                  {".env", "X=file\nY=file\n"}};
  const ComposeReading answer = reading(tree, {.environment = {{"Y", "process"}}});
  CHECK(variable(answer, "A") == "file-process");
  CHECK(variable(answer, "B") == std::nullopt);
  CHECK(variable(answer, "C") == "$X");
}

TEST_CASE("environment beats env_file, later files beat earlier ones") {
  const Tree tree{
      {"compose.yaml", in_redis("    env_file: [a.env, b.env]\n    environment: {X: here}\n")},
      {"a.env", "X=a\nY=a\nZ=a\n"},
      {"b.env", "Y=b\n"}};
  const ComposeReading answer = reading(tree);
  CHECK(variable(answer, "X") == "here");
  CHECK(variable(answer, "Y") == "b");
  CHECK(variable(answer, "Z") == "a");
  CHECK(service(answer, "redis").environment.at("Y").location.text() == "b.env:1:1");
}

TEST_CASE("the override file is merged on top by compose's rules") {
  const Tree tree{
      {"docker-compose.yml",
       in_redis("    command: redis-server --port 0\n    ports: [\"1:1\"]\n"
                "    environment: [A=1, B=1]\n    volumes: [\"./a:/x\", \"./b:/y\"]\n")},
      {"docker-compose.override.yml",
       "services:\n  redis:\n    command: redis-server --port 1\n    ports: [\"2:2\"]\n"
       "    environment: {B: 2}\n    volumes: [\"./c:/x:ro\"]\n"}};
  const ComposeReading answer = reading(tree);
  CHECK(answer.files == Words{"docker-compose.yml", "docker-compose.override.yml"});
  CHECK(argv(answer) == Words{"redis-server", "--port", "1"});
  const ComposeServiceReading& redis = service(answer, "redis");
  CHECK(redis.ports.size() == 2);
  CHECK(variable(answer, "A") == "1");
  CHECK(variable(answer, "B") == "2");
  REQUIRE(redis.mounts.size() == 2);
  CHECK(redis.mounts[0].source == "c");
  CHECK(redis.mounts[1].source == "b");
  CHECK(reading(tree, {.with_override = false}).files.size() == 1);
}

TEST_CASE("extends takes over another service, with paths of its own file") {
  const Tree tree{{"docker-compose.yml",
                   "services:\n  redis:\n    extends: {file: base/b.yml, service: r}\n"
                   "    environment: [B=2]\n"},
                  {"base/b.yml",
                   "services:\n  r:\n    image: redis:7\n    environment: [A=1, B=1]\n"
                   "    volumes: [\"./certs:/certs\"]\n"}};
  const ComposeReading answer = reading(tree);
  CHECK(service(answer, "redis").image == "redis:7");
  CHECK(variable(answer, "A") == "1");
  CHECK(variable(answer, "B") == "2");
  CHECK(service(answer, "redis").mounts.at(0).source == "base/certs");
  CHECK(reading_of("services:\n  a: {extends: b}\n  b: {extends: a}\n").refused);
}

TEST_CASE("an included project has its own folder, and the outer variables win") {
  const Tree tree{
      {"docker-compose.yml", "include: [sub/compose.yml]\nservices:\n  app: {image: x}\n"},
      {".env", "V=outer\n"},
      {"sub/.env", "V=inner\nW=inner\n"},
      {"sub/compose.yml", in_redis("    environment: [\"A=$V$W\"]\n    volumes: [\"./c:/c\"]\n")}};
  const ComposeReading answer = reading(tree);
  CHECK(variable(answer, "A") == "outerinner");
  CHECK(service(answer, "redis").mounts.at(0).source == "sub/c");
}

TEST_CASE("profiles decide what is started") {
  const std::string text = in_redis("    profiles: [debug]\n");
  CHECK_FALSE(service(reading_of(text), "redis").active);
  CHECK(service(reading({{"docker-compose.yml", text}}, {.profiles = {"debug"}}), "redis").active);
}

TEST_CASE("projects that compose refuses are refused with a place") {
  const auto refusal = [](const std::string& text) {
    const ComposeReading answer = reading_of(text);
    CHECK(answer.services.empty());
    return answer.refused_at.text() + " " + answer.refused.value_or("loads");
  };
  CHECK(refusal(in_redis("    comand: x\n")).find("docker-compose.yml:4") == 0);
  CHECK(refusal(in_redis("    command: [redis-server, --port, 0]\n"))
            .find("command.2 must be a string") != std::string::npos);
  CHECK(refusal(in_redis("    environment: [\"A=${B\"]\n")).find("Invalid template") !=
        std::string::npos);
  CHECK(refusal(in_redis("    command: \"a 'b\"\n")).find("invalid command line") !=
        std::string::npos);
  CHECK(refusal(in_redis("    env_file: no.env\n")).find("not found") != std::string::npos);
  CHECK(refusal(in_redis("    volumes: [\"data:/data\"]\n")).find("undefined volume") !=
        std::string::npos);
  CHECK(refusal("redis:\n  image: redis\n").find("additional properties 'redis'") !=
        std::string::npos);
  CHECK(refusal("services:\n  redis: {}\n").find("neither an image nor a build") !=
        std::string::npos);
  CHECK(refusal("").find("empty compose file") != std::string::npos);
}

TEST_CASE("ports are taken apart") {
  const ComposeReading answer = reading_of(
      in_redis("    ports: [\"127.0.0.1:1:2\", \"[::1]:3:4/udp\", \"5\", \"7000-7001:8000-8001\", "
               "{target: 9, published: \"10\", host_ip: 1.2.3.4}]\n"));
  const auto& ports = service(answer, "redis").ports;
  REQUIRE(ports.size() == 6);
  CHECK(ports[0].host_ip == "127.0.0.1");
  CHECK(ports[1].host_ip == "::1");
  CHECK(ports[1].protocol == "udp");
  CHECK(ports[2].published.empty());
  CHECK(ports[4].target == 8001);
  CHECK(ports[5].host_ip == "1.2.3.4");
}

TEST_CASE("a project cut at any byte loads or is refused") {
  const std::string whole = in_redis(
      "    command: [\"redis-server\", \"--port\", \"0\"]\n    environment: {A: \"${B:-c}\"}\n"
      "    ports: [\"127.0.0.1:6379:6379\"]\nx-a: &a {b: 1}\n");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const ComposeReading answer = reading_of(whole.substr(0, size));
    if (answer.refused) CHECK(answer.services.empty());
  }
}

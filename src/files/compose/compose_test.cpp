#include "files/compose/compose.h"
#include "files/compose/compose_images.h"

#include <doctest/doctest.h>

#include "files/compose/yaml_tree.h"
#include "files/shell_words.h"

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
  CHECK(*split_shell_words("a \\\n b") == Words{"a", "\nb"});
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
  // What stands before the server may change what it reads.
  CHECK(redis_command_of_script("sed -i s/0/1/ /c.conf && redis-server /c.conf") == std::nullopt);
  CHECK(redis_command_of_script("echo port 1 >> /c.conf; redis-server /c.conf") == std::nullopt);
  CHECK(redis_command_of_script("echo a; redis-server --requirepass 'a;b' \\\n --port 0") ==
        Words{"redis-server", "--requirepass", "a;b", "--port", "0"});
  const auto set = [](const std::string& name) {
    return name == "PW"  ? std::optional<std::string>{"p w"}
           : name == "P" ? std::optional<std::string>{"7"}
                         : std::nullopt;
  };
  CHECK(redis_command_of_script("exec redis-server --requirepass \"$PW\" --port ${P}", set) ==
        Words{"redis-server", "--requirepass", "p w", "--port", "7"});
  CHECK(redis_command_of_script("redis-server --requirepass '$PW'", set) ==
        Words{"redis-server", "--requirepass", "$PW"});
  CHECK(redis_command_of_script("redis-server --requirepass $PW", set) == std::nullopt);
  CHECK(redis_command_of_script("redis-server --requirepass \"${NO}\"", set) == std::nullopt);
  CHECK(redis_command_of_script("redis-server --requirepass \"${PW:-x}\"", set) == std::nullopt);
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

TEST_CASE("what a variable becomes is text, whatever it looks like") {
  const Tree tree{
      {"compose.yml", in_redis("    command: [redis-server, --port, \"${P}\", --timeout, $P]\n"
                               "    environment:\n      A: ${P}\n      B: ${NO}\n      C: $Q\n")}};
  const ComposeReading answer = reading(tree, {.environment = {{"P", "010"}, {"Q", "~"}}});
  CHECK(argv(answer) == Words{"redis-server", "--port", "010", "--timeout", "010"});
  CHECK(variable(answer, "A") == "010");
  CHECK(variable(answer, "B") == "");
  CHECK(variable(answer, "C") == "~");
}

TEST_CASE("a dollar that begins no variable is itself, and defaults nest") {
  const Tree tree{{"compose.yml", in_redis("    environment:\n      - A=^x$$y$ 1$1$\n"
                                           "      - B=${U:-a${E:-b}c}d${P+e}${E:+f}${U-g}\n"
                                           "      - D=${P:?no}${E?no}\n"
                                           "      - E=a${U:-b} c} d\n")}};
  const ComposeReading answer = reading(tree, {.environment = {{"P", "p"}, {"E", ""}}});
  CHECK(variable(answer, "A") == "^x$y$ 1$1$");
  CHECK(variable(answer, "B") == "abcdeg");
  CHECK(variable(answer, "D") == "p");
  CHECK(variable(answer, "E") == "ab c} d");
  for (const char* bad :
       {"${", "${}", "${ P}", "${P }", "${P!}", "${1}", "${P:-a", "${U:?}", "${U:-{}}${P:-x}"})
    CHECK(reading_of(in_redis(fmt::format("    environment: [\"A={}\"]\n", bad))).refused);
}

TEST_CASE("scalars are what yaml.v3 makes of them, printed as Go prints them") {
  constexpr std::pair<const char*, const char*> kAnswers[]{
      {"1e6", "1e+06"},
      {"1e5", "100000"},
      {"1234567.5", "1.2345675e+06"},
      {"0.00001", "1e-05"},
      {"1e400", "1e400"},
      {"08", "8"},
      {"0_7", "7"},
      {"0x_1", "1"},
      {"0b2", "0b2"},
      {"-0x10", "-16"},
      {"_1", "_1"},
      {"+.5", "0.5"},
      {".", "."},
      {"1.", "1"},
      {".nAn", ".nAn"},
      {"-.INF", "-Inf"},
      {"1:30", "1:30"},
      {"tRue", "tRue"},
      {"0O7", "7"},
      {"1_000.5", "1000.5"},
      {"18446744073709551615", "18446744073709551615"},
      {"18446744073709551616", "1.8446744073709552e+19"},
      {"-0", "0"},
      {"2001-01-01", "2001-01-01 00:00:00 +0000 UTC"},
      {"2001-13-01", "2001-13-01"},
      {"!!str 010", "010"},
      {"!!int \"5\"", "5"},
      {"._1", "._1"}};
  for (const auto& [written, value] : kAnswers) {
    INFO(written);
    CHECK(variable(reading_of(in_redis(fmt::format("    environment:\n      A: {}\n", written))),
                   "A") == value);
  }
}

TEST_CASE("booleans and numbers may come as text, and a bad one refuses") {
  const ComposeReading answer =
      reading_of(in_redis("    privileged: \"yes\"\n    read_only: On\n    volumes:\n"
                          "      - {type: bind, source: ./c, target: /c, read_only: \"y\"}\n"
                          "    ports: [{target: \"7\", published: 010}]\n"));
  CHECK(service(answer, "redis").privileged);
  CHECK(service(answer, "redis").read_only_root);
  CHECK(service(answer, "redis").mounts.at(0).read_only);
  CHECK(service(answer, "redis").ports.at(0).published == "8");
  CHECK(reading_of(in_redis("    privileged: maybe\n")).refused);
  CHECK(reading_of(in_redis("    ports: [{target: x}]\n")).refused);
}

TEST_CASE("short ports are those of docker's own parser") {
  const auto ports = [](const std::string& text) {
    const ComposeReading answer = reading_of(in_redis("    ports: [" + text + "]\n"));
    if (answer.refused) return std::string{"refused"};
    std::string all;
    for (const ComposePort& port : service(answer, "redis").ports)
      all += fmt::format("{}|{}|{}/{} ", port.host_ip, port.published, port.target, port.protocol);
    return all;
  };
  CHECK(ports("6379") == "||6379/tcp ");
  CHECK(ports("\":6379\"") == "||6379/tcp ");
  CHECK(ports("\"127.0.0.1::6379\"") == "127.0.0.1||6379/tcp ");
  CHECK(ports("\"::1:1:2\"") == "::1|1|2/tcp ");
  CHECK(ports("\"9-10:9-10\"") == "|10|10/tcp |9|9/tcp ");
  CHECK(ports("\"7-9:6379/UDP\"") == "|7-9|6379/udp ");
  CHECK(ports("\"6379:6379\", \"6379:6379\", \"6378-6379:6378-6379\"") ==
        "|6379|6379/tcp |6378|6378/tcp ");
  for (const char* bad : {"\"localhost:1:1\"", "\"1:\"", "\"1:2/x\"", "\"1-2:3-5\"", "\"5-4\"",
                          "\"70000\"", "\"a\"", "1.5", "{published: 1}", "{target: 1, to: 2}"})
    CHECK(ports(bad) == "refused");
}

TEST_CASE("short mounts are those of docker's own parser") {
  const auto mounts = [](const std::string& text) {
    const ComposeReading answer =
        reading_of(in_redis("    volumes: [" + text + "]\n") + "volumes: {vol: }\n");
    if (answer.refused) return std::string{"refused"};
    std::string all;
    for (const ComposeMount& mount : service(answer, "redis").mounts)
      all += fmt::format("{}|{}|{}{} ", mount.type, mount.source, mount.target,
                         mount.read_only ? "|ro" : "");
    return all;
  };
  CHECK(mounts("./a:/a/../b:ro") == "bind|a|/b|ro ");
  CHECK(mounts("'vol:/v:ro,z'") == "volume|vol|/v|ro ");
  CHECK(mounts("/data") == "volume||/data ");
  CHECK(mounts("other:/x:rw") == "refused");
  CHECK(mounts("v:/v") == "volume||v:/v ");  // one letter is a drive
  CHECK(mounts("vol:/v, /h:/v") == "bind|/h|/v ");
  CHECK(mounts("'C:\\x:/y'") == "bind|C:\\x|/y ");
  for (const char* bad : {"''", "'vol::b'", "'./a:/b:ro:z'", "':/b'", "{source: ./a, target: /b}",
                          "{type: bind, target: /b}", "{type: bound, source: ./a, target: /b}"})
    CHECK(mounts(bad) == "refused");
}

TEST_CASE("!reset takes away, !override replaces, and only names that a map has") {
  const std::string base = in_redis(
      "    command: redis-server --port 0\n    ports: [\"1:1\"]\n    volumes: [/a, /b]\n"
      "    environment: {A: 1, B: 2}\n");
  const auto with = [&base](const std::string& lines) {
    return reading(
        {{"compose.yml", base}, {"compose.override.yml", "services:\n  redis:\n" + lines}});
  };
  const ComposeReading reset = with(
      "    command: !reset null\n    ports: !reset []\n"
      "    environment: {A: !reset null}\n");
  CHECK(argv(reset) == Words{"redis-server"});
  CHECK(service(reset, "redis").ports.empty());
  CHECK(service(reset, "redis").environment.size() == 1);
  const ComposeReading over =
      with("    ports: !override [\"2:2\"]\n    volumes: [!reset /b, /c]\n");
  REQUIRE(service(over, "redis").ports.size() == 1);
  CHECK(service(over, "redis").ports[0].target == 2);
  CHECK(service(over, "redis").mounts.size() == 3);
  CHECK(argv(with("    command:\n")) == Words{"redis-server"});
  CHECK(service(with("    ports:\n"), "redis").ports.size() == 1);
  CHECK(with("    ports: {a: 1}\n").refused);
}

TEST_CASE("an env file sees the project, the service, earlier files and earlier lines") {
  const Tree tree{{"compose.yml", in_redis("    env_file: [a.env, {path: b.env}, "
                                           "{path: no.env, required: false}]\n"
                                           "    environment: [S=service, BARE]\n")},
                  {".env", "P=project\n"},
                  {"a.env", "X=a\nP=file\nBARE=file\n"},
                  {"b.env", "X=b\nY=$X\nZ=$S$P\nP2=$P\n"}};
  const ComposeReading answer = reading(tree);
  CHECK(variable(answer, "Y") == "b");
  CHECK(variable(answer, "Z") == "serviceproject");
  CHECK(variable(answer, "P") == "file");
  CHECK(variable(answer, "P2") == "project");
  CHECK(variable(answer, "BARE") == std::nullopt);
}

TEST_CASE("what an inactive service lacks refuses nothing") {
  const std::string idle =
      "  idle:\n    profiles: [x]\n    env_file: no.env\n    networks: [no]\n"
      "    volumes: [\"no:/x\"]\n    depends_on: [no]\n";
  const Tree tree{{"compose.yml", in_redis("") + idle}};
  CHECK_FALSE(reading(tree).refused);
  CHECK(reading(tree, {.profiles = {"x"}}).refused);
  CHECK(reading_of(in_redis("    depends_on: [idle]\n") + idle).refused);
  CHECK_FALSE(reading_of(in_redis("    depends_on: {idle: {condition: service_started, required: "
                                  "false}}\n") +
                         idle)
                  .refused);
}

TEST_CASE("the schema refuses what compose refuses") {
  for (const char* bad :
       {"    environment:\n", "    ports:\n", "    restart: false\n", "    user: 1000\n",
        "    healthcheck: {test: [redis-cli, ping]}\n", "    healthcheck: {tset: x}\n",
        "    environment: {1: a}\n", "    environment: {A: [b]}\n", "    env_file: [{file: x}]\n",
        "    stop_grace_period: 10\n", "    network_mode: host\n    networks: [default]\n",
        "    depends_on: [redis]\n", "    depends_on: {redis: {}}\n", "    logging: {drivers: x}\n",
        "    secrets: [s]\nsecrets: {s: {}}\n", "    secrets: [{source: s, tgt: x}]\n",
        "    image: redis\nversion: 3.8\n", "volumes:\n", "    build: {contxt: .}\n"}) {
    INFO(bad);
    CHECK(reading_of(std::string{"services:\n  redis:\n    hostname: h\n"} +
                     std::string{std::string_view{bad}.find("image") == std::string_view::npos
                                     ? "    image: redis\n"
                                     : ""} +
                     bad)
              .refused);
  }
  CHECK_FALSE(reading_of(in_redis("    expose: [6379]\n    cpus: 0.5\n    command: ~\n") +
                         "volumes: {v: }\nnetworks: {n: }\nx-any: [1]\n")
                  .refused);
}

TEST_CASE("includes that define the same resource twice must agree") {
  const std::string sub = "services:\n  a: {image: x}\nvolumes: {v: {name: n}}\n";
  Tree tree{{"compose.yml", "include: [one.yml, two.yml]\n"}, {"one.yml", sub}, {"two.yml", sub}};
  CHECK_FALSE(reading(tree).refused);
  tree["two.yml"] = "services:\n  b: {image: x}\nvolumes: {v: {name: m}}\n";
  CHECK(reading(tree).refused);
}

TEST_CASE("paths below a folder of the project are joined once") {
  const Tree tree{{"deploy/compose.yml",
                   "services:\n  redis:\n    extends: {file: base/b.yml, service: r}\n"
                   "    volumes: [\"./c:/c\"]\n"},
                  {"deploy/base/b.yml",
                   "services:\n  r:\n    image: redis\n    volumes: [\"./d:/d\"]\n"
                   "    env_file: e.env\n"},
                  {"deploy/base/e.env", "A=1\n"}};
  const ComposeReading answer = reading(tree, {.directory = "deploy"});
  CHECK(service(answer, "redis").mounts.at(0).source == "deploy/base/d");
  CHECK(service(answer, "redis").mounts.at(1).source == "deploy/c");
  CHECK(variable(answer, "A") == "1");
}

TEST_CASE("what compose's YAML library refuses is refused, where ours forgives") {
  for (const char* bad :
       {"      A: plain\n      continued\n", "      A: 'never closed\n      B: 1\n",
        "      A: \"never closed\n", "      'A'\n      B: 1\n"}) {
    INFO(bad);
    CHECK(reading_of(in_redis("    environment:\n" + std::string{bad})).refused);
  }
  CHECK(reading_of("%YAML 1.2\n---\n" + in_redis("")).refused);
  CHECK_FALSE(reading_of("%YAML 1.1\n---\n" + in_redis("")).refused);
  const ComposeReading answer = reading_of(in_redis(
      "    environment:\n      \"A\" : \n      ? B\n      C: !\n      D: &x 'it''s'\n      E: a:b\n"
      "      F: \"a\\\"b\"\n    labels: {a, b: }\n"));
  CHECK(variable(answer, "D") == "it's");
  CHECK(variable(answer, "C") == std::nullopt);
  CHECK(variable(answer, "F") == "a\"b");
}

TEST_CASE("a file that a hundred services share is no hundred files") {
  Tree tree{{"base.yml", "services:\n  b:\n    image: redis\n    env_file: [a.env, b.env]\n"},
            {"a.env", "A=1\n"},
            {"b.env", "B=$A\n"}};
  std::string text = "services:\n";
  for (int i = 0; i < 300; ++i)
    text += fmt::format("  s{}:\n    extends: {{file: base.yml, service: b}}\n", i);
  tree["compose.yml"] = text;
  const ComposeReading answer = reading(tree);
  CHECK(service(answer, "s299").environment.at("B").value == "1");
}

TEST_CASE("bitnami's image is what it makes of its environment") {
  const auto of = [](const std::string& environment, const std::string& more = "") {
    return reading_of("services:\n  redis:\n    image: docker.io/bitnami/redis:8.2\n" + more +
                      "    environment: {" + environment + "}\n");
  };
  const std::string tls =
      "REDIS_PASSWORD: pw, REDIS_TLS_ENABLED: 'yes', REDIS_TLS_CERT_FILE: /c, "
      "REDIS_TLS_KEY_FILE: /k, REDIS_TLS_CA_FILE: /a";
  CHECK(argv(of(tls)) == Words{"redis-server", "--bind", "0.0.0.0", "::", "--port", "0",
                               "--tls-port", "6379", "--tls-cert-file", "/c", "--tls-key-file",
                               "/k", "--tls-ca-cert-file", "/a", "--tls-auth-clients", "yes",
                               "--requirepass", "pw"});
  // Any other pair of ports leaves both open.
  const Words both = argv(of(tls + ", REDIS_TLS_PORT_NUMBER: 6380"));
  CHECK(std::vector(both.begin() + 4, both.begin() + 8) ==
        Words{"--port", "6379", "--tls-port", "6380"});
  CHECK(argv(of("ALLOW_EMPTY_PASSWORD: 'yes'")) == Words{"redis-server", "--protected-mode", "no",
                                                         "--bind", "0.0.0.0", "::", "--port",
                                                         "6379"});
  // What a mounted file holds is not seen, but with none in it nothing starts.
  const Words from_file = argv(of("REDIS_PASSWORD_FILE: /run/secrets/pw, REDIS_PASSWORD: other"));
  CHECK(from_file.back() == kLeftOutSecret);
  // "on" is no yes there.
  CHECK(argv(of("REDIS_PASSWORD: pw, REDIS_TLS_ENABLED: 'on'")).size() == 8);

  for (const auto& [environment, more] : std::vector<std::pair<std::string, std::string>>{
           {"A: b", ""},  // neither a password nor ALLOW_EMPTY_PASSWORD: it does not start
           {"REDIS_PASSWORD_FILE: /run/secrets/pw, ALLOW_EMPTY_PASSWORD: 'yes'", ""},
           {tls + ", REDIS_EXTRA_FLAGS: '--maxmemory 1'", ""},
           {tls, "    volumes: ['./r.conf:/opt/bitnami/redis/mounted-etc/redis.conf']\n"},
           {tls, "    command: /start.sh\n"}}) {
    const RedisLaunch launch = redis_launch(service(of(environment, more), "redis"));
    CHECK(launch.is_redis);
    CHECK_FALSE(launch.argv);
  }
}

TEST_CASE("what other images start with is not guessed") {
  const auto launched = [](const std::string& lines) {
    return redis_launch(service(reading_of("services:\n  redis:\n" + lines), "redis"));
  };
  CHECK(launched("    image: registry.example.org/our/redis:1\n").argv == std::nullopt);
  CHECK_FALSE(launched("    image: registry.example.org/our/redis:1\n").why_not.empty());
  CHECK(launched("    image: redis\n    build: .\n").argv == std::nullopt);
  CHECK(launched("    image: valkey/valkey:9\n").argv == Words{"redis-server"});
  CHECK(launched("    image: our/redis\n    command: redis-server --port 0\n").argv ==
        Words{"redis-server", "--port", "0"});
  CHECK(launched("    image: redis/redis-stack-server\n    environment: {REDIS_ARGS: '--port 0 "
                 "--tls-port 6379'}\n")
            .argv == Words{"redis-server", "--port", "0", "--tls-port", "6379"});
}

TEST_CASE("in a checkout an env file that is kept out is no refusal, and gives no value") {
  const Tree tree{
      {"docker-compose.yml",
       in_redis("    env_file: app.env\n    command: redis-server --requirepass "
                "${PW:?no} --port ${PORT:-0}\n    environment: {A: '${A}', B: '${B:-b}'}\n")}};
  CHECK(reading(tree).refused);
  ComposeInput input;
  input.left_out = [](const std::string& path) { return path == ".env" || path == "app.env"; };
  input.elsewhere = [](const std::string& name) -> std::optional<std::string> {
    return name == "PW" ? std::optional<std::string>{"stand-in"} : std::nullopt;
  };
  const ComposeReading answer = reading(tree, input);
  CHECK(argv(answer) == Words{"redis-server", "--requirepass", "stand-in", "--port", "0"});
  CHECK(variable(answer, "A") == "");
  CHECK(variable(answer, "B") == "b");
  CHECK(answer.left_out == ".env");
  CHECK(answer.variables_elsewhere == std::set<std::string>{"A", "PW"});
  CHECK(service(answer, "redis").left_out == Words{"app.env"});
  // What nothing keeps out is missing.
  input.left_out = [](const std::string& path) { return path == ".env"; };
  CHECK(reading(tree, input).refused);
}

TEST_CASE("a variable that is the whole value of a password is one, whatever it is called") {
  ComposeInput input;
  input.left_out = [](const std::string&) { return true; };
  input.elsewhere = [](const std::string& name) -> std::optional<std::string> {
    return name == "REDIS_PASSWORD" ? std::optional<std::string>{"hidden"} : std::nullopt;
  };
  const auto password = [&](const std::string& environment) {
    return variable(
        reading({{"compose.yml", in_redis("    environment: " + environment + "\n")}}, input),
        "REDIS_PASSWORD");
  };
  CHECK(password("{REDIS_PASSWORD: '${RP:?x}'}") == "hidden");
  CHECK(password("['REDIS_PASSWORD=${RP:?x}']") == "hidden");
  CHECK(password("{REDIS_PASSWORD: 'a${RP:?x}'}") == "a");
  const auto bitnami = reading({{"compose.yml",
                                 "services:\n  redis:\n    image: bitnami/redis:8\n"
                                 "    environment: {REDIS_PASSWORD: '${RP:?x}'}\n"}},
                               input);
  CHECK(argv(bitnami).back() == "hidden");
}

TEST_CASE("servers that speak Redis and are none are told, and forks read its configuration") {
  const auto launch = [](const std::string& lines) {
    const ComposeReading read = reading_of("services:\n  redis:\n" + lines);
    return redis_launch(service(read, "redis"));
  };
  const RedisLaunch other =
      launch("    image: docker.dragonflydb.io/dragonflydb/dragonfly:v1\n    command: [--tls]\n");
  CHECK(other.is_redis);
  CHECK(!other.argv);
  CHECK(other.why_not.find("no redis-server") != std::string::npos);
  const RedisLaunch fork =
      launch("    image: valkey/valkey:8\n    command: valkey-server --port 0\n");
  CHECK_FALSE(
      launch("    image: redis:7\n    command: sh -c 'redis-cli -h redis ping'\n").is_redis);
  CHECK(launch("    image: redis:7\n    command: sh -c '/start'\n").is_redis);
  REQUIRE(fork.argv);
  CHECK(*fork.argv == Words{"valkey-server", "--port", "0"});
}

TEST_CASE("a variable in the place of a URL's password is one, whatever it is called") {
  ComposeInput input;
  input.left_out = [](const std::string&) { return true; };
  input.elsewhere = [](const std::string& name) -> std::optional<std::string> {
    return name == "PASSWORD" ? std::optional<std::string>{"hidden"} : std::nullopt;
  };
  const ComposeReading read = reading(
      {{"compose.yml", in_redis("    environment: {A: \"rediss://u:${PW}@h\", B: \"x:$PW@\", "
                                "C: \"rediss://$PW@h\", D: \"rediss://u:${PW:?}@h\", "
                                "E: \"h:1,password=$PW,ssl=true\"}\n")}},
      input);
  CHECK(variable(read, "A") == "rediss://u:hidden@h");
  CHECK(variable(read, "B") == "x:@");
  CHECK(variable(read, "C") == "rediss://@h");
  CHECK(variable(read, "D") == "rediss://u:hidden@h");
  CHECK(variable(read, "E") == "h:1,password=hidden,ssl=true");
  CHECK(read.variables_elsewhere == std::set<std::string>{"PW"});
}

TEST_CASE("variables of a project make no more text than is read") {
  std::string text = "services:\n  redis:\n    image: redis\n    environment:\n";
  for (int i = 0; i < 10'000; ++i) text += fmt::format("      V{}: $A\n", i);
  const ComposeReading answer =
      reading({{".env", "A=" + std::string(100'000, 'x') + "\n"}, {"docker-compose.yml", text}});
  REQUIRE(answer.refused);
  CHECK(answer.refused->find("more text than is read") != std::string::npos);
}

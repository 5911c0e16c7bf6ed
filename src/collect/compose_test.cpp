// The setup guide's files and what is near to them, collected from disk.
#include <doctest/doctest.h>

#include "collect/collectors.h"
#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::testing::TemporaryDirectory;

namespace {

Evidence collected(const TemporaryDirectory& tree) {
  Evidence evidence;
  ScanSettings settings;
  settings.project = tree.path();
  SecretVault vault;
  Result<ProjectFiles> files = ProjectFiles::open(tree.path());
  REQUIRE(files);
  CollectContext context{settings, &*files, vault, Needs{Need::project_files}};
  collect_compose(context, evidence);
  collect_redis_configurations(context, evidence);
  return evidence;
}

const RedisConfiguration& configuration(const Evidence& evidence, const std::string& source) {
  for (const RedisConfiguration& candidate : evidence.redis_configurations)
    if (candidate.source == source) return candidate;
  FAIL("no configuration ", source);
  std::abort();
}

std::string value(const RedisConfiguration& configuration, const std::string& name) {
  const std::string* found = configuration.value(name);
  return found == nullptr ? "(unknown)" : *found;
}

}  // namespace

TEST_CASE("the guide's redis.conf and compose service are two configurations") {
  const TemporaryDirectory tree;
  tree.write("redis.conf",
             "port 0\ntls-port 6379\ntls-cert-file /path/to/c.pem\ntls-key-file certs/redis/k.pem\n"
             "tls-auth-clients no\n");
  tree.write("certs/redis/k.pem", "x", 0600);
  tree.write(
      "docker-compose.yml",
      "services:\n  redis:\n    image: redis:7-alpine\n    ports: [\"6379:6379\"]\n"
      "    volumes: [\"./certs/redis:/certs/redis:ro\"]\n"
      "    command: >\n      redis-server --port 0 --tls-port 6379 --tls-cert-file "
      "/certs/redis/c.pem\n"
      "      --tls-key-file /certs/redis/k.pem --tls-auth-clients no\n  backend:\n    image: x\n"
      "    environment: [\"REDIS_PASSWORD=hunter2secret\", \"U=redis://:hunter2secret@redis\",\n"
      "      \"ALLOW_EMPTY_PASSWORD=yes\"]\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 2);
  const RedisConfiguration& file = configuration(evidence, "redis.conf");
  const RedisConfiguration& service = configuration(evidence, "docker-compose.yml#redis");
  CHECK(value(file, "protected-mode") == "yes");
  CHECK(value(service, "protected-mode") == "no");
  CHECK(value(service, "tls-port") == "6379");
  CHECK(service.where("tls-port").path == "docker-compose.yml");
  REQUIRE(evidence.named_files.size() == 4);
  for (const NamedFile& named : evidence.named_files) {
    CHECK(named.placeholder == (named.declared == "/path/to/c.pem"));
    if (named.declared.ends_with("k.pem")) {
      CHECK(named.path == "certs/redis/k.pem");
      CHECK(named.file.has_value());
    }
  }
  const ComposeProject& project = *evidence.compose;
  REQUIRE(project.services.size() == 2);
  CHECK(project.services[0].literal_secrets.size() == 2);
  for (const auto& [name, shown] : project.services[0].environment)
    CHECK(shown.find("hunter2") == std::string::npos);
  CHECK(project.services[1].mounts[0].is_directory);
}

TEST_CASE("a file that a service loads is judged with that service's command line") {
  const TemporaryDirectory tree;
  tree.write("conf/redis.conf",
             "tls-port 6379\ntls-cert-file c\ntls-key-file k\ntls-auth-clients no\n");
  tree.write("compose.yaml",
             "services:\n  redis:\n    image: redis:7\n    volumes: [\"./conf:/etc/redis\"]\n"
             "    command: [redis-server, /etc/redis/redis.conf, --port, \"0\"]\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  CHECK(value(evidence.redis_configurations[0], "port") == "0");
  CHECK(evidence.redis_configurations[0].where("tls-port").text() == "conf/redis.conf:1:1");
}

TEST_CASE("a configuration that is not mounted leaves a gap, not defaults") {
  const TemporaryDirectory tree;
  tree.write("compose.yaml",
             "services:\n  redis:\n    image: redis:7\n"
             "    command: [redis-server, /etc/redis.conf, --port, \"0\"]\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  const RedisConfiguration& service = evidence.redis_configurations[0];
  CHECK(service.gaps.size() == 1);
  CHECK(value(service, "tls-port") == "(unknown)");
  CHECK(value(service, "port") == "0");
}

TEST_CASE("included files and look-alikes are no configurations of their own") {
  const TemporaryDirectory tree;
  tree.write("redis.conf", "include redis-common.conf\nport 0\nunixsocket s\n");
  tree.write("redis-common.conf", "timeout 5\n");
  tree.write("nginx-redis.conf", "upstream redis {\n  server redis:6379;\n}\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  CHECK(value(evidence.redis_configurations[0], "timeout") == "5");
  CHECK(evidence.compose.gap() != nullptr);
}

TEST_CASE("an include outside the project is a gap that names the flag") {
  const TemporaryDirectory tree;
  tree.write("redis.conf", "include /etc/passwd\nport 0\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  REQUIRE(evidence.redis_configurations[0].gaps.size() == 1);
  CHECK(evidence.redis_configurations[0].gaps[0].reason == GapReason::outside_scope);
}

TEST_CASE("a Redis service that an override file changes is judged without it too") {
  const TemporaryDirectory tree;
  tree.write("docker-compose.yml",
             "services:\n  redis:\n    image: redis:7\n    command: redis-server --port 6379\n"
             "  cache:\n    image: redis:7\n    command: redis-server --port 1\n");
  tree.write("docker-compose.override.yml",
             "services:\n  redis:\n    command: redis-server --port 0 --tls-port 6379\n");
  const Evidence evidence = collected(tree);
  CHECK(evidence.redis_configurations.size() == 3);
  CHECK(
      value(configuration(evidence, "docker-compose.yml#redis without docker-compose.override.yml"),
            "port") == "6379");
}

TEST_CASE("a Redis that is built here starts as its Dockerfile says, unless compose says more") {
  const TemporaryDirectory tree;
  tree.write("cache/Dockerfile",
             "FROM redis:7.4\nCOPY redis.conf /etc/redis.conf\nENV REDIS_PASSWORD=hunter2x\n"
             "CMD [\"redis-server\", \"/etc/redis.conf\"]\n");
  tree.write("cache/redis.conf",
             "tls-port 6380\ntls-cert-file /c\ntls-key-file /k\n"
             "tls-auth-clients no\nport 0\n");
  tree.write("compose.yaml",
             "services:\n  a:\n    build: ./cache\n    image: registry.example/a:1\n"
             "  b:\n    build: ./cache\n    command: redis-server --port 7000\n");
  const Evidence evidence = collected(tree);
  const RedisConfiguration& a = configuration(evidence, "compose.yaml#a");
  CHECK(value(a, "tls-port") == "6380");
  CHECK(a.where("tls-port").text() == "cache/redis.conf:1:1");
  CHECK(value(configuration(evidence, "compose.yaml#b"), "port") == "7000");
  const ComposeService& service = evidence.compose->services.at(0);
  CHECK(service.is_redis);
  CHECK(service.image == "redis:7.4");
  REQUIRE(service.literal_secrets.size() == 1);
  CHECK(service.literal_secrets[0].location.text() == "cache/Dockerfile:3:1");
}

TEST_CASE("a Redis whose image has an entry point of its own is not guessed") {
  const TemporaryDirectory tree;
  tree.write("Dockerfile", "FROM redis:7\nENTRYPOINT [\"/start.sh\"]\n");
  tree.write("compose.yaml", "services:\n  a:\n    build: .\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  CHECK(evidence.redis_configurations[0].gaps.size() == 1);
}

TEST_CASE("an exporter is a monitor, over verified TLS or not") {
  const TemporaryDirectory tree;
  const std::string redis =
      "services:\n  redis: {image: \"redis:7\"}\n  e:\n"
      "    image: oliver006/redis_exporter:v1.62.0\n";
  const auto told = [&](const std::string& lines) {
    tree.write("compose.yaml", redis + lines);
    const Evidence evidence = collected(tree);
    REQUIRE(evidence.artefacts.size() == 1);
    const Artefact& found = evidence.artefacts[0];
    return found.location.text() + (found.covers_target ? " covers " : " other ") +
           (found.verified_tls ? "verified" : found.problems.front());
  };
  CHECK(told("    environment: {REDIS_ADDR: \"rediss://redis:6379\"}\n") ==
        "compose.yaml:5:31 covers verified");
  CHECK(told("    environment:\n      - REDIS_ADDR=redis://:pw1x@redis:6379\n") ==
        "compose.yaml:6:9 covers it connects to redis://***@redis:6379, in plaintext");
  CHECK(told("    command: --redis.addr rediss://redis:6379 --skip-tls-verification\n") ==
        "compose.yaml:5:14 covers it skips the verification of the certificate");
  CHECK(told("    network_mode: host\n") ==
        "compose.yaml:4:5 other it connects to redis://localhost:6379, in plaintext");
}

TEST_CASE("compose projects of other folders are named, as one deployment is audited") {
  const TemporaryDirectory tree;
  tree.write("dev/compose.yaml", "services:\n  a: {image: x}\n");
  CHECK(collected(tree).scope.notes.empty());
  tree.write("prod/compose.yaml", "services:\n  a: {image: x}\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.scope.notes.size() == 1);
  CHECK(evidence.scope.notes[0].detail ==
        "the compose project of dev was read; 1 project of other folders was not: prod");
}

TEST_CASE("a stage that compose asks for, and a Dockerfile inside the compose file, are read") {
  const TemporaryDirectory tree;
  tree.write("Dockerfile",
             "FROM redis:7 AS dev\nCMD [\"redis-server\", \"--port\", \"1\"]\n"
             "FROM redis:7 AS prod\nCMD [\"redis-server\", \"--port\", \"2\"]\n");
  tree.write("compose.yaml",
             "services:\n  a:\n    build: {context: ., target: dev}\n  b:\n    build: .\n"
             "  c:\n    build:\n      context: .\n      dockerfile_inline: |\n"
             "        FROM redis:7\n        CMD redis-server --port 3\n");
  const Evidence evidence = collected(tree);
  CHECK(value(configuration(evidence, "compose.yaml#a"), "port") == "1");
  CHECK(value(configuration(evidence, "compose.yaml#b"), "port") == "2");
  CHECK(value(configuration(evidence, "compose.yaml#c"), "port") == "3");
}

TEST_CASE("a configuration that is written out in the compose file is the server's") {
  const TemporaryDirectory tree;
  tree.write("docker-compose.yml",
             "services:\n"
             "  redis:\n"
             "    image: redis:7-alpine\n"
             "    command: [redis-server, /usr/local/etc/redis/redis.conf, --maxclients, \"10\"]\n"
             "    configs:\n"
             "      - source: conf\n"
             "        target: /usr/local/etc/redis/redis.conf\n"
             "    secrets: [redis_key]\n"
             "configs:\n"
             "  conf:\n"
             "    content: |\n"
             "      port 0\n"
             "      tls-port ${TLS_PORT:-6380}\n"
             "      tls-cert-file /c.pem\n"
             "      tls-key-file /run/secrets/redis_key\n"
             "      tls-auth-clients no\n"
             "      masterauth a$$b\n"
             "secrets:\n"
             "  redis_key: {external: true}\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  const RedisConfiguration& redis = configuration(evidence, "docker-compose.yml#redis");
  CHECK(value(redis, "port") == "0");
  CHECK(value(redis, "tls-port") == "6380");
  CHECK(value(redis, "maxclients") == "10");
  CHECK(redis.where("port").text() == "docker-compose.yml:12:1");
  CHECK(redis.where("tls-auth-clients").line == 16);
  const auto key = std::ranges::find(evidence.named_files, FileUse::server_key,
                                     [](const NamedFile& file) { return file.reference.use; });
  REQUIRE(key != evidence.named_files.end());
  REQUIRE(key->file.gap() != nullptr);
  CHECK(key->file.gap()->reason == GapReason::left_out);
}

TEST_CASE("a password in a configuration that stands in the compose file is written out") {
  const TemporaryDirectory tree;
  const std::string head =
      "services:\n  redis:\n    image: redis\n    command: [redis-server, /r.conf]\n"
      "    configs: [{source: conf, target: /r.conf}]\nconfigs:\n  conf:\n    content: |\n";
  tree.write("docker-compose.yml", head + "      port 0\n      requirepass hunter22\n");
  Evidence evidence = collected(tree);
  REQUIRE(evidence.compose->services[0].literal_secrets.size() == 1);
  CHECK(evidence.compose->services[0].literal_secrets[0].location.line == 10);
  tree.write("docker-compose.yml", head + "      requirepass ${PW}\n");
  evidence = collected(tree);
  CHECK(evidence.compose->services[0].literal_secrets.empty());
}

TEST_CASE("a configuration comes into an image from another stage or out of the Dockerfile") {
  const TemporaryDirectory tree;
  tree.write("docker-compose.yml", "services:\n  redis:\n    build: ./redis\n");
  tree.write("redis/conf/tls.conf",
             "tls-port 6379\ntls-cert-file /c\ntls-key-file /k\ntls-auth-clients no\n");
  tree.write("redis/Dockerfile",
             "FROM alpine AS files\nCOPY --chmod=0640 conf /out\nFROM redis:7\n"
             "COPY --from=files --chown=redis:redis /out/tls.conf /etc/redis/\n"
             "COPY <<EOF /usr/local/etc/redis/redis.conf\nport 0\n"
             "include /etc/redis/tls.conf\nEOF\n"
             "CMD [\"redis-server\", \"/usr/local/etc/redis/redis.conf\"]\n");
  Evidence evidence = collected(tree);
  const RedisConfiguration& redis = configuration(evidence, "docker-compose.yml#redis");
  CHECK(value(redis, "port") == "0");
  CHECK(value(redis, "tls-port") == "6379");
  CHECK(redis.where("port").text() == "redis/Dockerfile:6:1");
  CHECK(redis.where("tls-port").text() == "redis/conf/tls.conf:1:1");

  // What a step of the build changes is not what was copied.
  tree.write("redis/Dockerfile",
             "FROM redis:7\nCOPY conf/tls.conf /r.conf\nRUN echo port 6380 >> /r.conf\n"
             "CMD [\"redis-server\", \"/r.conf\"]\n");
  evidence = collected(tree);
  CHECK(value(configuration(evidence, "docker-compose.yml#redis"), "tls-port") == "(unknown)");
}

TEST_CASE("a unit's command line wins over the redis.conf that it names") {
  const TemporaryDirectory tree;
  tree.write("deploy/redis.conf", "port 6379\ntls-auth-clients no\ntls-key-file /k\n");
  tree.write("deploy/redis.service",
             "[Service]\nExecStart=/usr/bin/redis-server /etc/redis/redis.conf --port 6379\n");
  tree.write("deploy/redis.service.d/tls.conf",
             "[Service]\nExecStart=\nExecStart=/usr/bin/redis-server /etc/redis/redis.conf \\\n"
             "  --port 0 --tls-port 6380 --tls-cert-file \"/etc/redis/%p.crt\"\n");
  const Evidence evidence = collected(tree);
  REQUIRE(evidence.redis_configurations.size() == 1);
  const RedisConfiguration& redis = configuration(evidence, "deploy/redis.service.d/tls.conf");
  CHECK(value(redis, "port") == "0");
  CHECK(value(redis, "tls-port") == "6380");
  CHECK(value(redis, "tls-cert-file") == "/etc/redis/redis.crt");
  CHECK(redis.where("port").text() == "deploy/redis.service.d/tls.conf:3:1");
  CHECK(redis.where("tls-auth-clients").text() == "deploy/redis.conf:2:1");
}

TEST_CASE("a pattern of include is looked for in what is mounted and in what is written out") {
  const TemporaryDirectory tree;
  tree.write("conf/10.conf", "port 6380\n");
  tree.write("conf/note.txt", "port 1\n");
  tree.write("docker-compose.yml",
             "services:\n  redis:\n    image: redis:7\n    command: [redis-server, /e/redis.conf]\n"
             "    volumes: [\"./conf:/e/conf.d:ro\"]\n"
             "    configs: [{source: a, target: /e/redis.conf}, {source: b, target: /e/conf.d/20.conf}]\n"
             "configs:\n  a: {content: \"port 0\\ninclude /e/conf.d/*.conf\"}\n"
             "  b: {content: \"timeout 7\"}\n");
  const Evidence evidence = collected(tree);
  const RedisConfiguration& redis = configuration(evidence, "docker-compose.yml#redis");
  CHECK(value(redis, "port") == "6380");
  CHECK(redis.where("port").text() == "conf/10.conf:1:1");
  CHECK(value(redis, "timeout") == "7");
}

TEST_CASE("a configuration that the image gets from elsewhere is unknown, unless a mount hides it") {
  const TemporaryDirectory tree;
  tree.write("conf/redis.conf", "port 6390\n");
  tree.write("Dockerfile",
             "FROM redis:8\nCOPY conf/ /etc/redis/\n"
             "COPY --from=registry.example.org/conf:1 /redis.conf /etc/redis/redis.conf\n");
  tree.write("docker-compose.yml",
             "services:\n  a:\n    build: .\n    command: [redis-server, /etc/redis/redis.conf]\n"
             "  b:\n    build: .\n    command: [redis-server, /etc/redis/redis.conf]\n"
             "    volumes: [\"./conf:/etc/redis:ro\"]\n");
  const Evidence evidence = collected(tree);
  CHECK(value(configuration(evidence, "docker-compose.yml#a"), "port") == "(unknown)");
  CHECK(value(configuration(evidence, "docker-compose.yml#b"), "port") == "6390");
}

TEST_CASE("a unit that starts a configuration nobody knows how leaves it unknown") {
  const std::string start = "ExecStart=/usr/bin/redis-server /etc/redis/redis.conf";
  const auto port = [&](const std::map<std::string, std::string>& more) {
    const TemporaryDirectory tree;
    tree.write("etc/redis/redis.conf", "port 6390\n");
    tree.write("lib/systemd/system/redis.service", "[Service]\n" + start + "\n");
    for (const auto& [path, text] : more) tree.write(path, "[Service]\n" + text + "\n");
    const Evidence evidence = collected(tree);
    REQUIRE(evidence.redis_configurations.size() == 1);
    return value(evidence.redis_configurations.front(), "port");
  };
  const std::string unit = "lib/systemd/system/redis.service";
  const std::string reset = "ExecStart=\n" + start;
  CHECK(port({}) == "6390");
  CHECK(port({{unit, "EnvironmentFile=/etc/default/redis\n" + start + " $OPTS"}}) == "(unknown)");
  CHECK(port({{unit, "ExecStart=/bin/sh -c 'exec /usr/bin/redis-server /etc/redis/redis.conf "
                     "--port 6391'"}}) == "6391");
  CHECK(port({{unit, "ExecStartPre=/bin/sed -i s/0/1/ /etc/redis/redis.conf\n" + start}}) ==
        "(unknown)");
  CHECK(port({{"lib/systemd/system/service.d/a.conf", reset + " --port 6392"}}) == "6392");
  CHECK(port({{"other/service.d/a.conf", reset + " --port 6392"}}) == "6390");
  CHECK(port({{"lib/systemd/system/redis.service.d/10.conf", reset + " --port 6393"}}) == "6393");
  CHECK(port({{"lib/systemd/system/redis.service.d/10.conf", reset + " --port 6393"},
              {"etc/systemd/system/redis.service.d/10.conf", "TimeoutStopSec=1"}}) == "6390");
}

TEST_CASE("options of an image's entry point are told where they stand") {
  const TemporaryDirectory tree;
  tree.write("Dockerfile", "FROM redis:8\nENTRYPOINT [\"redis-server\", \"/r.conf\", \"--port\", \"6380\"]\n");
  tree.write("docker-compose.yml",
             "services:\n  a:\n    build: .\n    command: [\"--tls-port\", \"0\"]\n");
  const Evidence evidence = collected(tree);
  const RedisConfiguration& redis = configuration(evidence, "docker-compose.yml#a");
  CHECK(value(redis, "port") == "6380");
  CHECK(redis.where("port").path == "Dockerfile");
}

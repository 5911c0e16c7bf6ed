#include "files/clients/spring_settings.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {

SpringSettings read(std::string_view text, const std::string& path = "application.yml") {
  const Result<SpringSettings> settings = spring_settings(as_bytes(text), path);
  REQUIRE(settings);
  return *settings;
}

// "SPRING_DATA_REDIS_HOST=h@4:13", in the order of their decision.
std::string told(const SpringSettings& settings) {
  std::string all;
  for (const ReceivedVariable& one : settings.variables)
    all += (all.empty() ? "" : "; ") + one.name + "=" + one.value + "@" +
           std::to_string(one.location.line) + ":" + std::to_string(one.location.column);
  for (const std::string& one : settings.open) all += (all.empty() ? "? " : "; ? ") + one;
  return all;
}

}  // namespace

TEST_CASE("settings of Redis are named as the environment would name them") {
  CHECK(told(read("spring:\n  data:\n    redis:\n      host: h\n      port: 6380\n"
                  "      ssl:\n        enabled: true\nserver:\n  port: 8080\n")) ==
        "SPRING_DATA_REDIS_HOST=h@4:13; SPRING_DATA_REDIS_PORT=6380@5:13; "
        "SPRING_DATA_REDIS_SSL_ENABLED=true@7:18");
  CHECK(told(read("spring.redis.ssl: yes\nspring.redis.host: h\n")) ==
        "SPRING_REDIS_SSL=true@1:19; SPRING_REDIS_HOST=h@2:20");
  CHECK(told(read("spring:\n  data:\n    redis:\n      cluster:\n        nodes: [a:1, b:2]\n")) ==
        "SPRING_DATA_REDIS_CLUSTER_NODES=a:1,b:2@5:16");
  CHECK(
      told(read("# c\nspring.data.redis.host = h\\\n   ost\n! c\nspring.data.redis.ssl.enabled:on\n"
                "spring.data.redis.key-prefix x\n",
                "application.properties")) ==
      "SPRING_DATA_REDIS_HOST=host@2:1; SPRING_DATA_REDIS_SSL_ENABLED=true@5:1; "
      "SPRING_DATA_REDIS_KEYPREFIX=x@6:1");
}

TEST_CASE("escapes of properties are characters") {
  CHECK(told(read("spring.data.redis.ssl.enabled=\\u0066alse\nspring.redis.host=\\u00e4\\ud83d\\ude00\\ud83d\\u12\n",
                  "application.properties")) ==
        "SPRING_DATA_REDIS_SSL_ENABLED=false@1:1; SPRING_REDIS_HOST=\xc3\xa4\xf0\x9f\x98\x80\\ud83d\\u12@2:1");
}

TEST_CASE("a bundle switches TLS on, unless something says otherwise") {
  CHECK(told(read("spring.data.redis.ssl.bundle: b\n")) ==
        "SPRING_DATA_REDIS_SSL_ENABLED=true@1:31");
  for (const char* text :
       {"spring.data.redis.ssl.enabled: false\nspring.data.redis.ssl.bundle: b\n",
        "spring.data.redis.ssl.bundle: b\nspring.data.redis.ssl.enabled: false\n"})
    CHECK(told(read(text)).starts_with("SPRING_DATA_REDIS_SSL_ENABLED=false"));
}

TEST_CASE("what the environment decides is open") {
  CHECK(told(read("spring.data.redis.ssl.enabled: ${REDIS_SSL:false}\n")) ==
        "? the environment variable REDIS_SSL (application.yml:1:32)");
  const SpringSettings login =
      read("spring.data.redis.password: ${P:}\nspring.data.redis.username: ${U}\n");
  CHECK(told(login) == "SPRING_DATA_REDIS_USERNAME=${U}@2:29");
  REQUIRE(login.password_elsewhere);
  CHECK(login.password_elsewhere->name == "SPRING_DATA_REDIS_PASSWORD");
  CHECK(told(read("spring.data.redis.url: ${REDIS_URL}\n")) ==
        "? the environment variable REDIS_URL (application.yml:1:24)");
  // A default is what holds when nothing is set; an address alone decides nothing.
  CHECK(
      told(read(
          "spring.data.redis.host: ${HOST:${OTHER:local}host}\nspring.data.redis.port: ${P}\n")) ==
      "SPRING_DATA_REDIS_HOST=localhost@1:25");
  CHECK(told(read("spring.data.redis.host: ${never closed\n")) ==
        "SPRING_DATA_REDIS_HOST=${never closed@1:25");
}

TEST_CASE("the environment gives placeholders their values, and beats what files say") {
  const auto settings =
      spring_settings(as_bytes("spring.data.redis.ssl.enabled: ${REDIS_SSL:false}\n"
                               "spring.data.redis.host: ${HOST}\n"),
                      "application.yml", {.environment = {{"REDIS_SSL", "true"}, {"HOST", "h"}}});
  REQUIRE(settings);
  CHECK(told(*settings) ==
        "SPRING_DATA_REDIS_SSL_ENABLED=true@1:32; SPRING_DATA_REDIS_HOST=h@2:25");
  SpringSettings base = *settings;
  overlay_environment(base, {{"SPRING_DATA_REDIS_SSL_ENABLED", "0", {"c.yml", 3, 4}, {}, {}},
                             {"OTHER", "x", {}, {}, {}}});
  CHECK(told(base) == "SPRING_DATA_REDIS_HOST=h@2:25; SPRING_DATA_REDIS_SSL_ENABLED=false@3:4");
}

TEST_CASE("profiles are those that are named, else those of production") {
  const SpringProfiles usual;
  for (const char* yes : {"prod", "eu-production", "!dev", "prod | dev", "dev, live",
                          "prod & !cloud", "(dev | prod) & !test"})
    CHECK_MESSAGE(usual.holds(yes), yes);
  for (const char* no :
       {"dev", "nonprod", "pre-prod", "!prod", "prod & dev", "", "((((", "!(prod)"})
    CHECK_FALSE_MESSAGE(usual.holds(no), no);
  const SpringProfiles docker{"docker, eu"};
  CHECK(docker.holds("docker"));
  CHECK(docker.holds("eu & !prod"));
  CHECK_FALSE(docker.holds("prod"));
  CHECK_FALSE(usual.holds(std::string(100'000, '(')));
  const auto whole = spring_settings(as_bytes("spring.profiles.active: live\n"
                                              "spring.data.redis.ssl.enabled: ${TLS:false}\n"),
                                     "application.yml", {.environment_is_whole = true});
  REQUIRE(whole);
  CHECK(whole->active_profiles == "live");
  CHECK(told(*whole) == "SPRING_DATA_REDIS_SSL_ENABLED=false@2:32");
}

TEST_CASE("variables may carry properties") {
  SpringSettings base;
  overlay_environment(
      base, {{"SPRING_APPLICATION_JSON",
              R"({"spring":{"data":{"redis":{"ssl":{"enabled":false}}}}})",
              {"c.yml", 1, 2},
              {},
              {}},
             {"JAVA_TOOL_OPTIONS", "-Xmx1g -Dspring.data.redis.host=h", {"c.yml", 2, 2}, {}, {}},
             {"spring.data.redis.port", "1", {"c.yml", 3, 2}, {}, {}}});
  CHECK(told(base) ==
        "SPRING_DATA_REDIS_SSL_ENABLED=false@1:2; SPRING_DATA_REDIS_HOST=h@2:2; "
        "SPRING_DATA_REDIS_PORT=1@3:2");
}

TEST_CASE("production is what counts") {
  CHECK(told(read(
            "spring.data.redis.ssl.enabled: false\n---\nspring.config.activate.on-profile: prod\n"
            "spring.data.redis.ssl.enabled: true\n---\nspring.config.activate.on-profile: dev\n"
            "spring.data.redis.ssl.enabled: false\n")) ==
        "SPRING_DATA_REDIS_SSL_ENABLED=true@4:32");
  CHECK(told(read("a=b\n#---\nspring.config.activate.on-profile=!prod\nspring.data.redis.host=h\n",
                  "application.properties"))
            .empty());
  SpringSettings base = read("spring.data.redis.ssl.enabled: false\nspring.data.redis.host: h\n");
  overlay(base, read("spring.data.redis.ssl.enabled: ${TLS}\n"));
  CHECK(told(base) ==
        "SPRING_DATA_REDIS_HOST=h@2:25; ? the environment variable TLS "
        "(application.yml:1:32)");
  overlay(base, read("spring.data.redis.ssl.enabled: true\n", "application-prod.yml"));
  CHECK(base.open.empty());
  CHECK(spring_file_name("a/application.yml")->profile.empty());
  CHECK(spring_file_name("application-prod.properties")->profile == "prod");
  CHECK_FALSE(spring_file_name("a/applications.yml"));
  CHECK_FALSE(spring_file_name("application.json"));
}

TEST_CASE("what Spring refuses, and every beginning of a file, does no harm") {
  CHECK_FALSE(spring_settings(as_bytes("a: [\n"), "application.yml"));
  CHECK_FALSE(spring_settings(Bytes(2 * 1024 * 1024, 'a'), "application.yml"));
  const std::string text =
      "spring.data.redis.url=rediss\\://h:${P:1}\\\n  /0\nspring.data.redis.ssl"
      ".enabled=${A:${B:true}}\n#---\nspring.config.activate.on-profile=prod\n";
  for (std::size_t size = 0; size <= text.size(); ++size)
    CHECK(spring_settings(as_bytes(text.substr(0, size)), "application.properties"));
}

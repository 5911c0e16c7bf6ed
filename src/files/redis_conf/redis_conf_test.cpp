#include "files/redis_conf/redis_conf.h"

#include <doctest/doctest.h>

#include "files/redis_conf/redis_acl.h"
#include "files/redis_conf/redis_argv.h"
#include "files/redis_conf/sds_words.h"

using namespace rta;

namespace {

using Tree = std::map<std::string, std::string>;

RedisConfFiles in_memory(const Tree& tree) {
  return {.read = [&tree](const std::string& path) -> RedisConfFiles::Text {
            const auto found = tree.find(path);
            if (found == tree.end()) return {.path = path, .refusal = "No such file or directory"};
            return {.text = found->second, .path = path};
          },
          .glob =
              [&tree](const std::string& pattern) {
                std::vector<std::string> found;
                const std::string prefix = pattern.substr(0, pattern.find('*'));
                for (const auto& [path, text] : tree)
                  if (path.starts_with(prefix)) found.push_back(path);
                return found;
              }};
}

RedisConfReading reading(const Tree& tree, std::vector<std::string> arguments = {"redis.conf"}) {
  RedisConfInput input{.arguments = std::move(arguments), .source = "redis.conf"};
  return read_redis_conf(input, in_memory(tree));
}

RedisConfReading reading_text(const std::string& text) { return reading({{"redis.conf", text}}); }

std::string effective(const RedisConfReading& answer, const std::string& name) {
  const std::string* value = answer.facts.value(name);
  return value == nullptr ? "(none)" : *value;
}

}  // namespace

TEST_CASE("words split as Redis splits them") {
  using Words = std::vector<std::string>;
  CHECK(split_sds_words("a  b\tc") == Words{"a", "b", "c"});
  CHECK(split_sds_words(R"("a b" 'c d' a"b c")") == Words{"a b", "c d", "ab c"});
  CHECK(split_sds_words(R"("\x41\n\q" 'it\'s \n')") == Words{"A\nq", R"(it's \n)"});
  CHECK(split_sds_words(R"(C:\temp)") == Words{R"(C:\temp)"});
  CHECK(split_sds_words("it's") == std::nullopt);
  CHECK(split_sds_words(R"("a"b)") == std::nullopt);
  CHECK(split_sds_words("") == Words{});
  for (const std::string word : {"", "a b", "\"'\\", "\n\x01\xff"})
    CHECK(split_sds_words(quote_sds_word(word)) == Words{word});
}

TEST_CASE("the last directive wins and every value has its place") {
  const RedisConfReading answer =
      reading_text("port 7001\ntls-cert-file c\nport 0\nunixsocket s\n");
  REQUIRE_FALSE(answer.facts.refused);
  CHECK(effective(answer, "port") == "0");
  CHECK(answer.facts.where("port").text() == "redis.conf:3:1");
  CHECK(answer.facts.duplicates ==
        std::vector<std::string>{"port: redis.conf:1:1 and redis.conf:3:1"});
  CHECK(effective(answer, "bind") == "* -::*");
  CHECK(effective(answer, "tls-auth-clients") == "yes");
}

TEST_CASE("a file that Redis refuses has a reason and a line, and no values") {
  const auto refusal = [](const std::string& text) {
    const RedisConfReading answer = reading_text(text);
    CHECK(answer.facts.effective.empty());
    return answer.facts.refused_at.text() + " " + answer.facts.refused.value_or("starts");
  };
  CHECK(refusal("\nport 6379 # x\n") == "redis.conf:2:1 wrong number of arguments");
  CHECK(refusal("port=1") == "redis.conf:1:1 Bad directive or wrong number of arguments");
  CHECK(refusal("protected-mode true") == "redis.conf:1:1 argument must be 'yes' or 'no'");
  CHECK(refusal("requirepass \"x") == "redis.conf:1:1 Unbalanced quotes in configuration line");
  CHECK(refusal("aclfile users.acl").find("opening file 'users.acl'") != std::string::npos);
  CHECK(refusal("include missing.conf").find("can't open config file") != std::string::npos);
  CHECK(refusal("include redis.conf").find("includes itself") != std::string::npos);
  CHECK(refusal("port 7000\ntls-port 7000\ntls-cert-file a\ntls-key-file b\ntls-auth-clients no")
            .find("7000 is in use already") != std::string::npos);
  CHECK(refusal("tls-port 7000").find("No tls-cert-file configured!") != std::string::npos);
  CHECK(refusal("tls-port 7\ntls-cert-file a\ntls-key-file b\ntls-auth-clients no\n"
                "tls-protocols \"TLSv1.2,TLSv1.3\"")
            .find("redis.conf:5:1 Failed to configure TLS: Invalid tls-protocols") !=
        std::string::npos);
}

TEST_CASE("includes stand where they are written and are glued without newline") {
  const Tree tree{{"redis.conf", "timeout 1\ninclude conf.d/*\nport 7\n"},
                  {"conf.d/a.conf", "timeout 2\nport "},
                  {"conf.d/b.conf", "8\n"}};
  const RedisConfReading answer = reading(tree);
  REQUIRE_FALSE(answer.facts.refused);
  CHECK(effective(answer, "timeout") == "2");
  CHECK(answer.facts.where("timeout").text() == "conf.d/a.conf:1:1");
  CHECK(effective(answer, "port") == "7");
}

TEST_CASE("the command line comes after the file") {
  const Tree tree{{"redis.conf", "port 7000\n"}};
  RedisConfReading answer = reading(tree, {"redis.conf", "--port", "0", "--tls-protocols",
                                           "TLSv1.2 TLSv1.3", "--unixsocket", "s"});
  REQUIRE_FALSE(answer.facts.refused);
  CHECK(effective(answer, "port") == "0");
  CHECK(effective(answer, "tls-protocols") == "TLSv1.2 TLSv1.3");
  CHECK(reading(tree, {"redis.conf", "--requirepass", "--port", "1"}).facts.refused);
  CHECK(reading(tree, {"redis.conf", "--requirepass", ""}).facts.default_user_open);
  CHECK(reading(tree, {"redis.conf", "--port=1"}).facts.refused);
  CHECK(reading(tree, {"--port", "1", "redis.conf"}).facts.refused);
}

TEST_CASE("the default user is open unless something closes it") {
  CHECK(reading_text("").facts.default_user_open);
  CHECK_FALSE(reading_text("requirepass p").facts.default_user_open);
  CHECK(reading_text("requirepass p\nrequirepass \"\"").facts.default_user_open);
  CHECK(reading_text("user default on nopass ~* +@all\nrequirepass p").facts.default_user_open);
  CHECK_FALSE(reading_text("user default off").facts.default_user_open);
  const auto with_acl = [](const std::string& acl) {
    return reading({{"redis.conf", "requirepass p\naclfile users.acl"}, {"users.acl", acl}});
  };
  CHECK(with_acl("").facts.default_user_open);
  CHECK(with_acl("user alice on >x ~* +@all\n").facts.default_user_open);
  CHECK_FALSE(with_acl("user default on >x ~* +@all\n").facts.default_user_open);
  CHECK(with_acl("# comment\n").facts.refused);
}

TEST_CASE("no secret reaches the facts") {
  const RedisConfReading answer = reading(
      {{"redis.conf",
        "requirepass hunter2secret\nmasterauth hunter2secret\ntls-key-file-pass hunter2secret\n"
        "user bob on >hunter2secret ~* +@all\n"}});
  REQUIRE_FALSE(answer.facts.refused);
  CHECK(answer.facts.password_set);
  CHECK(effective(answer, "requirepass") == "***");
  for (const Directive& directive : answer.facts.directives)
    for (const std::string& word : directive.arguments)
      CHECK(word.find("hunter2") == std::string::npos);
  for (const ConfigurationUser& user : answer.facts.users)
    CHECK(user.rules.find("hunter2") == std::string::npos);
  CHECK(answer.secrets.at("requirepass").expose() == "hunter2secret");
  CHECK(answer.facts.users.size() == 2);
}

TEST_CASE("a NUL swallows the rest of its line and the next directive") {
  RedisConfReading answer = reading_text(std::string{"# a\0b\nport 0\nunixsocket s\n", 25});
  CHECK(effective(answer, "port") == "6379");
  CHECK(answer.facts.gaps.size() == 1);
}

TEST_CASE("directives of later releases are refused by 7.0 and noted when newer servers may read") {
  const Tree tree{{"redis.conf", "tls-auth-clients-user CN\n"}};
  CHECK(reading(tree).facts.refused);
  RedisConfInput input{.arguments = {"redis.conf"}, .source = "redis.conf", .accept_newer = true};
  const RedisConfReading answer = read_redis_conf(input, in_memory(tree));
  CHECK_FALSE(answer.facts.refused);
  CHECK(answer.facts.unknown_directives ==
        std::vector<std::string>{"tls-auth-clients-user (needs Redis 8.6, Valkey 9)"});
}

TEST_CASE("listeners are told for IPv4, IPv6 and the wildcard") {
  CHECK(reading_text("bind 127.0.0.1 -::1").listeners ==
        std::vector<std::string>{"127.0.0.1:6379", "[::1]:6379"});
  CHECK(reading_text("").listeners == std::vector<std::string>{"0.0.0.0:6379", "[::]:6379"});
  CHECK(reading_text("bind 127.0.0.1 # x").facts.refused);
}

TEST_CASE("a configuration cut at any byte is read or refused") {
  const std::string whole =
      "port 0\ntls-port 6379\ntls-cert-file \"a b\"\ntls-key-file k\ntls-auth-clients no\nuser bob "
      "(~a +get) on\n"
      "save 60 1\nbind 127.0.0.1 -::1\nclient-output-buffer-limit normal 0 0 0\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const RedisConfReading answer = reading_text(whole.substr(0, size));
    CHECK(answer.facts.refused.has_value() == answer.facts.effective.empty());
  }
}

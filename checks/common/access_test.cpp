#include "checks/common/access.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::checks;

TEST_CASE("rules are worked out in their order") {
  CHECK(granted("+@all").everything);
  CHECK(granted("+@all").forbidden.size() == 8);
  CHECK_FALSE(granted("+@all -@dangerous").everything);
  CHECK(granted("+@all -@dangerous").forbidden.empty());
  CHECK(granted("-@all +@read +@write +@connection -@dangerous").forbidden.empty());
  CHECK(granted("-@all +@read +@write +@connection -@dangerous").disliked.empty());
  CHECK(granted("-@all +@write").forbidden == std::vector<std::string>{"MIGRATE"});
  CHECK(granted("-@all +@admin -config").forbidden.size() == 6);
  CHECK(granted("-@all +get +FLUSHALL").disliked == std::vector<std::string>{"FLUSHALL"});
}

TEST_CASE("reading the configuration is not changing it") {
  CHECK(granted("-@all +config|get +acl|list +acl|log").forbidden.empty());
  CHECK(granted("-@all +config|set").forbidden == std::vector<std::string>{"CONFIG"});
  CHECK(granted("-@all +acl|setuser").forbidden == std::vector<std::string>{"ACL"});
}

TEST_CASE("all keys and all channels") {
  CHECK(covers_all_keys("~*"));
  CHECK(covers_all_keys("~app:* allkeys"));
  CHECK_FALSE(covers_all_keys("~app:*"));
  CHECK_FALSE(covers_all_keys(""));
  CHECK(covers_all_channels("&*"));
  CHECK_FALSE(covers_all_channels("&news"));
}

TEST_CASE("a configuration that names no user has Redis' own default user") {
  RedisConfiguration conf;
  conf.source = "redis.conf";
  const ConfigurationView view{Subject::file("redis.conf"), nullptr, &conf};
  const auto users = users_of(view);
  REQUIRE(users.has_value());
  REQUIRE(users->size() == 1);
  CHECK(users->front().name == "default");
  CHECK(users->front().nopass);
}

TEST_CASE("users in an ACL file that could not be read are not known") {
  RedisConfiguration conf;
  conf.source = "redis.conf";
  conf.effective["aclfile"] = "/etc/redis/users.acl";
  conf.gaps.push_back({GapReason::outside_scope, "outside the project", "--allow-path /etc/redis"});
  const ConfigurationView view{Subject::file("redis.conf"), nullptr, &conf};
  CHECK_FALSE(users_of(view).has_value());
}

TEST_CASE("of a configuration that was not read no user is known") {
  RedisConfiguration conf;
  conf.source = "docker-compose.yml#redis";
  conf.gaps = {{GapReason::unsupported, "a shell starts redis-server", ""}};
  conf.default_user_open = false;
  const ConfigurationView view{Subject::service(conf.source), nullptr, &conf};
  REQUIRE(users_of(view).gap() != nullptr);
  CHECK(users_of(view).gap()->detail == "a shell starts redis-server");
}

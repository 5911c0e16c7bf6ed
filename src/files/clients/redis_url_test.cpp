#include "files/clients/redis_url.h"

#include <doctest/doctest.h>

using rta::files::mask_url;
using rta::files::parse_redis_url;

TEST_CASE("a Redis URL falls into its parts") {
  const auto url =
      parse_redis_url("rediss://app:p%40ss%23@redis.example:6380/2?ssl_cert_reqs=none&db=1");
  REQUIRE(url);
  CHECK(url->is_tls);
  CHECK(url->username == "app");
  CHECK(url->password == "p@ss#");
  REQUIRE(url->hosts.size() == 1);
  CHECK(url->hosts[0].host == "redis.example");
  CHECK(url->hosts[0].port == 6380);
  CHECK(url->path == "/2");
  CHECK(url->query.at("ssl_cert_reqs") == "none");
}

TEST_CASE("schemes, several hosts and addresses") {
  CHECK(parse_redis_url("REDISS://h")->is_tls);
  CHECK(parse_redis_url("valkeys://h")->is_tls);
  CHECK(parse_redis_url("rediss+sentinel://a:1,b:2/mymaster")->hosts.size() == 2);
  CHECK(parse_redis_url("unix:///run/redis.sock")->is_unix);
  CHECK(parse_redis_url("redis://[::1]:7000")->hosts[0].host == "::1");
  CHECK(parse_redis_url("localhost:6379")->hosts[0].port == 6379);
  CHECK_FALSE(parse_redis_url("redis://h")->hosts[0].port.has_value());
  CHECK_FALSE(parse_redis_url("https://h"));
  CHECK_FALSE(parse_redis_url("redis://h:port"));
  CHECK_FALSE(parse_redis_url("redis://[::1"));
}

TEST_CASE("a masked URL holds no part of a password") {
  CHECK(mask_url("redis://app:hunter2@h:6379/0") == "redis://***@h:6379/0");
  CHECK(mask_url("redis://:hun/t?e#r@2@h") == "redis://***@h");
  CHECK(mask_url("redis://:hunter2") == "redis://***");
  CHECK(mask_url("redis://h:6379?password=hunter2&db=1") == "redis://h:6379?password=***&db=1");
  CHECK(mask_url("redis://h:6379/0") == "redis://h:6379/0");
  CHECK(mask_url("h") == "h");
}

TEST_CASE("a URL cut at any byte is read or refused") {
  const std::string whole = "rediss://a:b%4@[::1]:6380,h:1/2?x=%zz&y#f";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto url = parse_redis_url(whole.substr(0, size));
    if (url && !url->is_unix) CHECK_FALSE(url->hosts.empty());
    mask_url(whole.substr(0, size));
  }
}

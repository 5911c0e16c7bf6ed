#include "base/provider.h"

#include <doctest/doctest.h>

using namespace rta;

TEST_CASE("managed services are told by their domain, and only by its end") {
  CHECK(provider_of_host("master.phi.abc123.euw1.cache.amazonaws.com") == "ElastiCache");
  CHECK(provider_of_host("CLUSTERCFG.x.memorydb.eu-west-1.amazonaws.com") == "MemoryDB");
  CHECK(provider_of_host("phi.redis.cache.windows.net.") == "Azure Cache for Redis");
  CHECK(provider_of_host("phi.westeurope.redis.azure.net") == "Azure Managed Redis");
  CHECK(provider_of_host("redis-1.c1.eu-west-1-1.ec2.cloud.redislabs.com") == "Redis Cloud");
  CHECK(provider_of_host("redis").empty());
  CHECK(provider_of_host("s3.amazonaws.com").empty());
  CHECK(provider_of_host("x.cache.amazonaws.com.evil.example").empty());
}

TEST_CASE("products are told by their own field") {
  CHECK(product_of_info({{"redis_version", "7.2.4"}, {"valkey_version", "8.0.1"}}) == "Valkey");
  CHECK(product_of_info({{"redis_version", "7.4.0"}, {"dragonfly_version", "df-v1.2"}}) ==
        "Dragonfly");
  CHECK(product_of_info({{"redis_version", "7.4.0"}}) == "Redis");
  CHECK(product_of_info({}).empty());
  CHECK(provider_of_info({{"rlec_version", "7.4.2"}}) == "Redis Enterprise");
}

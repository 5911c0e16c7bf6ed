#include "net/resolve.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::net;
using namespace std::chrono_literals;

namespace {

Observation<Resolution> resolved(const std::string& host) {
  return resolve(host, 6379, Deadline::after(10s));
}

}  // namespace

TEST_CASE("numbers need no lookup, and localhost is on loopback") {
  CHECK(resolve("192.0.2.1", 6380, Deadline::after(0s))->addresses ==
        std::vector<Address>{{.ip = "192.0.2.1", .port = 6380}});
  const Observation<Resolution> localhost = resolved("localhost");
  REQUIRE(localhost.has_value());
  for (const Address& address : localhost->addresses) CHECK(is_loopback(address.ip));
}

TEST_CASE("what must not be dialled is outside the scope, also in an odd spelling") {
  CHECK(resolved("169.254.169.254").gap()->reason == GapReason::outside_scope);
  CHECK(resolved("0xa9fea9fe").gap()->reason == GapReason::outside_scope);  // the same number
  CHECK(resolved("ff02::1").gap()->reason == GapReason::outside_scope);
}

TEST_CASE("names that are none are refused before any lookup") {
  for (const std::string& host :
       {std::string{}, std::string{"no such host"}, std::string(300, 'a'), std::string{"a\0b", 3},
        std::string{"r\xc3\xa9"
                    "dis"},
        std::string{"${REDIS_HOST}"}}) {
    INFO(host);
    REQUIRE(resolved(host).gap() != nullptr);
    CHECK(resolved(host).gap()->reason == GapReason::malformed);
  }
}

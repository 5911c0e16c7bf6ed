#include "net/address.h"

#include <doctest/doctest.h>

using namespace rta::net;

TEST_CASE("addresses are written and read back") {
  for (const char* text : {"127.0.0.1:6379", "[::1]:6379", "[2001:db8::1]:1"}) {
    const auto address = parse_address(text);
    REQUIRE(address);
    CHECK(address->text() == text);
  }
  for (const char* text : {"", "redis:6379", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "127.0.0.1:1x", "::1:6379", "127.0.0.1:-1", "[redis]:1"}) {
    INFO(text);
    CHECK_FALSE(parse_address(text));
  }
}

TEST_CASE("metadata, multicast and broadcast addresses are forbidden in every spelling") {
  for (const char* ip :
       {"169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.255", "255.255.255.255",
        "240.0.0.1", "100.100.100.200", "168.63.129.16", "fe80::1", "febf::1", "ff02::1",
        "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "no address"}) {
    INFO(ip);
    CHECK(forbidden_reason(ip));
  }
  for (const char* ip :
       {"127.0.0.1", "10.0.0.1", "169.253.255.255", "169.255.0.1", "223.255.255.255",
        "100.100.100.201", "::1", "fec0::1", "2001:db8::1", "fd00:ec2::255", "::ffff:10.0.0.1"}) {
    INFO(ip);
    CHECK_FALSE(forbidden_reason(ip));
  }
}

TEST_CASE("loopback is the whole of 127/8 and ::1") {
  CHECK(is_loopback("127.0.0.1"));
  CHECK(is_loopback("127.255.1.2"));
  CHECK(is_loopback("::1"));
  CHECK(is_loopback("::ffff:127.0.0.1"));
  CHECK_FALSE(is_loopback("128.0.0.1"));
  CHECK_FALSE(is_loopback("::2"));
  CHECK_FALSE(is_loopback("localhost"));
}

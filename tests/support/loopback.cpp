#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <random>

#include "base/unique_fd.h"

namespace rta::testing {

std::string own_loopback_ip() {
  static std::random_device random;
  const auto octet = [&](unsigned from) { return from + random() % (255U - from); };
  return fmt::format("127.{}.{}.{}", octet(10), octet(0), octet(1));
}

net::Address free_address(const std::string& ip) {
  const UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in place{};
  place.sin_family = AF_INET;
  REQUIRE(::inet_pton(AF_INET, ip.c_str(), &place.sin_addr) == 1);
  socklen_t size = sizeof place;
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&place), size) == 0);
  REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&place), &size) == 0);
  return {.ip = ip, .port = ntohs(place.sin_port)};
}

}  // namespace rta::testing

#include "net/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstring>

#include "base/text.h"

namespace rta::net {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

template <class A>
std::optional<A> parse_ip(int family, std::string_view text) {
  A bytes{};
  if (::inet_pton(family, std::string{text}.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

// The IPv4 address inside ::ffff:a.b.c.d (RFC 4291 2.5.5.2) or 64:ff9b::a.b.c.d (RFC 6052 2.1).
std::optional<V4> embedded_v4(const V6& ip) {
  constexpr V6 kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr V6 kNat64{0, 0x64, 0xff, 0x9b};
  const auto begins_with = [&](const V6& prefix) {
    return std::equal(prefix.begin(), prefix.begin() + 12, ip.begin());
  };
  if (!begins_with(kMapped) && !begins_with(kNat64)) return std::nullopt;
  return V4{ip[12], ip[13], ip[14], ip[15]};
}

std::optional<std::string> forbidden_v4(const V4& ip) {
  if (ip[0] == 169 && ip[1] == 254) return "a link-local address, where cloud metadata is served";
  if (ip[0] >= 224 && ip[0] <= 239) return "a multicast address";
  if (ip == V4{255, 255, 255, 255}) return "the broadcast address";
  if (ip[0] >= 240) return "a reserved address";
  if (ip == V4{100, 100, 100, 200} || ip == V4{168, 63, 129, 16}) {
    return "a cloud provider's metadata address";
  }
  return std::nullopt;
}

std::optional<std::string> forbidden_v6(const V6& ip) {
  constexpr V6 kAmazonMetadata{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  if (const auto v4 = embedded_v4(ip)) return forbidden_v4(*v4);
  if (ip[0] == 0xfe && (ip[1] & 0xc0U) == 0x80) return "a link-local address";
  if (ip[0] == 0xff) return "a multicast address";
  if (ip == kAmazonMetadata) return "a cloud provider's metadata address";
  return std::nullopt;
}

}  // namespace

std::string Address::text() const {
  return ip.find(':') == std::string::npos ? fmt::format("{}:{}", ip, port)
                                           : fmt::format("[{}]:{}", ip, port);
}

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  Address address{.ip = std::string{host}};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  const bool whole = error == std::errc{} && end == digits.data() + digits.size();
  if (!whole || !is_numeric_ip(host)) return std::nullopt;
  return address;
}

bool is_numeric_ip(std::string_view host) {
  return parse_ip<V4>(AF_INET, host).has_value() || parse_ip<V6>(AF_INET6, host).has_value();
}

bool is_loopback(std::string_view ip) {
  if (const auto v4 = parse_ip<V4>(AF_INET, ip)) return (*v4)[0] == 127;
  const auto v6 = parse_ip<V6>(AF_INET6, ip);
  if (!v6) return false;
  if (const auto v4 = embedded_v4(*v6)) return (*v4)[0] == 127;
  constexpr V6 kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return *v6 == kLoopback;
}

std::optional<std::string> forbidden_reason(std::string_view ip) {
  if (const auto v4 = parse_ip<V4>(AF_INET, ip)) return forbidden_v4(*v4);
  if (const auto v6 = parse_ip<V6>(AF_INET6, ip)) return forbidden_v6(*v6);
  return "not a numeric address";
}

}  // namespace rta::net

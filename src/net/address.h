// Address is where a connection goes: a numeric IP address and a port. Pure;
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rta::net {

struct Address {
  std::string ip;  // "127.0.0.1", "2001:db8::1"
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const;  // "127.0.0.1:6379", "[2001:db8::1]:6379"
  auto operator<=>(const Address&) const = default;
};

// The reverse of text(); nothing for host names.
std::optional<Address> parse_address(std::string_view text);

bool is_numeric_ip(std::string_view host);
bool is_loopback(std::string_view ip);

// Why this address must never be dialled, or nothing: link-local (cloud
// metadata services live there), multicast, broadcast and the providers' other
// metadata addresses. A name in an audited tree must not reach them.
std::optional<std::string> forbidden_reason(std::string_view ip);

}  // namespace rta::net

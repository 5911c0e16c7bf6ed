#include "net/resolve.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/text.h"

namespace rta::net {
namespace {

// RFC 1035 2.3.4; underscores occur in container names.
bool is_host_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

struct Lookup {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  int error = 0;
  std::vector<std::string> ips;
};

std::string numeric(const addrinfo& entry) {
  std::array<char, 64> host{};
  const int error = ::getnameinfo(entry.ai_addr, entry.ai_addrlen, host.data(),
                                  static_cast<socklen_t>(host.size()), nullptr, 0, NI_NUMERICHOST);
  if (error != 0) return {};
  std::string text{host.data()};
  // A scope ("fe80::1%eth0") is no part of the address.
  return text.substr(0, text.find('%'));
}

void look_up(const std::shared_ptr<Lookup>& lookup, const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  std::vector<std::string> ips;
  for (const addrinfo* entry = found; error == 0 && entry != nullptr; entry = entry->ai_next) {
    std::string ip = numeric(*entry);
    if (!ip.empty() && std::ranges::find(ips, ip) == ips.end()) ips.push_back(std::move(ip));
  }
  if (found != nullptr) ::freeaddrinfo(found);
  const std::lock_guard lock{lookup->mutex};
  lookup->error = error;
  lookup->ips = std::move(ips);
  lookup->over = true;
  lookup->changed.notify_all();
}

Observation<Resolution> sorted_out(const std::string& host, std::uint16_t port,
                                   const std::vector<std::string>& ips) {
  Resolution resolution;
  for (const std::string& ip : ips) {
    if (const auto reason = forbidden_reason(ip)) {
      resolution.left_out.push_back(fmt::format("{} is {} and is not dialled", ip, *reason));
    } else if (resolution.addresses.size() == kMaxAddresses) {
      resolution.left_out.push_back(
          fmt::format("{} is beyond the first {} addresses", ip, kMaxAddresses));
      break;
    } else {
      resolution.addresses.push_back({.ip = ip, .port = port});
    }
  }
  if (!resolution.addresses.empty()) return resolution;
  const std::string why =
      resolution.left_out.empty() ? "it has no address" : resolution.left_out[0];
  const GapReason reason =
      resolution.left_out.empty() ? GapReason::unreachable : GapReason::outside_scope;
  return Gap{reason, fmt::format("{}: {}", printable(host, 260), why), ""};
}

}  // namespace

Observation<Resolution> resolve(const std::string& host, std::uint16_t port, Deadline deadline) {
  if (is_numeric_ip(host)) return sorted_out(host, port, {host});
  if (!is_host_name(host)) {
    return Gap{GapReason::malformed, fmt::format("{} is not a host name", printable(host, 260)),
               "write an internationalised name in its xn-- form"};
  }
  const auto lookup = std::make_shared<Lookup>();
  std::thread{look_up, lookup, host}.detach();
  std::unique_lock lock{lookup->mutex};
  if (!lookup->changed.wait_until(lock, deadline.end(), [&] { return lookup->over; })) {
    return Gap{GapReason::timed_out, fmt::format("looking up {} took too long", host),
               "check the resolver, or map the name with connect_to"};
  }
  if (lookup->error != 0) {
    return Gap{
        GapReason::unreachable,
        fmt::format("{} does not resolve: {}", host, ::gai_strerror(lookup->error)),
        fmt::format("run the audit where {} resolves, or map the name with connect_to", host)};
  }
  return sorted_out(host, port, lookup->ips);
}

}  // namespace rta::net

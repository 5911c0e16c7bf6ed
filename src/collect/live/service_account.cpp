// The account that runs an audited server on this machine: the kernel lists
// the owner of every listening socket in /proc/net/tcp (proc(5)).
#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "collect/collectors.h"

namespace rta {
namespace {

constexpr std::string_view kListening = "0A";

struct Listener {
  std::string address;  // dotted, or "*" for all
  unsigned port = 0;
  std::uint32_t uid = 0;
};

// "0100007F:18EB": the address as the host's 32-bit number, the port in hex.
std::optional<Listener> parse_local(const std::string& local) {
  const std::size_t colon = local.find(':');
  if (colon == std::string::npos) return std::nullopt;
  Listener listener;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), listener.port, 16);
  if (colon != 8) {
    listener.address = "*";  // IPv6: told apart by the port alone
    return listener;
  }
  in_addr address{};
  std::from_chars(local.data(), local.data() + colon, address.s_addr, 16);
  char text[INET_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET, &address, text, sizeof text);
  listener.address = address.s_addr == 0 ? "*" : text;
  return listener;
}

std::vector<Listener> listeners(const char* table) {
  std::vector<Listener> all;
  std::ifstream file{table};
  std::string line;
  std::getline(file, line);  // headings
  while (std::getline(file, line) && all.size() < 10'000) {
    std::istringstream fields{line};
    std::string slot, local, remote, state, queues, timer, retransmits;
    std::uint32_t uid = 0;
    if (!(fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid))
      continue;
    auto listener = parse_local(local);
    if (state != kListening || !listener) continue;
    listener->uid = uid;
    all.push_back(*listener);
  }
  return all;
}

// "127.0.0.1:16379" or "[::1]:16379".
bool is_at(const Listener& listener, const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || address.substr(colon + 1) != std::to_string(listener.port))
    return false;
  return listener.address == "*" || listener.address == address.substr(0, colon);
}

bool is_local(const std::string& address) {
  return address.starts_with("127.") || address.starts_with("[::1]");
}

}  // namespace

void collect_service_account(CollectContext&, Evidence& evidence) {
  if (evidence.service_uid) return;  // the project says who runs it
  std::vector<Listener> all = listeners("/proc/net/tcp");
  std::ranges::move(listeners("/proc/net/tcp6"), std::back_inserter(all));
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live || !is_local(endpoint.address)) continue;
    for (const Listener& listener : all) {
      if (!is_at(listener, endpoint.address)) continue;
      evidence.scope.host_is_local = true;
      evidence.service_uid = listener.uid;
      evidence.service_uid_reason =
          fmt::format("the socket on {} belongs to uid {}", endpoint.address, listener.uid);
      return;
    }
  }
}

}  // namespace rta

#include "tests/support/fault_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/unique_fd.h"

namespace rta::testing {
namespace {

UniqueFd connect_to(const net::Address& address) {
  UniqueFd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.ip.c_str(), &place.sin_addr);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0)
    return {};
  return socket;
}

// The server's answer, on its way back to the client.
class Answer {
 public:
  Answer(PeerConnection& client, const Faults& faults) : client_(client), faults_(faults) {}

  // False when the connection is to end.
  bool pass(ByteView bytes) {
    while (!bytes.empty()) {
      const std::optional<std::size_t> limit = faults_.limit();
      std::size_t size =
          faults_.fragment == 0 ? bytes.size() : std::min(faults_.fragment, bytes.size());
      if (limit) size = std::min(size, *limit - passed_);
      if (size == 0) return broken_off();
      if (faults_.delay_milliseconds > 0 && !client_.pause(faults_.delay_milliseconds))
        return false;
      if (!client_.write(bytes.first(size))) return false;
      passed_ += size;
      bytes = bytes.subspan(size);
    }
    return true;
  }

 private:
  bool broken_off() {
    if (faults_.mute_after) client_.wait_for_end();
    if (faults_.reset_after) client_.reset();
    return false;
  }
  PeerConnection& client_;
  const Faults& faults_;
  std::size_t passed_ = 0;
};

// Both directions until one side, or the test, is over.
void relay(PeerConnection& client, const net::Address& server, const Faults& faults) {
  const UniqueFd upstream = connect_to(server);
  if (!upstream) return client.reset();
  PeerConnection peer = client.beside(upstream.get());
  Answer answer{client, faults};
  while (const PeerConnection* ready = client.wait_for_either(peer)) {
    if (ready == &client) {
      const Bytes bytes = client.read();
      if (bytes.empty() || !peer.write(bytes)) return;
    } else {
      const Bytes bytes = peer.read();
      if (bytes.empty() || !answer.pass(bytes)) return;
    }
  }
}

}  // namespace

struct FaultProxy::State {
  net::Address server;
  Fate fate;
  std::atomic<int> count = 0;
  std::unique_ptr<BadPeer> peer;
};

FaultProxy::FaultProxy(net::Address server, Faults faults)
    : FaultProxy(std::move(server), [faults](int) { return faults; }) {}

FaultProxy::FaultProxy(net::Address server, Fate fate) : state_(std::make_unique<State>()) {
  state_->server = std::move(server);
  state_->fate = std::move(fate);
  state_->peer = std::make_unique<BadPeer>([state = state_.get()](PeerConnection& client) {
    const int number = ++state->count;
    const Faults faults = state->fate(number);
    if (faults.drop_every > 0 && number % faults.drop_every == 0) return client.reset();
    if (faults.instead) {
      if (!client.read().empty()) client.write(*faults.instead);
      return;
    }
    // Zero bytes let through: the server is not troubled either.
    if (faults.mute_after == 0U) return client.wait_for_end();
    relay(client, state->server, faults);
  });
}

FaultProxy::~FaultProxy() = default;

const net::Address& FaultProxy::address() const { return state_->peer->address(); }
int FaultProxy::connections() const { return state_->count; }

}  // namespace rta::testing

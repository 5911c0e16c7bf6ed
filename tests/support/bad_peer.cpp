#include "tests/support/bad_peer.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <mutex>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tests/support/loopback.h"

namespace rta::testing {
namespace {

// Waits for the events on fd; false when the end came first.
bool await(int fd, short events, int stop_fd) {
  std::array<pollfd, 2> wanted{pollfd{.fd = fd, .events = events, .revents = 0},
                               pollfd{.fd = stop_fd, .events = POLLIN, .revents = 0}};
  ::poll(wanted.data(), wanted.size(), -1);
  return wanted[1].revents == 0;
}

void drip(PeerConnection& peer) {
  constexpr std::array<std::uint8_t, 11> kHello{0x16, 3, 3, 0, 0x5a, 2, 0, 0, 0x56, 3, 3};
  for (const std::uint8_t byte : kHello) {
    if (!peer.write(ByteView{&byte, 1}) || !peer.pause(250)) return;
  }
  while (peer.write(std::string_view{"\0", 1}) && peer.pause(250)) continue;
}

void flood(PeerConnection& peer, ByteView unit) {
  Bytes block;
  while (block.size() < 16 * 1024) block.insert(block.end(), unit.begin(), unit.end());
  while (peer.write(block)) continue;
}

// One inline or RESP PING at a time is enough for the tests.
void answer_like_redis(PeerConnection& peer) {
  for (Bytes got = peer.read(); !got.empty(); got = peer.read()) {
    const std::string_view text = as_text(got);
    const std::size_t newline = text.find('\n');
    const std::size_t nul = text.find('\0');
    if (newline == std::string_view::npos || nul < newline) continue;  // silence, as Redis does
    if (text.starts_with("PING") || text.find("\r\nPING\r\n") != std::string_view::npos) {
      peer.write("+PONG\r\n");
    } else {
      peer.write("-ERR unknown command\r\n");
    }
  }
}

BadPeer::Script script_for(Manner manner) {
  static constexpr std::array<std::uint8_t, 7> kFatalAlert{0x15, 3, 3, 0, 2, 2, 40};
  static constexpr std::array<std::uint8_t, 7> kWarning{0x15, 3, 3, 0, 2, 1, 90};
  static constexpr std::array<std::uint8_t, 9> kEmptyHandshake{0x16, 3, 3, 0, 4, 4, 0, 0, 0};
  switch (manner) {
    case Manner::silent:
      return [](PeerConnection& peer) { peer.wait_for_end(); };
    case Manner::closing:
      return [](PeerConnection&) {};
    case Manner::resetting:
      return [](PeerConnection& peer) { peer.reset(); };
    case Manner::close_after_hello:
      return [](PeerConnection& peer) { peer.read(); };
    case Manner::reset_after_hello:
      return [](PeerConnection& peer) {
        if (!peer.read().empty()) peer.reset();
      };
    case Manner::garbage:
      return [](PeerConnection& peer) {
        peer.write("\x07\x1b]0;owned\x07 no protocol at all \xff\xfe\n");
        peer.wait_for_end();
      };
    case Manner::endless_nul:
      return [](PeerConnection& peer) {
        constexpr std::uint8_t kNul = 0;
        flood(peer, ByteView{&kNul, 1});
      };
    case Manner::endless_handshake:
      return [](PeerConnection& peer) { flood(peer, kEmptyHandshake); };
    case Manner::drip:
      return drip;
    case Manner::ssh:
      return [](PeerConnection& peer) {
        peer.write("SSH-2.0-OpenSSH_9.2 \x1b[2J\r\n");
        peer.wait_for_end();
      };
    case Manner::http:
      return [](PeerConnection& peer) {
        if (!peer.read().empty())
          peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      };
    case Manner::plaintext_redis:
      return answer_like_redis;
    case Manner::slow_accept:
      return [](PeerConnection& peer) {
        if (peer.pause(3000)) peer.write(kFatalAlert);
      };
    case Manner::alert_flood:
      return [](PeerConnection& peer) { flood(peer, kWarning); };
  }
  return {};
}

}  // namespace

Bytes PeerConnection::read() {
  if (!await(fd_, POLLIN, stop_fd_)) return {};
  Bytes bytes(64 * 1024);
  const ssize_t size = ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

bool PeerConnection::write(ByteView bytes) {
  while (!bytes.empty()) {
    if (!await(fd_, POLLOUT, stop_fd_)) return false;
    const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  return true;
}

void PeerConnection::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool PeerConnection::pause(int milliseconds) {
  pollfd wanted{.fd = stop_fd_, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, milliseconds) == 0;
}

void PeerConnection::wait_for_end() {
  while (!read().empty()) continue;
}

PeerConnection* PeerConnection::wait_for_either(PeerConnection& other) {
  std::array<pollfd, 3> wanted{pollfd{.fd = fd_, .events = POLLIN, .revents = 0},
                               pollfd{.fd = other.fd_, .events = POLLIN, .revents = 0},
                               pollfd{.fd = stop_fd_, .events = POLLIN, .revents = 0}};
  ::poll(wanted.data(), wanted.size(), -1);
  if (wanted[2].revents != 0) return nullptr;
  return wanted[0].revents != 0 ? this : &other;
}

struct BadPeer::State {
  Script script;
  net::Address address;
  UniqueFd listener, stop{::eventfd(0, EFD_CLOEXEC)};
  std::atomic<int> connections = 0, standing = 0, most = 0;
  std::mutex mutex;
  std::vector<std::jthread> threads;
  std::jthread acceptor;

  void listen();
  void accept_all();
  void serve(UniqueFd connection);
};

void BadPeer::State::listen() {
  address = free_address();
  listener = UniqueFd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int on = 1;
  ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.ip.c_str(), &place.sin_addr);
  REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
  REQUIRE(::listen(listener.get(), 64) == 0);
  acceptor = std::jthread{[this] { accept_all(); }};
}

void BadPeer::State::accept_all() {
  while (await(listener.get(), POLLIN, stop.get())) {
    UniqueFd connection{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
    if (!connection) continue;
    ++connections;
    const int now = ++standing;
    if (now > most) most = now;
    const std::lock_guard lock{mutex};
    threads.emplace_back(
        [this, fd = std::make_shared<UniqueFd>(std::move(connection))] { serve(std::move(*fd)); });
  }
}

void BadPeer::State::serve(UniqueFd connection) {
  PeerConnection peer{connection.get(), stop.get()};
  script(peer);
  --standing;
}

BadPeer::BadPeer(Manner manner) : BadPeer(script_for(manner)) {}

BadPeer::BadPeer(Script script) : state_(std::make_unique<State>()) {
  state_->script = std::move(script);
  state_->listen();
}

BadPeer::~BadPeer() {
  const std::uint64_t one = 1;
  const ssize_t written = ::write(state_->stop.get(), &one, sizeof one);
  if (written != sizeof one) std::abort();  // an eventfd takes its first write
  state_->acceptor.join();
  state_->threads.clear();  // joins
}

const net::Address& BadPeer::address() const { return state_->address; }
int BadPeer::connections() const { return state_->connections; }
int BadPeer::most_at_once() const { return state_->most; }

}  // namespace rta::testing

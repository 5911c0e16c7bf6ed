#include "tests/differential/rogue_redis.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <redis_tls_audit/time.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "tests/support/pki.h"

namespace rta::testing {
namespace {

using ContextPtr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::abort();
}

ContextPtr context_for(const Issued& server) {
  ContextPtr context{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  const auto read = [](const std::string& pem) {
    return std::unique_ptr<BIO, decltype(&BIO_free)>{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  };
  const std::string certificate_pem = server.pem();
  const std::string key_pem = server.key_pem();
  const auto certificate_bio = read(certificate_pem);
  const auto key_bio = read(key_pem);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{
      PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr), X509_free};
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
      PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
  if (SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1)
    give_up("a server's certificate");
  // A resumed session would not be verified again.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context.get(), 0);
  return context;
}

// "caseNx": N, once all of it has arrived.
std::optional<int> user_in(std::string_view text) {
  for (std::size_t at = text.find("case"); at != std::string_view::npos;
       at = text.find("case", at + 1)) {
    int number = 0;
    std::size_t digit = at + 4;
    while (digit < text.size() && text[digit] >= '0' && text[digit] <= '9' && number < 10'000'000)
      number = number * 10 + (text[digit++] - '0');
    if (digit > at + 4 && digit < text.size() && text[digit] == 'x') return number;
  }
  return std::nullopt;
}

constexpr std::string_view kAnswer = "-ERR rogue server\r\n";
constexpr int kThreads = 6;
constexpr std::size_t kLongestLogin = 64 * 1024;

}  // namespace

std::string_view name_of_face(Face face) {
  switch (face) {
    case Face::stranger:
      return "stranger";
    case Face::other_name:
      return "other_name";
    case Face::expired:
      return "expired";
    case Face::right:
      return "right";
  }
  return "";
}

struct RogueRedis::State {
  struct Listener {
    Face face = Face::right;
    UniqueFd fd;
    std::uint16_t port = 0;
    ContextPtr context{nullptr, SSL_CTX_free};
    std::vector<std::jthread> threads;  // several: a slow client must not stop the others
  };

  std::string ca_pem;
  std::vector<Listener> listeners;
  UniqueFd stop{eventfd(0, EFD_CLOEXEC)};
  mutable std::mutex mutex;
  std::map<std::pair<int, Face>, Login> logins;

  void listen_with(Face face, const Issued& certificate) {
    Listener listener;
    listener.face = face;
    listener.context = context_for(certificate);
    listener.fd = UniqueFd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (bind(listener.fd.get(), generic, size) != 0 || listen(listener.fd.get(), 128) != 0 ||
        getsockname(listener.fd.get(), generic, &size) != 0)
      give_up("a server's port");
    listener.port = ntohs(address.sin_port);
    listeners.push_back(std::move(listener));
  }

  // True when there is something to read; false when the test is over or the
  // other side has been silent for too long.
  [[nodiscard]] bool wait_for(int fd, int milliseconds) const {
    std::array<pollfd, 2> both{pollfd{fd, POLLIN, 0}, pollfd{stop.get(), POLLIN, 0}};
    return poll(both.data(), both.size(), milliseconds) > 0 && both[1].revents == 0;
  }

  void serve(const Listener& listener) {
    while (wait_for(listener.fd.get(), -1)) {
      const UniqueFd peer{accept4(listener.fd.get(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (!peer) continue;
      const timeval patience{10, 0};
      setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      char first = 0;
      if (!wait_for(peer.get(), 10'000) || recv(peer.get(), &first, 1, MSG_PEEK) != 1) continue;
      constexpr char kHandshake = 22;
      if (first == kHandshake)
        serve_tls(listener, peer.get());
      else
        serve_plaintext(listener, peer.get());
    }
  }

  void serve_plaintext(const Listener& listener, int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < kLongestLogin) {
      const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) return;
      text.append(buffer.data(), static_cast<std::size_t>(size));
      if (!remember(listener.face, text, false)) continue;
      (void)send(fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
      return;
    }
  }

  void serve_tls(const Listener& listener, int fd) {
    const std::unique_ptr<SSL, decltype(&SSL_free)> session{SSL_new(listener.context.get()),
                                                            SSL_free};
    SSL_set_fd(session.get(), fd);
    if (SSL_accept(session.get()) != 1) return;
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() < kLongestLogin) {
      const int size = SSL_read(session.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (size <= 0) return;
      text.append(buffer.data(), static_cast<std::size_t>(size));
      if (!remember(listener.face, text, true)) continue;
      SSL_write(session.get(), kAnswer.data(), static_cast<int>(kAnswer.size()));
      SSL_shutdown(session.get());
      return;
    }
  }

  bool remember(Face face, std::string_view text, bool through_tls) {
    const std::optional<int> user = user_in(text);
    if (!user) return false;
    const std::scoped_lock lock{mutex};
    Login& login = logins[{*user, face}];
    (through_tls ? login.through_tls : login.in_plaintext) = true;
    return true;
  }
};

RogueRedis::RogueRedis() : state_(std::make_unique<State>()) {
  const Timestamp now{std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
  const Timestamp before = now - std::chrono::days{30};
  const Issued right = make_self_signed(x509::proper_ca("Right CA", before, 365));
  const Issued wrong = make_self_signed(x509::proper_ca("Stranger CA", before, 365));
  const auto server = [&](const std::string& name, const Issued& issuer, int days) {
    const bool is_local = name == "localhost";
    return make_issued(
        x509::proper_server(
            {name}, is_local ? std::vector<std::string>{"127.0.0.1"} : std::vector<std::string>{},
            before, days),
        issuer);
  };
  state_->ca_pem = right.pem();
  state_->listen_with(Face::stranger, server("localhost", wrong, 365));
  state_->listen_with(Face::other_name, server("other.example", right, 365));
  state_->listen_with(Face::expired, server("localhost", right, 29));
  state_->listen_with(Face::right, server("localhost", right, 365));
  for (State::Listener& listener : state_->listeners)
    for (int i = 0; i < kThreads; ++i)
      listener.threads.emplace_back([state = state_.get(), &listener] { state->serve(listener); });
}

RogueRedis::~RogueRedis() {
  const std::uint64_t one = 1;
  if (write(state_->stop.get(), &one, sizeof one) != sizeof one) give_up("ending the servers");
  for (State::Listener& listener : state_->listeners) listener.threads.clear();  // joins
}

std::uint16_t RogueRedis::port(Face face) const {
  for (const State::Listener& listener : state_->listeners)
    if (listener.face == face) return listener.port;
  return 0;
}

const std::string& RogueRedis::ca_pem() const { return state_->ca_pem; }

std::map<std::pair<int, Face>, Login> RogueRedis::logins() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->logins;
}

}  // namespace rta::testing

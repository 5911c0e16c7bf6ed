// TlsPeer is a TLS server on loopback that behaves as the test wants: OpenSSL
// with any of its switches, and "+PONG" to whoever says PING. For behaviour that
// no installed server shows. Its destructor ends it.
//
//   TlsPeer peer{{.leaf = server, .configure = [](SSL_CTX* context) {
//     SSL_CTX_set_verify(context, SSL_VERIFY_PEER, take_everything);
//   }}};
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "net/address.h"
#include "tests/support/bad_peer.h"
#include "tests/support/pki.h"

namespace rta::testing {

struct TlsPeerOptions {
  const Issued* leaf = nullptr;
  std::function<void(SSL_CTX*)> configure = [](SSL_CTX*) {};
  std::string answer = "+PONG\r\n";  // to anything that holds PING; empty: silence
  std::string early_answer;          // sent before the client's last flight (TLS 1.3)
  bool one_at_a_time = false;        // the next connection waits for the end of this one
};

class TlsPeer {
 public:
  explicit TlsPeer(TlsPeerOptions options);
  ~TlsPeer();
  [[nodiscard]] const net::Address& address() const { return peer_->address(); }
  [[nodiscard]] int connections() const { return peer_->connections(); }

 private:
  void serve(PeerConnection& connection) const;

  TlsPeerOptions options_;
  SSL_CTX* context_;
  mutable std::mutex turn_;  // of connections that are served one at a time
  std::unique_ptr<BadPeer> peer_;
};

// OpenSSL's own setters are macros with casts that our warnings refuse.
using ServerNameCallback = int (*)(SSL*, int* alert, void* argument);
void on_server_name(SSL_CTX* context, ServerNameCallback callback, const void* argument = nullptr);
void on_status_request(SSL_CTX* context, int (*callback)(SSL*, void*));

// A further certificate, of another kind of key, for the same server.
void add_certificate(SSL_CTX* context, const Issued& leaf);

}  // namespace rta::testing

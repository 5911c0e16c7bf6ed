// The callbacks by which OpenSSL tells what passes in a handshake beside its
// outcome: alerts, the request for a certificate and whether ours went out, the
// staple, timestamps and tickets. Part of TlsSession: included by src/net only.
#pragma once

#include "net/tls_context.h"

namespace rta::net {

// SavedSession owns what OpenSSL needs to come back.
class SavedSession {
 public:
  explicit SavedSession(SSL_SESSION* owned) : session_(owned) {}
  // OpenSSL counts references and changes nothing in it.
  [[nodiscard]] SSL_SESSION* handle() const { return session_.get(); }

 private:
  std::unique_ptr<SSL_SESSION, FreeWith<SSL_SESSION_free>> session_;
};

// "alert 116 certificate required".
std::string alert_words(std::uint8_t description);

// Before SSL_new(): the extensions that are asked for, and the keeping of sessions.
void observe_context(SSL_CTX* context);
// `result` must live as long as `ssl`.
void observe_session(SSL* ssl, SessionResult& result);
// What the finished handshake left: resumption, session id, staple.
void note_session(SSL* ssl, SessionResult& result);

}  // namespace rta::net

#include "tests/support/tls_peer.h"

#include <doctest/doctest.h>
#include <openssl/err.h>

#include <array>

namespace rta::testing {
namespace {

Bytes waiting_in(BIO* bio) {
  Bytes bytes(BIO_ctrl_pending(bio));
  if (!bytes.empty()) BIO_read(bio, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

// One connection of the peer.
class ServerSession {
 public:
  ServerSession(SSL_CTX* context, const TlsPeerOptions& options)
      : ssl_(SSL_new(context)), options_(options) {
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(in_, -1);
    SSL_set_bio(ssl_, in_, out_);
    SSL_set_accept_state(ssl_);
  }
  ~ServerSession() { SSL_free(ssl_); }
  ServerSession(const ServerSession&) = delete;
  ServerSession& operator=(const ServerSession&) = delete;

  // False: the session is over.
  bool take(ByteView bytes) {
    BIO_write(in_, bytes.data(), static_cast<int>(bytes.size()));
    ERR_clear_error();
    const EarlyStep early = read_early_data();
    if (early != EarlyStep::over) return early == EarlyStep::waits;
    std::array<char, 4096> text{};
    for (;;) {
      const int size = SSL_read(ssl_, text.data(), static_cast<int>(text.size()));
      if (size <= 0) return SSL_get_error(ssl_, size) == SSL_ERROR_WANT_READ;
      heard_.append(text.data(), static_cast<std::size_t>(size));
      if (!heard_.contains("PING")) continue;
      heard_.clear();
      if (!options_.answer.empty())
        SSL_write(ssl_, options_.answer.data(), static_cast<int>(options_.answer.size()));
    }
  }
  Bytes outgoing() { return waiting_in(out_); }

 private:
  enum class EarlyStep { waits, over, failed };

  // Early data comes before the handshake; an early answer may leave then.
  EarlyStep read_early_data() {
    if (early_over_) return EarlyStep::over;
    if (SSL_get_max_early_data(ssl_) == 0 && options_.early_answer.empty()) return EarlyStep::over;
    std::array<char, 4096> text{};
    std::size_t size = 0;
    int step = SSL_READ_EARLY_DATA_SUCCESS;
    while (step == SSL_READ_EARLY_DATA_SUCCESS)
      step = SSL_read_early_data(ssl_, text.data(), text.size(), &size);
    if (step == SSL_READ_EARLY_DATA_ERROR)
      return SSL_get_error(ssl_, 0) == SSL_ERROR_WANT_READ ? EarlyStep::waits : EarlyStep::failed;
    early_over_ = true;
    if (!options_.early_answer.empty()) {
      std::size_t written = 0;
      SSL_write_early_data(ssl_, options_.early_answer.data(), options_.early_answer.size(),
                           &written);
    }
    return EarlyStep::over;
  }

  SSL* ssl_;
  BIO* in_;   // owned by ssl_
  BIO* out_;
  const TlsPeerOptions& options_;
  std::string heard_;
  bool early_over_ = false;
};

}  // namespace

void on_server_name(SSL_CTX* context, ServerNameCallback callback, const void* argument) {
  SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                        reinterpret_cast<void (*)()>(callback));
  SSL_CTX_ctrl(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, 0, const_cast<void*>(argument));
}

void on_status_request(SSL_CTX* context, int (*callback)(SSL*, void*)) {
  SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                        reinterpret_cast<void (*)()>(callback));
}

void add_certificate(SSL_CTX* context, const Issued& leaf) {
  const unsigned char* der = leaf.der.data();
  X509* certificate = d2i_X509(nullptr, &der, static_cast<long>(leaf.der.size()));
  REQUIRE(SSL_CTX_use_certificate(context, certificate) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context, leaf.key.get()) == 1);
  X509_free(certificate);
}

TlsPeer::TlsPeer(TlsPeerOptions options)
    : options_(std::move(options)), context_(SSL_CTX_new(TLS_server_method())) {
  constexpr std::string_view kContextId = "test";
  SSL_CTX_set_session_id_context(context_,
                                 reinterpret_cast<const unsigned char*>(kContextId.data()),
                                 static_cast<unsigned>(kContextId.size()));
  add_certificate(context_, *options_.leaf);
  options_.configure(context_);
  peer_ = std::make_unique<BadPeer>([this](PeerConnection& connection) { serve(connection); });
}

TlsPeer::~TlsPeer() {
  peer_.reset();  // its threads use the context
  SSL_CTX_free(context_);
}

void TlsPeer::serve(PeerConnection& connection) const {
  std::unique_lock turn{turn_, std::defer_lock};
  if (options_.one_at_a_time) turn.lock();
  ServerSession session{context_, options_};
  for (;;) {
    const Bytes received = connection.read();
    if (received.empty()) return;
    const bool goes_on = session.take(received);
    const Bytes answer = session.outgoing();
    if (!answer.empty() && !connection.write(answer)) return;
    if (!goes_on) return;
  }
}

}  // namespace rta::testing

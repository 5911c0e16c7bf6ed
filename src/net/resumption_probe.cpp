#include "net/resumption_probe.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace rta::net {
namespace {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace

struct ResumptionProbe::State {
  ProtocolVersion version = ProtocolVersion::tls1_3;
  std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context;
  std::unique_ptr<SSL, FreeWith<SSL_free>> ssl;
  BIO* incoming = nullptr;  // owned by ssl
  BIO* outgoing = nullptr;
  ResumptionFacts facts;
  bool renegotiating = false;
  bool failed = false;

  void set_up();
  void advance();
  void look_at(const SSL_SESSION* session);
  void finish_renegotiation();
  Bytes drain();
  [[nodiscard]] bool finished() const {
    if (failed || !ssl) return true;
    return version == ProtocolVersion::tls1_3 ? facts.ticket_lifetime_seconds.has_value()
                                              : facts.client_renegotiation_accepted.has_value();
  }
};

void ResumptionProbe::State::set_up() {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  context.reset(SSL_CTX_new(TLS_client_method()));
  if (!context) return;
  const int wire_version = static_cast<int>(version);
  SSL_CTX_set_min_proto_version(context.get(), wire_version);
  SSL_CTX_set_max_proto_version(context.get(), wire_version);
  SSL_CTX_set_cipher_list(context.get(), "ALL:@SECLEVEL=0");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  // TLS 1.3 hands tickets over one by one, after the handshake.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context.get(), [](SSL* connection, SSL_SESSION* session) {
    static_cast<State*>(SSL_get_app_data(connection))->look_at(session);
    return 0;  // the session stays OpenSSL's
  });
  ssl.reset(SSL_new(context.get()));
  if (!ssl) return;
  incoming = BIO_new(BIO_s_mem());
  outgoing = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), incoming, outgoing);
  SSL_set_app_data(ssl.get(), this);
  SSL_set_connect_state(ssl.get());
}

void ResumptionProbe::State::look_at(const SSL_SESSION* session) {
  if (session == nullptr || SSL_SESSION_has_ticket(session) != 1) return;
  facts.ticket_lifetime_seconds =
      static_cast<std::uint32_t>(SSL_SESSION_get_ticket_lifetime_hint(session));
  if (version == ProtocolVersion::tls1_3)
    facts.early_data_accepted = SSL_SESSION_get_max_early_data(session) > 0;
}

// Takes what arrived as far as it goes.
void ResumptionProbe::State::advance() {
  if (!ssl) return;
  if (!facts.handshake_completed) {
    const int result = SSL_do_handshake(ssl.get());
    if (result != 1) {
      failed = SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ;
      ERR_clear_error();
      return;
    }
    facts.handshake_completed = true;
    if (version == ProtocolVersion::tls1_2) {
      look_at(SSL_get0_session(ssl.get()));
      renegotiating = SSL_renegotiate(ssl.get()) == 1;
      failed = !renegotiating;
    }
  }
  if (renegotiating) {
    finish_renegotiation();
    return;
  }
  std::array<char, 256> ignored{};  // reading is what makes OpenSSL process tickets
  const int result = SSL_read(ssl.get(), ignored.data(), static_cast<int>(ignored.size()));
  if (result <= 0 && SSL_get_error(ssl.get(), result) != SSL_ERROR_WANT_READ) failed = true;
  ERR_clear_error();
}

void ResumptionProbe::State::finish_renegotiation() {
  const int result = SSL_do_handshake(ssl.get());
  const int error = SSL_get_error(ssl.get(), result);
  ERR_clear_error();
  if (result == 1 && SSL_total_renegotiations(ssl.get()) > 0 &&
      SSL_renegotiate_pending(ssl.get()) == 0)
    facts.client_renegotiation_accepted = true;
  else if (result != 1 && error != SSL_ERROR_WANT_READ)
    facts.client_renegotiation_accepted = false;  // no_renegotiation, or another alert
}

Bytes ResumptionProbe::State::drain() {
  Bytes out;
  if (outgoing == nullptr) return out;
  std::array<std::uint8_t, 4096> part{};
  for (;;) {
    const int size = BIO_read(outgoing, part.data(), static_cast<int>(part.size()));
    if (size <= 0) return out;
    out.insert(out.end(), part.begin(), part.begin() + size);
  }
}

ResumptionProbe::ResumptionProbe(ProtocolVersion version) : state_(std::make_unique<State>()) {
  state_->version = version;
  state_->set_up();
}

ResumptionProbe::~ResumptionProbe() = default;

Bytes ResumptionProbe::start() {
  state_->advance();
  return state_->drain();
}

ProbeStep ResumptionProbe::on_bytes(ByteView received) {
  if (state_->incoming != nullptr)
    BIO_write(state_->incoming, received.data(), static_cast<int>(received.size()));
  state_->advance();
  ProbeStep step;
  step.send = state_->drain();
  step.finished = state_->finished();
  return step;
}

void ResumptionProbe::on_end(ConnectionEnd end, const std::string&) {
  const bool by_server = end == ConnectionEnd::closed || end == ConnectionEnd::reset;
  if (state_->renegotiating && by_server && !state_->facts.client_renegotiation_accepted)
    state_->facts.client_renegotiation_accepted = false;
}

bool ResumptionProbe::completes_handshake() const { return state_->facts.handshake_completed; }

// After the handshake a ticket comes at once or never.
std::chrono::milliseconds ResumptionProbe::patience() const {
  return state_->facts.handshake_completed ? std::chrono::milliseconds{1'000}
                                           : std::chrono::milliseconds{0};
}

const ResumptionFacts& ResumptionProbe::facts() const { return state_->facts; }

}  // namespace rta::net

#include "net/tls_session.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include "base/text.h"
#include "net/session_observer.h"

namespace rta::net {
namespace {

Bytes der_of(X509* certificate) {
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* to = der.data();
  i2d_X509(certificate, &to);
  return der;
}

// Also after a failed handshake: TLS 1.2 shows the chain before it refuses.
std::vector<Bytes> served_chain(SSL* ssl) {
  std::vector<Bytes> chain;
  STACK_OF(X509)* served = SSL_get_peer_cert_chain(ssl);
  const int count = std::min(sk_X509_num(served), static_cast<int>(limits::kCertificatesInChain));
  for (int i = 0; i < count; ++i) chain.push_back(der_of(sk_X509_value(served, i)));
  return chain;
}

std::string group_of(SSL* ssl) {
  const long id = SSL_get_negotiated_group(ssl);
  const char* name = id == 0 ? nullptr : SSL_group_to_name(ssl, static_cast<int>(id));
  return name == nullptr ? "" : lower_ascii(name);
}

// How stacks refuse a client without certificate: RFC 8446 6.2 has a word of
// its own, older versions make do with these.
bool refuses_the_uncertified(std::uint8_t alert) {
  constexpr std::uint8_t kHandshakeFailure = 40, kNoCertificate = 41, kBadCertificate = 42,
                         kCertificateRequired = 116;
  return alert == kHandshakeFailure || alert == kNoCertificate || alert == kBadCertificate ||
         alert == kCertificateRequired;
}

// A refusal comes at once; a server that ignores the wish says nothing.
constexpr std::chrono::milliseconds kRenegotiationPatience{1'500};

std::string words_for(ConnectionEnd end, const std::string& detail) {
  switch (end) {
    case ConnectionEnd::closed:
      return "the server closed the connection";
    case ConnectionEnd::reset:
      return "the server reset the connection";
    case ConnectionEnd::timed_out:
      return "the server fell silent";
    case ConnectionEnd::refused:
    case ConnectionEnd::unreachable:
    case ConnectionEnd::too_much:
    case ConnectionEnd::stopped:
      return detail;
  }
  return detail;
}

}  // namespace

struct TlsSession::State {
  TlsParameters parameters;
  Probe* application = nullptr;
  SessionResult result;
  SslContext context;
  SslSession ssl;
  bool application_over = false;
  // RFC 8446 2 lets a server speak before it has seen our certificate: only what
  // arrives after the flight that completed the handshake is an answer.
  bool same_flight = false;
  bool renegotiating = false;
  bool finished = false;

  void prepare();
  Bytes begin();
  void handshake();
  void established();
  void exchange();
  void begin_early();
  void after_application();
  void renegotiate();
  void renegotiation_ends(bool accepted, std::string words);
  void write_application(const Bytes& bytes);
  void application_ends(ConnectionEnd end, const std::string& detail);
  void fail(std::string why);
  void note_facts();
  void conclude_client_certificate();
  [[nodiscard]] Bytes outgoing() const;
  [[nodiscard]] std::string failure_words() const;
};

void TlsSession::State::prepare() {
  Result<SslContext> made = make_tls_context(parameters);
  if (!made) return fail(made.error().text());
  context = std::move(*made);
  // An ordinary client asks for no staple and no timestamps.
  if (!parameters.as_ordinary_client) observe_context(context.get());
  result.reached = SessionStage::connect;
}

Bytes TlsSession::State::begin() {
  if (finished) return {};
  ssl.reset(SSL_new(context.get()));
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(in, -1);
  BIO_set_mem_eof_return(out, -1);
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_connect_state(ssl.get());
  observe_session(ssl.get(), result);
  // RFC 6066 3: addresses are no server names.
  if (!parameters.server_name.empty() && !is_numeric_ip(parameters.server_name) &&
      SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               parameters.server_name.data()) == 1) {
    result.server_name_sent = parameters.server_name;
  }
  result.reached = SessionStage::tls;
  if (parameters.resume) begin_early();
  handshake();
  return outgoing();
}

void TlsSession::State::begin_early() {
  SSL_SESSION* session = parameters.resume->handle();
  SSL_set_session(ssl.get(), session);
  if (parameters.early_data.empty() || SSL_SESSION_get_max_early_data(session) == 0) return;
  std::size_t written = 0;
  SSL_write_early_data(ssl.get(), parameters.early_data.data(), parameters.early_data.size(),
                       &written);
  ERR_clear_error();  // a refusal of ours shows as early data that was not sent
}

void TlsSession::State::handshake() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl.get());
  if (done == 1) return established();
  if (SSL_get_error(ssl.get(), done) != SSL_ERROR_WANT_READ) {
    note_facts();
    fail("the handshake failed: " + failure_words());
  }
}

void TlsSession::State::established() {
  result.handshake_completed = true;
  same_flight = true;
  note_facts();
  note_session(ssl.get(), result);
  verify_server(ssl.get(), parameters, result);
  if (parameters.require != Require::nothing && !result.chain_verified) {
    result.reached = SessionStage::chain;
    return fail("the chain was not verified: " + result.chain_error_text);
  }
  if (parameters.require == Require::chain_and_name && !result.name_verified) {
    result.reached = SessionStage::name;
    return fail("the name was not verified: " + result.name_error_text);
  }
  if (application == nullptr) return after_application();
  result.application_started = true;
  write_application(application->start());
  exchange();
}

void TlsSession::State::exchange() {
  std::array<std::uint8_t, 16 * 1024> plain{};
  while (!finished) {
    ERR_clear_error();
    const int size = SSL_read(ssl.get(), plain.data(), static_cast<int>(plain.size()));
    if (size <= 0) {
      const int error = SSL_get_error(ssl.get(), size);
      if (error == SSL_ERROR_WANT_READ) return;
      const std::string why =
          error == SSL_ERROR_ZERO_RETURN ? "the server ended the TLS session" : failure_words();
      application_ends(ConnectionEnd::closed, why);
      return fail(why);
    }
    const ProbeStep step =
        application->on_bytes(ByteView{plain}.first(static_cast<std::size_t>(size)));
    write_application(step.send);
    if (!step.finished) continue;
    application_over = true;
    result.answered = !same_flight;
    return after_application();
  }
}

void TlsSession::State::after_application() {
  result.reached = SessionStage::done;
  if (parameters.renegotiate && SSL_version(ssl.get()) < TLS1_3_VERSION) {
    renegotiating = SSL_renegotiate(ssl.get()) == 1;
    if (renegotiating) return renegotiate();
  }
  SSL_shutdown(ssl.get());
  finished = true;
}

void TlsSession::State::renegotiate() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl.get());
  if (done == 1) {
    // The first call only sends our hello when the server had something queued.
    if (SSL_renegotiate_pending(ssl.get()) == 0)
      renegotiation_ends(true, "a second handshake was completed");
    return;
  }
  if (SSL_get_error(ssl.get(), done) == SSL_ERROR_WANT_READ) return;
  const std::string reason = openssl_reason();
  if (result.alert)
    renegotiation_ends(false, result.alert_text);
  else if (result.warning)
    renegotiation_ends(false, alert_words(*result.warning));
  else if (reason.empty() || reason.contains("eof"))
    renegotiation_ends(false, "the server ended the session");
  else {
    result.renegotiation_words = reason;  // ours, not the server's
    finished = true;
  }
}

void TlsSession::State::renegotiation_ends(bool accepted, std::string words) {
  result.renegotiated = accepted;
  result.renegotiation_words = std::move(words);
  // A refusal is no failure of this session.
  result.alert.reset();
  result.alert_text.clear();
  if (accepted) SSL_shutdown(ssl.get());
  finished = true;
}

void TlsSession::State::write_application(const Bytes& bytes) {
  // Memory BIOs take everything at once.
  if (!bytes.empty() && !finished) {
    SSL_write(ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
}

void TlsSession::State::application_ends(ConnectionEnd end, const std::string& detail) {
  if (!result.application_started || application_over) return;
  application_over = true;
  application->on_end(end, detail);
}

void TlsSession::State::fail(std::string why) {
  result.failure = std::move(why);
  finished = true;
}

std::string TlsSession::State::failure_words() const {
  const std::string reason = openssl_reason();
  if (!result.alert_text.empty()) return "the server sent " + result.alert_text;
  return reason.empty() ? "no reason given" : reason;
}

void TlsSession::State::note_facts() {
  result.certificates = served_chain(ssl.get());
  result.version = ProtocolVersion{static_cast<std::uint16_t>(SSL_version(ssl.get()))};
  const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl.get());
  if (cipher != nullptr) result.suite = SSL_CIPHER_get_protocol_id(cipher);
  result.group = group_of(ssl.get());
}

// Whether a certificate is demanded is known only once the server has spoken
// after the handshake: with TLS 1.3 its refusal arrives then.
void TlsSession::State::conclude_client_certificate() {
  const bool sent_ours = !parameters.client_certificate_pem.empty();
  ClientCertificateDemand& demand = result.client_certificate;
  if (result.resumed) return;  // the certificate of the first handshake counts
  if (result.certificate_requested && !result.client_certificate_sent && !result.answered &&
      result.alert && refuses_the_uncertified(*result.alert)) {
    demand = ClientCertificateDemand::required;
  } else if (result.handshake_completed && !result.certificate_requested) {
    demand = ClientCertificateDemand::none;  // who does not ask cannot demand
  } else if (result.answered && !sent_ours) {
    demand = ClientCertificateDemand::optional;
  }
}

Bytes TlsSession::State::outgoing() const {
  Bytes out(ssl ? BIO_ctrl_pending(SSL_get_wbio(ssl.get())) : 0);
  if (!out.empty()) BIO_read(SSL_get_wbio(ssl.get()), out.data(), static_cast<int>(out.size()));
  return out;
}

TlsSession::TlsSession(TlsParameters parameters, Probe* application)
    : state_(std::make_unique<State>()) {
  state_->parameters = std::move(parameters);
  state_->application = application;
  state_->prepare();
}

TlsSession::~TlsSession() = default;

Bytes TlsSession::start() { return state_->begin(); }

ProbeStep TlsSession::on_bytes(ByteView received) {
  State& state = *state_;
  if (state.finished) return {.finished = true};  // our parameters were unusable
  BIO_write(SSL_get_rbio(state.ssl.get()), received.data(), static_cast<int>(received.size()));
  state.same_flight = false;
  if (state.renegotiating) {
    state.renegotiate();
  } else if (state.result.handshake_completed) {
    state.exchange();
  } else {
    state.handshake();
  }
  if (state.finished) state.conclude_client_certificate();
  return {.send = state.outgoing(), .finished = state.finished};
}

void TlsSession::on_end(ConnectionEnd end, const std::string& detail) {
  State& state = *state_;
  state.result.end = end;
  const std::string why = words_for(end, detail);
  const bool connected = end != ConnectionEnd::refused && end != ConnectionEnd::unreachable;
  if (state.ssl && !state.result.handshake_completed) state.note_facts();
  if (state.renegotiating) {
    if (end == ConnectionEnd::closed || end == ConnectionEnd::reset)
      state.renegotiation_ends(false, why);
    else
      state.result.renegotiation_words = why;
    return state.conclude_client_certificate();
  }
  if (state.result.failure.empty()) {
    state.result.failure = state.result.handshake_completed
                               ? why
                               : (connected ? "the handshake did not end: " + why : why);
  }
  state.application_ends(end, why);
  state.conclude_client_certificate();
}

bool TlsSession::completes_handshake() const {
  // A refusal after TLS 1.3's handshake is logged by the server as a failure.
  return state_->result.handshake_completed && !state_->result.alert;
}

std::chrono::milliseconds TlsSession::patience() const {
  const State& state = *state_;
  if (state.finished) return std::chrono::milliseconds{1};  // nothing to wait for
  if (state.renegotiating) return kRenegotiationPatience;
  return state.result.application_started ? state.application->patience()
                                          : std::chrono::milliseconds{};
}

const SessionResult& TlsSession::result() const { return state_->result; }

SessionResult run_session(Engine& engine, const Address& address, TlsParameters parameters,
                          Probe* application, const Budget& budget) {
  TlsSession session{std::move(parameters), application};
  if (session.result().reached == SessionStage::parameters) return session.result();
  const Footprint footprint = engine.run_probe(session, address, budget);
  SessionResult result = session.result();
  result.footprint = footprint;
  return result;
}

}  // namespace rta::net

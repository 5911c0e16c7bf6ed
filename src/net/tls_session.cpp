#include "net/tls_session.h"

#include <fmt/format.h>
#include <openssl/err.h>

#include "base/text.h"
#include "net/tls_context.h"

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

std::string alert_words(std::uint8_t description) {
  return fmt::format("alert {} {}", description, SSL_alert_desc_string_long(description));
}

constexpr std::uint8_t kCertificateRequired = 116;  // RFC 8446 6.2
constexpr std::uint8_t kHandshakeFailure = 40;      // TLS 1.2 has no word of its own

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
  bool data_received = false;
  bool finished = false;

  void prepare();
  Bytes begin();
  void handshake();
  void established();
  void exchange();
  void write_application(const Bytes& bytes);
  void application_ends(ConnectionEnd end, const std::string& detail);
  void fail(std::string why);
  void note_facts();
  void conclude_client_certificate();
  [[nodiscard]] Bytes outgoing() const;
  [[nodiscard]] std::string failure_words() const;
  void on_info(int where, int value);
};

namespace {

// A CertificateRequest has arrived: OpenSSL asks for our certificate.
int on_certificate_request(SSL*, void* result) {
  static_cast<SessionResult*>(result)->certificate_requested = true;
  return 1;  // whatever the context holds
}

}  // namespace

void TlsSession::State::prepare() {
  Result<SslContext> made = make_tls_context(parameters);
  if (!made) return fail(made.error().text());
  context = std::move(*made);
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
  SSL_set_app_data(ssl.get(), this);
  SSL_set_cert_cb(ssl.get(), on_certificate_request, &result);
  SSL_set_info_callback(ssl.get(), [](const SSL* session, int where, int value) {
    static_cast<State*>(SSL_get_app_data(session))->on_info(where, value);
  });
  // RFC 6066 3: addresses are no server names.
  if (!parameters.server_name.empty() && !is_numeric_ip(parameters.server_name) &&
      SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               parameters.server_name.data()) == 1) {
    result.server_name_sent = parameters.server_name;
  }
  result.reached = SessionStage::tls;
  handshake();
  return outgoing();
}

void TlsSession::State::on_info(int where, int value) {
  constexpr int kFatal = 2;
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT || value >> 8 != kFatal) return;
  result.alert = static_cast<std::uint8_t>(value & 0xff);
  result.alert_text = alert_words(*result.alert);
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
  note_facts();
  verify_server(ssl.get(), parameters, result);
  if (parameters.require != Require::nothing && !result.chain_verified) {
    result.reached = SessionStage::chain;
    return fail("the chain was not verified: " + result.chain_error_text);
  }
  if (parameters.require == Require::chain_and_name && !result.name_verified) {
    result.reached = SessionStage::name;
    return fail("the name was not verified: " + result.name_error_text);
  }
  if (application == nullptr) {
    result.reached = SessionStage::done;
    SSL_shutdown(ssl.get());
    finished = true;
    return;
  }
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
    data_received = true;
    const ProbeStep step =
        application->on_bytes(ByteView{plain}.first(static_cast<std::size_t>(size)));
    write_application(step.send);
    if (!step.finished) continue;
    application_over = true;
    result.reached = SessionStage::done;
    SSL_shutdown(ssl.get());
    finished = true;
  }
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
  if (result.alert == kCertificateRequired ||
      (result.certificate_requested && !result.handshake_completed && !sent_ours &&
       result.alert == kHandshakeFailure)) {
    demand = ClientCertificateDemand::required;
  } else if (data_received && !result.certificate_requested) {
    demand = ClientCertificateDemand::none;
  } else if (data_received && !sent_ours) {
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
  if (state.result.handshake_completed) {
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

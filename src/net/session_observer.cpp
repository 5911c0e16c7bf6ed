#include "net/session_observer.h"

#include <fmt/format.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include "base/text.h"
#include "tls/alert.h"

namespace rta::net {
namespace {

constexpr unsigned kSignedTimestamps = 18;  // RFC 6962 3.3.1
constexpr std::size_t kMaxAuthorities = 100;

SessionResult& result_of(const SSL* ssl) {
  return *static_cast<SessionResult*>(SSL_get_ex_data(ssl, 0));
}

std::string printable_name(const X509_NAME* name) {
  const std::unique_ptr<BIO, FreeWith<BIO_free>> out{BIO_new(BIO_s_mem())};
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return printable({text, static_cast<std::size_t>(std::max(size, 0L))}, 200);
}

// A CertificateRequest has arrived: OpenSSL asks for our certificate.
int on_certificate_request(SSL* ssl, void*) {
  SessionResult& result = result_of(ssl);
  result.certificate_requested = true;
  const STACK_OF(X509_NAME)* names = SSL_get0_peer_CA_list(ssl);
  const int count = std::min(sk_X509_NAME_num(names), static_cast<int>(kMaxAuthorities));
  result.acceptable_authorities.clear();
  for (int i = 0; i < count; ++i)
    result.acceptable_authorities.push_back(printable_name(sk_X509_NAME_value(names, i)));
  return 1;  // whatever the context holds
}

void on_info(const SSL* ssl, int where, int value) {
  constexpr int kFatal = 2;
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  SessionResult& result = result_of(ssl);
  const auto description = static_cast<std::uint8_t>(value & 0xff);
  if (value >> 8 != kFatal) {
    if (description != SSL3_AD_CLOSE_NOTIFY) result.warning = description;
    return;
  }
  result.alert = description;
  result.alert_text = alert_words(description);
}

// Whether the Certificate that we send holds one: RFC 8446 4.4.2 allows an
// empty list, which OpenSSL sends when no key of ours fits the request.
void on_message(int is_sent, int, int content_type, const void* bytes, std::size_t size, SSL* ssl,
                void*) {
  if (is_sent == 0 || content_type != SSL3_RT_HANDSHAKE || size < 4) return;
  const ByteView message{static_cast<const std::uint8_t*>(bytes), size};
  if (message[0] != SSL3_MT_CERTIFICATE) return;
  const std::size_t empty = SSL_version(ssl) == TLS1_3_VERSION ? 8 : 7;
  result_of(ssl).client_certificate_sent = size > empty;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
  SessionResult& result = result_of(ssl);
  if (SSL_SESSION_has_ticket(session) == 1)
    result.ticket = TicketFacts{.lifetime_seconds = static_cast<std::uint32_t>(
                                    SSL_SESSION_get_ticket_lifetime_hint(session)),
                                .max_early_data = SSL_SESSION_get_max_early_data(session)};
  // A copy: OpenSSL forbids the original to come back when a later alert, such
  // as the refusal of a renegotiation, ends this connection.
  SSL_SESSION* copy = SSL_SESSION_dup(session);
  if (copy != nullptr) result.session = std::make_shared<const SavedSession>(copy);
  return 0;  // the original stays OpenSSL's
}

int ask_for_timestamps(SSL*, unsigned, unsigned, const unsigned char** out, std::size_t* size,
                       X509*, std::size_t, int*, void*) {
  *out = nullptr;
  *size = 0;
  return 1;
}

int on_timestamps(SSL* ssl, unsigned, unsigned, const unsigned char*, std::size_t size, X509*,
                  std::size_t chain_index, int*, void*) {
  if (size > 0 && chain_index == 0) result_of(ssl).certificate_timestamps = true;
  return 1;
}

}  // namespace

std::string alert_words(std::uint8_t description) {
  std::string words = SSL_alert_desc_string_long(description);
  if (words == "unknown") {  // to this OpenSSL, whose list ends before TLS 1.3's
    words = tls::alert_name(description);
    std::ranges::replace(words, '_', ' ');
  }
  return words.empty() ? fmt::format("alert {}", description)
                       : fmt::format("alert {} {}", description, words);
}

void observe_context(SSL_CTX* context) {
  // TLS 1.3 hands tickets over one by one, after the handshake.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
  SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
  SSL_CTX_add_custom_ext(
      context, kSignedTimestamps,
      SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE,
      ask_for_timestamps, nullptr, nullptr, on_timestamps, nullptr);
}

void observe_session(SSL* ssl, SessionResult& result) {
  SSL_set_ex_data(ssl, 0, &result);
  SSL_set_cert_cb(ssl, on_certificate_request, nullptr);
  SSL_set_info_callback(ssl, on_info);
  SSL_set_msg_callback(ssl, on_message);
}

void note_session(SSL* ssl, SessionResult& result) {
  result.resumed = SSL_session_reused(ssl) == 1;
  const unsigned char* staple = nullptr;
  result.ocsp_staple = SSL_get_tlsext_status_ocsp_resp(ssl, static_cast<void*>(&staple)) > 0;
  const SSL_SESSION* session = SSL_get0_session(ssl);
  unsigned int id_size = 0;
  if (session != nullptr) SSL_SESSION_get_id(session, &id_size);
  result.session_id_given = SSL_version(ssl) < TLS1_3_VERSION && id_size > 0;
  const int early = SSL_get_early_data_status(ssl);
  if (early != SSL_EARLY_DATA_NOT_SENT)
    result.early_data_accepted = early == SSL_EARLY_DATA_ACCEPTED;
}

}  // namespace rta::net

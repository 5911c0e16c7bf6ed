// TlsSession is a TLS client as a Probe: OpenSSL over memory BIOs, with an
// application Probe inside that speaks once the handshake is done and, when
// demanded, the server was verified. It shows what a real client concludes;
// what a server would accept otherwise is the business of the raw surveys.
//
//   TlsParameters parameters{.server_name = "redis", .trusted = ca};
//   parameters.require = Require::chain_and_name;   // before the application speaks
//   SessionResult seen = run_session(engine, address, parameters, &conversation, budget);
//
// Nothing depends on openssl.cnf or other process-wide settings. One thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/consumer.h>
#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>
#include <redis_tls_audit/time.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/probe.h"
#include "net/address.h"
#include "net/engine.h"

namespace rta::net {

// What must be proven before the application inside may speak.
enum class Require { nothing, chain, chain_and_name };

// Which signatures the server may make: the others' certificates are not served.
enum class SignatureOffer { all, rsa_only, ecdsa_only };

// SavedSession is a session that can be taken up again. Opaque; immutable.
class SavedSession;

// How a client may come back, as the server told.
struct TicketFacts {
  std::uint32_t lifetime_seconds = 0;
  std::uint32_t max_early_data = 0;  // TLS 1.3
};

struct TlsParameters {
  std::string server_name;          // DNS name or IP to verify; sent as SNI when a DNS name
  std::vector<Bytes> trusted;       // DER of trust anchors
  bool trust_public_store = false;  // the system's store as well
  Require require = Require::nothing;
  Bytes client_certificate_pem;  // chain, leaf first; empty = none
  std::shared_ptr<const Secret> client_key_pem;
  ProtocolVersion min_version = ProtocolVersion::tls1_0;
  ProtocolVersion max_version = ProtocolVersion::tls1_3;
  // false: offer everything at security level 0, to see whatever is served.
  // true: what an ordinary client of today offers, TLS 1.2 and up, level 1.
  bool as_ordinary_client = false;
  std::optional<Timestamp> at;  // verify at this instant instead of now

  // For observing what an ordinary client leaves alone.
  SignatureOffer signatures = SignatureOffer::all;
  bool tickets = true;                         // false: sessions by id only
  std::shared_ptr<const SavedSession> resume;  // take this session up again
  Bytes early_data;                            // sent before the handshake, where `resume` allows
  bool renegotiate = false;                    // up to TLS 1.2, when the application is done
};

struct SessionResult {
  // The stage that was entered last: parameters (unusable: nothing was sent),
  // connect, tls, chain, name, or `done` when the application finished (or the
  // handshake, without one). Authenticate and ping are stages of the
  // application, which tells them itself.
  SessionStage reached = SessionStage::parameters;
  std::string failure;  // why it ended before `done`
  bool handshake_completed = false;
  bool application_started = false;
  std::vector<Bytes> certificates;  // DER, as served; also of failed handshakes
  ProtocolVersion version = ProtocolVersion::tls1_3;
  CipherSuite suite = 0;
  std::string group;             // "x25519", "secp256r1"; empty when none
  std::string server_name_sent;  // SNI

  bool chain_verified = false;
  int chain_error = 0;        // X509_V_ERR_*
  int chain_error_depth = 0;  // 0 = the leaf
  std::string chain_error_text;
  bool name_verified = false;
  std::string name_error_text;

  bool certificate_requested = false;  // a CertificateRequest was seen
  ClientCertificateDemand client_certificate = ClientCertificateDemand::unknown;
  std::optional<std::uint8_t> alert;  // fatal alert of the server
  std::string alert_text;             // "alert 116 certificate required"
  std::optional<std::uint8_t> warning;  // the last warning alert but close_notify
  // Ours went out with a key behind it: an empty answer to a CertificateRequest is none.
  bool client_certificate_sent = false;
  std::vector<std::string> acceptable_authorities;  // of the CertificateRequest, printable

  // The application finished with what came after the handshake's last flight.
  bool answered = false;

  bool ocsp_staple = false;             // a CertificateStatus came with the chain
  bool certificate_timestamps = false;  // RFC 6962 in the handshake
  std::optional<TicketFacts> ticket;    // the last one issued
  bool session_id_given = false;        // up to TLS 1.2
  std::shared_ptr<const SavedSession> session;  // null: nothing to come back with
  bool resumed = false;
  std::optional<bool> early_data_accepted;  // absent: none was sent
  std::optional<bool> renegotiated;         // absent: not tried, or no answer
  std::string renegotiation_words;          // what the server did about it
  std::optional<ConnectionEnd> end;   // the connection ended before we closed it
  Footprint footprint;                // run_session() only
};

class TlsSession final : public Probe {
 public:
  // `application` may be null, and must outlive the session otherwise.
  TlsSession(TlsParameters parameters, Probe* application);
  ~TlsSession() override;

  Bytes start() override;
  ProbeStep on_bytes(ByteView received) override;
  void on_end(ConnectionEnd end, const std::string& detail) override;
  [[nodiscard]] bool costs_signature() const override { return true; }
  [[nodiscard]] bool completes_handshake() const override;
  [[nodiscard]] std::chrono::milliseconds patience() const override;

  [[nodiscard]] const SessionResult& result() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The client certificate and key can be read and belong together; nothing is
// wrong where none is given.
Result<void> check_client_certificate(const TlsParameters& parameters);

// Runs one session to its end.
SessionResult run_session(Engine& engine, const Address& address, TlsParameters parameters,
                          Probe* application, const Budget& budget = {});

}  // namespace rta::net

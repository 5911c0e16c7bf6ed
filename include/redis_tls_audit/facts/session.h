// What only finished handshakes show about one endpoint: how it treats clients
// with, without and with a wrong certificate, what it staples, how sessions are
// resumed, and what it serves to other names. Filled by collect/tls_sessions;
// what raw hellos show is in facts/tls.h.
#pragma once

#include <redis_tls_audit/facts/tls.h>

namespace rta {

enum class SessionFeature {
  ocsp_staple,            // a CertificateStatus with the chain
  certificate_timestamps, // RFC 6962 SCTs in the handshake
  id_resumption,          // TLS <= 1.2, the session kept by the server
  tickets,                // are issued; `seconds` is their lifetime
  ticket_resumption,      // TLS 1.2 tickets, TLS 1.3 pre-shared keys
  early_data,             // TLS 1.3, 0-RTT
  client_renegotiation,   // TLS <= 1.2, by the client
};

template <>
struct EnumNames<SessionFeature> {
  static constexpr std::array table{
      EnumName<SessionFeature>{SessionFeature::ocsp_staple, "ocsp_staple"},
      EnumName<SessionFeature>{SessionFeature::certificate_timestamps, "certificate_timestamps"},
      EnumName<SessionFeature>{SessionFeature::id_resumption, "id_resumption"},
      EnumName<SessionFeature>{SessionFeature::tickets, "tickets"},
      EnumName<SessionFeature>{SessionFeature::ticket_resumption, "ticket_resumption"},
      EnumName<SessionFeature>{SessionFeature::early_data, "early_data"},
      EnumName<SessionFeature>{SessionFeature::client_renegotiation, "client_renegotiation"}};
};

struct SessionFact {
  SessionFeature feature = SessionFeature::tickets;
  ProtocolVersion version = ProtocolVersion::tls1_3;
  Answer answer = Answer::inconclusive;
  std::string reason;                    // what was seen, or why nothing was
  std::optional<std::uint32_t> seconds;  // of a ticket's lifetime
};

// How a server treats a client without certificate, at one version. `optional`
// and `none` rest on an answer after the handshake, never on its end alone.
struct VersionDemand {
  ProtocolVersion version = ProtocolVersion::tls1_3;
  ClientCertificateDemand demand = ClientCertificateDemand::unknown;
  bool requested = false;               // a CertificateRequest was seen
  std::optional<std::uint8_t> alert;    // 116, or 40 up to TLS 1.2
  std::string reason;                   // the proof, or why it is not known
};

// Client certificates that no server should take, made for the audit.
enum class RogueKind {
  strange_authority,    // signed by an authority that nobody knows
  namesake_authority,   // its authority bears the name of the server's own
  self_signed,
  expired,
  not_yet_valid,
  server_only,          // extended key usage serverAuth alone
};

template <>
struct EnumNames<RogueKind> {
  static constexpr std::array table{
      EnumName<RogueKind>{RogueKind::strange_authority, "strange_authority"},
      EnumName<RogueKind>{RogueKind::namesake_authority, "namesake_authority"},
      EnumName<RogueKind>{RogueKind::self_signed, "self_signed"},
      EnumName<RogueKind>{RogueKind::expired, "expired"},
      EnumName<RogueKind>{RogueKind::not_yet_valid, "not_yet_valid"},
      EnumName<RogueKind>{RogueKind::server_only, "server_only"}};
};

enum class RogueOutcome { refused, accepted, inconclusive };

template <>
struct EnumNames<RogueOutcome> {
  static constexpr std::array table{
      EnumName<RogueOutcome>{RogueOutcome::refused, "refused"},
      EnumName<RogueOutcome>{RogueOutcome::accepted, "accepted"},
      EnumName<RogueOutcome>{RogueOutcome::inconclusive, "inconclusive"}};
};

struct RogueCertificate {
  RogueKind kind = RogueKind::strange_authority;
  ProtocolVersion version = ProtocolVersion::tls1_3;
  RogueOutcome outcome = RogueOutcome::inconclusive;
  std::optional<std::uint8_t> alert;
  std::string reason;   // "alert 48 unknown CA", "PING was answered +PONG"
  Bytes certificate;    // DER, as shown to the server
};

// What a server does with the server name that a client asks for.
enum class NameAsked { none, usual, random };

template <>
struct EnumNames<NameAsked> {
  static constexpr std::array table{EnumName<NameAsked>{NameAsked::none, "none"},
                                    EnumName<NameAsked>{NameAsked::usual, "usual"},
                                    EnumName<NameAsked>{NameAsked::random, "random"}};
};

struct NameAnswer {
  NameAsked asked = NameAsked::none;
  std::string name;                      // as sent, empty when none
  Answer answer = Answer::inconclusive;  // supported: a certificate was served
  std::optional<std::uint8_t> alert;     // 112 unrecognized name
  std::string reason;
  bool same_certificate = false;         // as for the usual name
};

struct SessionFacts {
  std::vector<SessionFact> facts;
  std::vector<VersionDemand> demands;
  ClientCertificateDemand demand = ClientCertificateDemand::unknown;  // the weakest of them
  std::vector<std::string> acceptable_authorities;  // named in CertificateRequest, printable
  std::vector<RogueCertificate> rogue_certificates;
  std::string no_rogue_because;                      // why none was shown
  std::vector<NameAnswer> names;

  // Null when it was not asked.
  [[nodiscard]] const SessionFact* fact(SessionFeature feature, ProtocolVersion version) const;
};

}  // namespace rta

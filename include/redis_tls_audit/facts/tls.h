// What the raw prober learnt about one endpoint's TLS. Filled by src/tls
// surveys; code points are IANA's.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/enum_names.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rta {

enum class ProtocolVersion : std::uint16_t {
  ssl2 = 0x0002,
  ssl3 = 0x0300,
  tls1_0 = 0x0301,
  tls1_1 = 0x0302,
  tls1_2 = 0x0303,
  tls1_3 = 0x0304,
};

template <>
struct EnumNames<ProtocolVersion> {
  static constexpr std::array table{
      EnumName<ProtocolVersion>{ProtocolVersion::ssl2, "SSL 2.0"},
      EnumName<ProtocolVersion>{ProtocolVersion::ssl3, "SSL 3.0"},
      EnumName<ProtocolVersion>{ProtocolVersion::tls1_0, "TLS 1.0"},
      EnumName<ProtocolVersion>{ProtocolVersion::tls1_1, "TLS 1.1"},
      EnumName<ProtocolVersion>{ProtocolVersion::tls1_2, "TLS 1.2"},
      EnumName<ProtocolVersion>{ProtocolVersion::tls1_3, "TLS 1.3"}};
};

using CipherSuite = std::uint16_t;     // SSLv2 kinds are kept apart
using NamedGroup = std::uint16_t;
using SignatureScheme = std::uint16_t;

// The four answers to an offer. Only a definite answer of the server is
// `supported` or `not_supported`; a timeout, a reset or an odd alert without a
// working control hello after it is `inconclusive`.
enum class Answer { supported, not_supported, inconclusive, violation };

template <>
struct EnumNames<Answer> {
  static constexpr std::array table{
      EnumName<Answer>{Answer::supported, "supported"},
      EnumName<Answer>{Answer::not_supported, "not_supported"},
      EnumName<Answer>{Answer::inconclusive, "inconclusive"},
      EnumName<Answer>{Answer::violation, "violation"}};
};

// OfferAnswer is an answer with its proof: the deciding ServerHello, alert or
// HelloRetryRequest as received, replayable.
struct OfferAnswer {
  Answer answer = Answer::inconclusive;
  std::string reason;                 // "alert 70 protocol_version", "no answer within 4 s"
  std::optional<std::uint8_t> alert;  // description byte when an alert decided
  Bytes deciding;                     // record bytes, at most 4 KiB
};

struct VersionOffer {
  ProtocolVersion version = ProtocolVersion::tls1_2;
  OfferAnswer answer;
};

enum class OrderBy { unknown, server, client };

template <>
struct EnumNames<OrderBy> {
  static constexpr std::array table{EnumName<OrderBy>{OrderBy::unknown, "unknown"},
                                    EnumName<OrderBy>{OrderBy::server, "server"},
                                    EnumName<OrderBy>{OrderBy::client, "client"}};
};

struct AcceptedSuite {
  CipherSuite suite = 0;
  OfferAnswer proof;
};

// The suites of one version. `complete` is false while some offer stayed
// inconclusive: then absence from `accepted` proves nothing.
struct SuiteInventory {
  ProtocolVersion version = ProtocolVersion::tls1_2;
  std::vector<AcceptedSuite> accepted;
  // Chosen by the server, which then broke off with an alert: not usable.
  std::vector<AcceptedSuite> broken_off;
  bool complete = false;
  std::string incomplete_reason;
  std::optional<CipherSuite> chosen;   // when everything is offered in our neutral order
  OrderBy order = OrderBy::unknown;
};

struct AcceptedGroup {
  NamedGroup group = 0;
  OfferAnswer proof;
};

// The key-exchange groups of one version (1.2: ECDHE curves; 1.3: all).
struct GroupInventory {
  ProtocolVersion version = ProtocolVersion::tls1_3;
  std::vector<AcceptedGroup> accepted;
  bool complete = false;
  std::string incomplete_reason;
  std::optional<NamedGroup> preferred;
};

// Finite-field Diffie-Hellman parameters of a TLS <= 1.2 ServerKeyExchange.
struct DhParameters {
  Bytes prime;
  Bytes generator;
  CipherSuite suite = 0;
};

// How a server treats a client without certificate.
enum class ClientCertificateDemand { unknown, none, optional, required };

template <>
struct EnumNames<ClientCertificateDemand> {
  static constexpr std::array table{
      EnumName<ClientCertificateDemand>{ClientCertificateDemand::unknown, "unknown"},
      EnumName<ClientCertificateDemand>{ClientCertificateDemand::none, "none"},
      EnumName<ClientCertificateDemand>{ClientCertificateDemand::optional, "optional"},
      EnumName<ClientCertificateDemand>{ClientCertificateDemand::required, "required"}};
};

// Behaviour beside versions and suites that raw hellos show; what takes a
// finished handshake is in facts/session.h. Absent = not probed or inconclusive.
struct TlsBehaviour {
  std::optional<bool> compression_accepted;
  std::optional<bool> secure_renegotiation;          // RFC 5746
  std::optional<bool> fallback_scsv_honoured;        // RFC 7507
  std::optional<bool> downgrade_sentinel;            // RFC 8446 4.1.3
  std::optional<bool> extended_master_secret;        // RFC 7627
  std::optional<bool> encrypt_then_mac;              // RFC 7366, when CBC is chosen
  std::optional<bool> heartbeat;
  std::optional<bool> ephemeral_key_reused;
  std::optional<bool> certificate_requested;         // TLS <= 1.2: required or optional
  std::optional<bool> sha1_signature_accepted;
  std::optional<SignatureScheme> signature_scheme;   // chosen for an unrestricted offer
};

struct TlsSurvey {
  std::vector<VersionOffer> versions;
  std::vector<SuiteInventory> suites;
  std::vector<std::uint32_t> ssl2_kinds;
  std::vector<GroupInventory> groups;
  std::vector<DhParameters> dh_parameters;
  TlsBehaviour behaviour;
  bool gate_mode = false;   // only what no profile wants was offered
  // What the first bytes of an endpoint were when it is none that speaks TLS.
  std::string foreign;

  [[nodiscard]] const OfferAnswer* version(ProtocolVersion version) const;
  [[nodiscard]] const SuiteInventory* suites_of(ProtocolVersion version) const;
  [[nodiscard]] const GroupInventory* groups_of(ProtocolVersion version) const;
  // Some version was accepted: the endpoint is proven to speak TLS.
  [[nodiscard]] bool speaks_tls() const;
};

}  // namespace rta

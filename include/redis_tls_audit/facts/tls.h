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
  Bytes exchange;                     // the ServerKeyExchange message where it decided
};

// Code points from first to last, both included.
struct CodeRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
};

// Code points that were offered together and refused as a whole.
struct RefusedOffer {
  std::vector<CodeRange> offered;
  OfferAnswer proof;
};

// Whether a code point is among the refused ones.
bool is_refused(const std::vector<RefusedOffer>& refused, std::uint16_t code);

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
  // What was offered and refused: the proof of every absence. In gate mode only
  // these suites and the accepted ones were judged by the server at all.
  std::vector<RefusedOffer> refused;
  OfferAnswer chosen_proof;
  OfferAnswer order_proof;             // the same suites, offered the other way round

  // The server was asked about this suite and answered.
  [[nodiscard]] bool decides(CipherSuite suite) const;
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
  std::vector<RefusedOffer> refused;
  OrderBy order = OrderBy::unknown;

  [[nodiscard]] bool decides(NamedGroup group) const;
};

struct AcceptedScheme {
  SignatureScheme scheme = 0;
  OfferAnswer proof;
};

// The signature schemes by which the server proves its key at one version
// (1.2: from ServerKeyExchange; 1.3: from its answers to offers of one scheme).
// A 1.3 server that answers whatever schemes are offered tells nothing: then
// `complete` is false and the list empty.
struct SchemeInventory {
  ProtocolVersion version = ProtocolVersion::tls1_3;
  std::vector<AcceptedScheme> accepted;
  bool complete = false;
  std::string incomplete_reason;
  std::vector<RefusedOffer> refused;
};

// Finite-field Diffie-Hellman parameters of a TLS <= 1.2 ServerKeyExchange.
struct DhParameters {
  Bytes prime;
  Bytes generator;
  CipherSuite suite = 0;
  OfferAnswer proof = {};
};

// The proof of one claim of TlsBehaviour, by the claim's name.
struct BehaviourProof {
  std::string claim;
  OfferAnswer proof;
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
  // TLS 1.3 key exchange: a post-quantum group is taken although a share of
  // X25519 is there at once; nothing else is taken at all.
  std::optional<bool> post_quantum_preferred;
  std::optional<bool> post_quantum_exclusive;
};

struct TlsSurvey {
  std::vector<VersionOffer> versions;
  std::vector<SuiteInventory> suites;
  std::vector<std::uint32_t> ssl2_kinds;
  std::vector<GroupInventory> groups;
  std::vector<DhParameters> dh_parameters;
  TlsBehaviour behaviour;
  bool gate_mode = false;   // only what the profile forbids was offered
  bool sweep = false;       // all 65,536 code points were offered
  // What the first bytes of an endpoint were when it is none that speaks TLS.
  std::string foreign;
  std::vector<SchemeInventory> signatures;
  std::vector<BehaviourProof> behaviour_proofs;

  [[nodiscard]] const OfferAnswer* version(ProtocolVersion version) const;
  [[nodiscard]] const SuiteInventory* suites_of(ProtocolVersion version) const;
  [[nodiscard]] const GroupInventory* groups_of(ProtocolVersion version) const;
  [[nodiscard]] const SchemeInventory* signatures_of(ProtocolVersion version) const;
  // Some version was accepted: the endpoint is proven to speak TLS.
  [[nodiscard]] bool speaks_tls() const;
};

}  // namespace rta

// Endpoint is one place where a Redis is reached, with everything that was
// learnt there. Its key is the logical name under which it was declared.
#pragma once

#include <redis_tls_audit/facts/redis_server.h>
#include <redis_tls_audit/facts/session.h>
#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rta {

enum class EndpointKind {
  live,        // a running server that somebody named
  rehearsal,   // a private server that was booted from the project's configuration
};

template <>
struct EnumNames<EndpointKind> {
  static constexpr std::array table{EnumName<EndpointKind>{EndpointKind::live, "live"},
                                    EnumName<EndpointKind>{EndpointKind::rehearsal, "rehearsal"}};
};

// What a port does when it is spoken to. `refused` and the other failures are
// Gaps of the observation, not values.
enum class PortSpeech {
  tls,              // answers a ClientHello, refuses plaintext
  plaintext_redis,  // answers RESP without TLS
  both,             // completes TLS and also answers plaintext RESP
  other,            // answers, but is something else (SSH, HTTP)
};

template <>
struct EnumNames<PortSpeech> {
  static constexpr std::array table{EnumName<PortSpeech>{PortSpeech::tls, "tls"},
                                    EnumName<PortSpeech>{PortSpeech::plaintext_redis, "plaintext_redis"},
                                    EnumName<PortSpeech>{PortSpeech::both, "both"},
                                    EnumName<PortSpeech>{PortSpeech::other, "other"}};
};

struct PortAnswer {
  PortSpeech speech = PortSpeech::other;
  // How plaintext was met: "connection reset", "alert 10", "-NOAUTH ...", "+PONG".
  std::string plaintext_answer;
  bool plaintext_refused = false;   // positively: reset, close or alert; never silence
  std::string tls_answer;           // "ServerHello", "no answer", first bytes escaped
  std::string protocol;             // of `other`, when its banner names it: "SSH", "HTTP"
};

struct SiblingPort {
  std::uint16_t port = 0;
  std::string why;                  // "well-known port", "published by docker-compose.yml"
  bool loopback = false;            // reached over a loopback address
  Observation<PortAnswer> answer;   // a closed port is a Gap with reason refused
};

// On which way a chain was received.
enum class ChainWay {
  usual,            // as an ordinary client asks
  rsa_only,         // RSA signatures were offered alone
  ecdsa_only,       // ECDSA and EdDSA signatures were offered alone
  without_name,     // no server name was sent
  random_name,      // a name that nobody has
  other_address,    // another address of the same name
};

template <>
struct EnumNames<ChainWay> {
  static constexpr std::array table{EnumName<ChainWay>{ChainWay::usual, "usual"},
                                    EnumName<ChainWay>{ChainWay::rsa_only, "rsa_only"},
                                    EnumName<ChainWay>{ChainWay::ecdsa_only, "ecdsa_only"},
                                    EnumName<ChainWay>{ChainWay::without_name, "without_name"},
                                    EnumName<ChainWay>{ChainWay::random_name, "random_name"},
                                    EnumName<ChainWay>{ChainWay::other_address, "other_address"}};
};

// One completed handshake as a real client would make it, without verifying.
struct ServedChain {
  std::vector<Bytes> certificates;  // DER, in the order sent
  ProtocolVersion version = ProtocolVersion::tls1_3;
  CipherSuite suite = 0;
  std::string group;
  ClientCertificateDemand client_certificate = ClientCertificateDemand::unknown;
  std::string server_name_sent;     // SNI, empty when none
  ChainWay way = ChainWay::usual;
  std::string address;              // of `other_address`, for people
};

// What the audit cost this endpoint.
struct Footprint {
  std::uint64_t connections = 0;
  std::uint64_t handshakes_completed = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t milliseconds = 0;
  std::uint64_t expected_log_lines = 0;   // warnings in the server's log
  std::uint64_t commands = 0;
};

struct Endpoint {
  std::string key;                       // "redis:6379", "rehearsal:redis.conf"
  EndpointKind kind = EndpointKind::live;
  std::string host;                      // as declared
  std::uint16_t port = 6379;
  std::vector<std::string> aliases;      // other declared names of the same address
  std::vector<std::string> named_by;     // "--target", "backend/.env:3"
  std::string address;                   // where it was dialled, for people
  // Rehearsal only: the real certificate is absent, one made for the run stood in.
  bool stand_in_certificate = false;
  std::string rehearsed_source;          // "redis.conf"
  Observation<PortAnswer> port_answer;
  Observation<TlsSurvey> tls;
  Observation<SessionFacts> sessions;
  Observation<ServedChain> chain;
  // Chains with another leaf than `chain` has, one a way.
  std::vector<ServedChain> further_chains;
  // Digest of how TLS behaves here, without keys, certificates or times; empty
  // while a part of it is open, and then the reason says which.
  std::string behaviour_fingerprint;
  std::string no_fingerprint_because;
  Observation<RedisServer> redis;
  std::vector<SiblingPort> siblings;
  Footprint footprint;
};

}  // namespace rta

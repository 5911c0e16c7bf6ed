// Offer is what one hello proposes: the question of one probe. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <optional>
#include <string>
#include <vector>

#include "tls/client_hello.h"

namespace rta::tls {

struct Offer {
  ProtocolVersion version = ProtocolVersion::tls1_2;
  bool also_tls12 = false;  // a TLS 1.3 hello that accepts TLS 1.2 too
  std::vector<CipherSuite> suites;
  std::vector<NamedGroup> groups;
  std::vector<SignatureScheme> signatures;   // empty: all that exist
  std::vector<KeyShare> key_shares;          // TLS 1.3; empty asks for HelloRetryRequest
  bool deflate = false;                      // also offer compression
  bool fallback_scsv = false;                // RFC 7507
  bool plain = false;                        // what a choice needs, no more
  bool bare = false;                         // TLS <= 1.2 without any extension
  bool asks_by_extension = false;            // without extensions it would be another question
  std::optional<std::size_t> record_length;  // pad to this length of the record
  // How the endpoint was seen to refuse hellos of the kind: by this alert, or without
  // one by ending the connection.
  struct KnownRefusal {
    std::optional<std::uint8_t> alert;
  };
  std::optional<KnownRefusal> known_refusal;
  std::string server_name;                   // SNI, empty: none
  std::uint64_t nonce = 0;                   // makes Random and session id

  // The server has to sign to answer (a refusal costs nothing).
  [[nodiscard]] bool costs_signature() const;
};

ClientHello client_hello(const Offer& offer);

// Groups that hellos offer: elliptic curves up to TLS 1.2 (finite-field groups
// there would make an RFC 7919 server change its prime), everything in 1.3.
const std::vector<NamedGroup>& groups_up_to_tls12();
const std::vector<NamedGroup>& groups_of_tls13();

// All signature schemes: strong and common first, SHA-1 and MD5 last.
const std::vector<SignatureScheme>& schemes_in_neutral_order();

// Bytes that look random and are always the same for one nonce: no key is
// ever derived from them, and a recorded probe can be repeated.
Bytes noise(std::uint64_t nonce, std::size_t size);

}  // namespace rta::tls

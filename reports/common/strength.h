// How strong what an endpoint offers is, in the few words of a survey. Judged
// by properties of code points and by no profile; the checks judge. Pure; any
// thread.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>

#include <string>
#include <vector>

#include "tls/attacks.h"

namespace rta::reports {

enum class Strength { good, weak, broken, unknown };

template <class T>
struct Judged {
  Strength strength = Strength::unknown;
  T words;
};

// "good", "weak: no forward secrecy", "broken: RC4", "not in the registry".
Judged<std::string> strength_of(CipherSuite suite);
// The same with what this endpoint brings to it: "weak: DH of 1024 bits".
Judged<std::string> strength_of(CipherSuite suite, const TlsSurvey& survey);
// The key exchange that a suite brings here: "x25519", "DH 4096", "RSA 2048".
// By what the endpoint prefers; a guess is never made ("ECDHE", "DHE", "RSA").
std::string key_exchange_of(const Endpoint& endpoint, ProtocolVersion version, CipherSuite suite);
// Strength of the suite's cipher in bits; 0 when the suite is not known.
int cipher_bits(CipherSuite suite);

// Attacks by name that the accepted versions, suites and groups make possible:
// derived from the inventory, not tried. "SWEET32: 64-bit blocks at TLS 1.0".
std::vector<std::string> derived_attacks(const TlsSurvey& survey);
// The names of those that are excluded, or that stayed open.
std::vector<std::string> attacks_of(const TlsSurvey& survey, tls::Exposure exposure);

// The survey came to an end: every version, every suite and group answered.
// Otherwise what is missing, in words; empty means complete.
std::string why_incomplete(const Endpoint& endpoint);

}  // namespace rta::reports

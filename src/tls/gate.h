// The gate's questions: only what a profile forbids is offered, so that a
// refusal is the proof, and a suite that is accepted convicts its whole class.
//
// Classes go into hellos of their own, all of which can be asked at one time:
//
//   static    no forward secrecy        (the usual violation of old cipher strings)
//   CBC       forward-secret CBC, DHE in front: its answer shows the prime too
//   broken    no encryption, no authentication, export, RC4, 3DES, ...
//   other     algorithms outside the profile
//
// Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <array>
#include <vector>

#include "tls/code_points.h"
#include "tls/offer.h"

namespace rta::tls {

// GatePlan is what a profile forbids, as code points.
struct GatePlan {
  std::vector<CipherSuite> suites;  // of TLS 1.2 and of TLS 1.3
  std::vector<NamedGroup> groups;
  // Name every suite of a violated class instead of one: for endpoints that
  // serve nobody.
  bool enumerate = false;
};

enum class SuiteClass { static_key_exchange, cbc, broken, other };
SuiteClass class_of(const SuiteProperties& suite);

// A suite that some version of OpenSSL can be told to speak, with a certificate for
// signing or with none.
bool is_in_use(const SuiteProperties& suite);

// What no profile wants, for surveys that are told nothing.
GatePlan strictest_plan();
// A registered, forward-secret AEAD suite of AES or ChaCha20 that a certificate
// authenticates: what every profile allows.
bool is_always_allowed(CipherSuite suite);
// One of those that takes a curve, and that the plan does not forbid.
bool is_carrier(CipherSuite suite, const GatePlan& plan);

// One hello of the gate: suites with the groups that go with them.
struct GateQuestion {
  std::vector<CipherSuite> suites;
  // Suites that every profile allows, offered here with forbidden groups only:
  // being chosen convicts the group.
  std::vector<CipherSuite> carriers;
  std::vector<NamedGroup> groups;
};

// The questions about TLS 1.2, each of at most so many suites.
std::vector<GateQuestion> gate_questions_tls12(const GatePlan& plan, std::size_t per_hello);
// The forbidden suites that TLS 1.3 defines.
std::vector<CipherSuite> forbidden_at_tls13(const GatePlan& plan);

// Versions that no profile wants, SSL 2.0 apart; the highest first.
inline constexpr std::array kOldVersions{ProtocolVersion::tls1_1, ProtocolVersion::tls1_0,
                                         ProtocolVersion::ssl3};
// The suites that exist up to TLS 1.1 and that a certificate or nothing
// authenticates: one hello of them asks for SSL 3.0 to TLS 1.1 at once.
std::vector<CipherSuite> suites_of_old_versions();
// The others that exist up to TLS 1.1.
std::vector<CipherSuite> rare_suites_of_old_versions();

}  // namespace rta::tls

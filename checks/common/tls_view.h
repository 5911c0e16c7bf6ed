// What the checks of TLS, cipher suites and key exchange share: walking over
// the surveys of all endpoints, lists of suites for sentences, and what a
// profile makes of one suite.
#pragma once

#include <redis_tls_audit/check.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tls/code_points.h"

namespace rta::checks {

// Calls `judge` for every endpoint that was proven to speak TLS; the others
// get an unknown with their reason, and so does a deployment without any.
void each_survey(const Evidence& evidence, Findings& findings,
                 const std::function<void(const Endpoint&, const TlsSurvey&)>& judge);

// Provenance of an answer on the wire.
Provenance wire(const Endpoint& endpoint, std::string method);

// Suites accepted at any version (or at those given), each once, that `wanted` picks.
using SuiteTest = bool (*)(const tls::SuiteProperties&);
std::vector<CipherSuite> accepted_suites(const TlsSurvey& survey, SuiteTest wanted,
                                         const std::vector<ProtocolVersion>& versions = {});
// Why "not among the accepted suites" proves nothing about the suites that
// `wanted` picks, if so: a version that stayed open, or a suite that the server
// was never asked about (an inventory that is not complete, or the gate's, which
// offers only what a profile forbids).
using SuiteChoice = std::function<bool(const tls::SuiteProperties&)>;
std::optional<std::string> suites_incomplete(
    const TlsSurvey& survey,
    const SuiteChoice& wanted = [](const tls::SuiteProperties&) { return true; });
// The same about groups, of versions and suites that use any.
using GroupChoice = std::function<bool(const tls::GroupProperties&)>;
std::optional<std::string> groups_incomplete(
    const TlsSurvey& survey,
    const GroupChoice& wanted = [](const tls::GroupProperties&) { return true; });
// "at least " where a list of accepted suites may be longer than what was seen.
std::string_view at_least(const TlsSurvey& survey);

// The answer about one version; inconclusive when it was not asked.
OfferAnswer version_answer(const TlsSurvey& survey, ProtocolVersion version);
bool is_spoken(const TlsSurvey& survey, ProtocolVersion version);

// What a finished handshake showed; inconclusive, with the reason, when none did.
SessionFact session_fact(const Endpoint& endpoint, SessionFeature feature,
                         ProtocolVersion version);

// "ECDHE-RSA-AES256-SHA, AES128-SHA and 3 more".
std::string listed(const std::vector<CipherSuite>& suites, std::size_t limit = 12);
std::string listed(std::vector<std::string> names, std::size_t limit = 12);

// pass < info < warn < fail
Verdict worse(Verdict one, Verdict other);

// What the profile makes of a server that offers this suite, over all checks
// of the cipher-suite module.
Verdict verdict_of_suite(const tls::SuiteProperties& suite, const Policy& policy);
// The part of it that RTA-CIP-005 is about: algorithms outside the usual ones.
Verdict verdict_of_algorithm(const tls::SuiteProperties& suite, const Policy& policy);

// What the profile makes of a group: curves of less than its bits fail, those of
// 224 bits and over binary fields are its choice; a list of its own goes first.
Verdict verdict_of_group(const tls::GroupProperties& group, const KeyExchangePolicy& rules);

// Lines of redis.conf after which no suite is offered that the profile
// dislikes: for TLS 1.2 (or TLS 1.3 alone, where nothing older is allowed), and
// for TLS 1.3.
std::string cipher_remedy(const Policy& policy);
std::string tls13_cipher_remedy(const Policy& policy);

bool is_static_key_exchange(const tls::SuiteProperties& suite);
bool is_forward_secret_cbc(const tls::SuiteProperties& suite);
bool is_forward_secret_aead(const tls::SuiteProperties& suite);

// One finding about a version that must be refused.
void judge_refused(Findings& findings, const Endpoint& endpoint, const TlsSurvey& survey,
                   const std::vector<ProtocolVersion>& versions);

}  // namespace rta::checks

// Surveys for stories about the checks of TLS, cipher suites and key exchange.
//
//   TlsSurvey survey = hardened_survey();
//   accept(survey, ProtocolVersion::tls1_0, {0xC013});
//   CHECK(told(checks::protocol_tls10_refused, survey) == Status::fail);
#pragma once

#include <redis_tls_audit/check.h>
#include <redis_tls_audit/evidence.h>

#include <string>
#include <vector>

namespace rta::testing {

// What the setup guide's redis.conf offers with an RSA-4096 key on OpenSSL 3.0.
TlsSurvey guide_survey();
// TLS 1.2 and 1.3 with ECDHE and AES-GCM or ChaCha20 only, nothing wrong.
TlsSurvey hardened_survey();

void accept(TlsSurvey& survey, ProtocolVersion version, const std::vector<CipherSuite>& suites);
void refuse(TlsSurvey& survey, ProtocolVersion version, std::uint8_t alert = 70);
// No definite answer: a timeout, a reset.
void leave_open(TlsSurvey& survey, ProtocolVersion version);
// The suites of a version are not known completely.
void cut_short(TlsSurvey& survey, ProtocolVersion version);
void set_groups(TlsSurvey& survey, ProtocolVersion version, const std::vector<NamedGroup>& groups);
// Big-endian prime of RFC 3526 with this many bits, or 1024 for RFC 2409's.
Bytes published_prime(int bits);

// Sessions of a server that does nothing dangerous, with tickets for 300 s.
SessionFacts quiet_sessions();
// One fact of the story's endpoint, made when there is none.
SessionFact& fact_of(Evidence& evidence, SessionFeature feature, ProtocolVersion version);

// Evidence with one live endpoint "redis:6379", its sessions quiet.
Evidence story_of(TlsSurvey survey);
Evidence story_of(Gap gap);

// The one status that a check gives for such a story.
Status told(const Check& check, const TlsSurvey& survey, std::string_view profile = "hipaa");
Status told(const Check& check, const Evidence& evidence, std::string_view profile = "hipaa");
// The message of its first finding.
std::string message_of(const Check& check, const TlsSurvey& survey);

// What every check of these families says without a survey: unknown for an
// endpoint that timed out, and for a deployment without endpoints.
bool is_unknown_without_survey(const Check& check);

}  // namespace rta::testing

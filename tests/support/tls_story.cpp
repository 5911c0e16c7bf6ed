#include "tests/support/tls_story.h"

#include <openssl/bn.h>

#include <algorithm>
#include <memory>

#include "tests/support/check_story.h"

namespace rta::testing {
namespace {

template <class T>
T& of_version(std::vector<T>& entries, ProtocolVersion version) {
  const auto found = std::ranges::find(entries, version, &T::version);
  if (found != entries.end()) return *found;
  entries.emplace_back().version = version;
  return entries.back();
}

OfferAnswer answered(Answer answer, std::string reason) {
  OfferAnswer made;
  made.answer = answer;
  made.reason = std::move(reason);
  return made;
}

TlsSurvey modern_survey() {
  TlsSurvey survey;
  refuse(survey, ProtocolVersion::ssl2);
  refuse(survey, ProtocolVersion::ssl3, 40);
  refuse(survey, ProtocolVersion::tls1_0);
  refuse(survey, ProtocolVersion::tls1_1);
  accept(survey, ProtocolVersion::tls1_3, {0x1302, 0x1301, 0x1303});
  TlsBehaviour& behaviour = survey.behaviour;
  behaviour.compression_accepted = false;
  behaviour.secure_renegotiation = true;
  behaviour.fallback_scsv_honoured = true;
  behaviour.downgrade_sentinel = true;
  behaviour.extended_master_secret = true;
  behaviour.encrypt_then_mac = true;
  behaviour.heartbeat = false;
  behaviour.ephemeral_key_reused = false;
  behaviour.sha1_signature_accepted = false;
  behaviour.signature_scheme = 0x0804;
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D, 0x0017, 0x0018});
  set_groups(survey, ProtocolVersion::tls1_3, {0x001D, 0x0017, 0x0018});
  return survey;
}

}  // namespace

TlsSurvey guide_survey() {
  TlsSurvey survey = modern_survey();
  accept(survey, ProtocolVersion::tls1_2,
         {0xC030, 0xC02F, 0x009F, 0x009E, 0xCCA8, 0xCCAA, 0xC014, 0xC028, 0xC013, 0xC027,
          0x0039, 0x006B, 0x0033, 0x0067, 0x009D, 0x009C, 0x0035, 0x003D, 0x002F, 0x003C});
  for (SuiteInventory& inventory : survey.suites) inventory.order = OrderBy::client;
  set_groups(survey, ProtocolVersion::tls1_2, {0x001D, 0x0017, 0x001E, 0x0019, 0x0018});
  set_groups(survey, ProtocolVersion::tls1_3,
             {0x001D, 0x0017, 0x001E, 0x0019, 0x0018, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104});
  survey.dh_parameters.push_back({published_prime(4096), {2}, 0x009F});
  return survey;
}

TlsSurvey hardened_survey() {
  TlsSurvey survey = modern_survey();
  accept(survey, ProtocolVersion::tls1_2, {0xC030, 0xC02F, 0xCCA8});
  survey.behaviour.encrypt_then_mac.reset();
  return survey;
}

void accept(TlsSurvey& survey, ProtocolVersion version, const std::vector<CipherSuite>& suites) {
  const OfferAnswer proof = answered(Answer::supported, "ServerHello");
  of_version(survey.versions, version).answer = proof;
  SuiteInventory& inventory = of_version(survey.suites, version);
  inventory.accepted.clear();
  for (const CipherSuite suite : suites) inventory.accepted.push_back({suite, proof});
  if (!suites.empty()) inventory.chosen = suites.front();
  inventory.complete = true;
}

void refuse(TlsSurvey& survey, ProtocolVersion version, std::uint8_t alert) {
  OfferAnswer answer = answered(Answer::not_supported, "alert " + std::to_string(alert));
  answer.alert = alert;
  of_version(survey.versions, version).answer = answer;
  std::erase_if(survey.suites,
                [&](const SuiteInventory& entry) { return entry.version == version; });
  std::erase_if(survey.groups,
                [&](const GroupInventory& entry) { return entry.version == version; });
}

void leave_open(TlsSurvey& survey, ProtocolVersion version) {
  refuse(survey, version);
  of_version(survey.versions, version).answer = answered(Answer::inconclusive, "no answer in time");
}

void cut_short(TlsSurvey& survey, ProtocolVersion version) {
  SuiteInventory& inventory = of_version(survey.suites, version);
  inventory.complete = false;
  inventory.incomplete_reason = "reset without an answer";
}

void set_groups(TlsSurvey& survey, ProtocolVersion version, const std::vector<NamedGroup>& groups) {
  GroupInventory& inventory = of_version(survey.groups, version);
  inventory.accepted.clear();
  for (const NamedGroup group : groups)
    inventory.accepted.push_back({group, answered(Answer::supported, "HelloRetryRequest")});
  inventory.complete = true;
}

Bytes published_prime(int bits) {
  BIGNUM* number = bits == 1024   ? BN_get_rfc2409_prime_1024(nullptr)
                   : bits == 2048 ? BN_get_rfc3526_prime_2048(nullptr)
                                  : BN_get_rfc3526_prime_4096(nullptr);
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> owned{number, BN_free};
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, bytes.data());
  return bytes;
}

SessionFacts quiet_sessions() {
  using enum SessionFeature;
  constexpr ProtocolVersion k12 = ProtocolVersion::tls1_2, k13 = ProtocolVersion::tls1_3;
  SessionFacts sessions;
  sessions.facts = {{tickets, k12, Answer::supported, "a ticket was issued", 300},
                    {tickets, k13, Answer::supported, "a ticket was issued", 300},
                    {early_data, k13, Answer::not_supported, "the ticket allows none", {}},
                    {client_renegotiation, k12, Answer::not_supported, "alert 100", {}}};
  sessions.demand = ClientCertificateDemand::none;
  return sessions;
}

SessionFact& fact_of(Evidence& evidence, SessionFeature feature, ProtocolVersion version) {
  std::vector<SessionFact>& facts = evidence.endpoints.front().sessions.value()->facts;
  const auto found = std::ranges::find_if(facts, [&](const SessionFact& fact) {
    return fact.feature == feature && fact.version == version;
  });
  if (found != facts.end()) return *found;
  return facts.emplace_back(SessionFact{.feature = feature, .version = version});
}

Evidence story_of(TlsSurvey survey) {
  Evidence evidence = story();
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = "redis:6379";
  endpoint.tls = Observation<TlsSurvey>{std::move(survey),
                                        {.collector = "tls_survey", .endpoint = "redis:6379"}};
  endpoint.sessions = quiet_sessions();
  return evidence;
}

Evidence story_of(Gap gap) {
  Evidence evidence = story_of(TlsSurvey{});
  evidence.endpoints.front().sessions = gap;
  evidence.endpoints.front().tls = std::move(gap);
  return evidence;
}

Status told(const Check& check, const TlsSurvey& survey, std::string_view profile_name) {
  return told(check, story_of(survey), profile_name);
}

Status told(const Check& check, const Evidence& evidence, std::string_view profile_name) {
  Status worst = Status::not_applicable;
  for (const auto& [subject, status] : verdicts(check, evidence, profile(profile_name)))
    worst = worse(worst, status);
  return worst;
}

std::string message_of(const Check& check, const TlsSurvey& survey) {
  const std::vector<Finding> all = findings(check, story_of(survey));
  return all.empty() ? std::string{} : all.front().message;
}

bool is_unknown_without_survey(const Check& check) {
  const Evidence silent = story_of(Gap{GapReason::timed_out, "no answer in time", ""});
  return verdicts(check, silent) == Verdicts{{"endpoint redis:6379", Status::unknown}} &&
         verdicts(check, story()) == Verdicts{{"deployment", Status::unknown}};
}

}  // namespace rta::testing

#include "checks/common/tls_view.h"

#include "base/text.h"
#include "checks/common/settings.h"
#include "tls/group_lane.h"

namespace rta::checks {

void each_survey(const Evidence& evidence, Findings& findings,
                 const std::function<void(const Endpoint&, const TlsSurvey&)>& judge) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    const Subject subject = Subject::endpoint(endpoint.key);
    const TlsSurvey* survey = endpoint.tls.value();
    if (survey == nullptr)
      findings.unknown(subject, *endpoint.tls.gap());
    else if (!survey->speaks_tls())
      findings.unknown(subject,
                       "no hello of any version was accepted, so nothing is known of its TLS",
                       GapReason::incomplete);
    else
      judge(endpoint, *survey);
  }
  if (evidence.endpoints.empty())
    findings.unknown(Subject::deployment(), "no endpoint was audited", GapReason::not_requested);
}

Provenance wire(const Endpoint& endpoint, std::string method) {
  return {"tls_survey", endpoint.key, {}, std::move(method), wire_grade(endpoint)};
}

std::vector<CipherSuite> accepted_suites(const TlsSurvey& survey, SuiteTest wanted,
                                         const std::vector<ProtocolVersion>& versions) {
  std::vector<CipherSuite> found;
  for (const SuiteInventory& inventory : survey.suites) {
    if (!versions.empty() && std::ranges::count(versions, inventory.version) == 0) continue;
    for (const AcceptedSuite& accepted : inventory.accepted) {
      const tls::SuiteProperties* suite = tls::find_suite(accepted.suite);
      if (suite != nullptr && wanted(*suite) && std::ranges::count(found, accepted.suite) == 0)
        found.push_back(accepted.suite);
    }
  }
  return found;
}

namespace {

// A suite of this version that was neither accepted nor refused. Suites of TLS
// 1.3 exist there only (RFC 8446 B.4).
const tls::SuiteProperties* undecided(const SuiteInventory& inventory, const SuiteChoice& wanted) {
  for (const tls::SuiteProperties& suite : tls::all_suites()) {
    const bool belongs = suite.is_tls13() == (inventory.version == ProtocolVersion::tls1_3);
    if (belongs && wanted(suite) && !inventory.decides(suite.code)) return &suite;
  }
  return nullptr;
}

// The groups that a version can use.
bool belongs(const tls::GroupProperties& group, ProtocolVersion version) {
  if (group.kind == tls::GroupKind::explicit_curve) return false;
  return version == ProtocolVersion::tls1_3 || (group.is_elliptic() && group.code < 0x001F);
}

}  // namespace

std::optional<std::string> suites_incomplete(const TlsSurvey& survey, const SuiteChoice& wanted) {
  for (const VersionOffer& offer : survey.versions) {
    if (offer.version == ProtocolVersion::ssl2) continue;
    const bool open =
        offer.answer.answer == Answer::inconclusive || offer.answer.answer == Answer::violation;
    if (open) return fmt::format("{}: {}", name_of(offer.version), offer.answer.reason);
    if (offer.answer.answer != Answer::supported) continue;
    const SuiteInventory* inventory = survey.suites_of(offer.version);
    if (inventory == nullptr)
      return fmt::format("the suites of {} were not asked for", name_of(offer.version));
    if (inventory->complete) continue;
    if (const tls::SuiteProperties* suite = undecided(*inventory, wanted))
      return fmt::format("the suites of {} are not known completely: {} ({} stayed open)",
                         name_of(offer.version), inventory->incomplete_reason,
                         tls::openssl_suite_name(suite->code));
  }
  return std::nullopt;
}

std::optional<std::string> groups_incomplete(const TlsSurvey& survey, const GroupChoice& wanted) {
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    const OfferAnswer answer = version_answer(survey, version);
    if (answer.answer == Answer::not_supported) continue;
    const std::string name{name_of(version)};
    if (answer.answer != Answer::supported) return name + ": " + answer.reason;
    const bool needs_groups =
        version == ProtocolVersion::tls1_3 ||
        !accepted_suites(survey,
                         [](const tls::SuiteProperties& suite) {
                           return suite.key_exchange == tls::KeyExchange::ecdhe;
                         },
                         {version})
             .empty();
    if (!needs_groups) continue;
    const GroupInventory* inventory = survey.groups_of(version);
    if (inventory != nullptr && inventory->complete) continue;
    if (inventory != nullptr && tls::hides_only_behind_curve(*inventory)) continue;
    for (const tls::GroupProperties& group : tls::all_groups()) {
      if (!belongs(group, version) || !wanted(group)) continue;
      if (inventory != nullptr && inventory->decides(group.code)) continue;
      return fmt::format("the groups of {} are not known completely: {} ({} stayed open)", name,
                         inventory == nullptr ? "not enumerated" : inventory->incomplete_reason,
                         group.name);
    }
  }
  return std::nullopt;
}

std::string_view at_least(const TlsSurvey& survey) {
  const bool all = std::ranges::all_of(survey.suites, &SuiteInventory::complete);
  return all ? "" : "at least ";
}

OfferAnswer version_answer(const TlsSurvey& survey, ProtocolVersion version) {
  if (const OfferAnswer* answer = survey.version(version)) return *answer;
  OfferAnswer open;
  open.reason = "not asked";
  return open;
}

SessionFact session_fact(const Endpoint& endpoint, SessionFeature feature,
                         ProtocolVersion version) {
  SessionFact open{.feature = feature, .version = version, .reason = "it was not tried"};
  const SessionFacts* sessions = endpoint.sessions.value();
  if (sessions == nullptr) {
    open.reason = endpoint.sessions.gap()->detail;
    return open;
  }
  const SessionFact* found = sessions->fact(feature, version);
  return found == nullptr ? open : *found;
}

bool is_spoken(const TlsSurvey& survey, ProtocolVersion version) {
  return version_answer(survey, version).answer == Answer::supported;
}

std::string listed(std::vector<std::string> names, std::size_t limit) {
  const std::size_t more = names.size() > limit ? names.size() - limit : 0;
  names.resize(names.size() - more);
  std::string text = join(names, ", ");
  if (more > 0) text += fmt::format(" and {} more", more);
  return text;
}

std::string listed(const std::vector<CipherSuite>& suites, std::size_t limit) {
  return listed(tls::suite_names(suites), limit);
}

Verdict worse(Verdict one, Verdict other) { return one < other ? other : one; }

std::string cipher_remedy(const Policy& policy) {
  if (!policy.tls.allowed.contains(ProtocolVersion::tls1_2)) return "tls-protocols \"TLSv1.3\"";
  return policy.suites.chacha20 == Verdict::pass ? "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"
                                                 : "tls-ciphers ECDHE+AESGCM";
}

std::string tls13_cipher_remedy(const Policy& policy) {
  return policy.suites.chacha20 == Verdict::pass
             ? "tls-ciphersuites "
               "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
             : "tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256";
}

bool is_static_key_exchange(const tls::SuiteProperties& suite) {
  return suite.key_exchange == tls::KeyExchange::rsa ||
         suite.key_exchange == tls::KeyExchange::dh ||
         suite.key_exchange == tls::KeyExchange::ecdh ||
         suite.key_exchange == tls::KeyExchange::gost;
}

bool is_forward_secret_cbc(const tls::SuiteProperties& suite) {
  return suite.mode == tls::CipherMode::cbc && suite.has_forward_secrecy() && !suite.is_broken();
}

bool is_forward_secret_aead(const tls::SuiteProperties& suite) {
  return suite.is_aead() && suite.has_forward_secrecy() && !suite.is_broken();
}

Verdict verdict_of_algorithm(const tls::SuiteProperties& suite, const Policy& policy) {
  const SuitePolicy& rules = policy.suites;
  if (!rules.exact_list.empty() && std::ranges::count(rules.exact_list, suite.code) == 0)
    return Verdict::fail;
  Verdict verdict = Verdict::pass;
  if (suite.mode == tls::CipherMode::ccm8) verdict = rules.ccm8;
  switch (suite.cipher) {
    case tls::Cipher::chacha20:
      return worse(verdict, rules.chacha20);
    case tls::Cipher::aria:
    case tls::Cipher::camellia:
    case tls::Cipher::seed:
    case tls::Cipher::gost:
    case tls::Cipher::sm4:
    case tls::Cipher::aegis:
      return worse(verdict, rules.aria_camellia);
    case tls::Cipher::null:
    case tls::Cipher::rc4:
    case tls::Cipher::rc2:
    case tls::Cipher::des:
    case tls::Cipher::triple_des:
    case tls::Cipher::idea:
    case tls::Cipher::aes:
    case tls::Cipher::fortezza:
      break;
  }
  return verdict;
}

Verdict verdict_of_suite(const tls::SuiteProperties& suite, const Policy& policy) {
  if (suite.is_broken()) return Verdict::fail;
  Verdict verdict = verdict_of_algorithm(suite, policy);
  if (is_static_key_exchange(suite)) verdict = worse(verdict, policy.suites.static_key_exchange);
  if (is_forward_secret_cbc(suite)) verdict = worse(verdict, policy.suites.cbc);
  return verdict;
}

Verdict verdict_of_group(const tls::GroupProperties& group, const KeyExchangePolicy& rules) {
  if (!rules.allowed_groups.empty())
    return std::ranges::count(rules.allowed_groups, group.code) > 0 ? Verdict::pass : Verdict::fail;
  if (!group.is_elliptic()) return Verdict::pass;
  if (group.bits < rules.min_group_bits) return Verdict::fail;
  const bool weak = group.kind == tls::GroupKind::char2 || group.bits == 224;
  return weak ? rules.weak_curves : Verdict::pass;
}

void judge_refused(Findings& findings, const Endpoint& endpoint, const TlsSurvey& survey,
                   const std::vector<ProtocolVersion>& versions) {
  const Subject subject = Subject::endpoint(endpoint.key);
  std::vector<std::string> accepted, open, refused;
  for (const ProtocolVersion version : versions) {
    const OfferAnswer answer = version_answer(survey, version);
    const std::string said = fmt::format("{}: {}", name_of(version), answer.reason);
    if (answer.answer == Answer::supported)
      accepted.push_back(said);
    else if (answer.answer == Answer::not_supported)
      refused.push_back(said);
    else
      open.push_back(said);
  }
  std::string all;
  for (const ProtocolVersion version : versions)
    all += fmt::format("{}{}", all.empty() ? "" : " and ", name_of(version));
  const Provenance source = wire(endpoint, "ClientHello " + all);
  if (!accepted.empty())
    findings.fail(subject, fmt::format("{} is accepted ({})", all, join(accepted, "; ")))
        .expected(all + " refused")
        .observed(join(accepted, "; "))
        .from(source);
  else if (!open.empty())
    findings
        .unknown(subject, "it stayed open whether this is refused: " + join(open, "; "),
                 GapReason::incomplete)
        .from(source);
  else
    findings.pass(subject, fmt::format("{} is refused ({})", all, join(refused, "; ")))
        .expected(all + " refused")
        .observed(join(refused, "; "))
        .from(source);
}

}  // namespace rta::checks

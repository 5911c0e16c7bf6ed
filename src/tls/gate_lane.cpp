#include "tls/gate_lane.h"

#include <algorithm>

#include "tls/first_hello.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

bool is_dhe(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->key_exchange == KeyExchange::dhe;
}

// By the version's own alert. (An answer in an older version is a negotiation that
// began there: what is refused in it says nothing of either.)
bool is_by_alert(const OfferAnswer& answer) { return answer.alert == alerts::kProtocolVersion; }

// The alert's record bears the version that was asked for. OpenSSL, which answers in
// an older one where it has any, writes its refusals so; GnuTLS, which refuses TLS 1.1
// by its number although it speaks TLS 1.0, where just the one is switched off, not.
bool repeats_version(const HandshakeAnswer& answer, ProtocolVersion version) {
  ByteReader in{answer.outcome.deciding};
  in.u8();  // content type
  return in.u16() == static_cast<std::uint16_t>(version) && in.ok();
}

}  // namespace

bool accepts_carrier(const TlsSurvey& survey, const GatePlan& plan, ProtocolVersion version) {
  const SuiteInventory* suites = survey.suites_of(version);
  return suites != nullptr &&
         std::ranges::any_of(suites->accepted, [&](const AcceptedSuite& accepted) {
           const SuiteProperties* suite = find_suite(accepted.suite);
           return is_carrier(accepted.suite, plan) && suite->authentication == Authentication::rsa;
         });
}

void learn_version(Learnt& learnt, ProtocolVersion version, const HandshakeAnswer& answer) {
  const OfferAnswer* before = learnt.survey.version(version);
  const bool was_denied = before != nullptr && before->answer == Answer::not_supported;
  if (!answer.refuses_version()) {
    const bool contradicts = was_denied && (answer.is(Answer::supported) || is_by_alert(*before));
    learnt.answers_differ = learnt.answers_differ || contradicts;
    if (answer.is(Answer::supported)) learnt.set_version(version, answer.outcome);
    return;
  }
  const SuiteInventory* suites = learnt.survey.suites_of(version);
  const GroupInventory* groups = learnt.survey.groups_of(version);
  const bool was_digested = (suites != nullptr && !suites->refused.empty()) ||
                            (groups != nullptr && !groups->refused.empty());
  learnt.answers_differ = learnt.answers_differ || learnt.speaks(version) ||
                          (was_digested && is_by_alert(answer.outcome));
  if (!learnt.speaks(version)) learnt.set_version(version, answer.outcome);
}

GateSuiteLane::GateSuiteLane(Learnt& learnt, Offer base, GateQuestion question,
                             const GatePlan& plan)
    : learnt_(learnt), base_(std::move(base)), question_(std::move(question)), plan_(plan) {
  if (!question_.groups.empty()) base_.groups = question_.groups;
}

std::optional<Offer> GateSuiteLane::next() {
  const bool nothing_left = question_.suites.empty() && question_.carriers.empty();
  const OfferAnswer* version = learnt_.survey.version(base_.version);
  const bool refused = version != nullptr && version->answer == Answer::not_supported;
  if (done_ || nothing_left || refused) return std::nullopt;
  Offer offer = base_;
  offer.suites = question_.suites;
  offer.suites.insert(offer.suites.end(), question_.carriers.begin(), question_.carriers.end());
  offer.asks_by_extension = !question_.carriers.empty();
  return offer;
}

void GateSuiteLane::learn(const HandshakeAnswer& answer) {
  if (answer.is(Answer::supported)) {
    take(answer);
  } else if (answer.is(Answer::not_supported)) {
    refused(answer);
  } else if (answer.is(Answer::violation) && !question_.carriers.empty()) {
    // wolfSSL goes on with a curve that was not offered: the suites are asked alone.
    learnt_.groups(base_.version).incomplete_reason = answer.outcome.reason;
    question_.carriers.clear();
    base_.groups = groups_up_to_tls12();
  } else {
    done_ = true;
    learnt_.suites(base_.version).incomplete_reason = answer.outcome.reason;
  }
}

void GateSuiteLane::take(const HandshakeAnswer& answer) {
  const CipherSuite suite = answer.hello->suite;
  learn_version(learnt_, base_.version, answer);
  if (base_.version <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
  if (std::ranges::count(question_.carriers, suite) > 0) {
    take_group(answer);
    return;
  }
  SuiteInventory& inventory = learnt_.suites(base_.version);
  OfferAnswer proof = answer.outcome;
  proof.exchange.clear();
  keep(answer.broken_off ? inventory.broken_off : inventory.accepted, suite, proof);
  if (plan_.enumerate || answer.broken_off)
    std::erase(question_.suites, suite);
  else
    strike(suite);
}

// The class is convicted; unforbidden DHE was asked for its prime only.
void GateSuiteLane::strike(CipherSuite chosen) {
  const SuiteProperties* suite = find_suite(chosen);
  std::erase_if(question_.suites, [&](CipherSuite code) {
    const bool is_forbidden = std::ranges::count(plan_.suites, code) > 0;
    if (!is_forbidden) return is_dhe(chosen);
    return code == chosen || (suite != nullptr && class_of(*find_suite(code)) == class_of(*suite));
  });
}

void GateSuiteLane::take_group(const HandshakeAnswer& answer) {
  const auto group = answer.exchange ? answer.exchange->group : std::nullopt;
  if (group) keep(learnt_.groups(base_.version).accepted, *group, answer.outcome);
  const bool was_offered = group && std::erase(base_.groups, *group) > 0;
  if (!was_offered || !plan_.enumerate || base_.groups.empty()) question_.carriers.clear();
}

void GateSuiteLane::refused(const HandshakeAnswer& answer) {
  done_ = true;
  learn_version(learnt_, base_.version, answer);
  if (answer.refuses_version()) return;
  if (!question_.suites.empty())
    learnt_.suites(base_.version).refused.push_back({ranges_of(question_.suites), answer.outcome});
  // Whether this convicts the groups depends on what the server accepts otherwise:
  // see finish_gate().
  if (!question_.carriers.empty())
    learnt_.groups(base_.version).refused.push_back({ranges_of(base_.groups), answer.outcome});
}

void GateSuiteLane::doubt(const std::string& why) {
  SuiteInventory& inventory = learnt_.suites(base_.version);
  inventory.refused.clear();
  inventory.incomplete_reason = why;
  learnt_.groups(base_.version).refused.clear();
  if (!learnt_.speaks(base_.version)) learnt_.set_version(base_.version, inconclusive(why));
}

GateGroupLane::GateGroupLane(Learnt& learnt, Offer base, std::vector<NamedGroup> groups,
                             bool enumerate)
    : learnt_(learnt),
      base_(std::move(base)),
      remaining_(std::move(groups)),
      enumerate_(enumerate) {}

std::optional<Offer> GateGroupLane::next() {
  if (done_ || remaining_.empty()) return std::nullopt;
  Offer offer = base_;
  offer.groups = remaining_;
  return offer;
}

void GateGroupLane::learn(const HandshakeAnswer& answer) {
  GroupInventory& inventory = learnt_.groups(base_.version);
  done_ = true;
  if (!answer.is(Answer::inconclusive)) learn_version(learnt_, base_.version, answer);
  if (answer.is(Answer::supported) && answer.hello->group) {
    keep(inventory.accepted, *answer.hello->group, answer.outcome);
    std::erase(remaining_, *answer.hello->group);
    done_ = !enumerate_;
  } else if (answer.is(Answer::not_supported)) {
    if (!answer.refuses_version())
      inventory.refused.push_back({ranges_of(remaining_), answer.outcome});
  } else if (answer.is(Answer::supported) && !inventory.accepted.empty()) {
    // wolfSSL asks for a retry with nothing where it knows none of the groups.
    inventory.refused.push_back({ranges_of(remaining_), answer.outcome});
  } else {
    inventory.incomplete_reason = answer.outcome.reason;
  }
}

void GateGroupLane::doubt(const std::string& why) {
  GroupInventory& inventory = learnt_.groups(base_.version);
  inventory.refused.clear();
  inventory.incomplete_reason = why;
}

VersionLane::VersionLane(Learnt& learnt, std::deque<Offer> offers, Otherwise otherwise)
    : learnt_(learnt),
      version_(offers.front().version),
      offers_(std::move(offers)),
      otherwise_(std::move(otherwise)) {}

std::optional<Offer> VersionLane::next() {
  if (offers_.empty()) return std::nullopt;
  Offer offer = offers_.front();
  offer.known_refusal = learnt_.known_refusal(version_);
  return offer;
}

void VersionLane::learn(const HandshakeAnswer& answer) {
  if (answer.is(Answer::supported)) {
    take(answer);
  } else if (answer.is(Answer::not_supported)) {
    refused(answer);
    return;
  } else {
    offers_.clear();
    if (!learnt_.speaks(version_)) learnt_.set_version(version_, answer.outcome);
  }
  if (otherwise_) otherwise_(answer);
}

void VersionLane::take(const HandshakeAnswer& answer) {
  learn_version(learnt_, version_, answer);
  learnt_.flights.push_back(answer);
  SuiteInventory& inventory = learnt_.suites(version_);
  if (version_ < ProtocolVersion::tls1_2)
    inventory.incomplete_reason = "one accepted suite was enough";
  OfferAnswer proof = answer.outcome;
  proof.exchange.clear();
  const CipherSuite suite = answer.hello->suite;
  keep(answer.broken_off ? inventory.broken_off : inventory.accepted, suite, std::move(proof));
  offers_.clear();
}

void VersionLane::refused(const HandshakeAnswer& answer) {
  if (!refusal_ || answer.refuses_version()) refusal_ = answer.outcome;
  if (answer.inferred) learnt_.known_refusals[version_] = {answer.outcome.alert};
  offers_.pop_front();
  if (answer.refuses_version()) offers_.clear();
  if (offers_.empty() && !learnt_.speaks(version_)) learnt_.set_version(version_, *refusal_);
}

void VersionLane::doubt(const std::string& why) {
  if (!learnt_.speaks(version_)) learnt_.set_version(version_, inconclusive(why));
}

OldVersionsLane::OldVersionsLane(Learnt& learnt, Base base, bool enumerate)
    : learnt_(learnt), base_(std::move(base)), enumerate_(enumerate) {}

std::optional<Offer> OldVersionsLane::next() {
  if (done_) return std::nullopt;
  Offer offer = base_(ProtocolVersion::tls1_1);
  offer.suites = suites_of_old_versions();
  return offer;
}

void OldVersionsLane::learn(const HandshakeAnswer& answer) {
  done_ = true;
  all_refused_ = answer.is(Answer::not_supported) &&
                 answer.outcome.alert == alerts::kProtocolVersion && !answer.hello &&
                 repeats_version(answer, ProtocolVersion::tls1_1);
  if (!all_refused_) {
    if (answer.inferred)
      for (const ProtocolVersion version : kOldVersions)
        learnt_.known_refusals[version] = {answer.outcome.alert};
    ask_one_by_one(answer.is(Answer::not_supported) && !answer.hello);
    return;
  }
  OfferAnswer refusal = answer.outcome;
  refusal.reason += " to TLS 1.1 or older";
  for (const ProtocolVersion version : kOldVersions) learnt_.set_version(version, refusal);
}

void OldVersionsLane::ask_one_by_one(bool newest_was_refused) {
  for (const ProtocolVersion version : kOldVersions) {
    if (enumerate_) {
      helpers_.push_back(
          std::make_unique<SuiteLane>(learnt_, base_(version), suites_in_neutral_order()));
      continue;
    }
    const Offer usual = base_(version);
    std::deque<Offer> offers{usual, usual, short_hello(usual.server_name, version)};
    offers[0].suites = suites_of_old_versions();
    offers[1].suites = rare_suites_of_old_versions();
    if (newest_was_refused && version == ProtocolVersion::tls1_1) offers.pop_front();
    helpers_.push_back(std::make_unique<VersionLane>(learnt_, std::move(offers)));
  }
}

std::vector<std::unique_ptr<Lane>> OldVersionsLane::helpers() {
  return std::exchange(helpers_, {});
}

void OldVersionsLane::doubt(const std::string& why) {
  if (!all_refused_) return;
  for (const ProtocolVersion version : kOldVersions)
    learnt_.set_version(version, inconclusive(why));
}

void finish_gate(TlsSurvey& survey, const GatePlan& plan, bool weak_groups_asked) {
  for (SuiteInventory& inventory : survey.suites)
    if (!inventory.complete && inventory.incomplete_reason.empty())
      inventory.incomplete_reason = kOnlyForbidden;
  for (GroupInventory& inventory : survey.groups) {
    if (inventory.incomplete_reason.empty()) inventory.incomplete_reason = kOnlyForbidden;
    if (inventory.version <= ProtocolVersion::tls1_2 && !weak_groups_asked &&
        !accepts_carrier(survey, plan, inventory.version))
      inventory.refused.clear();
  }
}

}  // namespace rta::tls

#include "tls/gate_lane.h"

#include <algorithm>

#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

bool is_dhe(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->key_exchange == KeyExchange::dhe;
}

}  // namespace

void learn_version(Learnt& learnt, ProtocolVersion version, const HandshakeAnswer& answer) {
  const OfferAnswer* before = learnt.survey.version(version);
  const bool was_denied = before != nullptr && before->answer == Answer::not_supported;
  if (!answer.refuses_version()) {
    learnt.answers_differ = learnt.answers_differ || was_denied;
    if (answer.is(Answer::supported)) learnt.set_version(version, answer.outcome);
    return;
  }
  const SuiteInventory* suites = learnt.survey.suites_of(version);
  const GroupInventory* groups = learnt.survey.groups_of(version);
  const bool was_digested = (suites != nullptr && !suites->refused.empty()) ||
                            (groups != nullptr && !groups->refused.empty());
  learnt.answers_differ = learnt.answers_differ || learnt.speaks(version) || was_digested;
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
  return offer;
}

void GateSuiteLane::learn(const HandshakeAnswer& answer) {
  if (answer.is(Answer::supported)) {
    take(answer);
  } else if (answer.is(Answer::not_supported)) {
    refused(answer);
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
  if (!group || !plan_.enumerate) {
    question_.carriers.clear();
    return;
  }
  std::erase(base_.groups, *group);
  if (base_.groups.empty()) question_.carriers.clear();
}

void GateSuiteLane::refused(const HandshakeAnswer& answer) {
  done_ = true;
  learn_version(learnt_, base_.version, answer);
  if (answer.refuses_version()) return;
  if (!question_.suites.empty())
    learnt_.suites(base_.version).refused.push_back({ranges_of(question_.suites), answer.outcome});
  // Whether this convicts the groups depends on the server's certificate: a
  // suite with an RSA signature could have been chosen with any group.
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
  } else {
    inventory.incomplete_reason = answer.outcome.reason;
  }
}

void GateGroupLane::doubt(const std::string& why) {
  GroupInventory& inventory = learnt_.groups(base_.version);
  inventory.refused.clear();
  inventory.incomplete_reason = why;
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
                 answer.outcome.alert == alerts::kProtocolVersion && !answer.hello;
  if (!all_refused_) {
    ask_one_by_one(ProtocolVersion::tls1_1);
    return;
  }
  OfferAnswer refusal = answer.outcome;
  refusal.reason += " to TLS 1.1 or older";
  for (const ProtocolVersion version : kOldVersions) learnt_.set_version(version, refusal);
}

void OldVersionsLane::ask_one_by_one(ProtocolVersion below) {
  for (const ProtocolVersion version : kOldVersions) {
    if (version > below) continue;
    auto lane = std::make_unique<SuiteLane>(learnt_, base_(version), suites_in_neutral_order());
    if (!enumerate_) lane->stop_at_first("one accepted suite was enough");
    helpers_.push_back(std::move(lane));
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

void finish_gate(TlsSurvey& survey) {
  for (SuiteInventory& inventory : survey.suites)
    if (!inventory.complete && inventory.incomplete_reason.empty())
      inventory.incomplete_reason = kOnlyForbidden;
  for (GroupInventory& inventory : survey.groups) {
    if (inventory.incomplete_reason.empty()) inventory.incomplete_reason = kOnlyForbidden;
    if (inventory.version > ProtocolVersion::tls1_2) continue;
    // With an ECDSA key alone a server may lack a usable certificate instead.
    const SuiteInventory* suites = survey.suites_of(inventory.version);
    const SuiteProperties* chosen =
        suites != nullptr && suites->chosen ? find_suite(*suites->chosen) : nullptr;
    if (chosen == nullptr || chosen->authentication != Authentication::rsa)
      inventory.refused.clear();
  }
}

}  // namespace rta::tls

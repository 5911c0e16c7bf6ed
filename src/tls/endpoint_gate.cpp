// What a survey asks in gate mode: see gate.h.
#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/first_hello.h"
#include "tls/gate_lane.h"
#include "tls/key_shares.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

constexpr std::size_t kPerHello = limits::kSuitesPerHello - 1;

}  // namespace

void EndpointSurvey::start_gate() {
  const GatePlan& plan = *options_.gate;
  runner_.add(std::make_unique<Ssl2Lane>(learnt_, base(ProtocolVersion::ssl2)));
  runner_.add(std::make_unique<OldVersionsLane>(
      learnt_, [this](ProtocolVersion version) { return base(version); }, plan.enumerate));
  for (GateQuestion& question : gate_questions_tls12(plan, kPerHello))
    runner_.add(std::make_unique<GateSuiteLane>(learnt_, base(ProtocolVersion::tls1_2),
                                                std::move(question), plan));
  // A server answers with the newest version that it knows. One that chose an older
  // one is asked for TLS 1.3 as such, which is likely to settle all of it.
  const bool chose_older = first_.is(Answer::supported) &&
                           ProtocolVersion{first_.hello->version} != ProtocolVersion::tls1_3;
  if (chose_older)
    ask_for_tls13();
  else
    start_gate_tls13();
  // Many at one time: the control stands ready and speaks last.
  if (options_.side_by_side > 1) start_gate_control();
}

void EndpointSurvey::start_gate_tls13() {
  const GatePlan& plan = *options_.gate;
  GateQuestion tls13{forbidden_at_tls13(plan), {}, groups_of_tls13()};
  if (!tls13.suites.empty())
    runner_.add(std::make_unique<GateSuiteLane>(learnt_, base(ProtocolVersion::tls1_3),
                                                std::move(tls13), plan));
  if (!plan.groups.empty())
    runner_.add(
        std::make_unique<GateGroupLane>(learnt_, offer_of_tls13(), plan.groups, plan.enumerate));
}

Offer EndpointSurvey::offer_of_tls13() const {
  Offer offer = base(ProtocolVersion::tls1_3);
  for (const SuiteProperties& suite : all_suites())
    if (suite.is_tls13()) offer.suites.push_back(suite.code);
  return offer;
}

// With everything, good and bad, and with key shares, for some servers do not know
// how to ask for one: is the version spoken?
void EndpointSurvey::ask_for_tls13() {
  if (std::exchange(asked_for_tls13_, true)) return;
  const ProtocolVersion version = ProtocolVersion::tls1_3;
  Offer offer = offer_of_tls13();
  offer.key_shares = usual_key_shares(options_.seed);
  ask(
      std::move(offer),
      [this](const HandshakeAnswer& answer) {
        if (answer.is(Answer::not_supported)) {
          learn_version_refusal_of_tls13(answer);
          return;
        }
        if (!answer.is(Answer::supported)) {
          if (!learnt_.speaks(version))
            learnt_.set_version(version, inconclusive(answer.outcome.reason));
          return;
        }
        const bool was_asked = learnt_.survey.suites_of(version) != nullptr;
        learn_version(learnt_, version, answer);
        keep(learnt_.suites(version).accepted, answer.hello->suite, answer.outcome);
        if (answer.hello->group)
          keep(learnt_.groups(version).accepted, *answer.hello->group, answer.outcome);
        ask_without_shares(was_asked);
      },
      [this](const HandshakeAnswer& open) {
        if (!learnt_.speaks(version)) learnt_.set_version(version, open.outcome);
      });
}

// The usual hello was not answered with TLS 1.3 either.
void EndpointSurvey::learn_version_refusal_of_tls13(const HandshakeAnswer& answer) {
  const ProtocolVersion version = ProtocolVersion::tls1_3;
  const bool first_agrees = first_.is(Answer::not_supported) || first_.is(Answer::supported);
  const bool spoken = learnt_.speaks(version);
  learnt_.answers_differ = learnt_.answers_differ || (spoken && answer.refuses_version());
  if (spoken) return;
  if (answer.refuses_version() || first_agrees)
    learnt_.set_version(version, answer.outcome);
  else
    learnt_.set_version(version, inconclusive(answer.outcome.reason));
}

// TLS 1.3 is spoken, though the usual hello was answered with an older version. Where
// a hello without key shares is refused, so would be the gate's, whatever is in it.
void EndpointSurvey::ask_without_shares(bool was_asked) {
  const auto leave_open = [this](const HandshakeAnswer& answer) {
    const std::string why = "a hello without key shares: " + answer.outcome.reason;
    const auto open = [&why](auto& inventory) {
      inventory.refused.clear();
      inventory.incomplete_reason = why;
    };
    open(learnt_.suites(ProtocolVersion::tls1_3));
    open(learnt_.groups(ProtocolVersion::tls1_3));
  };
  ask(
      offer_of_tls13(),
      [this, was_asked, leave_open](const HandshakeAnswer& answer) {
        if (!answer.is(Answer::supported))
          leave_open(answer);
        else if (!was_asked)
          start_gate_tls13();
      },
      leave_open);
}

// Something else was chosen: is what every profile wants offered at all?
void EndpointSurvey::ask_for_allowed() {
  Offer offer = base(ProtocolVersion::tls1_2);
  const auto take = [&](const auto& is_wanted) {
    for (const CipherSuite code : suites_in_neutral_order()) {
      const SuiteProperties* suite = find_suite(code);
      if (suite != nullptr && !suite->is_tls13() && offer.suites.size() < kPerHello &&
          std::ranges::count(offer.suites, code) == 0 && is_wanted(*suite))
        offer.suites.push_back(code);
    }
  };
  take([](const SuiteProperties& suite) { return is_always_allowed(suite.code); });
  // Others of the kind, which the plan leaves out: with them "none" is proven.
  take([&](const SuiteProperties& suite) {
    return suite.is_aead() && suite.has_forward_secrecy() &&
           std::ranges::count(options_.gate->suites, suite.code) == 0;
  });
  const std::vector<CodeRange> offered = ranges_of(offer.suites);
  ask(
      std::move(offer),
      [this, offered](const HandshakeAnswer& answer) {
        SuiteInventory& inventory = learnt_.suites(ProtocolVersion::tls1_2);
        if (answer.is(Answer::supported))
          keep(inventory.accepted, answer.hello->suite, answer.outcome);
        else if (answer.is(Answer::not_supported))
          inventory.refused.push_back({offered, answer.outcome});
      },
      [this](const HandshakeAnswer&) { learnt_.suites(ProtocolVersion::tls1_2).refused.clear(); });
}

// Something of that hello is accepted wherever TLS 1.2 is spoken: only the
// version's own alert is believed. Else the endpoint minds long hellos, or answers
// differently from time to time, and what it refused is open.
void EndpointSurvey::gate_control_refused(const HandshakeAnswer& answer) {
  const ProtocolVersion version = ProtocolVersion::tls1_2;
  const bool spoken = learnt_.speaks(version);
  if (answer.refuses_version() && !spoken) {
    learn_version(learnt_, version, answer);
    return;
  }
  const std::string why =
      "a hello of good and bad suites, one of which had to be accepted: " + answer.outcome.reason;
  // What was refused by its number holds, unless that is now said of a version
  // that is spoken: then nothing does.
  runner_.doubt_refusals(answer.refuses_version(), why);
  if (!spoken) learnt_.set_version(version, inconclusive(why));
  SuiteInventory& suites = learnt_.suites(version);
  suites.refused.clear();
  suites.incomplete_reason = why;
  GroupInventory& groups = learnt_.groups(version);
  groups.refused.clear();
  groups.incomplete_reason = why;
}

// Everything good and bad at TLS 1.2: whether it is spoken, what is chosen, and
// by its success the proof that the refusals before it were meant.
void EndpointSurvey::start_gate_control() {
  if (std::exchange(gate_control_asked_, true)) return;
  ask_gate_control(options_.side_by_side > 1 ? LaneRunner::Turn::last : LaneRunner::Turn::any);
}

void EndpointSurvey::ask_gate_control(LaneRunner::Turn turn) {
  runner_.add(std::make_unique<SingleLane>(
                  [this] { return gate_control(); },
                  [this](const HandshakeAnswer& answer) { learn_gate_control(answer); },
                  [this](const HandshakeAnswer& open) {
                    if (!learnt_.speaks(ProtocolVersion::tls1_2))
                      learnt_.set_version(ProtocolVersion::tls1_2, open.outcome);
                  }),
              turn);
}

// In front what was refused: where the client's order counts, a refusal that was
// none shows by its being chosen now. Behind it everything else, the good ones
// first, and last what is known to be accepted.
Offer EndpointSurvey::gate_control() {
  constexpr std::size_t kRoomForOthers = 20;  // all that no profile forbids
  const ProtocolVersion version = ProtocolVersion::tls1_2;
  const std::vector<CipherSuite> known = learnt_.accepted(version);
  known_in_gate_control_ = known.size();
  const SuiteInventory* inventory = learnt_.survey.suites_of(version);
  std::vector<CipherSuite> refused, others;
  for (const CipherSuite code : suites_in_neutral_order()) {
    if (std::ranges::count(known, code) > 0) continue;
    const bool is_denied = inventory != nullptr && is_refused(inventory->refused, code);
    (is_denied ? refused : others).push_back(code);
  }
  std::ranges::stable_partition(refused,
                                [](CipherSuite code) { return is_in_use(*find_suite(code)); });
  const std::size_t room = kPerHello - std::min(known.size(), kPerHello);
  refused.resize(std::min(refused.size(), room - std::min({room, others.size(), kRoomForOthers})));
  others.resize(std::min(others.size(), room - refused.size()));
  Offer offer = base(version);
  offer.suites = std::move(refused);
  offer.suites.insert(offer.suites.end(), others.begin(), others.end());
  offer.suites.insert(offer.suites.end(), known.begin(), known.end());
  offer.deflate = true;
  in_gate_control_ = offer.suites;
  return offer;
}

void EndpointSurvey::learn_gate_control(const HandshakeAnswer& answer) {
  const ProtocolVersion version = ProtocolVersion::tls1_2;
  if (!answer.is(Answer::supported)) {
    // Made before it was known what is accepted: none of that may be in it.
    const bool knows_more = learnt_.accepted(version).size() > known_in_gate_control_;
    const bool is_for_suites = answer.is(Answer::not_supported) && !answer.refuses_version();
    if (is_for_suites && knows_more)
      ask_gate_control(LaneRunner::Turn::any);
    else if (is_for_suites && !learnt_.speaks(version))
      ask_rest_of_tls12(answer);
    else
      gate_control_refused(answer);
    return;
  }
  learn_version(learnt_, version, answer);
  learnt_.flights.push_back(answer);
  SuiteInventory& inventory = learnt_.suites(version);
  const CipherSuite chosen = answer.hello->suite;
  learnt_.answers_differ = learnt_.answers_differ || is_refused(inventory.refused, chosen);
  inventory.chosen = chosen;
  inventory.chosen_proof = answer.outcome;
  inventory.chosen_proof.exchange.clear();
  if (std::ranges::count(inventory.accepted, chosen, &AcceptedSuite::suite) == 0)
    inventory.accepted.push_back({chosen, inventory.chosen_proof});
  learnt_.survey.behaviour.compression_accepted = answer.hello->compression != 0;
  learnt_.prove("compression_accepted", inventory.chosen_proof);
  if (!is_always_allowed(chosen)) ask_for_allowed();
  ask_weak_groups();
}

// The forbidden groups of TLS 1.2 stood beside suites that every profile allows. Where
// none of those is accepted, they are asked for beside one that is.
void EndpointSurvey::ask_weak_groups() {
  const ProtocolVersion version = ProtocolVersion::tls1_2;
  const GatePlan& plan = *options_.gate;
  Offer offer = base(version);
  std::erase_if(offer.groups,
                [&](NamedGroup group) { return std::ranges::count(plan.groups, group) == 0; });
  offer.suites = learnt_.accepted(version);
  std::erase_if(offer.suites, [](CipherSuite code) {
    const SuiteProperties* suite = find_suite(code);
    return suite == nullptr || suite->key_exchange != KeyExchange::ecdhe ||
           suite->authentication != Authentication::rsa;
  });
  if (accepts_carrier(learnt_.survey, plan, version) || offer.suites.empty() ||
      offer.groups.empty())
    return;
  offer.asks_by_extension = true;
  const std::vector<CodeRange> offered = ranges_of(offer.groups);
  ask(
      std::move(offer),
      [this, offered](const HandshakeAnswer& answer) {
        GroupInventory& groups = learnt_.groups(version);
        groups.refused.clear();
        learnt_.weak_groups_asked = answer.is(Answer::not_supported) && !answer.refuses_version();
        if (learnt_.weak_groups_asked)
          groups.refused.push_back({offered, answer.outcome});
        else if (answer.is(Answer::supported) && answer.exchange && answer.exchange->group)
          keep(groups.accepted, *answer.exchange->group, answer.outcome);
        else
          groups.incomplete_reason = answer.outcome.reason;
      },
      [this](const HandshakeAnswer&) { learnt_.weak_groups_asked = false; });
}

// Some servers say "handshake failure" where they do not speak a version. Then they
// say it to every suite, and to the hellos that everybody's client sends, too.
void EndpointSurvey::ask_rest_of_tls12(const HandshakeAnswer& control) {
  const ProtocolVersion version = ProtocolVersion::tls1_2;
  const SuiteInventory& inventory = learnt_.suites(version);
  Offer usual = first_hello_of_tls12(options_.server_name);
  std::vector<CipherSuite> rest;
  for (const CipherSuite code : suites_in_neutral_order())
    if (!find_suite(code)->is_tls13() && !is_refused(inventory.refused, code) &&
        std::ranges::count(in_gate_control_, code) == 0 &&
        std::ranges::count(usual.suites, code) == 0)
      rest.push_back(code);
  std::deque<Offer> offers;
  for (std::vector<CipherSuite>& list : in_lists(version, std::move(rest), kPerHello)) {
    offers.push_back(base(version));
    offers.back().suites = std::move(list);
  }
  offers.push_back(std::move(usual));
  offers.push_back(short_hello(options_.server_name, version));
  runner_.add(std::make_unique<VersionLane>(
      learnt_, std::move(offers), [this, control](const HandshakeAnswer& answer) {
        const bool is_new = answer.is(Answer::supported) &&
                            std::ranges::count(in_gate_control_, answer.hello->suite) == 0;
        if (!is_new) gate_control_refused(control);
      }));
}

// The time or the connections are used up. What no good hello followed may have been
// refused by an endpoint that was away.
void EndpointSurvey::end_gate_early() {
  if (!options_.gate || !runner_.stopped()) return;
  notice_differing_answers();
  runner_.doubt_fresh_refusals(why_ended());
}

// The gate asks for each thing once: behind a load balancer whose servers differ
// its refusals would be those of the one that happened to answer.
void EndpointSurvey::notice_differing_answers() {
  if (!options_.gate || !learnt_.answers_differ) return;
  runner_.doubt_refusals(true, kAnswersDiffer);
  const auto open = [](auto& inventories) {
    for (auto& inventory : inventories) {
      inventory.refused.clear();
      inventory.incomplete_reason = kAnswersDiffer;
    }
  };
  open(learnt_.survey.suites);
  open(learnt_.survey.groups);
}

}  // namespace rta::tls

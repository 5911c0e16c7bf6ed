// What a survey asks in gate mode: see gate.h.
#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/gate_lane.h"
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
  GateQuestion tls13{forbidden_at_tls13(plan), {}, groups_of_tls13()};
  if (!tls13.suites.empty())
    runner_.add(std::make_unique<GateSuiteLane>(learnt_, base(ProtocolVersion::tls1_3),
                                                std::move(tls13), plan));
  if (!plan.groups.empty()) {
    Offer offer = base(ProtocolVersion::tls1_3);
    for (const SuiteProperties& suite : all_suites())
      if (suite.is_tls13()) offer.suites.push_back(suite.code);
    runner_.add(
        std::make_unique<GateGroupLane>(learnt_, std::move(offer), plan.groups, plan.enumerate));
  }
  // Many at one time: the control stands ready and speaks last.
  if (options_.side_by_side > 1) start_gate_control();
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
    learnt_.set_version(version, answer.outcome);
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
  Offer offer = base(ProtocolVersion::tls1_2);
  // Behind the good ones, those that are known to be accepted.
  const std::vector<CipherSuite> known = learnt_.accepted(ProtocolVersion::tls1_2);
  for (const CipherSuite code : suites_in_neutral_order())
    if (offer.suites.size() + known.size() < kPerHello && std::ranges::count(known, code) == 0)
      offer.suites.push_back(code);
  offer.suites.insert(offer.suites.end(), known.begin(), known.end());
  offer.deflate = true;
  ask(
      std::move(offer),
      [this, offered = known.size()](const HandshakeAnswer& answer) {
        const ProtocolVersion version = ProtocolVersion::tls1_2;
        if (!answer.is(Answer::supported)) {
          // Made before it was known what is accepted: none of that may be in it.
          const bool knows_more = learnt_.accepted(version).size() > offered;
          if (offered == 0 && knows_more && answer.is(Answer::not_supported) &&
              !answer.refuses_version())
            ask_gate_control(LaneRunner::Turn::any);
          else
            gate_control_refused(answer);
          return;
        }
        learnt_.set_version(version, answer.outcome);
        learnt_.flights.push_back(answer);
        SuiteInventory& inventory = learnt_.suites(version);
        const CipherSuite chosen = answer.hello->suite;
        inventory.chosen = chosen;
        inventory.chosen_proof = answer.outcome;
        inventory.chosen_proof.exchange.clear();
        if (std::ranges::count(inventory.accepted, chosen, &AcceptedSuite::suite) == 0)
          inventory.accepted.push_back({chosen, inventory.chosen_proof});
        learnt_.survey.behaviour.compression_accepted = answer.hello->compression != 0;
        learnt_.prove("compression_accepted", inventory.chosen_proof);
        if (!is_always_allowed(chosen)) ask_for_allowed();
      },
      [this](const HandshakeAnswer& open) {
        if (!learnt_.speaks(ProtocolVersion::tls1_2))
          learnt_.set_version(ProtocolVersion::tls1_2, open.outcome);
      },
      turn);
}

}  // namespace rta::tls

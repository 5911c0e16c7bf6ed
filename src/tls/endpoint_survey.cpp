#include "tls/endpoint_survey.h"

#include <redis_tls_audit/assert.h>

#include <algorithm>

#include "tls/behaviour.h"
#include "tls/code_points.h"
#include "tls/first_hello.h"
#include "tls/gate_lane.h"
#include "tls/group_lane.h"
#include "tls/scheme_lane.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

// Back to the control, because an answer was another one the second time.
constexpr int kRounds = 3;

std::vector<CipherSuite> every_code_point() {
  std::vector<CipherSuite> codes = suites_in_neutral_order();
  for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
    const auto suite = static_cast<CipherSuite>(code);
    if (find_suite(suite) == nullptr && suite != kRenegotiationScsv && suite != kFallbackScsv)
      codes.push_back(suite);
  }
  return codes;
}

bool uses_curve(CipherSuite code) {
  const SuiteProperties* suite = find_suite(code);
  return suite != nullptr && suite->key_exchange == KeyExchange::ecdhe;
}

constexpr std::size_t kPaddedLength = 768;  // more than some load balancers mind

// Inventories that nobody asked for say so.
void note_parts_left_out(const SurveyParts& parts, TlsSurvey& survey) {
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    const OfferAnswer* answer = survey.version(version);
    if (answer == nullptr || answer->answer != Answer::supported) continue;
    const auto note = [&](auto& inventories, bool asked_for, bool is_there) {
      if (asked_for || is_there) return;
      auto& inventory = inventories.emplace_back();
      inventory.version = version;
      inventory.incomplete_reason = kNotAskedFor;
    };
    note(survey.groups, parts.groups, survey.groups_of(version) != nullptr);
    note(survey.signatures, parts.behaviour, survey.signatures_of(version) != nullptr);
  }
}

}  // namespace

EndpointSurvey::EndpointSurvey(SurveyOptions options)
    : options_(std::move(options)),
      runner_(learnt_, {.seed = options_.seed,
                        .max_connections = options_.max_connections,
                        .all_at_once = options_.side_by_side > 1}) {
  learnt_.survey.gate_mode = options_.gate.has_value();
  learnt_.survey.sweep = options_.sweep;
  if (options_.first_answer) {
    first_ = *options_.first_answer;
    note_first_answer();
    if (first_.is(Answer::supported)) runner_.know(first_hello(options_.server_name));
  } else {
    start_first_hello();
  }
}

Offer EndpointSurvey::base(ProtocolVersion version) const {
  Offer offer;
  offer.version = version;
  offer.server_name = options_.server_name;
  offer.groups = version == ProtocolVersion::tls1_3 ? groups_of_tls13() : groups_up_to_tls12();
  offer.plain = learnt_.minds_extensions.contains(version) || learnt_.short_hellos;
  if (learnt_.short_hellos && version == ProtocolVersion::tls1_3) shorten_like_a_browser(offer);
  if (learnt_.pads_hellos && version >= ProtocolVersion::tls1_0)
    offer.record_length = kPaddedLength;
  return offer;
}

std::vector<CipherSuite> EndpointSurvey::suites_to_offer(ProtocolVersion version) const {
  std::vector<CipherSuite> suites = options_.sweep ? every_code_point() : suites_in_neutral_order();
  if (version == ProtocolVersion::tls1_3) std::ranges::stable_partition(suites, is_of_tls13);
  return suites;
}

void EndpointSurvey::ask(Offer offer, SingleLane::Learn learn, SingleLane::Learn doubt) {
  runner_.add(std::make_unique<SingleLane>(std::move(offer), std::move(learn), std::move(doubt)));
}

void EndpointSurvey::start_first_hello() {
  ask(
      first_hello(options_.server_name),
      [this](const HandshakeAnswer& answer) {
        first_ = answer;
        note_first_answer();
      },
      [](const HandshakeAnswer&) {});
}

// The padded hello offers TLS 1.3 and 1.2: its answer proves the version.
void EndpointSurvey::note_first_answer() {
  if (!first_.is(Answer::supported)) return;
  const auto version = ProtocolVersion{first_.hello->version};
  if (!learnt_.speaks(version)) learnt_.set_version(version, first_.outcome);
  if (!options_.gate) return;
  SuiteInventory& inventory = learnt_.suites(version);
  OfferAnswer proof = first_.outcome;
  proof.exchange.clear();
  keep(first_.broken_off ? inventory.broken_off : inventory.accepted, first_.hello->suite, proof);
  if (version != ProtocolVersion::tls1_3) return;
  inventory.chosen = first_.hello->suite;
  inventory.chosen_proof = std::move(proof);
  if (!first_.hello->group) return;
  GroupInventory& groups = learnt_.groups(version);
  groups.preferred = first_.hello->group;
  groups.accepted.push_back({*first_.hello->group, first_.outcome});
}

void EndpointSurvey::start_questions() {
  if (options_.gate) {
    start_gate();
    return;
  }
  runner_.add(std::make_unique<Ssl2Lane>(learnt_, base(ProtocolVersion::ssl2)));
  // Those that are answered without a signature first: the others hold them up.
  start_suites(ProtocolVersion::tls1_3);
  for (const ProtocolVersion version : kAllVersions)
    if (version != ProtocolVersion::ssl2 && version != ProtocolVersion::tls1_3)
      start_suites(version);
}

void EndpointSurvey::start_suites(ProtocolVersion version) {
  auto lane = std::make_unique<SuiteLane>(learnt_, base(version), suites_to_offer(version),
                                          options_.side_by_side);
  if (!options_.parts.suites) lane->stop_at_first(std::string{kNotAskedFor});
  runner_.add(std::move(lane));
}

// What groups are asked with; nothing where no suite is known that they matter for.
std::optional<Offer> EndpointSurvey::group_offer(ProtocolVersion version) const {
  Offer offer = base(version);
  offer.suites = learnt_.accepted(version);
  if (version != ProtocolVersion::tls1_3)
    std::erase_if(offer.suites, [](CipherSuite code) { return !uses_curve(code); });
  if (offer.suites.empty()) return std::nullopt;
  return offer;
}

// As soon as one suite is known that the groups can be asked with.
void EndpointSurvey::start_groups() {
  if (options_.gate || !options_.parts.groups || phase_ == Phase::first_hello) return;
  const bool alone = options_.side_by_side == 1;
  if (const auto tls13 = group_offer(ProtocolVersion::tls1_3);
      tls13 && !std::exchange(asked_groups_tls13_, true))
    runner_.add(
        std::make_unique<GroupLane>(learnt_, *tls13, groups_of_tls13(), options_.side_by_side));
  const auto tls12 = group_offer(ProtocolVersion::tls1_2);
  // Which certificates there are decides how groups are asked: all suites first
  // when there is no hurry, or when an RSA certificate may still turn up.
  const bool enough =
      phase_ != Phase::questions || (!alone && tls12 && !needs_curve_of_certificate(tls12->suites));
  if (!tls12 || !enough || std::exchange(asked_groups_tls12_, true)) return;
  runner_.add(
      std::make_unique<GroupLane>(learnt_, *tls12, groups_up_to_tls12(), options_.side_by_side));
}

void EndpointSurvey::start_control() {
  control_fails_ = false;
  if (!runner_.refusals_are_fresh() && !worth_again_) return;
  if (!runner_.control()) {
    control_fails_ = true;
    runner_.doubt_fresh_refusals("no hello of any kind was accepted");
    return;
  }
  add_control();
}

void EndpointSurvey::add_control() {
  runner_.note_control();
  runner_.add(std::make_unique<ControlLane>(
      *runner_.control(),
      [this](const std::string& why) {
        control_fails_ = true;
        learnt_.trouble = worth_again_ = true;
        runner_.doubt_fresh_refusals(why);
      },
      [this] { control_fails_ = false; }));
}

// The next phase, once every lane of this one came to its end.
void EndpointSurvey::advance() {
  while (phase_ != Phase::done && runner_.at_rest()) {
    switch (phase_) {
      case Phase::first_hello: {
        const bool worth_it = first_.ending != Ending::foreign && first_.ending != Ending::silent &&
                              first_.ending != Ending::unreachable &&
                              first_.ending != Ending::stopped;
        phase_ = worth_it ? Phase::questions : Phase::done;
        if (worth_it) start_questions();
        break;
      }
      case Phase::questions:
        phase_ = Phase::details;
        notice_more_refusals();
        if (options_.gate) {
          if (learnt_.survey.version(ProtocolVersion::tls1_3) == nullptr) ask_for_tls13();
          start_gate_control();
        } else {
          if (!runner_.control()) try_short_hellos();
          ask_for_middle_length();
          start_groups();
          if (options_.parts.behaviour) start_details();
        }
        break;
      case Phase::details:
        phase_ = Phase::control;
        notice_contradictions();
        notice_differing_answers();
        start_control();
        break;
      case Phase::control:
        phase_ = Phase::again;
        start_again();
        break;
      case Phase::again:
        if (runner_.refusals_are_fresh() && !control_fails_) {
          phase_ = Phase::control;
          start_control();
          break;
        }
        phase_ = Phase::confirmation;
        start_confirmation();
        break;
      case Phase::confirmation:
        phase_ = Phase::last_control;
        if (!control_fails_) start_control();
        break;
      case Phase::last_control:
        if (!options_.gate && has_to_confirm_more() && rounds_ < kRounds) {
          ++rounds_;
          phase_ = Phase::control;
          start_control();
          break;
        }
        phase_ = Phase::done;
        break;
      case Phase::done:
        break;
    }
  }
}

std::unique_ptr<Probe> EndpointSurvey::next() {
  while (!runner_.stopped()) {
    // Asked one after the other, a claim's hellos keep step with nothing.
    const bool one_by_one = phase_ == Phase::confirmation && learnt_.trouble;
    if (std::unique_ptr<Probe> probe = runner_.ask(one_by_one)) return probe;
    const Phase before = phase_;
    advance();
    if (phase_ == before || phase_ == Phase::done) break;
  }
  end_gate_early();
  return nullptr;
}

void EndpointSurvey::learn(std::unique_ptr<Probe> probe) {
  const auto* handshake = dynamic_cast<const HandshakeProbe*>(probe.get());
  RTA_ASSERT(handshake != nullptr);
  if (const auto settled = runner_.learn(*handshake)) {
    worth_again_ = worth_again_ || settled->left_open_by_trouble;
    start_groups();
    confirm_early();
    // A long row of refusals is worth as much as the next good hello.
    if (runner_.control_is_due()) start_control();
  }
  advance();
  end_gate_early();
}

bool EndpointSurvey::finished() const {
  return (phase_ == Phase::done || runner_.stopped()) && !runner_.is_waiting();
}

std::string EndpointSurvey::why_ended() const {
  std::string why{kEndedEarly};
  if (runner_.stopped()) why += ": " + runner_.why_stopped();
  return why;
}

TlsSurvey EndpointSurvey::result() const {
  TlsSurvey survey = learnt_.survey;
  if (first_.ending == Ending::foreign) survey.foreign = first_.outcome.reason;
  for (const ProtocolVersion version : kAllVersions) {
    if (survey.version(version) != nullptr) continue;
    VersionOffer& open = survey.versions.emplace_back();
    open.version = version;
    open.answer.reason =
        first_.ending == Ending::answered ? why_ended() : "not asked: " + first_.outcome.reason;
  }
  if (!options_.gate) leave_unconfirmed_open(survey);
  const auto say_why = [this](auto& inventories) {
    for (auto& inventory : inventories)
      if (inventory.incomplete_reason == kEndedEarly) inventory.incomplete_reason = why_ended();
  };
  say_why(survey.suites);
  say_why(survey.groups);
  say_why(survey.signatures);
  // A first hello that was answered proves its version even when nothing more came.
  if (first_.is(Answer::supported)) {
    const auto version = ProtocolVersion{first_.hello->version};
    for (VersionOffer& offer : survey.versions)
      if (offer.version == version && offer.answer.answer != Answer::supported)
        offer.answer = first_.outcome;
  }
  std::ranges::sort(survey.versions, {}, &VersionOffer::version);
  std::ranges::sort(survey.suites, {}, &SuiteInventory::version);
  std::ranges::sort(survey.groups, {}, &GroupInventory::version);
  std::ranges::sort(survey.signatures, {}, &SchemeInventory::version);
  describe_flights(learnt_.flights, survey);
  if (const SchemeInventory* schemes = survey.signatures_of(ProtocolVersion::tls1_2))
    survey.behaviour.sha1_signature_accepted = accepts_sha1(*schemes);
  if (const GroupInventory* groups = survey.groups_of(ProtocolVersion::tls1_3);
      groups != nullptr && groups->complete && !groups->accepted.empty())
    survey.behaviour.post_quantum_exclusive =
        std::ranges::all_of(groups->accepted, [](const AcceptedGroup& accepted) {
          const GroupProperties* group = find_group(accepted.group);
          return group != nullptr && group->is_post_quantum();
        });
  if (options_.gate) finish_gate(survey, *options_.gate, learnt_.weak_groups_asked);
  if (!options_.gate) note_parts_left_out(options_.parts, survey);
  return survey;
}

}  // namespace rta::tls

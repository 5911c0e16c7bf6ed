#include "tls/refusal_confirmation.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rta::tls {
namespace {

// Q the refused offer, C a control. The distances differ, so that whoever turns
// every second or third connection away is caught.
constexpr std::string_view kPlan = "Q";
constexpr std::string_view kPlanWithControl = "CQ";
constexpr std::string_view kPlanInTrouble = "QCCQQC";
constexpr std::array kPauses{std::chrono::milliseconds{250}, std::chrono::milliseconds{1'000},
                             std::chrono::milliseconds{3'000}};

}  // namespace

bool is_by_alert(const OfferAnswer& proof) {
  return proof.answer == Answer::not_supported && proof.alert && is_refusal(*proof.alert);
}

bool is_any_by_alert(const std::vector<RefusedOffer>& refused) {
  return std::ranges::any_of(refused,
                             [](const RefusedOffer& offer) { return is_by_alert(offer.proof); });
}

std::string_view RefusalConfirmation::plan() const {
  return in_trouble_ ? kPlanInTrouble : control_first_ && control_ ? kPlanWithControl : kPlan;
}

std::optional<Offer> RefusalConfirmation::next() {
  if (refusal_.offers.empty()) return std::nullopt;
  if (step_ == 0) in_trouble_ = (learnt_.trouble || refusal_.thorough) && control_;
  return plan()[step_] == 'C' ? *control_ : refusal_.offers.front();
}

void RefusalConfirmation::learn(const HandshakeAnswer& answer) {
  if (refusal_.offers.empty()) return;  // doubted while the answer was under way
  const bool is_control = plan()[step_] == 'C';
  const bool about_version = refusal_.alert || refusal_.by_any_alert;
  // No server says that of a version that it speaks.
  if (!about_version && answer.outcome.alert == alerts::kProtocolVersion) learnt_.trouble = true;
  const bool is_other_alert = refusal_.alert && answer.outcome.alert && answer.outcome.alert != refusal_.alert;
  const bool is_refused = answer.is(Answer::not_supported) ||
                          (refusal_.by_any_alert && !answer.is(Answer::supported) &&
                           answer.ending == Ending::alert);
  const bool holds = refusal_.holds ? refusal_.holds(answer) : is_refused && !is_other_alert;
  if (is_control ? answer.is(Answer::supported) : holds) {
    if (++step_ < plan().size()) return;
    step_ = 0;
    refusal_.offers.pop_front();
  } else if (is_control) {
    learnt_.trouble = true;
    doubt("a hello that worked before fails: " + answer.outcome.reason);
  } else if (answer.is(Answer::supported) || answer.hello) {
    learnt_.trouble = true;
    const Offer offer = std::move(refusal_.offers.front());
    refusal_.offers.clear();
    helpers_ = refusal_.withdraw(offer, answer);
  } else {
    learnt_.trouble = learnt_.trouble || is_other_alert;
    doubt("asked again it was answered otherwise: " + answer.outcome.reason);
  }
}

void RefusalConfirmation::doubt(const std::string& why) {
  refusal_.offers.clear();
  refusal_.leave_open(why);
}

std::vector<std::unique_ptr<Lane>> confirmations(Learnt& learnt,
                                                 const std::optional<Offer>& control,
                                                 const Refusal& refusal, bool control_between) {
  std::vector<std::unique_ptr<Lane>> lanes;
  lanes.push_back(std::make_unique<RefusalConfirmation>(learnt, control, refusal));
  if (!learnt.trouble && !refusal.thorough)
    lanes.push_back(
        std::make_unique<RefusalConfirmation>(learnt, control, refusal, control_between));
  return lanes;
}

std::optional<Offer> ControlLane::next() {
  if (done_) return std::nullopt;
  return control_;
}

std::chrono::milliseconds ControlLane::pause() const {
  return failures_ == 0 ? std::chrono::milliseconds{} : kPauses.at(failures_ - 1);
}

void ControlLane::learn(const HandshakeAnswer& answer) {
  done_ = true;
  if (answer.is(Answer::supported)) {
    if (failures_ > 0) recovered_();
    return;
  }
  failed_("a hello that worked before fails now: " + answer.outcome.reason);
  const bool lost = answer.endpoint_lost || answer.ending == Ending::stopped ||
                    answer.ending == Ending::silent || answer.ending == Ending::unreachable;
  done_ = lost || ++failures_ > kPauses.size();
}

}  // namespace rta::tls

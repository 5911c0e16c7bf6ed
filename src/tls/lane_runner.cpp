#include "tls/lane_runner.h"

#include <redis_tls_audit/assert.h>

#include <algorithm>

namespace rta::tls {
namespace {

// A good hello at least after so many refusals in a row.
constexpr std::size_t kRefusalsInARow = 64;

// Left open by something that may be over the next time. Silence is dear to ask again.
bool may_be_trouble(const HandshakeAnswer& answer) {
  const bool broke_off = answer.ending == Ending::alert || answer.ending == Ending::closed ||
                         answer.ending == Ending::reset || answer.ending == Ending::foreign;
  return answer.is(Answer::inconclusive) && (answer.endpoint_lost || broke_off);
}

// Of a length that some load balancers take for a hello of SSL 2.0.
bool is_of_middle_length(std::size_t bytes) { return bytes > 255 && bytes < 512; }

}  // namespace

void LaneRunner::add(std::unique_ptr<Lane> lane, Turn turn) {
  Slot& slot = slots_.emplace_back();
  slot.lane = std::move(lane);
  slot.turn = turn;
  for (std::unique_ptr<Lane>& helper : slot.lane->helpers()) add(std::move(helper));
}

bool LaneRunner::at_rest() const { return std::ranges::all_of(slots_, &Slot::done); }

bool LaneRunner::is_waiting() const {
  return std::ranges::any_of(slots_, [](const Slot& slot) { return slot.in_flight > 0; });
}

bool LaneRunner::others_have_ended(const Slot& slot) const {
  return stopped() || met_silence_ || std::ranges::all_of(slots_, [&](const Slot& other) {
           return &other == &slot || other.done || other.turn == Turn::last;
         });
}

// One that waits for all others is not waited for.
bool LaneRunner::others_are_asked(const Slot& slot) const {
  return std::ranges::any_of(slots_, [&](const Slot& other) {
    return &other != &slot && other.in_flight > 0 && other.turn != Turn::last;
  });
}

std::unique_ptr<Probe> LaneRunner::ask(bool one_by_one) {
  for (std::size_t i = 0; i < slots_.size() && !stopped(); ++i) {
    if (slots_[i].done || (one_by_one && others_are_asked(slots_[i]))) continue;
    if (std::unique_ptr<Probe> probe = ask(i)) return probe;
  }
  return nullptr;
}

std::unique_ptr<Probe> LaneRunner::ask(std::size_t place) {
  Slot& slot = slots_[place];
  const bool is_new = !slot.inquiry;
  if (is_new) {
    std::optional<Offer> offer = slot.lane->next();
    slot.done = !offer;
    if (slot.done) return nullptr;
    offer->nonce = options_.seed * 0x9E3779B97F4A7C15U + ++nonce_;
    slot.inquiry.emplace(std::move(*offer), control_, options_.all_at_once);
    ++slot.question;
  }
  if (control_) slot.inquiry->offer_control(*control_);
  if (slot.inquiry->lacks_control() && others_are_asked(slot)) return nullptr;
  if (!slot.inquiry->may_ask()) return nullptr;
  if (options_.max_connections != 0 && connections_ >= options_.max_connections) {
    why_stopped_ = "the limit of connections was reached (--max-connections allows more)";
    return nullptr;
  }
  ++slot.in_flight;
  ++connections_;
  Inquiry::Asked asked = slot.inquiry->next();
  auto probe = std::make_unique<HandshakeProbe>(std::move(asked.offer),
                                                ProbeTag{place, slot.question, asked.place});
  probe->back_off(std::max(slot.inquiry->pause(), slot.lane->pause()));
  if (slot.turn == Turn::last)
    probe->hold_until([this, &slot] { return others_have_ended(slot); },
                      is_new ? [&slot] { return slot.latest(); } : HandshakeProbe::Latest{});
  return probe;
}

std::optional<Offer> LaneRunner::Slot::latest() {
  std::optional<Offer> offer = lane->next();
  if (offer && inquiry) inquiry->put_instead(*offer);
  return offer;
}

std::optional<LaneRunner::Settled> LaneRunner::learn(const HandshakeProbe& probe) {
  RTA_ASSERT(probe.tag().slot < slots_.size());
  Slot& slot = slots_[probe.tag().slot];
  const HandshakeAnswer& answer = probe.answer();
  --slot.in_flight;
  met_silence_ = met_silence_ || answer.ending == Ending::silent;
  if (answer.is(Answer::supported)) {
    // The cheapest hello that worked is the control from now on.
    if (!control_ || (control_->costs_signature() && !probe.offer().costs_signature()))
      if (probe.offer().version != ProtocolVersion::ssl2) control_ = probe.offer();
    last_success_ = settled_ + 1;
    most_suites_accepted_ = std::max(most_suites_accepted_, probe.offer().suites.size());
    accepts_middle_length_ = accepts_middle_length_ || is_of_middle_length(probe.hello_bytes());
  }
  const bool late = !slot.inquiry || slot.question != probe.tag().question;
  if (late) return std::nullopt;
  if (control_) slot.inquiry->offer_control(*control_);
  slot.inquiry->learn(probe.tag().place, answer);
  if (!slot.inquiry->settled()) return std::nullopt;
  return settle(slot);
}

LaneRunner::Settled LaneRunner::settle(Slot& slot) {
  ++settled_;
  HandshakeAnswer answer = slot.inquiry->answer();
  turns_good_hellos_away_ = turns_good_hellos_away_ || slot.inquiry->met_trouble();
  learnt_.trouble = learnt_.trouble || turns_good_hellos_away_;
  slot.inquiry.reset();
  if (turns_good_hellos_away_) doubt_inferred_refusals(answer);
  slot.inferred_refusal = slot.inferred_refusal || answer.inferred;
  if (answer.is(Answer::not_supported)) {
    slot.last_refusal = settled_;
    slot.refused_by_number = answer.refuses_version();
  }
  if (answer.ending == Ending::stopped) why_stopped_ = answer.outcome.reason;
  slot.lane->learn(answer);
  slot.done = !slot.lane->next();
  for (std::unique_ptr<Lane>& helper : slot.lane->helpers()) add(std::move(helper));
  return {control_ && may_be_trouble(answer)};
}

// Where even hellos that are accepted get lost now and then, three losses of a
// question may be chance.
void LaneRunner::doubt_inferred_refusals(HandshakeAnswer& latest) {
  const std::string why = "turned away, but so are hellos that the endpoint accepts";
  for (Slot& slot : slots_)
    if (std::exchange(slot.inferred_refusal, false)) slot.lane->doubt(why);
  if (!std::exchange(latest.inferred, false)) return;
  latest.outcome.answer = Answer::inconclusive;
  latest.outcome.reason = why;
}

bool LaneRunner::control_is_due() const {
  const std::size_t latest = std::max(last_success_, last_control_);
  return control_ && settled_ > latest && settled_ - latest >= kRefusalsInARow;
}

bool LaneRunner::refusals_are_fresh() const {
  return std::ranges::any_of(slots_,
                             [&](const Slot& slot) { return slot.last_refusal > last_success_; });
}

void LaneRunner::doubt_fresh_refusals(const std::string& why) {
  for (Slot& slot : slots_)
    if (slot.last_refusal > last_success_) slot.lane->doubt(why);
}

void LaneRunner::doubt_refusals(bool by_number_too, const std::string& why) {
  for (Slot& slot : slots_)
    if (slot.last_refusal > 0 && (by_number_too || !slot.refused_by_number)) slot.lane->doubt(why);
}

}  // namespace rta::tls

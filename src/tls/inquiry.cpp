#include "tls/inquiry.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rta::tls {
namespace {

// Endings that never tell a refusal, however often they are seen.
bool tells_nothing(const HandshakeAnswer& answer) {
  return answer.cut || answer.ending == Ending::silent || answer.ending == Ending::unreachable;
}

// Q question, C control. The distances between the questions differ, so that a
// peer that drops every second or third connection cannot look like a refusal.
constexpr std::string_view kWithControl = "QCCQQC";
constexpr std::string_view kWithout = "QQ";

constexpr int kControls = 4;  // at once, and after each of these
constexpr std::array kPauses{std::chrono::milliseconds{250}, std::chrono::milliseconds{1'000},
                             std::chrono::milliseconds{3'000}};
constexpr int kStarts = 3;

// What a server that merely cannot digest a shape accepts instead.
Offer reshaped(Offer offer, int tries) {
  offer.nonce += static_cast<std::uint64_t>(tries) << 56U;
  if (tries == 1 && offer.version >= ProtocolVersion::tls1_0 && !offer.record_length)
    offer.record_length = 768;  // hellos of 256 to 511 bytes hang some load balancers
  if (tries == 2 && offer.version < ProtocolVersion::tls1_3 && !offer.asks_by_extension)
    offer.bare = true;
  return offer;
}

bool is_explicit(const HandshakeAnswer& answer) {
  return answer.is(Answer::supported) || answer.is(Answer::not_supported) ||
         answer.is(Answer::violation) || answer.ending == Ending::foreign ||
         answer.ending == Ending::stopped;
}

}  // namespace

constexpr std::uint32_t kStepsOfACourse = 16;

Inquiry::Inquiry(Offer question, std::optional<Offer> control, bool all_at_once)
    : question_(std::move(question)), control_(std::move(control)), all_at_once_(all_at_once) {}

bool Inquiry::asks_control(std::size_t step) const {
  return control_ && kWithControl[step] == 'C';
}

bool Inquiry::may_ask() const {
  const std::string_view plan = control_ ? kWithControl : kWithout;
  if (settled_ || given_ >= plan.size()) return false;
  if (given_ == step_) return true;
  // The first answer may settle it, and an endpoint in trouble is not pressed.
  return all_at_once_ && step_ > 0 && failed_controls_ == 0;
}

Inquiry::Asked Inquiry::next() {
  const std::size_t step = given_++;
  const std::uint32_t place = course_ * kStepsOfACourse + static_cast<std::uint32_t>(step);
  if (asks_control(step)) {
    Offer control = *control_;
    control.nonce ^= question_.nonce + step;
    return {std::move(control), place};
  }
  const std::string_view before = (control_ ? kWithControl : kWithout).substr(0, step);
  return {shaped(static_cast<int>(std::ranges::count(before, 'Q'))), place};
}

// As it is put after so many tries.
Offer Inquiry::shaped(int tries) const {
  constexpr int kUsualShape = 3;
  return reshaped(question_, tries == 2 && never_bare_ ? kUsualShape : tries);
}

void Inquiry::learn(std::uint32_t place, const HandshakeAnswer& answer) {
  if (settled_ || place / kStepsOfACourse != course_) return;
  early_[place % kStepsOfACourse] = answer;
  while (!settled_ && !early_.empty() && early_.begin()->first == step_) {
    const HandshakeAnswer next = std::move(early_.begin()->second);
    early_.erase(early_.begin());
    take(next);
  }
}

// What was sent beyond this step does not count.
void Inquiry::ask_again_from(std::size_t step) {
  step_ = given_ = step;
  early_.clear();
  ++course_;
}

void Inquiry::give_up(const std::string& why) {
  answer_.outcome.answer = Answer::inconclusive;
  answer_.outcome.reason += why;
  settled_ = true;
}

void Inquiry::take(const HandshakeAnswer& answer) {
  const std::string_view plan = control_ ? kWithControl : kWithout;
  if (asks_control(step_)) {
    pause_ = {};
    if (!answer.is(Answer::supported)) {
      met_trouble_ = true;
      learn_failed_control(answer);
      return;
    }
    if (std::exchange(failed_controls_, 0) > 0) {
      start_anew();
      return;
    }
  } else if (is_refused_for_its_shape(answer)) {
    never_bare_ = true;
    ask_again_from(step_);
    return;
  } else {
    learn_question(answer);
    if (settled_) return;
  }
  if (++step_ < plan.size()) return;
  if (!control_ && late_control_ && !tells_nothing(answer_)) {
    control_ = std::move(late_control_);
    forget();
    return;
  }
  if (!control_ || tells_nothing(answer_)) {
    give_up(control_ ? ", while other hellos are answered" : ", and no hello was answered at all");
    return;
  }
  answer_.outcome.answer = Answer::not_supported;
  answer_.inferred = true;
  answer_.outcome.reason +=
      fmt::format(" ({} times, while other hellos in between were answered)", asked_);
  settled_ = true;
}

void Inquiry::learn_failed_control(const HandshakeAnswer& answer) {
  // A silent control costs a whole patience: it is asked once more only.
  const int most = answer.ending == Ending::silent ? 2 : kControls;
  const bool over = answer.ending == Ending::stopped || answer.ending == Ending::unreachable ||
                    answer.is(Answer::violation);
  if (++failed_controls_ < most && !over) {
    pause_ = kPauses[static_cast<std::size_t>(failed_controls_ - 1)];
    ask_again_from(step_);
    return;
  }
  answer_.endpoint_lost = true;
  if (answer.ending == Ending::stopped) answer_.ending = Ending::stopped;
  give_up("; a hello that worked before fails too: " + answer.outcome.reason);
}

// The server was in trouble while it was asked.
void Inquiry::start_anew() {
  if (starts_++ == kStarts) {
    give_up("; the endpoint stopped answering again and again");
    return;
  }
  forget();
}

void Inquiry::forget() {
  ask_again_from(0);
  asked_ = 0;
  ending_.reset();
  alert_.reset();
}

bool Inquiry::is_known_refusal(const HandshakeAnswer& answer) const {
  if (!question_.known_refusal || answer.cut) return false;
  const bool by_ending = answer.ending == Ending::closed || answer.ending == Ending::reset;
  return (by_ending || answer.ending == Ending::alert) &&
         question_.known_refusal->alert == answer.outcome.alert;
}

// Without extensions a server may lack a signature scheme, say, for a suite that it
// accepts otherwise, or the name that it wants to be asked for by.
bool Inquiry::is_refused_for_its_shape(const HandshakeAnswer& answer) const {
  if (!shaped(asked_).bare || question_.bare) return false;
  return answer.outcome.alert == alerts::kUnrecognizedName ||
         (answer.is(Answer::not_supported) && !answer.refuses_version());
}

void Inquiry::learn_question(const HandshakeAnswer& answer) {
  // The third time it is another question: nothing but the suites is offered.
  if (++asked_ == 2 && answer.is(Answer::supported)) met_trouble_ = true;
  const bool same = !ending_ || (*ending_ == answer.ending && alert_ == answer.outcome.alert);
  ending_ = answer.ending;
  alert_ = answer.outcome.alert;
  answer_ = answer;
  if (asked_ == 1 && is_known_refusal(answer)) {
    answer_.outcome.answer = Answer::not_supported;
    answer_.inferred = true;
    answer_.outcome.reason += " (as before, while other hellos are answered)";
    settled_ = true;
    return;
  }
  if (is_explicit(answer)) {
    settled_ = true;
  } else if (!same) {
    give_up(", differently each time");
  } else if (asked_ == 2 && tells_nothing(answer)) {
    give_up(control_ ? ", while other hellos are answered" : ", and no hello was answered at all");
  }
}

}  // namespace rta::tls

#include "tls/inquiry.h"

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
  if (tries == 2 && offer.version < ProtocolVersion::tls1_3) offer.bare = true;
  return offer;
}

bool is_explicit(const HandshakeAnswer& answer) {
  return answer.is(Answer::supported) || answer.is(Answer::not_supported) ||
         answer.is(Answer::violation) || answer.ending == Ending::foreign ||
         answer.ending == Ending::stopped;
}

}  // namespace

Inquiry::Inquiry(Offer question, std::optional<Offer> control)
    : question_(std::move(question)), control_(std::move(control)) {}

bool Inquiry::asks_control() const { return control_ && kWithControl[step_] == 'C'; }

Offer Inquiry::next() const {
  if (asks_control()) {
    Offer control = *control_;
    control.nonce ^= question_.nonce + step_;
    return control;
  }
  return reshaped(question_, asked_);
}

void Inquiry::give_up(const std::string& why) {
  answer_.outcome.answer = Answer::inconclusive;
  answer_.outcome.reason += why;
  settled_ = true;
}

void Inquiry::learn(const HandshakeAnswer& answer) {
  const std::string_view plan = control_ ? kWithControl : kWithout;
  if (asks_control()) {
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
  } else {
    learn_question(answer);
    if (settled_) return;
  }
  if (++step_ < plan.size()) return;
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
  step_ = 0;
  asked_ = 0;
  ending_.reset();
  alert_.reset();
}

void Inquiry::learn_question(const HandshakeAnswer& answer) {
  // The third time it is another question: nothing but the suites is offered.
  if (++asked_ == 2 && answer.is(Answer::supported)) met_trouble_ = true;
  const bool same = !ending_ || (*ending_ == answer.ending && alert_ == answer.outcome.alert);
  ending_ = answer.ending;
  alert_ = answer.outcome.alert;
  answer_ = answer;
  const bool is_bare = reshaped(question_, asked_ - 1).bare && !question_.bare;
  if (is_bare && answer.is(Answer::not_supported) && !answer.refuses_version()) {
    // Without extensions a server may lack a signature scheme, say, for a suite
    // that it accepts otherwise.
    give_up(", to a hello without extensions");
  } else if (is_explicit(answer)) {
    settled_ = true;
  } else if (!same) {
    give_up(", differently each time");
  } else if (asked_ == 2 && tells_nothing(answer)) {
    give_up(control_ ? ", while other hellos are answered" : ", and no hello was answered at all");
  }
}

}  // namespace rta::tls

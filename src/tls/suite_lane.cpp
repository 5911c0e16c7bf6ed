#include "tls/suite_lane.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>

namespace rta::tls {
namespace {

// One place is kept for the signalling value of RFC 5746.
constexpr std::size_t kPerHello = limits::kSuitesPerHello - 1;
// An unanswered list of more suites than this is asked again in halves.
constexpr std::size_t kSmallList = 32;

OfferAnswer inconclusive(const std::string& why) {
  OfferAnswer answer;
  answer.reason = why;
  return answer;
}

}  // namespace

SuiteLane::SuiteLane(Learnt& learnt, Offer base, const std::vector<CipherSuite>& suites,
                     bool decides_version)
    : learnt_(learnt), base_(std::move(base)), decides_version_(decides_version) {
  for (std::size_t from = 0; from < suites.size(); from += kPerHello) {
    const auto first = suites.begin() + static_cast<std::ptrdiff_t>(from);
    const auto last =
        suites.begin() + static_cast<std::ptrdiff_t>(std::min(from + kPerHello, suites.size()));
    parts_.emplace_back(first, last);
  }
}

std::optional<Offer> SuiteLane::next() {
  while (!parts_.empty() && parts_.front().empty()) parts_.pop_front();
  if (parts_.empty()) return std::nullopt;
  Offer offer = base_;
  offer.suites = parts_.front();
  return offer;
}

void SuiteLane::learn(const HandshakeAnswer& answer) {
  switch (answer.outcome.answer) {
    case Answer::supported:
      take(answer);
      break;
    case Answer::not_supported:
      refused(answer);
      break;
    case Answer::inconclusive:
    case Answer::violation:
      open_question(answer);
      break;
  }
  while (!parts_.empty() && parts_.front().empty()) parts_.pop_front();
  if (parts_.empty()) finish();
}

void SuiteLane::take(const HandshakeAnswer& answer) {
  if (!spoken_) learnt_.set_version(base_.version, answer.outcome);
  spoken_ = true;
  SuiteInventory& inventory = learnt_.suites(base_.version);
  inventory.incomplete_reason = "the survey ended early";
  const CipherSuite suite = answer.hello->suite;
  if (!inventory.chosen && !answer.broken_off) inventory.chosen = suite;
  (answer.broken_off ? inventory.broken_off : inventory.accepted)
      .push_back({suite, answer.outcome});
  if (base_.version <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
  std::erase(parts_.front(), suite);
}

void SuiteLane::refused(const HandshakeAnswer& answer) {
  if (!first_refusal_) first_refusal_ = answer.outcome;
  if (!spoken_ && answer.refuses_version())
    parts_.clear();
  else
    parts_.pop_front();
}

void SuiteLane::open_question(const HandshakeAnswer& answer) {
  incomplete_ = answer.outcome.reason;
  const bool no_use = !spoken_ || answer.endpoint_lost || answer.ending == Ending::stopped ||
                      answer.ending == Ending::foreign;
  if (no_use) {
    if (!spoken_) set_version(answer.outcome);
    parts_.clear();
    return;
  }
  const std::vector<CipherSuite> part = std::move(parts_.front());
  parts_.pop_front();
  if (part.size() <= kSmallList || answer.is(Answer::violation)) return;
  const auto middle = part.begin() + static_cast<std::ptrdiff_t>(part.size() / 2);
  parts_.emplace_front(middle, part.end());
  parts_.emplace_front(part.begin(), middle);
}

void SuiteLane::finish() {
  if (!spoken_) {
    if (incomplete_.empty() && first_refusal_) set_version(*first_refusal_);
    if (!decides_version_) note_completeness();
    return;
  }
  note_completeness();
}

void SuiteLane::note_completeness() {
  SuiteInventory& inventory = learnt_.suites(base_.version);
  inventory.complete = incomplete_.empty();
  inventory.incomplete_reason = incomplete_;
}

void SuiteLane::set_version(const OfferAnswer& answer) {
  if (decides_version_) learnt_.set_version(base_.version, answer);
}

void SuiteLane::doubt(const std::string& why) {
  if (!spoken_ && decides_version_) {
    set_version(inconclusive(why));
    return;
  }
  SuiteInventory& inventory = learnt_.suites(base_.version);
  inventory.complete = false;
  inventory.incomplete_reason = why;
}

std::optional<Offer> Ssl2Lane::next() {
  if (done_) return std::nullopt;
  return base_;
}

void Ssl2Lane::learn(const HandshakeAnswer& answer) {
  done_ = true;
  learnt_.set_version(ProtocolVersion::ssl2, answer.outcome);
  if (answer.ssl2) learnt_.survey.ssl2_kinds = answer.ssl2->kinds;
}

void Ssl2Lane::doubt(const std::string& why) {
  if (learnt_.speaks(ProtocolVersion::ssl2)) return;
  learnt_.set_version(ProtocolVersion::ssl2, inconclusive(why));
}

}  // namespace rta::tls

#include "tls/suite_confirmation.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/refusal_confirmation.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

constexpr std::size_t kPerHello = limits::kSuitesPerHello - 1;

// A sweep's code points without a name are not worth as many connections again.
std::vector<CipherSuite> known(std::vector<CipherSuite> suites) {
  std::erase_if(suites, [](CipherSuite code) { return find_suite(code) == nullptr; });
  return suites;
}

bool contains(const std::vector<CipherSuite>& list, CipherSuite code) {
  return std::ranges::count(list, code) > 0;
}

}  // namespace

SuiteConfirmation::SuiteConfirmation(Learnt& learnt, Offer base,
                                     const std::optional<Offer>& control,
                                     std::function<void(const std::string&)> reopen)
    : learnt_(learnt), base_(std::move(base)), control_(control), reopen_(std::move(reopen)) {
  const SuiteInventory& inventory = learnt_.suites(version());
  if (is_any_by_alert(inventory.refused)) refused_ = known(codes_of(inventory.refused));
  const bool short_only = must_be_short();
  line_up_accepted(!short_only);
  if (line_.empty()) ask_refused_alone();
}

bool SuiteConfirmation::must_be_short() const {
  return learnt_.per_hello < kPerHello || learnt_.short_lists.contains(version());
}

// The accepted ones, behind the refused ones: one in front that the server saw
// before its usual choice went first, so that to choose it now tells something;
// at best one that the server needs not sign for.
void SuiteConfirmation::line_up_accepted(bool with_refused) {
  const SuiteInventory& inventory = learnt_.suites(version());
  std::vector<CipherSuite> accepted = known(learnt_.accepted(version()));
  if (accepted.size() > kPerHello) accepted.resize(kPerHello);
  line_.clear();
  first_.reset();
  refused_in_line_ = 0;
  if (accepted.empty()) return;
  if (inventory.chosen && contains(accepted, *inventory.chosen)) {
    const std::vector<CipherSuite>& neutral = suites_in_neutral_order();
    const auto place = [&](CipherSuite code) {
      return static_cast<std::size_t>(std::ranges::find(neutral, code) - neutral.begin());
    };
    std::optional<CipherSuite> silent;
    for (const CipherSuite code : accepted) {
      if (code == *inventory.chosen || !was_beside_chosen(code)) continue;
      if (!first_ || place(code) > place(*first_)) first_ = code;
      if (!find_suite(code)->makes_server_sign()) silent = code;
    }
    if (silent) first_ = silent;
    std::ranges::reverse(accepted);
    std::erase(accepted, *inventory.chosen);
    accepted.push_back(*inventory.chosen);
    if (first_) {
      std::erase(accepted, *first_);
      accepted.insert(accepted.begin(), *first_);
    }
  }
  const bool order_is_open = inventory.order == OrderBy::unknown && accepted.size() > 1;
  if (with_refused && !refused_.empty()) {
    line_ = refused_;
    refused_in_line_ = refused_.size();
  } else if (!order_is_open) {
    return;
  }
  line_.insert(line_.end(), accepted.begin(), accepted.end());
}

std::optional<Offer> SuiteConfirmation::next() {
  if (line_.empty()) return std::nullopt;
  if (asks_control_) return *control_;
  Offer offer = base_;
  offer.suites = line_;
  return offer;
}

void SuiteConfirmation::learn(const HandshakeAnswer& answer) {
  if (std::exchange(asks_control_, false)) {
    if (answer.is(Answer::supported)) return;
    learnt_.trouble = true;
    doubt("a hello that worked before fails: " + answer.outcome.reason);
    return;
  }
  const bool with_refused = refused_in_line_ > 0;
  const std::vector<CipherSuite> line = std::exchange(line_, {});
  if (!answer.is(Answer::supported)) {
    if (with_refused && answer.ending == Ending::alert && !std::exchange(tried_, true)) {
      line_ = line;
      asks_control_ = control_.has_value();
      return;
    }
    if (with_refused && answer.ending != Ending::stopped && !answer.endpoint_lost)
      ask_in_short_lists();
    else
      ask_refused_alone();
    return;
  }
  learnt_.trouble = learnt_.trouble || tried_;
  if (version() <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
  if (contains(refused_, answer.hello->suite)) {
    take(answer);
    return;
  }
  read_order(answer);
  const bool proven = with_refused && first_ && answer.hello->suite == *first_ &&
                      learnt_.suites(version()).order == OrderBy::client;
  if (!proven) ask_refused_alone();
}

bool SuiteConfirmation::was_beside_chosen(CipherSuite code) const {
  const auto offered = learnt_.offered_with_chosen.find(version());
  return offered != learnt_.offered_with_chosen.end() && contains(offered->second, code);
}

void SuiteConfirmation::read_order(const HandshakeAnswer& answer) {
  SuiteInventory& inventory = learnt_.suites(version());
  if (!inventory.chosen || inventory.accepted.size() < 2) return;
  const CipherSuite suite = answer.hello->suite;
  const bool by_client = first_ ? suite == *first_ : suite != *inventory.chosen;
  // A favourite that was not offered when the usual choice was made.
  if (by_client && !was_beside_chosen(suite)) return;
  inventory.order = by_client ? OrderBy::client : OrderBy::server;
  inventory.order_proof = answer.outcome;
  inventory.order_proof.exchange.clear();
}

// Refused before, accepted now.
void SuiteConfirmation::take(const HandshakeAnswer& answer) {
  learnt_.trouble = true;
  reopen_("refused first, accepted later");
  SuiteInventory& inventory = learnt_.suites(version());
  OfferAnswer proof = answer.outcome;
  proof.exchange.clear();
  keep(answer.broken_off ? inventory.broken_off : inventory.accepted, answer.hello->suite,
       std::move(proof));
  std::erase(refused_, answer.hello->suite);
  helpers_.push_back(SuiteLane::again(learnt_, base_, refused_));
}

void SuiteConfirmation::ask_refused_alone() {
  if (refused_.empty()) return;
  Refusal refusal;
  const SuiteInventory& inventory = learnt_.suites(version());
  refusal.thorough = inventory.accepted.size() <= 1;
  const bool in_short = must_be_short();
  // The suites of TLS 1.3 may hide others below it, as in_lists() knows.
  std::deque<std::vector<CipherSuite>> lists = in_lists(version(), refused_, learnt_.per_hello);
  if (!in_short) {
    std::vector<CipherSuite> most;
    while (!lists.empty() &&
           (version() == ProtocolVersion::tls1_3 || !is_of_tls13(lists.front().front()))) {
      most.insert(most.end(), lists.front().begin(), lists.front().end());
      lists.pop_front();
    }
    if (!most.empty()) lists.push_front(std::move(most));
  }
  for (std::vector<CipherSuite>& list : lists) {
    Offer& offer = refusal.offers.emplace_back(base_);
    offer.suites = std::move(list);
  }
  take_back_with(refusal);
  for (std::unique_ptr<Lane>& lane : confirmations(learnt_, control_, refusal, true))
    helpers_.push_back(std::move(lane));
  if (in_short) ask_whether_lists_are_read();
}

// A server that minds hellos for what stands in them refuses a short one, too: a
// list proves something once it was read with an accepted suite behind it.
void SuiteConfirmation::ask_whether_lists_are_read() {
  const std::vector<CipherSuite> accepted = learnt_.accepted(version());
  // Those of TLS 1.3 hide others below it, as in_lists() knows.
  std::vector<CipherSuite> refused = refused_;
  if (version() != ProtocolVersion::tls1_3) std::erase_if(refused, is_of_tls13);
  if (accepted.empty() || learnt_.per_hello < 2 || refused.empty()) return;
  Refusal reading;
  for (const std::vector<CipherSuite>& list :
       in_lists(version(), std::move(refused), learnt_.per_hello - 1)) {
    Offer& offer = reading.offers.emplace_back(base_);
    offer.suites = list;
    offer.suites.push_back(accepted.front());
  }
  reading.holds = [known = accepted.front()](const HandshakeAnswer& answer) {
    return answer.is(Answer::supported) && answer.hello->suite == known;
  };
  take_back_with(reading);
  helpers_.push_back(std::make_unique<RefusalConfirmation>(learnt_, control_, std::move(reading)));
}

// What both do outlives this lane's last answer: it belongs to the survey.
void SuiteConfirmation::take_back_with(Refusal& refusal) {
  refusal.withdraw = [this](const Offer&, const HandshakeAnswer& answer) {
    if (answer.is(Answer::supported) && contains(refused_, answer.hello->suite))
      take(answer);
    else
      doubt("asked again it was answered with " + version_text(answer.hello->version));
    return std::exchange(helpers_, {});
  };
  refusal.leave_open = [this](const std::string& why) { doubt(why); };
}

// What was refused in a long hello proves nothing: as if it had not been asked.
void SuiteConfirmation::ask_in_short_lists() {
  learnt_.short_lists.insert(version());
  reopen_("a long hello was refused");
  helpers_.push_back(SuiteLane::again(learnt_, base_, refused_));
}

void SuiteConfirmation::doubt(const std::string& why) {
  line_.clear();
  reopen_(why);
}

}  // namespace rta::tls

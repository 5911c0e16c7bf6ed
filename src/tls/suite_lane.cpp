#include "tls/suite_lane.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "tls/code_points.h"
#include "tls/key_shares.h"
#include "tls/usual.h"

namespace rta::tls {
namespace {

// An unanswered list of more suites than this is asked again in halves.
constexpr std::size_t kSmallList = 32;
// A sweep's code points go into many hellos all the same.
constexpr std::size_t kLongHello = 1'000;

// Below TLS 1.3, the suites of TLS 1.3 go into a hello of their own: wolfSSL
// chooses them there, cannot go on, and refuses what it likes less in the same hello.
std::vector<CipherSuite> set_apart(ProtocolVersion version, std::vector<CipherSuite>& suites) {
  if (version == ProtocolVersion::tls1_3) return {};
  const auto misplaced =
      std::ranges::stable_partition(suites, [](CipherSuite code) { return !is_of_tls13(code); });
  std::vector<CipherSuite> apart(misplaced.begin(), misplaced.end());
  suites.erase(misplaced.begin(), misplaced.end());
  return apart;
}

}  // namespace

std::deque<std::vector<CipherSuite>> in_lists(ProtocolVersion version,
                                              std::vector<CipherSuite> suites,
                                              std::size_t per_hello) {
  std::vector<CipherSuite> apart = set_apart(version, suites);
  std::deque<std::vector<CipherSuite>> lists;
  for (const std::vector<CipherSuite>* all : {&suites, &apart})
    for (std::size_t from = 0; from < all->size(); from += per_hello) {
      const auto first = all->begin() + static_cast<std::ptrdiff_t>(from);
      const auto last =
          all->begin() + static_cast<std::ptrdiff_t>(std::min(from + per_hello, all->size()));
      lists.emplace_back(first, last);
    }
  return lists;
}

void shorten_like_a_browser(Offer& offer) {
  // Of each a browser offers about so many; they stand in front.
  constexpr std::size_t kGroups = 5;
  constexpr std::size_t kSchemes = 9;
  offer.plain = true;
  offer.groups.resize(std::min(offer.groups.size(), kGroups));
  offer.signatures = schemes_in_neutral_order();
  offer.signatures.resize(kSchemes);
}

bool reshape(Offer& offer) {
  const bool tls13 = offer.version == ProtocolVersion::tls1_3;
  if (offer.version == ProtocolVersion::ssl3 || offer.bare || (tls13 && offer.plain)) return false;
  if (!tls13) {
    offer.bare = std::exchange(offer.plain, !offer.plain);
    return true;
  }
  if (!offer.key_shares.empty()) {
    shorten_like_a_browser(offer);
    return true;
  }
  offer.key_shares = usual_key_shares(offer.nonce);
  return true;
}

SuiteLane::SuiteLane(Learnt& learnt, Offer base, const std::vector<CipherSuite>& suites,
                     std::size_t side_by_side)
    : version_(std::make_shared<Version>(Version{learnt, std::move(base), side_by_side, suites})),
      parts_(in_lists(version_->base.version, suites, learnt.per_hello)) {
  std::vector<CipherSuite>& all = learnt.suites_to_decide[version_->base.version];
  if (all.size() < suites.size()) all = suites;
}

SuiteLane::SuiteLane(std::shared_ptr<Version> version, std::vector<CipherSuite> suites)
    : version_(std::move(version)) {
  parts_.push_back(std::move(suites));
}

std::unique_ptr<Lane> SuiteLane::again(Learnt& learnt, Offer base,
                                       const std::vector<CipherSuite>& suites) {
  auto lane = std::make_unique<SuiteLane>(learnt, std::move(base), suites);
  lane->version_->spoken = lane->version_->dealt = true;
  return lane;
}

std::optional<Offer> SuiteLane::next() {
  if (parts_.empty()) return std::nullopt;
  Offer offer = version_->base;
  offer.suites = parts_.front();
  offer.known_refusal = version_->learnt.known_refusal(offer.version);
  return offer;
}

void SuiteLane::learn(const HandshakeAnswer& answer) {
  if (minds_long_list(answer)) return;
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
  end_if_empty();
  note_search();
}

void SuiteLane::take(const HandshakeAnswer& answer) {
  Learnt& learnt = version_->learnt;
  const ProtocolVersion number = version_->base.version;
  const CipherSuite suite = answer.hello->suite;
  SuiteInventory& inventory = learnt.suites(number);
  OfferAnswer proof = answer.outcome;
  proof.exchange.clear();  // decides groups and signatures, not suites
  if (!inventory.chosen && !answer.broken_off && !version_->dealt) {
    inventory.chosen = suite;
    inventory.chosen_proof = proof;
    learnt.offered_with_chosen[number] = parts_.front();
  }
  keep(answer.broken_off ? inventory.broken_off : inventory.accepted, suite, proof);
  if (number <= ProtocolVersion::tls1_2) learnt.flights.push_back(answer);
  std::erase(parts_.front(), suite);
  if (!version_->spoken) {
    version_->spoken = true;
    if (version_->base.plain && number != ProtocolVersion::tls1_3)
      learnt.minds_extensions.insert(number);
    learnt.set_version(number, proof);
    inventory.incomplete_reason = kEndedEarly;
    inventory.refused = std::exchange(version_->refused, {});
  }
  if (!version_->stop_because.empty()) {
    version_->incomplete = version_->stop_because;
    parts_.clear();
    return;
  }
  // What is chosen when everything is offered has to be known first.
  if (inventory.chosen && !std::exchange(version_->dealt, true))
    deal();
  else if (splits_ > 1)
    split();
}

// A long hello that is not answered by a choice or an alert of refusal says more
// of the server than of the suites: they are asked for in short ones.
bool SuiteLane::minds_long_list(const HandshakeAnswer& answer) {
  if (parts_.empty() || parts_.front().size() <= version_->learnt.per_hello) return false;
  const bool definite =
      answer.is(Answer::supported) || (answer.is(Answer::not_supported) && !answer.inferred);
  if (definite || answer.ending == Ending::stopped || answer.endpoint_lost) return false;
  version_->learnt.short_lists.insert(version_->base.version);
  const std::vector<CipherSuite> list = std::move(parts_.front());
  parts_.pop_front();
  for (std::vector<CipherSuite>& part :
       in_lists(version_->base.version, list, version_->learnt.per_hello))
    parts_.push_back(std::move(part));
  return true;
}

// Everything not yet refused goes to one long hello, or to several that the
// server digests; where there is a hurry each usual suite has one of its own.
void SuiteLane::deal() {
  std::vector<CipherSuite> all;
  for (const std::vector<CipherSuite>& part : parts_)
    all.insert(all.end(), part.begin(), part.end());
  constexpr std::size_t kUsualSize = limits::kSuitesPerHello - 1;
  const std::size_t per_hello = version_->learnt.per_hello;
  const bool short_ones = all.size() > kLongHello || per_hello < kUsualSize ||
                          version_->learnt.short_lists.contains(version_->base.version);
  std::vector<CipherSuite> apart;
  if (short_ones) apart = set_apart(version_->base.version, all);
  std::vector<CipherSuite> usual;
  if (version_->side_by_side > 1) {
    const SuiteInventory& inventory = version_->learnt.suites(version_->base.version);
    usual = pick_usual(usual_suites(version_->base.version, *inventory.chosen), all);
  }
  const std::size_t needed = short_ones ? (all.size() + per_hello - 1) / per_hello : 1;
  const std::size_t lists = usual.empty() ? std::max(needed, version_->side_by_side) : needed;
  parts_.clear();
  // What is likely accepted goes last: by then it is a control for the rest.
  if (!apart.empty()) hand_on(std::move(apart), 1);
  for (std::vector<CipherSuite>& hand : dealt(all, lists))
    hand_on(std::move(hand), version_->side_by_side / lists);
  // Those that the server signs for are answered late: last.
  std::ranges::stable_partition(
      usual, [](CipherSuite suite) { return !find_suite(suite)->makes_server_sign(); });
  for (const CipherSuite suite : usual) hand_on({suite}, 1);
}

// A list from which the server takes something may hold more of that kind.
void SuiteLane::split() {
  auto hands = dealt(parts_.front(), std::exchange(splits_, 1));
  parts_.pop_front();
  for (std::vector<CipherSuite>& hand : hands) hand_on(std::move(hand), 1);
}

// To this lane if it has nothing left to do, else to a new one.
void SuiteLane::hand_on(std::vector<CipherSuite> suites, std::size_t splits) {
  if (parts_.empty()) {
    parts_.push_back(std::move(suites));
    splits_ = splits;
    note_search();
    return;
  }
  ++version_->lanes;
  auto* lane = new SuiteLane{version_, std::move(suites)};
  helpers_.emplace_back(lane);
  lane->splits_ = splits;
  lane->note_search();
}

void SuiteLane::note_search() {
  const bool searches = std::ranges::any_of(parts_, [&](const std::vector<CipherSuite>& part) {
    Offer offer = version_->base;
    offer.suites = part;
    return part.size() > 1 || !offer.costs_signature();
  });
  if (searches && !searches_) ++version_->searching;
  if (!searches && searches_) --version_->searching;
  searches_ = searches;
  if (version_->dealt && version_->searching == 0)
    version_->learnt.searched.insert(version_->base.version);
}

std::vector<std::unique_ptr<Lane>> SuiteLane::helpers() { return std::exchange(helpers_, {}); }

void SuiteLane::refused(const HandshakeAnswer& answer) {
  // Of a version that it speaks no server says that.
  if (version_->spoken && answer.outcome.alert == alerts::kProtocolVersion)
    version_->learnt.trouble = true;
  if (answer.inferred && !version_->spoken)
    version_->learnt.known_refusals[version_->base.version] = {answer.outcome.alert};
  RefusedOffer refusal{ranges_of(parts_.front()), answer.outcome};
  if (version_->spoken)
    version_->learnt.suites(version_->base.version).refused.push_back(std::move(refusal));
  else
    version_->refused.push_back(std::move(refusal));
  const bool settled = answer.refuses_version() || version_->reshaped;
  if (!version_->spoken && settled)
    parts_.clear();
  else
    parts_.pop_front();
  const bool minds_the_hello = answer.ending == Ending::alert && !settled;
  if (version_->spoken) return;
  if (parts_.empty() && minds_the_hello && version_->lanes == 1) try_other_shape(answer.inferred);
  if (version_->side_by_side > 1) spread();
}

// Nothing of the first list is taken: all others at one time.
void SuiteLane::spread() {
  std::deque<std::vector<CipherSuite>> lists = std::exchange(parts_, {});
  for (std::vector<CipherSuite>& list : lists) hand_on(std::move(list), 1);
}

// An alert of refusal may be about one extension; any other one is about more.
void SuiteLane::try_other_shape(bool no_extension_at_all) {
  if (version_->base.version != ProtocolVersion::tls1_3)
    version_->base.plain = version_->base.plain || no_extension_at_all;
  if (!reshape(version_->base)) return;
  Offer next = version_->base;
  version_->reshaped = !reshape(next);  // there is no further shape
  version_->refused.clear();            // the other shape decides
  parts_ = in_lists(version_->base.version, version_->all, version_->learnt.per_hello);
}

void SuiteLane::open_question(const HandshakeAnswer& answer) {
  version_->incomplete = answer.outcome.reason;
  const bool no_use = !version_->spoken || answer.endpoint_lost ||
                      answer.ending == Ending::stopped || answer.ending == Ending::foreign;
  if (no_use) {
    if (!version_->spoken) version_->learnt.set_version(version_->base.version, answer.outcome);
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

void SuiteLane::end_if_empty() {
  while (!parts_.empty() && parts_.front().empty()) parts_.pop_front();
  if (!parts_.empty() || std::exchange(ended_, true)) return;
  if (--version_->lanes > 0) return;
  Learnt& learnt = version_->learnt;
  const ProtocolVersion number = version_->base.version;
  if (version_->spoken) {
    SuiteInventory& inventory = learnt.suites(number);
    const bool is_open =
        std::ranges::any_of(learnt.suites_to_decide[number], [&](CipherSuite code) {
          return !inventory.decides(code) &&
                 std::ranges::count(inventory.broken_off, code, &AcceptedSuite::suite) == 0;
        });
    if (is_open && version_->incomplete.empty()) version_->incomplete = "some suites stayed open";
    inventory.complete = version_->incomplete.empty();
    inventory.incomplete_reason = version_->incomplete;
  } else if (version_->incomplete.empty() && !version_->refused.empty()) {
    learnt.set_version(number, version_->refused.front().proof);
  }
}

// Refusals of this version prove nothing any more, whichever lane met them.
void SuiteLane::doubt(const std::string& why) {
  Learnt& learnt = version_->learnt;
  const ProtocolVersion number = version_->base.version;
  version_->incomplete = why;
  if (!version_->spoken) {
    learnt.set_version(number, inconclusive(why));
    return;
  }
  SuiteInventory& inventory = learnt.suites(number);
  inventory.complete = false;
  inventory.incomplete_reason = why;
  inventory.refused.clear();
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

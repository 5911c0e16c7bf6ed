// The last phases of a survey: what trouble left open is asked for again, and
// what was refused has to be refused once more (see refusal_confirmation.h and
// endpoint_claims.cpp).
#include <algorithm>

#include "tls/endpoint_survey.h"
#include "tls/first_hello.h"
#include "tls/group_lane.h"
#include "tls/scheme_lane.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

constexpr int kRounds = 3;
// In a hello to an endpoint that refuses more: fewer than the first hello had.
constexpr std::size_t kFewSuites = 30;
// Fewer than in any hello that says something of how many an endpoint digests.
constexpr std::size_t kManySuites = 100;

bool was_taken_back(const std::string& reason) {
  return reason.starts_with("a hello that worked before") || reason.starts_with("asked again") ||
         reason == kRefusedNoMore;
}

bool is_of_one(const RefusedOffer& refused) {
  return refused.offered.size() == 1 &&
         refused.offered.front().first == refused.offered.front().last;
}

// Versions that were refused with another word than their number.
std::vector<ProtocolVersion> refused_for_their_hello(const TlsSurvey& survey) {
  std::vector<ProtocolVersion> versions;
  for (const VersionOffer& offer : survey.versions) {
    const bool by_number = offer.answer.alert == alerts::kProtocolVersion ||
                           offer.answer.reason.starts_with("the server answered with");
    if (offer.version > ProtocolVersion::ssl2 && offer.answer.answer == Answer::not_supported &&
        !by_number)
      versions.push_back(offer.version);
  }
  return versions;
}

template <class Inventory>
void open_again(Inventory& inventory, const std::string& why) {
  inventory.refused.clear();
  inventory.complete = false;
  inventory.incomplete_reason = why;
}

}  // namespace

std::vector<CipherSuite> EndpointSurvey::open_suites(const SuiteInventory& inventory) const {
  std::vector<CipherSuite> open = suites_to_offer(inventory.version);
  std::erase_if(open, [&](CipherSuite code) {
    return inventory.decides(code) ||
           std::ranges::count(inventory.broken_off, code, &AcceptedSuite::suite) > 0;
  });
  return open;
}

// A version that was spoken with the first hello and is refused now: the endpoint
// was away, or minds hellos of so many suites. Shorter ones tell.
void EndpointSurvey::notice_contradictions() {
  if (options_.gate || !first_.is(Answer::supported)) return;
  const auto version = ProtocolVersion{first_.hello->version};
  const OfferAnswer* answer = learnt_.survey.version(version);
  if (answer == nullptr || answer->answer != Answer::not_supported) {
    try_other_sizes();
    return;
  }
  learnt_.trouble = worth_again_ = true;
  learnt_.per_hello = kFewSuites;
  learnt_.pads_hellos = true;
  for (const ProtocolVersion refused : refused_for_their_hello(learnt_.survey))
    reopen({Claim::version, refused}, "refused, though the first hello was accepted");
}

// Nothing at all was accepted: the endpoint may mind hellos of more than 255 bytes,
// or of more than a few suites.
void EndpointSurvey::try_short_hellos() {
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_0}) {
    const Offer offer = short_hello(options_.server_name, version);
    ask(
        offer,
        [this, most = offer.suites.size()](const HandshakeAnswer& answer) {
          if (!answer.is(Answer::supported)) return;
          worth_again_ = learnt_.short_hellos = true;
          learnt_.per_hello = most;
          for (const ProtocolVersion refused : refused_for_their_hello(learnt_.survey))
            reopen({Claim::version, refused}, "refused in hellos of more than 255 bytes");
        },
        [](const HandshakeAnswer&) {});
  }
}

// Whether hellos of 256 to 511 bytes are digested is told by one that has a suite
// which is accepted, for less than asking for refused versions in another length.
void EndpointSurvey::ask_for_middle_length() {
  constexpr std::size_t kMiddle = 400;
  if (!runner_.control() || runner_.accepts_middle_length() || learnt_.short_hellos ||
      refused_for_their_hello(learnt_.survey).empty())
    return;
  Offer offer = *runner_.control();
  const std::vector<CipherSuite> accepted = learnt_.accepted(offer.version);
  if (accepted.empty() || offer.version < ProtocolVersion::tls1_0) return;
  offer.suites = {accepted.front()};
  offer.record_length = kMiddle;
  ask(std::move(offer), [](const HandshakeAnswer&) {}, [](const HandshakeAnswer&) {});
}

// A version whose hellos were all of a kind of which none was ever accepted may
// be refused for that: it is asked for in hellos of another size.
void EndpointSurvey::try_other_sizes() {
  const std::vector<ProtocolVersion> refused = refused_for_their_hello(learnt_.survey);
  if (learnt_.short_hellos) return;
  const bool known =
      runner_.most_suites_accepted() >= kManySuites && runner_.accepts_middle_length();
  if (refused.empty() || known) return;
  worth_again_ = true;
  if (runner_.most_suites_accepted() < kManySuites) learnt_.per_hello = kFewSuites;
  // Filled up where there are extensions, else too few suites for that length.
  learnt_.pads_hellos = !runner_.accepts_middle_length();
  learnt_.per_hello = std::min(learnt_.per_hello, kManySuites);
  for (const ProtocolVersion version : refused)
    reopen({Claim::version, version}, "refused in hellos of a size that nothing was accepted in");
}

// Once more for what is open, where trouble may be why.
void EndpointSurvey::start_again() {
  if (options_.gate || control_fails_ || !std::exchange(worth_again_, false)) return;
  if (rounds_++ >= kRounds) return;
  std::vector<ProtocolVersion> open;
  for (const VersionOffer& offer : learnt_.survey.versions)
    if (offer.answer.answer == Answer::inconclusive) open.push_back(offer.version);
  for (const ProtocolVersion version : open) {
    confirmed_.erase({Claim::version, version});
    confirmed_.erase({Claim::suites, version});
    if (version == ProtocolVersion::ssl2)
      runner_.add(std::make_unique<Ssl2Lane>(learnt_, base(version)));
    else
      start_suites(version);
  }
  for (const SuiteInventory& inventory : learnt_.survey.suites)
    if (!inventory.complete && inventory.incomplete_reason != kNotAskedFor &&
        learnt_.speaks(inventory.version))
      if (const std::vector<CipherSuite> suites = open_suites(inventory); !suites.empty()) {
        confirmed_.erase({Claim::suites, inventory.version});
        runner_.add(SuiteLane::again(learnt_, base(inventory.version), suites));
      }
  for (const GroupInventory& inventory : learnt_.survey.groups) {
    if (inventory.complete || hides_only_behind_curve(inventory)) continue;
    const auto offer = group_offer(inventory.version);
    std::vector<NamedGroup> groups =
        inventory.version == ProtocolVersion::tls1_3 ? groups_of_tls13() : groups_up_to_tls12();
    std::erase_if(groups, [&](NamedGroup group) { return inventory.decides(group); });
    if (!offer || groups.empty()) continue;
    confirmed_.erase({Claim::groups, inventory.version});
    runner_.add(std::make_unique<GroupLane>(learnt_, *offer, groups));
  }
  for (const SchemeInventory& inventory : learnt_.survey.signatures)
    if (!inventory.complete && was_taken_back(inventory.incomplete_reason)) {
      confirmed_.erase({Claim::schemes, inventory.version});
      runner_.add(scheme_lane(inventory.version));
    }
}

// What is refused and can be confirmed while other questions are under way: that
// saves the round trips, not the good hello in between.
void EndpointSurvey::confirm_early() {
  const bool may = options_.side_by_side > 1 && !options_.gate && phase_ == Phase::questions &&
                   runner_.control() && !learnt_.trouble && !runner_.refusals_are_fresh();
  if (!may) return;
  // All at one time: a good hello between the askings, and another one behind them.
  const auto is_searched = [&](ProtocolVersion version) {
    const OfferAnswer* answer = learnt_.survey.version(version);
    return answer != nullptr && (!learnt_.speaks(version) || version == ProtocolVersion::ssl2 ||
                                 learnt_.searched.contains(version));
  };
  if (!std::ranges::all_of(kAllVersions, is_searched)) return;
  std::vector<ProtocolVersion> ready;
  for (const ProtocolVersion version : learnt_.searched) {
    const SuiteInventory& inventory = learnt_.suites(version);
    // Two at least, or their order would not be told. Where a usual one is refused
    // more may be, each of which would have to be confirmed by itself.
    const bool as_usual = std::ranges::none_of(inventory.refused, is_of_one);
    if (inventory.accepted.size() >= 2 && as_usual && is_any_by_alert(inventory.refused) &&
        confirmed_early_.try_emplace(version, inventory.refused.size()).second)
      ready.push_back(version);
  }
  if (ready.empty()) return;
  confirm_versions();
  confirm_suites(ready.front());
  add_second_askings(true);
  for (const ProtocolVersion version : ready)
    if (version != ready.front()) confirm_suites(version);
}

// What an early confirmation could not know: refusals that came after it, and
// lanes that came to a good end after it had taken back what they were refused.
void EndpointSurvey::notice_more_refusals() {
  for (const auto& [version, refusals] : confirmed_early_)
    if (learnt_.suites(version).refused.size() != refusals)
      confirmed_.erase({Claim::suites, version});
  for (const auto& [version, why] : taken_back_early_) reopen({Claim::suites, version}, why);
}

void EndpointSurvey::start_confirmation() {
  reopened_ = false;
  if (options_.gate || control_fails_) return;
  confirmed_in_trouble_ = learnt_.trouble;
  if (learnt_.trouble) confirmed_.clear();  // what was confirmed early was asked for once more only
  confirm_versions();
  for (GroupInventory& inventory : learnt_.survey.groups) confirm_groups(inventory);
  for (SchemeInventory& inventory : learnt_.survey.signatures) confirm_schemes(inventory);
  // Between the two askings of all others, because their hellos are accepted.
  bool after_good_hello = false;
  for (SuiteInventory& inventory : learnt_.survey.suites)
    if (inventory.incomplete_reason != kNotAskedFor && learnt_.speaks(inventory.version))
      after_good_hello = confirm_suites(inventory.version) || after_good_hello;
  add_second_askings(after_good_hello);
}

// Where the endpoint was caught at turning hellos away that it accepts, a round
// counts as a whole: when nothing in it was another answer than before.
bool EndpointSurvey::has_to_confirm_more() {
  const bool differs = reopened_ || control_fails_;
  if (!learnt_.trouble || (confirmed_in_trouble_ && !differs)) return differs;
  confirmed_.clear();
  return true;
}

// Said otherwise, or not at all, the second time.
void EndpointSurvey::reopen(ClaimKey key, const std::string& why) {
  confirmed_.erase(key);
  reopened_ = true;
  if (phase_ == Phase::questions && key.first == Claim::suites)
    taken_back_early_.emplace(key.second, why);
  switch (key.first) {
    case Claim::version:
      learnt_.set_version(key.second, inconclusive(why));
      break;
    case Claim::suites:
      open_again(learnt_.suites(key.second), why);
      break;
    case Claim::groups:
      open_again(learnt_.groups(key.second), why);
      break;
    case Claim::schemes:
      open_again(learnt_.signatures(key.second), why);
      break;
  }
}

void EndpointSurvey::confirm(ClaimKey key, Refusal refusal) {
  if (!confirmed_.insert(key).second) return;
  refusal.leave_open = [this, key](const std::string& why) {
    worth_again_ = true;
    reopen(key, why);
  };
  add_askings(refusal);
}

// The first asking now, the second one behind a good hello.
void EndpointSurvey::add_askings(const Refusal& refusal) {
  std::vector<std::unique_ptr<Lane>> lanes =
      confirmations(learnt_, runner_.control(), refusal, false);
  runner_.add(std::move(lanes.front()));
  if (lanes.size() > 1) second_askings_.push_back(std::move(lanes.back()));
}

void EndpointSurvey::add_second_askings(bool after_good_hello) {
  if (second_askings_.empty()) return;
  if (!after_good_hello && runner_.control()) add_control();
  for (std::unique_ptr<Lane>& lane : second_askings_) runner_.add(std::move(lane));
  second_askings_.clear();
}

// What the last round left, or the end of the time.
void EndpointSurvey::leave_unconfirmed_open(TlsSurvey& survey) const {
  const bool ended = phase_ == Phase::done;
  // A control had followed the refusals before their confirmation began.
  if (!ended && phase_ >= Phase::confirmation && !learnt_.trouble) return;
  const std::string why =
      ended ? kAnswersDiffer : why_ended() + ", before what was refused could be asked for again";
  const auto is_open = [&](Claim claim, ProtocolVersion version) {
    return !ended || !confirmed_.contains({claim, version});
  };
  for (VersionOffer& offer : survey.versions)
    if (is_by_alert(offer.answer) && is_open(Claim::version, offer.version))
      offer.answer = inconclusive(why);
  const auto open = [&](Claim claim, auto& inventories) {
    for (auto& inventory : inventories)
      if (is_any_by_alert(inventory.refused) && is_open(claim, inventory.version))
        open_again(inventory, inventory.complete ? why : inventory.incomplete_reason);
  };
  open(Claim::suites, survey.suites);
  open(Claim::groups, survey.groups);
  open(Claim::schemes, survey.signatures);
}

}  // namespace rta::tls

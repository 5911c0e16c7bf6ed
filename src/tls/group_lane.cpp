#include "tls/group_lane.h"

#include <algorithm>

#include "tls/code_points.h"
#include "tls/key_shares.h"
#include "tls/usual.h"

namespace rta::tls {
namespace {

constexpr std::string_view kHidden =
    ", the curve of its certificate, may hide groups that the server likes less";

}  // namespace

bool needs_curve_of_certificate(const std::vector<CipherSuite>& suites) {
  return std::ranges::all_of(suites, [](CipherSuite suite) {
    const SuiteProperties* properties = find_suite(suite);
    return properties != nullptr && properties->authentication == Authentication::ecdsa;
  });
}

bool hides_only_behind_curve(const GroupInventory& inventory) {
  return !inventory.complete && inventory.version <= ProtocolVersion::tls1_2 &&
         inventory.incomplete_reason.ends_with(kHidden);
}

GroupLane::GroupLane(Learnt& learnt, Offer base, const std::vector<NamedGroup>& groups,
                     std::size_t side_by_side)
    : version_(std::make_shared<Version>(Version{learnt, std::move(base), side_by_side})),
      remaining_(groups) {
  version_->base.asks_by_extension = true;
  std::vector<NamedGroup>& all = learnt.groups_to_decide[version_->base.version];
  if (all.size() < groups.size()) all = groups;
  learnt.groups(version_->base.version).incomplete_reason = kEndedEarly;
  if (needs_curve_of_certificate(version_->base.suites)) version_->side_by_side = 1;
}

GroupLane::GroupLane(std::shared_ptr<Version> version, std::vector<NamedGroup> groups)
    : version_(std::move(version)), remaining_(std::move(groups)) {}

std::optional<Offer> GroupLane::next() {
  if (done_) return std::nullopt;
  Offer offer = version_->base;
  if (asks_order_) {
    in_front_ = codes_of(version_->learnt.groups(version_->base.version).refused);
    const std::vector<NamedGroup> accepted = other_way_round();
    offer.groups = in_front_;
    offer.groups.insert(offer.groups.end(), accepted.begin(), accepted.end());
    return offer;
  }
  offer.groups = remaining_;
  if (anchor_)
    offer.groups.push_back(*anchor_);  // last: a client's order puts it behind the others
  if (remaining_.empty()) {
    finish({});
    return next();
  }
  return offer;
}

// The accepted ones, the preferred one behind all; in front one that stood beside
// it when it was preferred.
std::vector<NamedGroup> GroupLane::other_way_round() const {
  const GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  std::vector<NamedGroup> groups = version_->learnt.accepted_groups(version_->base.version);
  std::ranges::reverse(groups);
  if (inventory.preferred && std::erase(groups, *inventory.preferred) > 0)
    groups.push_back(*inventory.preferred);
  std::ranges::stable_partition(groups,
                                [this](NamedGroup group) { return was_beside_preferred(group); });
  return groups;
}

bool GroupLane::was_beside_preferred(NamedGroup group) const {
  return std::ranges::count(version_->learnt.offered_with_preferred[version_->base.version],
                            group) > 0;
}

void GroupLane::learn(const HandshakeAnswer& answer) {
  if (asks_order_) {
    learn_order(answer);
    return;
  }
  if (answer.is(Answer::not_supported)) {
    refused(answer);
    return;
  }
  if (!answer.is(Answer::supported)) {
    finish(answer.outcome.reason);
    return;
  }
  if (version_->base.version <= ProtocolVersion::tls1_2) version_->learnt.flights.push_back(answer);
  const bool tls13 = version_->base.version == ProtocolVersion::tls1_3;
  const std::optional<NamedGroup> group =
      tls13 ? answer.hello->group : (answer.exchange ? answer.exchange->group : std::nullopt);
  const bool named_before = !version_->learnt.groups(version_->base.version).accepted.empty();
  if (!group && tls13 && named_before) {
    refused(answer);  // wolfSSL asks for a retry with nothing where it knows none of the groups
  } else if (!group) {
    finish("the server's answer named no group");
  } else if (anchor_ && *group == *anchor_) {
    const GroupInventory& inventory = version_->learnt.groups(version_->base.version);
    if (inventory.order == OrderBy::client && !version_->learnt.trouble) {
      note_refusal(answer);  // beside its certificate's curve it takes none of the others
      finish({});
    } else {
      finish(group_name(*anchor_) + std::string{kHidden});
    }
  } else {
    anchored_ = anchor_.has_value();
    take(*group, answer);
  }
}

void GroupLane::take(NamedGroup group, const HandshakeAnswer& answer) {
  GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  if (std::erase(remaining_, group) == 0) {
    finish("the server repeats group " + group_name(group));
    return;
  }
  const bool first = !inventory.preferred;
  if (first) {
    inventory.preferred = group;
    version_->learnt.offered_with_preferred[inventory.version] = remaining_;
  }
  keep(inventory.accepted, group, answer.outcome);
  if (first) deal();
}

void GroupLane::deal() {
  if (version_->side_by_side == 1) return;
  std::vector<std::vector<NamedGroup>> hands;
  for (const NamedGroup group : pick_usual(usual_groups(), remaining_)) hands.push_back({group});
  if (hands.empty())
    hands = dealt(remaining_, version_->side_by_side);
  else if (!remaining_.empty())
    hands.push_back(std::move(remaining_));
  remaining_.clear();
  if (hands.empty()) return;
  remaining_ = std::move(hands.front());
  for (std::size_t i = 1; i < hands.size(); ++i) {
    ++version_->lanes;
    helpers_.push_back(std::unique_ptr<Lane>{new GroupLane{version_, std::move(hands[i])}});
  }
}

std::vector<std::unique_ptr<Lane>> GroupLane::helpers() { return std::exchange(helpers_, {}); }

void GroupLane::note_refusal(const HandshakeAnswer& answer) {
  version_->learnt.groups(version_->base.version)
      .refused.push_back({ranges_of(remaining_), answer.outcome});
}

void GroupLane::refused(const HandshakeAnswer& answer) {
  const GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  // No server says that of a version that it speaks.
  if (answer.outcome.alert == alerts::kProtocolVersion) version_->learnt.trouble = true;
  if (version_->base.version == ProtocolVersion::tls1_3 || inventory.accepted.empty() ||
      anchored_ || !needs_curve_of_certificate(version_->base.suites)) {
    note_refusal(answer);
    finish(inventory.accepted.empty() ? "none is accepted, though the suites need one" : "");
    return;
  }
  refusal_ = answer;
  if (anchors_.empty() && !anchor_)
    for (const AcceptedGroup& found : inventory.accepted)
      if (const GroupProperties* properties = find_group(found.group);
          properties != nullptr && properties->kind == GroupKind::prime)
        anchors_.push_back(found.group);
  if (inventory.order == OrderBy::unknown && inventory.accepted.size() >= 2)
    asks_order_ = true;
  else
    try_anchor();
}

void GroupLane::try_anchor() {
  if (anchors_.empty()) {
    note_refusal(refusal_);
    finish({});
    return;
  }
  anchor_ = anchors_.back();
  anchors_.pop_back();
}

void GroupLane::learn_order(const HandshakeAnswer& answer) {
  asks_order_ = false;
  GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  const bool tls13 = version_->base.version == ProtocolVersion::tls1_3;
  const auto group = tls13 ? (answer.hello ? answer.hello->group : std::nullopt)
                           : (answer.exchange ? answer.exchange->group : std::nullopt);
  if (answer.is(Answer::supported) && group) {
    if (!tls13) version_->learnt.flights.push_back(answer);
    if (std::ranges::count(in_front_, *group) > 0) {
      refused_no_more(*group, answer);
      return;
    }
    const NamedGroup front = other_way_round().front();
    if (was_beside_preferred(front))
      inventory.order = *group == front ? OrderBy::client : OrderBy::server;
    if (inventory.order == OrderBy::client)
      version_->learnt.passed_over[inventory.version].insert(in_front_.begin(), in_front_.end());
  }
  if (ended_)
    complete();
  else
    try_anchor();
}

// Everything refused is asked for again.
void GroupLane::refused_no_more(NamedGroup group, const HandshakeAnswer& answer) {
  GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  version_->learnt.trouble = true;
  keep(inventory.accepted, group, answer.outcome);
  inventory.refused.clear();
  remaining_ = std::move(in_front_);
  std::erase(remaining_, group);
  anchor_.reset();
  anchors_.clear();
  anchored_ = false;
  if (std::exchange(ended_, false)) ++version_->lanes;
}

void GroupLane::finish(std::string incomplete) {
  if (std::exchange(ended_, true)) return;
  if (version_->incomplete.empty()) version_->incomplete = std::move(incomplete);
  done_ = true;
  if (--version_->lanes > 0) return;
  const GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  const bool worth_it = version_->incomplete.empty() && inventory.order == OrderBy::unknown &&
                        inventory.accepted.size() >= 2;
  if (!worth_it) {
    complete();
    return;
  }
  done_ = false;
  asks_order_ = true;
}

void GroupLane::complete() {
  done_ = true;
  GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  const bool is_open =
      std::ranges::any_of(version_->learnt.groups_to_decide[inventory.version],
                          [&](NamedGroup group) { return !inventory.decides(group); });
  if (is_open && version_->incomplete.empty()) version_->incomplete = "some groups stayed open";
  inventory.complete = version_->incomplete.empty();
  inventory.incomplete_reason = version_->incomplete;
}

void GroupLane::doubt(const std::string& why) {
  done_ = ended_ = true;
  version_->incomplete = why;
  GroupInventory& inventory = version_->learnt.groups(version_->base.version);
  inventory.complete = false;
  inventory.incomplete_reason = why;
  inventory.refused.clear();
}

PostQuantumLane::PostQuantumLane(Learnt& learnt, Offer base, std::uint64_t nonce)
    : learnt_(learnt), base_(std::move(base)), nonce_(nonce) {
  base_.asks_by_extension = true;
  const std::vector<NamedGroup> known = learnt.accepted_groups(ProtocolVersion::tls1_3);
  std::vector<NamedGroup> missing;
  for (const NamedGroup group : post_quantum_groups())
    if (std::ranges::count(known, group) == 0) missing.push_back(group);
  if (!missing.empty()) parts_.push_back(std::move(missing));
}

std::optional<Offer> PostQuantumLane::next() {
  if (parts_.empty()) return std::nullopt;
  Offer offer = base_;
  offer.groups = parts_.front();
  for (const NamedGroup group : offer.groups)
    offer.key_shares.push_back(unheld_key_share(group, nonce_));
  return offer;
}

void PostQuantumLane::learn(const HandshakeAnswer& answer) {
  GroupInventory& inventory = learnt_.groups(ProtocolVersion::tls1_3);
  std::vector<NamedGroup>& part = parts_.front();
  const auto group = answer.hello ? answer.hello->group : std::nullopt;
  // wolfSSL's word for "none of these": a retry request that names no group.
  const bool asks_for_nothing =
      answer.is(Answer::supported) && !group && !inventory.accepted.empty();
  if (answer.is(Answer::supported) && group) {
    keep(inventory.accepted, *group, answer.outcome);
    std::erase(part, *group);
    if (part.empty()) parts_.pop_front();
  } else if (answer.is(Answer::not_supported) || asks_for_nothing) {
    // Already among the refused ones; the share confirms it.
    parts_.pop_front();
  } else if (part.size() > 1 && answer.ending != Ending::stopped && !answer.endpoint_lost) {
    const std::vector<NamedGroup> one_by_one = std::move(part);
    parts_.pop_front();
    for (const NamedGroup single : one_by_one) parts_.push_back({single});
  } else {
    leave_open(answer.outcome.reason);
    parts_.pop_front();
  }
}

void PostQuantumLane::doubt(const std::string& why) { leave_open(why); }

void PostQuantumLane::leave_open(const std::string& why) {
  GroupInventory& inventory = learnt_.groups(ProtocolVersion::tls1_3);
  inventory.complete = false;
  inventory.incomplete_reason = "post-quantum key share: " + why;
}

}  // namespace rta::tls

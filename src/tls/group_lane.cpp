#include "tls/group_lane.h"

#include <algorithm>

#include "tls/code_points.h"

namespace rta::tls {
namespace {

bool needs_curve_of_certificate(const std::vector<CipherSuite>& suites) {
  return std::ranges::all_of(suites, [](CipherSuite suite) {
    const SuiteProperties* properties = find_suite(suite);
    return properties != nullptr && properties->authentication == Authentication::ecdsa;
  });
}

}  // namespace

GroupLane::GroupLane(Learnt& learnt, Offer base, std::vector<NamedGroup> groups)
    : learnt_(learnt), base_(std::move(base)), remaining_(std::move(groups)) {
  learnt_.groups(base_.version).incomplete_reason = "the survey ended early";
}

std::optional<Offer> GroupLane::next() {
  if (done_) return std::nullopt;
  Offer offer = base_;
  offer.groups = remaining_;
  if (anchor_)
    offer.groups.push_back(*anchor_);  // last: a client's order puts it behind the others
  if (offer.groups.empty()) {
    finish({});
    return std::nullopt;
  }
  return offer;
}

void GroupLane::learn(const HandshakeAnswer& answer) {
  if (answer.is(Answer::not_supported)) {
    refused();
    return;
  }
  if (!answer.is(Answer::supported)) {
    finish(answer.outcome.reason);
    return;
  }
  if (base_.version <= ProtocolVersion::tls1_2) learnt_.flights.push_back(answer);
  const bool tls13 = base_.version == ProtocolVersion::tls1_3;
  const std::optional<NamedGroup> group =
      tls13 ? answer.hello->group : (answer.exchange ? answer.exchange->group : std::nullopt);
  if (!group) {
    finish("the server's answer named no group");
  } else if (anchor_ && *group == *anchor_) {
    // Beside its certificate's curve the server takes none of the others.
    finish({});
  } else {
    anchored_ = anchor_.has_value();
    take(*group, answer);
  }
}

void GroupLane::take(NamedGroup group, const HandshakeAnswer& answer) {
  GroupInventory& inventory = learnt_.groups(base_.version);
  if (!inventory.preferred) inventory.preferred = group;
  inventory.accepted.push_back({group, answer.outcome});
  const std::size_t before = remaining_.size();
  std::erase(remaining_, group);
  if (remaining_.size() == before) finish("the server repeats group " + group_name(group));
}

void GroupLane::refused() {
  GroupInventory& inventory = learnt_.groups(base_.version);
  if (base_.version == ProtocolVersion::tls1_3 || inventory.accepted.empty() || anchored_ ||
      !needs_curve_of_certificate(base_.suites)) {
    finish({});
    return;
  }
  if (anchors_.empty() && !anchor_)
    for (const AcceptedGroup& found : inventory.accepted)
      if (const GroupProperties* properties = find_group(found.group);
          properties != nullptr && properties->kind == GroupKind::prime)
        anchors_.push_back(found.group);
  if (anchors_.empty()) {
    finish({});
    return;
  }
  anchor_ = anchors_.back();
  anchors_.pop_back();
  if (anchors_.empty()) anchored_ = true;
}

void GroupLane::finish(std::string incomplete) {
  done_ = true;
  GroupInventory& inventory = learnt_.groups(base_.version);
  inventory.complete = incomplete.empty();
  inventory.incomplete_reason = std::move(incomplete);
}

void GroupLane::doubt(const std::string& why) { finish(why); }

}  // namespace rta::tls

// What of each claim of a survey is offered again, and what becomes of the claim
// when the answer is another one (see refusal_confirmation.h).
#include <algorithm>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/gate.h"
#include "tls/group_lane.h"
#include "tls/scheme_lane.h"
#include "tls/suite_confirmation.h"
#include "tls/suite_lane.h"

namespace rta::tls {
namespace {

bool is_old(ProtocolVersion version) { return std::ranges::count(kOldVersions, version) > 0; }

std::optional<NamedGroup> group_of(const HandshakeAnswer& answer) {
  if (answer.exchange) return answer.exchange->group;
  return answer.hello ? answer.hello->group : std::nullopt;
}
// Those of the known codes that are among the refused ones.
template <class Codes, class Property>
std::vector<std::uint16_t> refused_among(const std::vector<RefusedOffer>& refused,
                                         const Codes& known, Property property) {
  std::vector<std::uint16_t> codes;
  for (const auto& row : known)
    if (const std::uint16_t code = std::invoke(property, row); is_refused(refused, code))
      codes.push_back(code);
  return codes;
}

}  // namespace

// --- Versions.

// One hello stands for all old versions where none is spoken: RFC 5246 E.1 has a
// server answer with the highest that it knows, and alert 70 if it knows none.
void EndpointSurvey::confirm_versions() {
  const auto refused_by = [&](ProtocolVersion version) -> std::optional<std::uint8_t> {
    const OfferAnswer* answer = learnt_.survey.version(version);
    return answer != nullptr && is_by_alert(*answer) ? answer->alert : std::nullopt;
  };
  const bool by_number = refused_by(ProtocolVersion::tls1_1) == alerts::kProtocolVersion &&
                         refused_by(ProtocolVersion::tls1_0) == alerts::kProtocolVersion &&
                         refused_by(ProtocolVersion::ssl3).has_value() &&
                         suites_of_old_versions().size() <= learnt_.per_hello;
  if (by_number && !confirmed_.contains({Claim::version, ProtocolVersion::tls1_1})) {
    Refusal refusal = refusal_of(ProtocolVersion::tls1_1);
    refusal.offers.front().suites = suites_of_old_versions();
    refusal.holds = [](const HandshakeAnswer& answer) {
      return answer.outcome.alert == alerts::kProtocolVersion;
    };
    refusal.leave_open = [this](const std::string& why) {
      worth_again_ = true;
      for (const ProtocolVersion version : kOldVersions) reopen({Claim::version, version}, why);
    };
    for (const ProtocolVersion version : kOldVersions) confirmed_.insert({Claim::version, version});
    add_askings(refusal);
  }
  for (const ProtocolVersion version :
       {ProtocolVersion::ssl2, ProtocolVersion::ssl3, ProtocolVersion::tls1_0,
        ProtocolVersion::tls1_1, ProtocolVersion::tls1_2, ProtocolVersion::tls1_3})
    if (refused_by(version)) confirm({Claim::version, version}, refusal_of(version));
}

Refusal EndpointSurvey::refusal_of(ProtocolVersion version) {
  Refusal refusal;
  Offer offer = base(version);
  offer.known_refusal = learnt_.known_refusal(version);
  // The word about the version comes where the hello itself is not minded.
  if (!learnt_.minds_extensions.empty() && version <= ProtocolVersion::tls1_2) offer.plain = true;
  if (version != ProtocolVersion::ssl2)
    offer.suites = in_lists(version, suites_to_offer(version), learnt_.per_hello).front();
  refusal.offers.push_back(offer);
  // What was refused by another word than the version's was refused in two shapes.
  const OfferAnswer* answer = learnt_.survey.version(version);
  if (answer->alert == alerts::kProtocolVersion)
    refusal.alert = answer->alert;
  else
    refusal.by_any_alert = true;
  refusal.thorough = version >= ProtocolVersion::tls1_2;
  if (version != ProtocolVersion::ssl2 && answer->alert != alerts::kProtocolVersion)
    while (reshape(offer)) refusal.offers.push_back(offer);
  refusal.withdraw = [this, version](const Offer&, const HandshakeAnswer& seen) {
    std::vector<std::unique_ptr<Lane>> lanes;
    std::vector<ProtocolVersion> anew{version};
    // A hello of TLS 1.1 may be answered with something older.
    if (seen.hello && is_old(version))
      for (const ProtocolVersion old : kOldVersions) {
        const OfferAnswer* known = learnt_.survey.version(old);
        if (old != version && known != nullptr && is_by_alert(*known)) anew.push_back(old);
      }
    for (const ProtocolVersion one : anew) {
      reopen({Claim::version, one}, kRefusedNoMore);
      if (one == ProtocolVersion::ssl2)
        lanes.push_back(std::make_unique<Ssl2Lane>(learnt_, base(one)));
      else
        lanes.push_back(std::make_unique<SuiteLane>(learnt_, base(one), suites_to_offer(one)));
    }
    return lanes;
  };
  return refusal;
}

// --- Suites, groups and schemes of a version.

// True when it starts with a hello that is to be accepted.
bool EndpointSurvey::confirm_suites(ProtocolVersion version) {
  const ClaimKey key{Claim::suites, version};
  if (!confirmed_.insert(key).second) return false;
  auto lane = std::make_unique<SuiteConfirmation>(learnt_, base(version), runner_.control(),
                                                  [this, key](const std::string& why) {
                                                    worth_again_ = true;
                                                    reopen(key, why);
                                                  });
  const bool asks = lane->next().has_value();
  runner_.add(std::move(lane));
  return asks;
}

void EndpointSurvey::confirm_groups(GroupInventory& inventory) {
  const ProtocolVersion version = inventory.version;
  std::optional<Offer> offer = group_offer(version);
  if (!offer || !is_any_by_alert(inventory.refused)) return;
  offer->groups = refused_among(inventory.refused, all_groups(), &GroupProperties::code);
  std::erase_if(offer->groups,
                [&](NamedGroup group) { return learnt_.passed_over[version].contains(group); });
  if (offer->groups.empty()) {
    confirmed_.insert({Claim::groups, version});
    return;
  }
  offer->asks_by_extension = true;
  Refusal refusal;
  refusal.offers.push_back(*offer);
  refusal.thorough = inventory.accepted.size() <= 1;
  // wolfSSL's word for "none of these": a retry request that names no group.
  refusal.holds = [](const HandshakeAnswer& answer) {
    return answer.is(Answer::not_supported) || (answer.is(Answer::supported) && !group_of(answer));
  };
  // With an ECDSA key alone a server refuses whatever lacks its certificate's
  // curve: behind the others, one that is known has to be chosen.
  if (needs_curve_of_certificate(offer->suites)) {
    for (const NamedGroup group : learnt_.accepted_groups(version))
      refusal.offers.front().groups.push_back(group);
    refusal.holds = [refused = offer->groups](const HandshakeAnswer& answer) {
      const auto group = group_of(answer);
      return answer.is(Answer::supported) && group && std::ranges::count(refused, *group) == 0;
    };
  }
  refusal.withdraw = [this, version](const Offer& asked, const HandshakeAnswer& answer) {
    Offer again = asked;
    if (const auto group = group_of(answer))
      keep(learnt_.groups(version).accepted, *group, answer.outcome);
    reopen({Claim::groups, version}, kRefusedNoMore);
    std::erase_if(again.groups,
                  [&](NamedGroup group) { return learnt_.groups(version).decides(group); });
    std::vector<std::unique_ptr<Lane>> lanes;
    lanes.push_back(std::make_unique<GroupLane>(learnt_, again, again.groups));
    return lanes;
  };
  confirm({Claim::groups, version}, std::move(refusal));
}

std::unique_ptr<Lane> EndpointSurvey::scheme_lane(ProtocolVersion version) {
  SchemeInventory& inventory = learnt_.signatures(version);
  inventory.accepted.clear();
  inventory.refused.clear();
  Offer offer = base(version);
  offer.suites = learnt_.accepted(version);
  if (version == ProtocolVersion::tls1_3)
    return std::make_unique<SchemeLane13>(learnt_, std::move(offer));
  std::erase_if(offer.suites, [](CipherSuite code) {
    const SuiteProperties* suite = find_suite(code);
    return suite == nullptr || !suite->makes_server_sign();
  });
  return std::make_unique<SchemeLane12>(learnt_, std::move(offer));
}
void EndpointSurvey::confirm_schemes(SchemeInventory& inventory) {
  const ProtocolVersion version = inventory.version;
  if (!inventory.complete || !is_any_by_alert(inventory.refused)) return;
  Offer offer = base(version);
  offer.suites = learnt_.accepted(version);
  offer.signatures = refused_among(inventory.refused, all_signatures(), &SignatureProperties::code);
  if (version == ProtocolVersion::tls1_3) {
    offer.signatures.push_back(kNobodysScheme);
  } else {
    std::erase_if(offer.suites, [](CipherSuite code) {
      const SuiteProperties* suite = find_suite(code);
      return suite == nullptr || !suite->makes_server_sign();
    });
  }
  if (offer.suites.empty() || offer.signatures.empty()) return;
  offer.asks_by_extension = true;
  Refusal refusal;
  refusal.offers.push_back(std::move(offer));
  refusal.holds = [](const HandshakeAnswer& answer) {
    return answer.is(Answer::not_supported) || answer.broken_off;
  };
  refusal.withdraw = [this, version](const Offer&, const HandshakeAnswer&) {
    reopen({Claim::schemes, version}, kRefusedNoMore);
    std::vector<std::unique_ptr<Lane>> lanes;
    lanes.push_back(scheme_lane(version));
    return lanes;
  };
  confirm({Claim::schemes, version}, std::move(refusal));
}

}  // namespace rta::tls

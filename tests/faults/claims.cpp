#include "tests/faults/claims.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace rta::testing {
namespace {

template <class T, class Member>
std::set<std::uint16_t> codes(const std::vector<T>& entries, Member member) {
  std::set<std::uint16_t> set;
  for (const T& entry : entries) set.insert(entry.*member);
  return set;
}

// `whole`: nothing else is there, says the inventory.
void compare(const std::string& what, const std::set<std::uint16_t>& proven,
             const std::set<std::uint16_t>& seen, bool whole, std::string& out) {
  for (const std::uint16_t code : seen)
    if (!proven.contains(code)) out += fmt::format("{}: {:04x} is false\n", what, code);
  if (!whole) return;
  for (const std::uint16_t code : proven)
    if (!seen.contains(code))
      out += fmt::format("{}: {:04x} is missing from a whole list\n", what, code);
}

void compare_versions(const TlsSurvey& proven, const TlsSurvey& seen, std::string& out) {
  for (const VersionOffer& offer : seen.versions) {
    const OfferAnswer* known = proven.version(offer.version);
    if (known == nullptr || offer.answer.answer == Answer::inconclusive) continue;
    if (offer.answer.answer != known->answer)
      out += fmt::format("{}: {} for {} ({})\n", name_of(offer.version),
                         name_of(offer.answer.answer), name_of(known->answer),
                         offer.answer.reason);
  }
}

void compare_suites(const TlsSurvey& proven, const TlsSurvey& seen, std::string& out) {
  for (const SuiteInventory& inventory : seen.suites) {
    const SuiteInventory* known = proven.suites_of(inventory.version);
    const SuiteInventory nothing;
    if (known == nullptr) known = &nothing;
    const std::string what{name_of(inventory.version)};
    compare(what, codes(known->accepted, &AcceptedSuite::suite),
            codes(inventory.accepted, &AcceptedSuite::suite), inventory.complete, out);
    if (inventory.order != OrderBy::unknown && inventory.order != known->order)
      out += what + ": another order\n";
  }
}

void compare_groups(const TlsSurvey& proven, const TlsSurvey& seen, std::string& out) {
  for (const GroupInventory& inventory : seen.groups) {
    const GroupInventory* known = proven.groups_of(inventory.version);
    const GroupInventory nothing;
    if (known == nullptr) known = &nothing;
    compare(fmt::format("groups of {}", name_of(inventory.version)),
            codes(known->accepted, &AcceptedGroup::group),
            codes(inventory.accepted, &AcceptedGroup::group), inventory.complete, out);
  }
}

void compare_behaviour(const TlsBehaviour& proven, const TlsBehaviour& seen, std::string& out) {
  const auto same = [&](const char* what, const std::optional<bool>& known,
                        const std::optional<bool>& told) {
    if (known && told && *known != *told) out += fmt::format("{} is {}\n", what, *told);
  };
  same("compression", proven.compression_accepted, seen.compression_accepted);
  same("secure renegotiation", proven.secure_renegotiation, seen.secure_renegotiation);
  same("fallback", proven.fallback_scsv_honoured, seen.fallback_scsv_honoured);
  same("downgrade mark", proven.downgrade_sentinel, seen.downgrade_sentinel);
  same("extended master secret", proven.extended_master_secret, seen.extended_master_secret);
  same("encrypt-then-MAC", proven.encrypt_then_mac, seen.encrypt_then_mac);
  same("heartbeat", proven.heartbeat, seen.heartbeat);
  same("key used again", proven.ephemeral_key_reused, seen.ephemeral_key_reused);
  same("client certificate", proven.certificate_requested, seen.certificate_requested);
  same("SHA-1", proven.sha1_signature_accepted, seen.sha1_signature_accepted);
}

}  // namespace

std::string contradictions(const TlsSurvey& proven, const TlsSurvey& seen) {
  std::string out;
  compare_versions(proven, seen, out);
  compare_suites(proven, seen, out);
  compare_groups(proven, seen, out);
  compare_behaviour(proven.behaviour, seen.behaviour, out);
  return out;
}

bool claims_nothing(const TlsSurvey& survey) {
  const bool versions = std::ranges::all_of(survey.versions, [](const VersionOffer& offer) {
    return offer.answer.answer == Answer::inconclusive ||
           offer.answer.answer == Answer::violation;
  });
  const bool suites = std::ranges::all_of(survey.suites, [](const SuiteInventory& inventory) {
    return inventory.accepted.empty() && !inventory.complete;
  });
  const bool groups = std::ranges::all_of(survey.groups, [](const GroupInventory& inventory) {
    return inventory.accepted.empty() && !inventory.complete;
  });
  return versions && suites && groups;
}

}  // namespace rta::testing

// Questions that facts answer about themselves.
#include <redis_tls_audit/evidence.h>

#include <algorithm>

namespace rta {
namespace {

template <class T>
const T* of_version(const std::vector<T>& entries, ProtocolVersion version) {
  const auto found = std::ranges::find(entries, version, &T::version);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const OfferAnswer* TlsSurvey::version(ProtocolVersion wanted) const {
  const VersionOffer* offer = of_version(versions, wanted);
  return offer == nullptr ? nullptr : &offer->answer;
}

const SuiteInventory* TlsSurvey::suites_of(ProtocolVersion wanted) const {
  return of_version(suites, wanted);
}

const GroupInventory* TlsSurvey::groups_of(ProtocolVersion wanted) const {
  return of_version(groups, wanted);
}

const SessionFact* SessionFacts::fact(SessionFeature feature, ProtocolVersion version) const {
  const auto found = std::ranges::find_if(facts, [&](const SessionFact& each) {
    return each.feature == feature && each.version == version;
  });
  return found == facts.end() ? nullptr : &*found;
}

const SchemeInventory* TlsSurvey::signatures_of(ProtocolVersion wanted) const {
  return of_version(signatures, wanted);
}

bool is_refused(const std::vector<RefusedOffer>& refused, std::uint16_t code) {
  return std::ranges::any_of(refused, [&](const RefusedOffer& offer) {
    return std::ranges::any_of(offer.offered, [&](const CodeRange& range) {
      return range.first <= code && code <= range.last;
    });
  });
}

bool SuiteInventory::decides(CipherSuite suite) const {
  return complete || std::ranges::count(accepted, suite, &AcceptedSuite::suite) > 0 ||
         std::ranges::count(broken_off, suite, &AcceptedSuite::suite) > 0 ||
         is_refused(refused, suite);
}

bool GroupInventory::decides(NamedGroup group) const {
  return complete || std::ranges::count(accepted, group, &AcceptedGroup::group) > 0 ||
         is_refused(refused, group);
}

bool TlsSurvey::speaks_tls() const {
  return std::ranges::any_of(versions, [](const VersionOffer& offer) {
    return offer.answer.answer == Answer::supported;
  });
}

const Attestation* Evidence::attestation(const std::string& kind, const std::string& target) const {
  for (const Attestation& candidate : attestations) {
    const bool covers = target.empty() || std::ranges::count(candidate.targets, "*") > 0 ||
                        std::ranges::count(candidate.targets, target) > 0;
    if (candidate.kind == kind && covers && candidate.date <= as_of && as_of <= candidate.expires)
      return &candidate;
  }
  return nullptr;
}

}  // namespace rta

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

namespace {

bool names(const Attestation& attestation, const std::string& target) {
  return std::ranges::count(attestation.targets, "*") > 0 ||
         std::ranges::count(attestation.targets, target) > 0;
}

bool names(const Attestation& attestation, const Endpoint& endpoint) {
  return names(attestation, endpoint.key) || names(attestation, endpoint.host) ||
         std::ranges::any_of(endpoint.aliases, [&](const std::string& alias) {
           return names(attestation, alias);
         });
}

// These speak of authorities, files and machines, which are no endpoints.
bool speaks_of_endpoints(const std::string& kind) {
  return kind != "trusted-ca" && kind != "volume-encryption" && kind != "fips-module";
}

}  // namespace

const Attestation* Evidence::attestation(const std::string& kind, const std::string& target) const {
  std::vector<const Attestation*> valid;
  for (const Attestation& candidate : attestations)
    if (candidate.kind == kind && candidate.date <= as_of && as_of <= candidate.expires)
      valid.push_back(&candidate);
  if (!target.empty()) {
    const Endpoint* server = endpoint(target);
    const auto found = std::ranges::find_if(valid, [&](const Attestation* candidate) {
      return server == nullptr ? names(*candidate, target) : names(*candidate, *server);
    });
    return found == valid.end() ? nullptr : *found;
  }
  if (valid.empty()) return nullptr;
  if (!speaks_of_endpoints(kind)) return valid.front();
  // What is said of the whole deployment has to be said of each of its servers.
  const Attestation* first = valid.front();
  for (const Endpoint& server : endpoints) {
    if (server.kind != EndpointKind::live) continue;
    const auto found = std::ranges::find_if(
        valid, [&](const Attestation* candidate) { return names(*candidate, server); });
    if (found == valid.end()) return nullptr;
    first = *found;
  }
  return first;
}

}  // namespace rta

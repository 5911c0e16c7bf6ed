#include "tls/lane.h"

#include <algorithm>

namespace rta::tls {
namespace {

template <class T>
T& of_version(std::vector<T>& entries, ProtocolVersion version) {
  const auto found = std::ranges::find(entries, version, &T::version);
  if (found != entries.end()) return *found;
  T& made = entries.emplace_back();
  made.version = version;
  return made;
}

}  // namespace

std::optional<Offer::KnownRefusal> Learnt::known_refusal(ProtocolVersion version) const {
  const auto found = known_refusals.find(version);
  if (found == known_refusals.end() || speaks(version)) return std::nullopt;
  return found->second;
}

bool Learnt::speaks(ProtocolVersion version) const {
  const OfferAnswer* answer = survey.version(version);
  return answer != nullptr && answer->answer == Answer::supported;
}

std::vector<CipherSuite> Learnt::accepted(ProtocolVersion version) const {
  std::vector<CipherSuite> codes;
  if (const SuiteInventory* inventory = survey.suites_of(version))
    for (const AcceptedSuite& suite : inventory->accepted) codes.push_back(suite.suite);
  return codes;
}

std::vector<NamedGroup> Learnt::accepted_groups(ProtocolVersion version) const {
  std::vector<NamedGroup> codes;
  if (const GroupInventory* inventory = survey.groups_of(version))
    for (const AcceptedGroup& group : inventory->accepted) codes.push_back(group.group);
  return codes;
}

std::optional<ProtocolVersion> Learnt::highest_up_to_tls12() const {
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_1,
                                        ProtocolVersion::tls1_0, ProtocolVersion::ssl3})
    if (!accepted(version).empty()) return version;
  return std::nullopt;
}

void Learnt::set_version(ProtocolVersion version, const OfferAnswer& answer) {
  of_version(survey.versions, version).answer = answer;
}

void Learnt::prove(std::string_view claim, const OfferAnswer& answer) {
  auto& proofs = survey.behaviour_proofs;
  const auto found = std::ranges::find(proofs, claim, &BehaviourProof::claim);
  BehaviourProof& proof =
      found != proofs.end() ? *found : proofs.emplace_back(BehaviourProof{std::string{claim}, {}});
  proof.proof = answer;
}

SuiteInventory& Learnt::suites(ProtocolVersion version) {
  return of_version(survey.suites, version);
}
GroupInventory& Learnt::groups(ProtocolVersion version) {
  return of_version(survey.groups, version);
}

SchemeInventory& Learnt::signatures(ProtocolVersion version) {
  return of_version(survey.signatures, version);
}

std::vector<CodeRange> ranges_of(std::vector<std::uint16_t> codes) {
  std::ranges::sort(codes);
  std::vector<CodeRange> ranges;
  for (const std::uint16_t code : codes) {
    if (!ranges.empty() && code <= ranges.back().last + 1)
      ranges.back().last = code;
    else
      ranges.push_back({code, code});
  }
  return ranges;
}

std::vector<std::uint16_t> codes_of(const std::vector<RefusedOffer>& refused) {
  std::set<std::uint16_t> codes;
  for (const RefusedOffer& offer : refused)
    for (const CodeRange& range : offer.offered)
      for (std::uint32_t code = range.first; code <= range.last; ++code)
        codes.insert(static_cast<std::uint16_t>(code));
  return {codes.begin(), codes.end()};
}

std::vector<std::vector<std::uint16_t>> dealt(const std::vector<std::uint16_t>& codes,
                                              std::size_t lists) {
  std::vector<std::vector<std::uint16_t>> hands(std::max<std::size_t>(lists, 1));
  for (std::size_t i = 0; i < codes.size(); ++i) hands[i % hands.size()].push_back(codes[i]);
  std::erase_if(hands, [](const auto& hand) { return hand.empty(); });
  return hands;
}

void keep(std::vector<AcceptedSuite>& found, CipherSuite suite, OfferAnswer proof) {
  if (std::ranges::count(found, suite, &AcceptedSuite::suite) == 0)
    found.push_back({suite, std::move(proof)});
}

void keep(std::vector<AcceptedGroup>& found, NamedGroup group, OfferAnswer proof) {
  if (std::ranges::count(found, group, &AcceptedGroup::group) == 0)
    found.push_back({group, std::move(proof)});
}

OfferAnswer inconclusive(std::string why) {
  OfferAnswer answer;
  answer.reason = std::move(why);
  return answer;
}

std::optional<Offer> SingleLane::next() {
  if (done_) return std::nullopt;
  return make_();
}

void SingleLane::learn(const HandshakeAnswer& answer) {
  done_ = true;
  learn_(answer);
}

void SingleLane::doubt(const std::string& why) {
  HandshakeAnswer open;
  open.outcome.reason = why;
  (doubt_ ? doubt_ : learn_)(open);
}

}  // namespace rta::tls

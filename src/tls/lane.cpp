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

std::optional<ProtocolVersion> Learnt::highest_up_to_tls12() const {
  for (const ProtocolVersion version : {ProtocolVersion::tls1_2, ProtocolVersion::tls1_1,
                                        ProtocolVersion::tls1_0, ProtocolVersion::ssl3})
    if (!accepted(version).empty()) return version;
  return std::nullopt;
}

void Learnt::set_version(ProtocolVersion version, const OfferAnswer& answer) {
  of_version(survey.versions, version).answer = answer;
}

SuiteInventory& Learnt::suites(ProtocolVersion version) {
  return of_version(survey.suites, version);
}
GroupInventory& Learnt::groups(ProtocolVersion version) {
  return of_version(survey.groups, version);
}

std::optional<Offer> SingleLane::next() {
  if (done_) return std::nullopt;
  return offer_;
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

// What a survey asks after versions, suites and groups: signature schemes,
// post-quantum shares, and behaviour.
#include <algorithm>

#include "tls/code_points.h"
#include "tls/endpoint_survey.h"
#include "tls/group_lane.h"
#include "tls/key_shares.h"
#include "tls/scheme_lane.h"

namespace rta::tls {
namespace {

constexpr NamedGroup kX25519 = 0x001D;

std::vector<CipherSuite> keep_if(std::vector<CipherSuite> suites,
                                 bool (*wanted)(const SuiteProperties&)) {
  std::erase_if(suites, [&](CipherSuite code) {
    const SuiteProperties* suite = find_suite(code);
    return suite == nullptr || !wanted(*suite);
  });
  return suites;
}

bool costs_nothing(const SuiteProperties& suite) { return !suite.makes_server_sign(); }
bool signs(const SuiteProperties& suite) { return suite.makes_server_sign(); }

// Suites that the server answers without signing, if it accepts any.
std::vector<CipherSuite> cheapest(const std::vector<CipherSuite>& accepted) {
  std::vector<CipherSuite> cheap = keep_if(accepted, costs_nothing);
  return cheap.empty() ? accepted : cheap;
}

bool is_post_quantum(NamedGroup group) {
  const GroupProperties* properties = find_group(group);
  return properties != nullptr && properties->is_post_quantum();
}

}  // namespace

void EndpointSurvey::start_details() {
  ask_compression();
  ask_fallback();
  ask_schemes();
  ask_post_quantum();
  if (!learnt_.highest_up_to_tls12()) ask_for_shares();
}

void EndpointSurvey::ask_schemes() {
  if (const auto tls13 = learnt_.accepted(ProtocolVersion::tls1_3); !tls13.empty()) {
    Offer offer = base(ProtocolVersion::tls1_3);
    offer.suites = tls13;
    runner_.add(std::make_unique<SchemeLane13>(learnt_, std::move(offer), options_.side_by_side));
  }
  const auto signing = keep_if(learnt_.accepted(ProtocolVersion::tls1_2), signs);
  if (signing.empty()) return;
  Offer offer = base(ProtocolVersion::tls1_2);
  offer.suites = signing;
  runner_.add(std::make_unique<SchemeLane12>(learnt_, std::move(offer), options_.side_by_side));
}

void EndpointSurvey::ask_compression() {
  const auto highest = learnt_.highest_up_to_tls12();
  if (!highest) return;
  Offer deflate = base(*highest);
  deflate.suites = cheapest(learnt_.accepted(*highest));
  deflate.deflate = true;
  ask(std::move(deflate), [this](const HandshakeAnswer& answer) {
    auto& accepted = learnt_.survey.behaviour.compression_accepted;
    accepted.reset();
    if (!answer.is(Answer::supported)) return;
    accepted = answer.hello->compression != 0;
    learnt_.prove("compression_accepted", answer.outcome);
  });
}

void EndpointSurvey::ask_fallback() {
  const bool newer = learnt_.speaks(ProtocolVersion::tls1_3);
  std::vector<ProtocolVersion> spoken;
  for (const VersionOffer& offer : learnt_.survey.versions)
    if (offer.answer.answer == Answer::supported && offer.version > ProtocolVersion::ssl2 &&
        offer.version < ProtocolVersion::tls1_3)
      spoken.push_back(offer.version);
  std::ranges::sort(spoken);
  if (spoken.empty() || (!newer && spoken.size() < 2)) return;
  const ProtocolVersion below = newer ? spoken.back() : spoken[spoken.size() - 2];
  Offer fallback = base(below);
  fallback.suites = cheapest(learnt_.accepted(below));
  fallback.fallback_scsv = true;
  ask(std::move(fallback), [this](const HandshakeAnswer& answer) {
    auto& honoured = learnt_.survey.behaviour.fallback_scsv_honoured;
    honoured.reset();
    if (answer.outcome.alert == alerts::kInappropriateFallback)
      honoured = true;
    else if (answer.is(Answer::supported))
      honoured = false;
    if (honoured) learnt_.prove("fallback_scsv_honoured", answer.outcome);
  });
}

// Absent groups with real-looking shares, and what goes before what.
void EndpointSurvey::ask_post_quantum() {
  Offer offer = base(ProtocolVersion::tls1_3);
  offer.suites = learnt_.accepted(ProtocolVersion::tls1_3);
  if (offer.suites.empty()) return;
  const std::vector<NamedGroup> groups = learnt_.accepted_groups(ProtocolVersion::tls1_3);
  runner_.add(std::make_unique<PostQuantumLane>(learnt_, offer, options_.seed));
  if (std::ranges::none_of(groups, is_post_quantum)) return;
  if (std::ranges::count(groups, kX25519) == 0) return;
  offer.groups = groups;
  std::erase(offer.groups, kX25519);
  offer.groups.insert(offer.groups.begin(), kX25519);  // nothing speaks for the others but taste
  offer.key_shares = {unheld_key_share(kX25519, options_.seed)};
  ask(std::move(offer), [this](const HandshakeAnswer& answer) {
    auto& preferred = learnt_.survey.behaviour.post_quantum_preferred;
    preferred.reset();
    if (!answer.is(Answer::supported) || !answer.hello->group) return;
    preferred = is_post_quantum(*answer.hello->group);
    learnt_.prove("post_quantum_preferred", answer.outcome);
  });
}

// TLS 1.3 only: three answered shares tell whether the server uses its key again.
void EndpointSurvey::ask_for_shares() {
  Offer offer = base(ProtocolVersion::tls1_3);
  offer.suites = learnt_.accepted(ProtocolVersion::tls1_3);
  constexpr std::array<NamedGroup, 3> kUsual{0x001D, 0x0017, 0x0018};
  for (const NamedGroup group : kUsual)
    offer.key_shares.push_back(unheld_key_share(group, options_.seed));
  if (offer.suites.empty()) return;
  for (int i = 0; i < 3; ++i)
    ask(offer, [this](const HandshakeAnswer& answer) {
      if (answer.is(Answer::supported)) learnt_.flights.push_back(answer);
    });
}

}  // namespace rta::tls

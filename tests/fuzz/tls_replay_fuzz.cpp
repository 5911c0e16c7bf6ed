// Recorded evidence whose bytes are anything: what is claimed afterwards is
// what they say.
#include <redis_tls_audit/assert.h>

#include <algorithm>

#include "tls/replay.h"

using namespace rta;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t cut = 2 + std::min<std::size_t>(data[0] * 16U, size - 2);
  OfferAnswer proof;
  proof.answer = data[1] % 2 == 0 ? Answer::supported : Answer::not_supported;
  proof.deciding.assign(data + 2, data + cut);
  proof.exchange.assign(data + cut, data + size);
  TlsSurvey survey;
  for (const ProtocolVersion version : {ProtocolVersion::ssl2, ProtocolVersion::ssl3,
                                        ProtocolVersion::tls1_2, ProtocolVersion::tls1_3}) {
    survey.versions.push_back({version, proof});
    SuiteInventory suites;
    suites.version = version;
    suites.accepted.push_back({0xC02F, proof});
    suites.refused.push_back({{{0, 0xFFFF}}, proof});
    suites.complete = true;
    suites.chosen = 0xC02F;
    suites.chosen_proof = suites.order_proof = proof;
    suites.order = OrderBy::server;
    survey.suites.push_back(std::move(suites));
    GroupInventory groups;
    groups.version = version;
    groups.accepted.push_back({0x001D, proof});
    groups.complete = true;
    survey.groups.push_back(std::move(groups));
    SchemeInventory schemes;
    schemes.version = version;
    schemes.accepted.push_back({0x0804, proof});
    survey.signatures.push_back(std::move(schemes));
  }
  survey.dh_parameters.push_back({{1}, {2}, 0x009E, proof});
  for (const char* claim : {"fallback_scsv_honoured", "compression_accepted", "downgrade_sentinel",
                            "encrypt_then_mac", "signature_scheme", "post_quantum_preferred"})
    survey.behaviour_proofs.push_back({claim, proof});
  survey.behaviour.compression_accepted = true;
  survey.behaviour.fallback_scsv_honoured = false;
  tls::follow_the_bytes(survey);
  // One record proves one version at most, and a second reading finds nothing new.
  RTA_ASSERT(std::ranges::count_if(survey.versions, [](const VersionOffer& offer) {
               return offer.answer.answer == Answer::supported;
             }) <= 1);
  const TlsSurvey once = survey;
  tls::follow_the_bytes(survey);
  for (std::size_t i = 0; i < once.versions.size(); ++i)
    RTA_ASSERT(once.versions[i].answer.answer == survey.versions[i].answer.answer);
  return 0;
}

#include "checks/common/further_chains.h"

#include <fmt/format.h>

#include "checks/common/certificates.h"
#include "x509/chain.h"
#include "x509/names.h"

namespace rta::checks {
namespace {

std::string words_for(const ServedChain& chain) {
  switch (chain.way) {
    case ChainWay::usual:
      return "as usual";
    case ChainWay::rsa_only:
      return "to clients that take RSA signatures only";
    case ChainWay::ecdsa_only:
      return "to clients that take ECDSA signatures only";
    case ChainWay::without_name:
      return "to clients that send no server name";
    case ChainWay::random_name:
      return "to clients that ask for a name it does not have";
    case ChainWay::other_address:
      return "at " + chain.address;
  }
  return {};
}

bool verifies(const Evidence& evidence, const ServedChain& chain) {
  std::vector<Bytes> anchors = authority_certificates(evidence);
  anchors.insert(anchors.end(), evidence.public_store.begin(), evidence.public_store.end());
  return x509::verify_chain({.served = chain.certificates,
                             .anchors = anchors,
                             .at = evidence.as_of,
                             .partial_chain = true,
                             .check_time = false})
      .accepted;
}

bool is_for(const x509::Certificate& leaf, const std::string& host) {
  const x509::NameMatch match = x509::match_name(leaf, host);
  return match == x509::NameMatch::exact || match == x509::NameMatch::wildcard;
}

// A client that comes by this way means this endpoint by its own name.
bool must_bear_the_name(ChainWay way) {
  return way != ChainWay::without_name && way != ChainWay::random_name;
}

// Measured by the usual chain: what is wrong with that is told elsewhere.
std::string fault_of(const Evidence& evidence, const Endpoint& endpoint, const ServedChain& usual,
                     const FurtherChain& further) {
  const x509::Certificate& leaf = further.leaf;
  if (!leaf.dates_are_readable) return "its dates cannot be read";
  if (leaf.not_after < evidence.as_of)
    return fmt::format("it expired on {}", to_rfc3339(leaf.not_after).substr(0, 10));
  if (leaf.not_before > evidence.as_of)
    return fmt::format("it is valid from {} only", to_rfc3339(leaf.not_before).substr(0, 10));
  if (verifies(evidence, usual) && !verifies(evidence, *further.chain))
    return "no CA that vouches for the usual one vouches for it";
  const Result<x509::Certificate> usual_leaf = x509::parse_certificate(usual.certificates.front());
  if (must_bear_the_name(further.chain->way) && usual_leaf && is_for(*usual_leaf, endpoint.host) &&
      !is_for(leaf, endpoint.host))
    return fmt::format("it is not for {}", endpoint.host);
  return {};
}

}  // namespace

std::vector<FurtherChain> further_chains(const Evidence& evidence, const Endpoint& endpoint) {
  std::vector<FurtherChain> all;
  const ServedChain* usual = real_chain(endpoint);
  if (usual == nullptr || endpoint.kind != EndpointKind::live) return all;
  for (const ServedChain& chain : endpoint.further_chains) {
    if (chain.certificates.empty()) continue;
    Result<x509::Certificate> leaf = x509::parse_certificate(chain.certificates.front());
    if (!leaf) continue;
    FurtherChain& further = all.emplace_back();
    further.chain = &chain;
    further.leaf = std::move(*leaf);
    further.way = words_for(chain);
    further.is_second_certificate =
        chain.way == ChainWay::rsa_only || chain.way == ChainWay::ecdsa_only;
    further.wrong = fault_of(evidence, endpoint, *usual, further);
  }
  return all;
}

}  // namespace rta::checks

#include "collect/live/served_chain.h"

#include <fmt/format.h>

#include "base/gap_reason.h"
#include "collect/live/client_demand.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/short_greeting.h"

namespace rta {
namespace {

constexpr std::chrono::milliseconds kElsewhere{1'500};

Gap gap_of(const net::SessionResult& seen) {
  const GapReason reason = seen.end ? gap_reason(*seen.end) : GapReason::malformed;
  return {reason, "no certificate was seen: " + seen.failure, ""};
}

ServedChain chain_of(const net::SessionResult& seen) {
  return {.certificates = seen.certificates,
          .version = seen.version,
          .suite = seen.suite,
          .group = seen.group,
          .client_certificate = seen.client_certificate,
          .server_name_sent = seen.server_name_sent};
}

net::SessionResult shake_hands(net::Engine& engine, Endpoint& endpoint, const net::Address& address,
                               net::TlsParameters parameters, const net::Budget& budget) {
  // PING without credentials: only what follows the handshake shows whether a
  // client certificate is demanded (RFC 8446 4.4.2.4).
  ShortGreeting greeting;
  net::SessionResult seen =
      net::run_session(engine, address, std::move(parameters), &greeting, budget);
  seen.client_certificate = demand_of(seen, greeting.inner).demand;
  endpoint.footprint.commands += greeting.inner.commands_sent();
  net::add(endpoint.footprint, seen.footprint);
  return seen;
}

bool speaks_tls(const Endpoint& endpoint) {
  const PortAnswer* answer = endpoint.port_answer.value();
  return answer != nullptr &&
         (answer->speech == PortSpeech::tls || answer->speech == PortSpeech::both);
}

void say_why_no_chain(Endpoint& endpoint) {
  Gap gap{GapReason::unsupported, "the port does not speak TLS", ""};
  if (const Gap* reason = endpoint.port_answer.gap()) gap = *reason;
  endpoint.chain = {gap, endpoint_provenance(endpoint, "TLS handshake")};
}

}  // namespace

bool fetch_served_chain(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                        std::vector<Gap>& notes) {
  if (!speaks_tls(endpoint)) {
    say_why_no_chain(endpoint);
    return true;
  }
  const net::TlsParameters bare = observer_parameters(settings, endpoint);
  const net::Address address = *dialled_address(endpoint);
  net::SessionResult seen =
      shake_hands(engine, endpoint, address, bare, budget_for(settings, endpoint));
  const TargetSettings* target = target_of(settings, endpoint);
  if (seen.client_certificate == ClientCertificateDemand::required && target != nullptr &&
      !target->certificate_file.empty()) {
    Result<net::TlsParameters> ours = with_credentials(bare, *target);
    if (ours) {
      net::SessionResult again =
          shake_hands(engine, endpoint, address, std::move(*ours), budget_for(settings, endpoint));
      again.client_certificate = ClientCertificateDemand::required;
      if (again.handshake_completed) seen = std::move(again);
    } else {
      notes.push_back({GapReason::denied, endpoint.key + ": " + ours.error().text(), ""});
    }
  }
  const Provenance source = endpoint_provenance(endpoint, "TLS handshake");
  if (seen.certificates.empty()) {
    endpoint.chain = {gap_of(seen), source};
  } else {
    endpoint.chain = {chain_of(seen), source};
  }
  return !seen.handshake_completed || seen.end != ConnectionEnd::timed_out;
}

void fetch_chains_elsewhere(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                            const std::vector<net::Address>& others, std::vector<Gap>& notes) {
  const ServedChain* usual = endpoint.chain.value();
  if (usual == nullptr || usual->certificates.empty()) return;
  for (const net::Address& address : others) {
    // A dead address must not use up the time of the one that is audited.
    net::Budget budget = budget_for(settings, endpoint);
    budget.connect = std::min(budget.connect, kElsewhere);
    budget.total = std::min(budget.total, 2 * kElsewhere);
    const net::SessionResult seen =
        shake_hands(engine, endpoint, address, observer_parameters(settings, endpoint), budget);
    if (seen.certificates.empty()) {
      notes.push_back({GapReason::incomplete,
                       fmt::format("{}: {} gave no certificate: {}", endpoint.key, address.text(),
                                   seen.failure),
                       ""});
    } else if (seen.certificates.front() != usual->certificates.front()) {
      ServedChain& chain = endpoint.further_chains.emplace_back(chain_of(seen));
      chain.way = ChainWay::other_address;
      chain.address = address.text();
    }
  }
}

}  // namespace rta

// Asks every endpoint's server, live or rehearsed. The operator's credentials go to the
// targets that the operator named and to nothing else; an endpoint that only
// the tree names is asked as nobody.
#include "base/provider.h"
#include "base/text.h"
#include "collect/anchors.h"
#include "collect/collectors.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/redis_server.h"
#include "collect/live/side_by_side.h"

namespace rta {
namespace {

// What --anchor lists counts for a target without a CA file of its own.
Result<void> add_anchors(RedisTarget& target, const std::vector<std::string>& anchors) {
  for (const std::string& given : anchors) {
    Result<Anchor> anchor = read_anchor(given);
    if (!anchor) return Error{anchor.error()}.while_doing("reading an anchor");
    if (!anchor->sha256.empty()) target.trusted_sha256.push_back(anchor->sha256);
    for (Bytes& der : anchor->certificates) target.trusted.push_back(std::move(der));
  }
  return {};
}

Result<void> add_credentials(RedisTarget& target, const ScanSettings& settings,
                             const TargetSettings& given) {
  Result<net::TlsParameters> parameters = with_credentials({}, given);
  if (!parameters) return parameters.error();
  target.trusted = std::move(parameters->trusted);
  target.trust_public_store = parameters->trust_public_store;
  target.client_certificate_pem = std::move(parameters->client_certificate_pem);
  target.client_key_pem = std::move(parameters->client_key_pem);
  target.user = given.user;
  target.password = given.password;
  if (!given.ca_file.empty() || settings.anchors.empty()) return {};
  target.trust_public_store = std::ranges::count(settings.anchors, "public") > 0;
  return add_anchors(target, settings.anchors);
}

Observation<RedisServer> ask(net::Engine& engine, const ScanSettings& settings,
                             Endpoint& endpoint) {
  const Provenance from = endpoint_provenance(endpoint, "RESP");
  const PortAnswer* port = endpoint.port_answer.value();
  if (port == nullptr) return {*endpoint.port_answer.gap(), from};
  if (port->speech == PortSpeech::other)
    return {Gap{GapReason::unsupported, "the port answers, but it is no Redis", "correct the port"}, from};
  const std::optional<net::Address> address = dialled_address(endpoint);
  if (!address)
    return {Gap{GapReason::unreachable, "no address of the endpoint is known", ""}, from};

  RedisTarget target{.key = endpoint.key,
                     .address = *address,
                     .server_name = observer_parameters(settings, endpoint).server_name};
  target.speaks_tls = port->speech != PortSpeech::plaintext_redis;
  target.auth_unverified = settings.auth_unverified;
  target.at = settings.now;
  target.budget = budget_for(settings, endpoint);
  if (const TargetSettings* given = target_of(settings, endpoint)) {
    if (const Result<void> ready = add_credentials(target, settings, *given); !ready)
      return {Gap{GapReason::denied, ready.error().text(), ""}, from};
  }
  Observation<RedisServer> server = ask_redis_server(engine, target, endpoint.footprint);
  if (RedisServer* told = server.value()) {
    told->provider = provider_of_host(endpoint.host);
    if (told->provider.empty()) told->provider = provider_of_info(told->info);
  }
  return server;
}

}  // namespace

void collect_redis_servers(CollectContext& context, Evidence& evidence) {
  std::vector<Endpoint*> endpoints;
  for (Endpoint& endpoint : evidence.endpoints) endpoints.push_back(&endpoint);
  context.progress(fmt::format("asking {}", counted(endpoints.size(), "server")));
  side_by_side(endpoints, evidence.scope, [&](Endpoint& endpoint, std::vector<Gap>&) {
    net::Engine engine{context.settings.stop};
    endpoint.redis = ask(engine, context.settings, endpoint);
  });
  if (context.settings.auth_unverified)
    evidence.scope.notes.push_back(
        {GapReason::incomplete,
         "credentials were sent without verifying the server (--auth-unverified)", ""});
}

}  // namespace rta

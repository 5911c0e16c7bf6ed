// Collects the endpoints: who declared them, where they lie, what their port
// speaks, what stands on the ports beside it, and the chain that is served.
#include <fmt/format.h>

#include <mutex>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/declared_endpoints.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/served_chain.h"
#include "collect/live/sibling_ports.h"
#include "collect/live/side_by_side.h"
#include "net/port_probe.h"
#include "net/resolve.h"

namespace rta {
namespace {

// Nothing can be learnt there: every part says why.
void leave_out(Endpoint& endpoint, const Gap& gap) {
  const Provenance source = endpoint_provenance(endpoint, "connect");
  endpoint.port_answer = {gap, source};
  endpoint.tls = {gap, source};
  endpoint.chain = {gap, source};
  endpoint.redis = {gap, source};
}

// --- Who is to be dialled, and where.

class EndpointList {
 public:
  EndpointList(CollectContext& context, Evidence& evidence)
      : settings_(context.settings), evidence_(evidence) {}

  void add(const DeclaredEndpoint& declared) {
    if (!declared.by_operator && (settings_.ci || settings_.offline)) {
      evidence_.scope.notes.push_back(
          {GapReason::not_requested,
           fmt::format("{} is named by {} only and was not dialled ({})", declared.key,
                       join(declared.named_by, ", "), settings_.offline ? "--offline" : "--ci"),
           "name it with --target"});
      return;
    }
    Endpoint endpoint;
    endpoint.key = declared.key;
    endpoint.host = declared.place.host;
    endpoint.port = declared.place.port;
    endpoint.named_by = declared.named_by;
    if (settings_.offline) {
      leave_out(endpoint, {GapReason::not_requested, "nothing is dialled with --offline", ""});
    } else if (locate(endpoint)) {
      if (Endpoint* same = at_address(endpoint.address)) return merge(*same, declared);
    }
    for (const std::size_t index : declared.consumers) {
      evidence_.consumers[index].endpoint = endpoint.key;
    }
    evidence_.endpoints.push_back(std::move(endpoint));
  }

  // All addresses of the name, by endpoint key.
  [[nodiscard]] const std::vector<net::Address>& addresses(const std::string& key) const {
    static const std::vector<net::Address> none;
    const auto found = addresses_.find(key);
    return found == addresses_.end() ? none : found->second;
  }

 private:
  bool locate(Endpoint& endpoint) {
    HostPort place{endpoint.host, endpoint.port};
    const auto mapped = settings_.connect_to.find(place);
    if (mapped != settings_.connect_to.end()) place = mapped->second;
    const auto found =
        net::resolve(place.host, place.port, Deadline::after(settings_.connect_timeout));
    if (const Gap* gap = found.gap()) {
      leave_out(endpoint, *gap);
      return false;
    }
    endpoint.address = found->addresses.front().text();
    addresses_[endpoint.key] = found->addresses;
    for (const std::string& reason : found->left_out) {
      evidence_.scope.notes.push_back({GapReason::outside_scope, endpoint.key + ": " + reason, ""});
    }
    return true;
  }

  Endpoint* at_address(const std::string& address) {
    for (Endpoint& endpoint : evidence_.endpoints) {
      if (endpoint.kind == EndpointKind::live && endpoint.address == address) return &endpoint;
    }
    return nullptr;
  }

  void merge(Endpoint& same, const DeclaredEndpoint& declared) {
    same.aliases.push_back(declared.key);
    for (const std::string& by : declared.named_by) {
      if (std::ranges::find(same.named_by, by) == same.named_by.end()) same.named_by.push_back(by);
    }
    for (const std::size_t index : declared.consumers) {
      evidence_.consumers[index].endpoint = same.key;
    }
  }

  const ScanSettings& settings_;
  Evidence& evidence_;
  std::map<std::string, std::vector<net::Address>> addresses_;
};

// --- What the port speaks.

bool can_try_elsewhere(const Endpoint& endpoint) {
  const Gap* gap = endpoint.port_answer.gap();
  return gap != nullptr &&
         (gap->reason == GapReason::refused || gap->reason == GapReason::unreachable);
}

// All endpoints at once, each at its present address.
void classify(net::Engine& engine, CollectContext& context,
              const std::vector<Endpoint*>& endpoints) {
  const ScanSettings& settings = context.settings;
  std::vector<std::unique_ptr<net::PortSurvey>> surveys;
  std::vector<net::SurveyTask> tasks;
  for (const Endpoint* endpoint : endpoints) {
    surveys.push_back(std::make_unique<net::PortSurvey>(name_to_ask_for(settings, *endpoint)));
    tasks.push_back({.survey = surveys.back().get(),
                     .address = *dialled_address(*endpoint),
                     .budget = budget_for(settings, *endpoint)});
  }
  engine.run_all(tasks);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    Endpoint& endpoint = *endpoints[i];
    net::add(endpoint.footprint, tasks[i].footprint);
    endpoint.port_answer = surveys[i]->answer();
    endpoint.port_answer.provenance() = endpoint_provenance(endpoint, "ClientHello and PING");
    context.first_answers.erase(endpoint.key);
    if (auto first = surveys[i]->first_answer())
      context.first_answers.emplace(endpoint.key, std::move(*first));
  }
}

// A name with several addresses: the first that takes connections is audited.
void try_other_addresses(net::Engine& engine, CollectContext& context, Endpoint& endpoint,
                         const std::vector<net::Address>& all) {
  const std::string first = endpoint.address;
  for (const net::Address& other : all) {
    if (!can_try_elsewhere(endpoint)) return;
    if (other.text() == first) continue;
    endpoint.address = other.text();
    classify(engine, context, {&endpoint});
  }
  if (can_try_elsewhere(endpoint)) endpoint.address = first;
}

// The others are asked for their certificate and for nothing else.
void look_at_others(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
                    const std::vector<net::Address>& all, std::vector<Gap>& notes) {
  // localhost is ::1 and 127.0.0.1: one host, not worth a note.
  const net::Address audited = *dialled_address(endpoint);
  if (all.size() < 2 || net::is_loopback(audited.ip) || !endpoint.port_answer.has_value()) return;
  notes.push_back({GapReason::incomplete,
                   fmt::format("{} has {} addresses; {} was audited, and the certificates of "
                               "the others were looked at",
                               endpoint.key, all.size(), endpoint.address),
                   "name the others with --target"});
  std::vector<net::Address> others = all;
  std::erase(others, audited);
  fetch_chains_elsewhere(engine, settings, endpoint, others, notes);
}

}  // namespace

void collect_endpoints(CollectContext& context, Evidence& evidence) {
  const ScanSettings& settings = context.settings;
  EndpointList list{context, evidence};
  for (const DeclaredEndpoint& declared : declared_endpoints(settings, evidence.consumers)) {
    context.progress("looking up " + declared.key);
    list.add(declared);
  }
  net::Engine engine{settings.stop};
  std::vector<Endpoint*> dialled;
  for (Endpoint& endpoint : evidence.endpoints) {
    if (dialled_address(endpoint)) dialled.push_back(&endpoint);
  }
  context.progress(fmt::format("asking {}", counted(dialled.size(), "endpoint")));
  classify(engine, context, dialled);
  for (Endpoint* endpoint : dialled)
    try_other_addresses(engine, context, *endpoint, list.addresses(endpoint->key));
  context.progress(fmt::format("shaking hands with {}", counted(dialled.size(), "endpoint")));
  std::mutex mutex;
  side_by_side(dialled, evidence.scope, [&](Endpoint& endpoint, std::vector<Gap>& notes) {
    net::Engine own{settings.stop};
    if (endpoint.kind == EndpointKind::live && context.needs.has(Need::port))
      ask_sibling_ports(own, settings, evidence, endpoint);
    if (!settings.parts.certificates) {
      endpoint.chain = {Gap{GapReason::not_requested, std::string{tls::kNotAskedFor}, ""},
                        endpoint_provenance(endpoint, "TLS session")};
      return;
    }
    if (!fetch_served_chain(own, settings, endpoint, notes)) {
      const std::scoped_lock lock{mutex};
      context.silent_to_ping.insert(endpoint.key);
    }
    look_at_others(own, settings, endpoint, list.addresses(endpoint.key), notes);
  });
}

}  // namespace rta

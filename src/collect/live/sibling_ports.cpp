#include "collect/live/sibling_ports.h"

#include <fmt/format.h>

#include <charconv>

#include "collect/collectors.h"
#include "collect/live/endpoint_network.h"
#include "net/port_probe.h"

namespace rta {
namespace {

constexpr std::array<std::uint16_t, 4> kWellKnownPorts{6379, 6380, 16379, 26379};
constexpr std::size_t kPublishedPorts = 16;
constexpr std::chrono::milliseconds kSiblingConnect{3'000};

// A single port; ranges and random ports are none.
std::optional<std::uint16_t> port_number(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::vector<SiblingPort> ports_beside(const Endpoint& endpoint, const Evidence& evidence,
                                      const ScanSettings& settings, const net::Address& at) {
  std::vector<SiblingPort> ports;
  const auto add = [&](std::uint16_t port, std::string why) {
    const bool known = port == at.port || std::ranges::any_of(ports, [&](const SiblingPort& one) {
                         return one.port == port;
                       });
    if (port == 0 || known) return;
    ports.push_back({.port = port, .why = std::move(why), .loopback = net::is_loopback(at.ip)});
  };
  for (const std::uint16_t port : kWellKnownPorts) add(port, "well-known port of Redis");
  // The port as declared may differ from the one that connect_to maps it to.
  if (endpoint.port != at.port) add(endpoint.port, "port as declared");
  std::size_t published = 0;
  if (const ComposeProject* compose = evidence.compose.value()) {
    for (const ComposeService& service : compose->services) {
      for (const PublishedPort& port : service.ports) {
        if (port.protocol != "tcp" || published++ >= kPublishedPorts) continue;
        if (const auto number = port_number(port.published)) {
          add(*number, fmt::format("published for {} at {}", service.name, port.location.text()));
        }
      }
    }
  }
  for (const std::uint16_t port : settings.extra_ports) add(port, "--ports");
  return ports;
}

bool is_another_endpoint(const Evidence& evidence, const net::Address& at, std::uint16_t port) {
  const std::string address = net::Address{.ip = at.ip, .port = port}.text();
  return std::ranges::any_of(evidence.endpoints,
                             [&](const Endpoint& endpoint) { return endpoint.address == address; });
}

// Fills the answers of `ports`, all at once: they are different services.
void ask(net::Engine& engine, const ScanSettings& settings, Endpoint& endpoint,
         std::span<SiblingPort> ports) {
  const net::Address at = *dialled_address(endpoint);
  std::vector<std::unique_ptr<net::PortSurvey>> surveys;
  std::vector<net::SurveyTask> tasks;
  for (const SiblingPort& sibling : ports) {
    surveys.push_back(std::make_unique<net::PortSurvey>(name_to_ask_for(settings, endpoint)));
    net::Budget budget = budget_for(settings, endpoint);
    budget.connect = std::min(budget.connect, kSiblingConnect);
    tasks.push_back({.survey = surveys.back().get(),
                     .address = {.ip = at.ip, .port = sibling.port},
                     .budget = budget});
  }
  engine.run_all(tasks);
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    ports[i].answer = surveys[i]->answer();
    ports[i].answer.provenance() = endpoint_provenance(
        endpoint, fmt::format("ClientHello and PING to port {}", tasks[i].address.port));
    longest = std::max(longest, std::exchange(tasks[i].footprint.milliseconds, 0));
    net::add(endpoint.footprint, tasks[i].footprint);
  }
  endpoint.footprint.milliseconds += longest;  // they ran beside each other
}

}  // namespace

void ask_sibling_ports(net::Engine& engine, const ScanSettings& settings, const Evidence& evidence,
                       Endpoint& endpoint) {
  const net::Address at = *dialled_address(endpoint);
  endpoint.siblings = ports_beside(endpoint, evidence, settings, at);
  // Declared endpoints are audited as what they are.
  std::erase_if(endpoint.siblings, [&](const SiblingPort& sibling) {
    return is_another_endpoint(evidence, at, sibling.port);
  });
  ask(engine, settings, endpoint, endpoint.siblings);
}

void collect_reported_ports(CollectContext& context, Evidence& evidence) {
  net::Engine engine{context.settings.stop};
  for (Endpoint& endpoint : evidence.endpoints) {
    const auto at = dialled_address(endpoint);
    const RedisServer* server = endpoint.redis.value();
    const std::string* reported = server == nullptr ? nullptr : server->config_value("port");
    if (endpoint.kind != EndpointKind::live || !at || reported == nullptr) continue;
    const std::optional<std::uint16_t> port = port_number(*reported);
    const bool asked = !port || *port == at->port ||
                       std::ranges::any_of(endpoint.siblings, [&](const SiblingPort& sibling) {
                         return sibling.port == *port;
                       });
    if (asked) continue;
    endpoint.siblings.push_back(
        {.port = *port, .why = "the server's own `port`", .loopback = net::is_loopback(at->ip)});
    ask(engine, context.settings, endpoint, std::span{endpoint.siblings}.last(1));
  }
}

}  // namespace rta

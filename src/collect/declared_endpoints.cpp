#include "collect/declared_endpoints.h"

#include <algorithm>

#include "base/text.h"
#include "collect/live/endpoint_network.h"

namespace rta {
namespace {

// Templates are documentation, and a file that its reader refuses names nothing.
bool names_an_endpoint(const Consumer& consumer) {
  return !consumer.template_file && !consumer.refused && !consumer.host.empty();
}

DeclaredEndpoint& entry_for(std::vector<DeclaredEndpoint>& list, const HostPort& place) {
  const std::string key = endpoint_key(place);
  const auto found = std::ranges::find(list, key, &DeclaredEndpoint::key);
  if (found != list.end()) return *found;
  return list.emplace_back(DeclaredEndpoint{.key = key, .place = place});
}

void name_once(DeclaredEndpoint& entry, std::string by) {
  if (std::ranges::find(entry.named_by, by) == entry.named_by.end()) {
    entry.named_by.push_back(std::move(by));
  }
}

}  // namespace

SourceLocation place_of_host(const Consumer& consumer) {
  for (const Setting& setting : consumer.settings) {
    const bool is_host = lower_ascii(setting.name).contains("host");
    if (is_host && setting.value == consumer.host) return setting.location;
  }
  if (consumer.url && !consumer.host_defaulted) return consumer.url->location;
  return {.path = consumer.source};
}

std::vector<DeclaredEndpoint> declared_endpoints(const ScanSettings& settings,
                                                 const std::vector<Consumer>& consumers) {
  std::vector<DeclaredEndpoint> list;
  for (const TargetSettings& target : settings.targets) {
    DeclaredEndpoint& entry = entry_for(list, target.address);
    entry.by_operator = true;
    name_once(entry, "--target");
  }
  for (std::size_t i = 0; i < consumers.size(); ++i) {
    if (!names_an_endpoint(consumers[i])) continue;
    DeclaredEndpoint& entry = entry_for(list, {consumers[i].host, consumers[i].port});
    const SourceLocation place = place_of_host(consumers[i]);
    name_once(entry, place.line > 0 ? place.text() : place.path);
    entry.consumers.push_back(i);
  }
  return list;
}

}  // namespace rta

#include "collect/exporters.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "files/clients/redis_url.h"
#include "files/compose/compose_images.h"

namespace rta {
namespace {

constexpr std::string_view kDefaultAddress = "redis://localhost:6379";

// As redis_exporter takes it: its flag, else its variable, else the default.
std::string setting(const ComposeServiceReading& service, std::string_view flag,
                    const std::string& variable) {
  const std::vector<std::string> none;
  for (const auto* words : {&service.command, &service.entrypoint}) {
    const std::vector<std::string>& all = *words ? **words : none;
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::string_view word = all[i];
      while (word.starts_with('-')) word.remove_prefix(1);
      if (word.size() == all[i].size() || !word.starts_with(flag)) continue;
      word.remove_prefix(flag.size());
      if (word.starts_with('=')) return std::string{word.substr(1)};
      if (!word.empty()) continue;
      const bool has_value = i + 1 < all.size() && !all[i + 1].starts_with('-');
      return has_value ? all[i + 1] : "true";
    }
  }
  const auto found = service.environment.find(variable);
  return found == service.environment.end() ? std::string{} : found->second.value.value_or("");
}

SourceLocation place(const ComposeServiceReading& service) {
  const auto found = service.environment.find("REDIS_ADDR");
  if (found != service.environment.end() && !found->second.location.path.empty())
    return found->second.location;
  return service.command_at.path.empty() ? service.location : service.command_at;
}

// Go's strconv.ParseBool.
bool is_true(std::string_view value) {
  return value == "1" || value == "t" || value == "T" || lower_ascii(value) == "true";
}

bool is_redis_of(const ComposeProject& project, const std::string& host) {
  return std::ranges::any_of(project.services, [&](const ComposeService& service) {
    return service.is_redis && service.name == host;
  });
}

}  // namespace

void add_exporters(const std::vector<ComposeServiceReading>& services,
                   const ComposeProject& project, Evidence& evidence) {
  for (const ComposeServiceReading& service : services) {
    const std::string image = lower_ascii(image_repository(service.image));
    if (!image.contains("redis_exporter") && !image.contains("redis-exporter")) continue;
    std::string address = setting(service, "redis.addr", "REDIS_ADDR");
    if (address.empty()) address = kDefaultAddress;
    const Result<files::RedisUrl> url = files::parse_redis_url(address);
    Artefact& artefact = evidence.artefacts.emplace_back();
    artefact.kind = ArtefactKind::exporter;
    artefact.purpose = Purpose::connection_monitoring;
    artefact.location = place(service);
    artefact.command = printable(files::mask_url(address), 300);
    artefact.summary = fmt::format("{} watches the server", printable(service.name, 80));
    artefact.enabled = service.active;
    artefact.covers_target =
        url && !url->hosts.empty() && is_redis_of(project, url->hosts.front().host);
    if (!url || !url->is_tls)
      artefact.problems.push_back(fmt::format("it connects to {}, in plaintext", artefact.command));
    if (is_true(setting(service, "skip-tls-verification", "REDIS_EXPORTER_SKIP_TLS_VERIFICATION")))
      artefact.problems.emplace_back("it skips the verification of the certificate");
    artefact.verified_tls = artefact.problems.empty();
  }
}

}  // namespace rta

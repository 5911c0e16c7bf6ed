// Starts a private redis-server from each configuration of the project, so
// that the surveys can ask it what the running one would answer.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/declared_endpoints.h"
#include "files/redis_conf/refusal_remedy.h"
#include "redis/scan_commands.h"
#include "rehearse/conf_rewrite.h"
#include "rehearse/sandbox.h"

namespace rta {
namespace {

constexpr std::size_t kRehearsals = 8;
constexpr std::size_t kNames = 64;  // of a made certificate
constexpr std::size_t kNameLength = 253;

const NamedFile* named_file(const Evidence& evidence, const std::string& source, FileUse use) {
  for (const NamedFile& named : evidence.named_files)
    if (named.reference.by == source && named.reference.use == use) return &named;
  return nullptr;
}

rehearse::MaterialFile file_for(const CollectContext& context, const Evidence& evidence,
                                const std::string& source, FileUse use) {
  const NamedFile* named = named_file(evidence, source, use);
  if (named == nullptr) return {};
  rehearse::MaterialFile material{.path = named->path};
  if (!named->file.has_value()) return material;
  const Observation<OpenedFile> file = context.files->read(named->path, limits::kKeyFile);
  if (file.has_value()) material.text = std::string{as_text(file->bytes)};
  return material;
}

rehearse::Material material_of(const CollectContext& context, const Evidence& evidence,
                               const std::string& source) {
  rehearse::Material material;
  material.certificate = file_for(context, evidence, source, FileUse::server_certificate);
  rehearse::MaterialFile key = file_for(context, evidence, source, FileUse::server_key);
  material.key_path = key.path;
  // Without its passphrase it is as good as absent.
  if (key.text.find("ENCRYPTED") == std::string::npos) material.key = Secret{std::move(key.text)};
  material.ca = file_for(context, evidence, source, FileUse::server_ca);
  material.dh = file_for(context, evidence, source, FileUse::dh_parameters);
  for (const Consumer& consumer : evidence.consumers)
    if (consumer.host.size() <= kNameLength &&
        std::ranges::count(material.server_names, consumer.host) == 0 &&
        material.server_names.size() < kNames)
      material.server_names.push_back(consumer.host);
  return material;
}

// The reader follows the rules of redis-server; OpenSSL's are only known here.
void note_refusal(RedisConfiguration& configuration, const rehearse::Refusal& refusal,
                  Scope& scope) {
  if (refusal.by_configuration) {
    configuration.refused = refusal.error.what;
    configuration.refused_at = refusal.at;
  }
  const std::string remedy = refusal.error.remedy.empty() && refusal.by_configuration
                                 ? refusal_remedy(configuration)
                                 : refusal.error.remedy;
  const std::string place =
      refusal.at.path.empty() ? configuration.source : refusal.at.text();
  scope.notes.push_back(
      {refusal.by_configuration ? GapReason::malformed : GapReason::incomplete,
       fmt::format("{}: could not be rehearsed: {}", place, refusal.error.what), remedy});
}

void note_stand_ins(const rehearse::Rehearsal& rehearsal, const rehearse::Material& material,
                    const RedisConfiguration& configuration, Scope& scope) {
  const auto named = [&](const std::string& path) {
    return path.empty() ? std::string{"none that is named"} : path;
  };
  if (rehearsal.has_stand_in())
    scope.notes.push_back(
        {GapReason::not_found,
         fmt::format("{}: a stand-in took the place of the server's certificate and key, because "
                     "{} could not be read: nothing about certificates is judged there",
                     configuration.source,
                     named(material.certificate.text.empty() ? material.certificate.path
                                                             : material.key_path)),
         "scan the running server with --target"});
  if (rehearsal.has_stand_in_ca())
    scope.notes.push_back(
        {GapReason::not_found,
         fmt::format("{}: a stand-in took the place of the CA for client certificates, because {} "
                     "could not be read",
                     configuration.source, named(material.ca.path)),
         "scan the running server with --target"});
  if (!material.dh.path.empty() && material.dh.text.empty())
    scope.notes.push_back(
        {GapReason::not_found,
         fmt::format("{}: the DH parameters of {} could not be read: the rehearsal used those that "
                     "OpenSSL chooses",
                     configuration.source, material.dh.path),
         "scan the running server with --target"});
}

Endpoint endpoint_of(const rehearse::Rehearsal& rehearsal, std::string key,
                     const RedisConfiguration& configuration) {
  Endpoint endpoint;
  endpoint.key = std::move(key);
  endpoint.kind = EndpointKind::rehearsal;
  const std::string address = rehearsal.address();
  endpoint.host = address.substr(0, address.rfind(':'));
  endpoint.port = rehearsal.port();
  endpoint.address = address;
  endpoint.named_by = {configuration.source};
  endpoint.rehearsed_source = configuration.source;
  endpoint.stand_in_certificate = rehearsal.has_stand_in();
  return endpoint;
}

// In a Sentinel most commands of the audit do not exist, nor does data.
rehearse::Observer observer_of(const RedisConfiguration& configuration) {
  return rehearse::Observer::with(
      rehearse::is_for_sentinel(configuration) ? "+@all" : redis::audit_user_rules());
}

bool can_be_rehearsed(const RedisConfiguration& configuration) {
  return !configuration.refused && configuration.value("tls-port") != nullptr &&
         configuration.value("port") != nullptr;
}

// Asked for, or the only way to see anything: no endpoint is known at all.
bool is_wanted(const ScanSettings& settings, const Evidence& evidence) {
  if (settings.rehearse) return true;
  return !settings.offline && declared_endpoints(settings, evidence.consumers).empty();
}

}  // namespace

void collect_rehearsal(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr || !is_wanted(context.settings, evidence)) return;
  std::size_t count = 0;
  for (RedisConfiguration& configuration : evidence.redis_configurations) {
    if (!can_be_rehearsed(configuration)) continue;
    if (++count > kRehearsals) {
      evidence.scope.notes.push_back(
          {GapReason::too_large, "only the first 8 configurations were rehearsed", ""});
      return;
    }
    context.progress("rehearsing " + configuration.source);
    const rehearse::Material material = material_of(context, evidence, configuration.source);
    auto rehearsal =
        rehearse::Rehearsal::start(configuration, material, observer_of(configuration));
    if (!rehearsal) {
      note_refusal(configuration, rehearsal.error(), evidence.scope);
      continue;
    }
    for (const Gap& gap : rehearsal->not_applied()) evidence.scope.notes.push_back(gap);
    note_stand_ins(*rehearsal, material, configuration, evidence.scope);
    // Two compose files may name a service alike.
    std::string key = rehearsal->endpoint_key();
    if (context.rehearsals.contains(key)) key = "rehearsal:" + configuration.source;
    evidence.endpoints.push_back(endpoint_of(*rehearsal, key, configuration));
    // It has to run until the surveys have asked it.
    context.rehearsals.emplace(
        key, std::make_shared<rehearse::Rehearsal>(std::move(*rehearsal)));
  }
}

}  // namespace rta

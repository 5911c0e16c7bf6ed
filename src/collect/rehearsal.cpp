// Starts a private redis-server from each configuration of the project, so
// that the surveys can ask it what the running one would answer.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "rehearse/sandbox.h"

namespace rta {
namespace {

constexpr std::size_t kRehearsals = 8;

std::string text_of(const CollectContext& context, const Evidence& evidence,
                    const std::string& source, FileUse use) {
  for (const NamedFile& named : evidence.named_files) {
    if (named.reference.by != source || named.reference.use != use || !named.file.has_value())
      continue;
    const Observation<OpenedFile> file = context.files->read(named.path, limits::kKeyFile);
    if (file.has_value()) return std::string{as_text(file->bytes)};
  }
  return {};
}

rehearse::Material material_of(const CollectContext& context, const Evidence& evidence,
                               const std::string& source) {
  rehearse::Material material;
  material.certificate = text_of(context, evidence, source, FileUse::server_certificate);
  std::string key = text_of(context, evidence, source, FileUse::server_key);
  // Without its passphrase it is as good as absent.
  if (key.find("ENCRYPTED") == std::string::npos) material.key = Secret{std::move(key)};
  material.ca = text_of(context, evidence, source, FileUse::server_ca);
  material.dh = text_of(context, evidence, source, FileUse::dh_parameters);
  return material;
}

// The reader follows the rules of redis-server; OpenSSL's are only known here.
void note_refusal(RedisConfiguration& configuration, const Error& error, Scope& scope) {
  const bool about_tls = error.what.find("Failed to configure TLS") != std::string::npos ||
                         error.what.find("FATAL CONFIG FILE ERROR") != std::string::npos;
  if (about_tls) configuration.refused = error.what;
  scope.notes.push_back(
      {about_tls ? GapReason::malformed : GapReason::incomplete,
       fmt::format("{} could not be rehearsed: {}", configuration.source, error.what),
       error.remedy});
}

Endpoint endpoint_of(const rehearse::Rehearsal& rehearsal,
                     const RedisConfiguration& configuration) {
  Endpoint endpoint;
  endpoint.key = rehearsal.endpoint_key();
  endpoint.kind = EndpointKind::rehearsal;
  endpoint.host = endpoint.key;
  const std::string address = rehearsal.address();
  endpoint.host = address.substr(0, address.rfind(':'));
  endpoint.port = rehearsal.port();
  endpoint.address = address;
  endpoint.named_by = {configuration.source};
  endpoint.rehearsed_source = configuration.source;
  endpoint.stand_in_certificate = rehearsal.has_stand_in();
  return endpoint;
}

}  // namespace

void collect_rehearsal(CollectContext& context, Evidence& evidence) {
  if (!context.settings.rehearse || context.files == nullptr) return;
  std::size_t count = 0;
  for (RedisConfiguration& configuration : evidence.redis_configurations) {
    const bool is_sentinel = std::ranges::any_of(
        configuration.directives, [](const Directive& line) { return line.name == "sentinel"; });
    if (configuration.refused || configuration.value("tls-port") == nullptr || is_sentinel)
      continue;
    if (++count > kRehearsals) {
      evidence.scope.notes.push_back(
          {GapReason::too_large, "only the first 8 configurations were rehearsed", ""});
      return;
    }
    context.progress("rehearsing " + configuration.source);
    auto rehearsal = rehearse::Rehearsal::start(
        configuration, material_of(context, evidence, configuration.source));
    if (!rehearsal) {
      note_refusal(configuration, rehearsal.error(), evidence.scope);
      continue;
    }
    for (const Gap& gap : rehearsal->not_applied()) evidence.scope.notes.push_back(gap);
    evidence.endpoints.push_back(endpoint_of(*rehearsal, configuration));
    // It has to run until the surveys have asked it.
    context.keep_until_end.push_back(std::make_shared<rehearse::Rehearsal>(std::move(*rehearsal)));
  }
}

}  // namespace rta

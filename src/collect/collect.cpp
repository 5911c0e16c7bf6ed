// The order of collection, and what surrounds it: the clock, the vault, the
// project's root.
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <exception>

#include "base/text.h"
#include "collect/checkout.h"
#include "collect/collector.h"
#include "collect/collectors.h"

namespace rta {
namespace {

Timestamp wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// A collector that throws has a defect; the scan goes on and says so.
void run(const Collector& collector, CollectContext& context, Evidence& evidence) {
  try {
    collector.collect(context, evidence);
    evidence.scope.collectors.emplace_back(collector.name);
  } catch (const std::exception& error) {
    evidence.scope.notes.push_back(
        {GapReason::internal_error,
         fmt::format("collecting {} ended early: {}", collector.name, printable(error.what())),
         "please report this"});
  }
}

bool is_wanted(const Collector& collector, const CollectContext& context) {
  if ((collector.provides.bits & context.needs.bits) == 0) return false;
  return !(collector.uses_network && context.settings.offline);
}

// A configuration inside the project: reported, and obeyed only as far as the
// tree may be trusted.
void note_configuration(const ScanSettings& settings, const ProjectFiles& files, Scope& scope) {
  for (const std::string& key : settings.not_obeyed)
    scope.notes.push_back(
        {GapReason::outside_scope,
         key + " is not obeyed: the file lies inside the project that is judged",
         "keep it outside, or give the flag"});
  constexpr const char* kName = ".redis-tls-audit.toml";
  if (settings.config_file.empty() && files.exists(kName))
    scope.notes.push_back({GapReason::outside_scope,
                           fmt::format("{} was found in the project and is not obeyed", kName),
                           "name it with --config if it is yours"});
}

}  // namespace

std::string SecretVault::put(std::string_view value) {
  const Secret candidate{std::string{value}};
  for (std::size_t i = 0; i < secrets_.size(); ++i)
    if (secrets_[i].same_as(candidate)) return fmt::format("secret#{}", i + 1);
  secrets_.push_back(candidate.clone());
  return fmt::format("secret#{}", secrets_.size());
}

const Secret* SecretVault::find(const std::string& ordinal) const {
  for (std::size_t i = 0; i < secrets_.size(); ++i)
    if (ordinal == fmt::format("secret#{}", i + 1)) return &secrets_[i];
  return nullptr;
}

SecretFacts describe_secret(std::string_view value, SecretVault& vault) {
  if (value == kLeftOutSecret)
    return {.ordinal = vault.put(value), .left_out = true, .length = value.size()};
  return {.ordinal = vault.put(value),
          .placeholder = looks_like_placeholder_secret(value),
          .length = value.size(),
          .estimated_bits = estimated_entropy_bits(value)};
}

std::span<const Collector> all_collectors() {
  using enum Need;
  // Sessions, keys and the rest need the files' names, so files come first.
  static const std::vector<Collector> table{
      {"compose", {project_files}, false, collect_compose},
      {"kubernetes", {project_files}, false, collect_kubernetes},
      {"redis_configurations", {project_files}, false, collect_redis_configurations},
      {"consumers", {project_files, consumer_sessions}, false, collect_consumers},
      {"source_code", {source_code}, false, collect_source_code},
      {"artefacts", {artefacts}, false, collect_artefacts},
      {"build_contexts", {artefacts}, false, collect_build_contexts},
      // After everything that names files: compose, redis.conf, consumers.
      {"certificates", {project_files, served_chain}, false, collect_certificates},
      {"key_files", {project_files}, false, collect_key_files},
      {"repository", {repository}, false, collect_repository},
      // After everything that looks at files, before what stands in for them.
      {"checkout", {project_files, served_chain}, false, collect_checkout},
      {"rehearsal", {port, tls_survey, served_chain, redis_server}, false, collect_rehearsal},
      // These dial only where an endpoint has an address: nothing outside under --offline.
      {"endpoints",
       {port, served_chain, tls_survey, redis_server, consumer_sessions, topology},
       false,
       collect_endpoints},
      {"service_account", {project_files}, false, collect_service_account},
      {"tls_survey", {tls_survey}, false, collect_tls_surveys},
      // After the survey, which tells the versions.
      {"tls_sessions", {tls_survey, served_chain}, false, collect_tls_sessions},
      {"redis_server", {redis_server, topology}, false, collect_redis_servers},
      {"rehearsed_servers", {redis_server, tls_survey}, false, collect_rehearsed_servers},
      {"reported_ports", {port}, false, collect_reported_ports},
      {"consumer_sessions", {consumer_sessions}, false, collect_consumer_sessions},
      // After the servers, which name their files and logs.
      {"server_files", {project_files, served_chain}, false, collect_server_files},
      {"server_logs", {server_log}, false, collect_server_logs},
      {"history", {history}, false, collect_history},
      // Last: needs every chain that was served.
      {"trust", {project_files, served_chain}, false, collect_trust},
  };
  return table;
}

Evidence collect(const ScanSettings& settings, Needs needs,
                 const std::function<void(const std::string&)>& progress) {
  Evidence evidence;
  const Timestamp started = wall_clock();
  evidence.as_of = settings.now.value_or(started);
  evidence.tool_version = RTA_VERSION;
  evidence.openssl_version = OpenSSL_version(OPENSSL_VERSION_STRING);
  evidence.scope.project = settings.project;
  evidence.history = Gap{GapReason::not_requested, "no record of earlier scans was given",
                         "keep reports in a directory of yours and name it with --history"};
  evidence.scope.offline = settings.offline;
  evidence.scope.ci = settings.ci || settings.offline;
  for (const TargetSettings& target : settings.targets)
    evidence.scope.targets.push_back(target.given);

  SecretVault vault;
  std::optional<ProjectFiles> files;
  if (settings.project) {
    auto opened = ProjectFiles::open(*settings.project, settings.allow_paths);
    if (opened)
      files.emplace(std::move(*opened));
    else
      evidence.scope.notes.push_back({GapReason::denied, opened.error().text(), ""});
  }
  if (files) note_configuration(settings, *files, evidence.scope);
  CollectContext context{.settings = settings,
                         .files = files ? &*files : nullptr,
                         .secrets = vault,
                         .needs = needs,
                         .progress = progress,
                         .started = started};
  for (const Collector& collector : all_collectors())
    if (is_wanted(collector, context)) run(collector, context, evidence);
  return evidence;
}

}  // namespace rta

// The compose project of the tree, and the configuration of each of its Redis
// services. Values of secrets stay in the vault.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <ranges>
#include <set>

#include "base/text.h"
#include "collect/checkout.h"
#include "collect/collectors.h"
#include "collect/exporters.h"
#include "collect/service_facts.h"
#include "files/compose/compose.h"
#include "files/compose/compose_images.h"

namespace rta {
namespace {

ComposeFiles project_texts(const ProjectFiles& files) {
  return {.read = [&files](const std::string& path) -> ComposeFiles::Text {
    const Observation<OpenedFile> file = files.read(path, limits::kTextFile);
    if (const Gap* gap = file.gap()) {
      if (gap->reason == GapReason::not_found) return {};
      return {.exists = true, .gap = *gap};
    }
    return {.text = std::string{as_text(file->bytes)}, .exists = true};
  }};
}

// The folder of the project: the root, else the first below it with a file. One
// deployment is audited: the projects of other folders are named, not read.
std::optional<std::string> project_folder(const ProjectFiles& files, Scope& scope) {
  std::optional<std::string> best;
  std::set<std::string> folders;
  for (const TreeEntry& entry : files.listing().entries) {
    const std::size_t slash = entry.path.rfind('/');
    const std::string name = entry.path.substr(slash == std::string::npos ? 0 : slash + 1);
    if (name != "compose.yaml" && name != "compose.yml" && name != "docker-compose.yaml" &&
        name != "docker-compose.yml")
      continue;
    std::string folder = slash == std::string::npos ? "" : entry.path.substr(0, slash);
    folders.insert(folder);
    const auto depth = [](const std::string& path) {
      return path.empty() ? -1 : std::ranges::count(path, '/');
    };
    if (!best || depth(folder) < depth(*best)) best = std::move(folder);
  }
  if (best) folders.erase(*best);
  constexpr std::size_t kNamed = 3;
  if (!folders.empty())
    scope.notes.push_back(
        {GapReason::not_requested,
         fmt::format(
             "the compose project of {} was read; {} of other folders {} not: {}",
             best->empty() ? "." : printable(*best, 200),
             counted(folders.size(), "project", "projects"), folders.size() == 1 ? "was" : "were",
             printable(fmt::format("{}", fmt::join(folders | std::views::take(kNamed), ", ")),
                       400)),
         "scan each folder that is deployed by itself"});
  return best;
}

bool starts_alike(const ComposeServiceReading& a, const ComposeServiceReading& b) {
  const auto ports = [](const ComposeServiceReading& service) {
    std::vector<std::string> all;
    all.reserve(service.ports.size());
    for (const ComposePort& port : service.ports)
      all.push_back(fmt::format("{}:{}:{}", port.host_ip, port.published, port.target));
    return all;
  };
  return a.image == b.image && a.command == b.command && a.entrypoint == b.entrypoint &&
         a.network_mode == b.network_mode && ports(a) == ports(b);
}

// In a pull request env files may be kept out of the checkout.
ComposeInput input_for(const CollectContext& context, const Evidence& evidence,
                       const std::string& folder, Checkout& checkout) {
  ComposeInput input{.directory = folder};
  if (!evidence.scope.ci) return input;
  const ProjectFiles& files = *context.files;
  input.left_out = [&checkout, &files](const std::string& path) {
    return checkout.rule_for(files.relative(path)).has_value();
  };
  input.elsewhere = [](const std::string& name) -> std::optional<std::string> {
    if (!is_secret_name(name)) return std::nullopt;
    return std::string{kLeftOutSecret};
  };
  return input;
}

void note_left_out(const ComposeReading& reading, Scope& scope) {
  if (!reading.left_out.empty())
    scope.notes.push_back(
        {GapReason::left_out,
         fmt::format(
             "{} is kept out of the checkout: what it gives {} was not seen",
             printable(reading.left_out, 200),
             printable(fmt::format("{}", fmt::join(reading.variables_elsewhere, ", ")), 300)),
         ""});
  for (const ComposeServiceReading& service : reading.services)
    for (const std::string& path : service.left_out)
      scope.notes.push_back(
          {GapReason::left_out,
           fmt::format("{} is kept out of the checkout: what it gives service {} was not seen",
                       printable(path, 200), printable(service.name, 80)),
           ""});
}

// Production often runs `-f docker-compose.yml` alone: the Redis services that
// an override file changes are judged without it too.
void add_without_override(CollectContext& context, Evidence& evidence, const std::string& folder,
                          const ComposeReading& whole, ComposeProject& project) {
  if (whole.files.size() < 2 || whole.files[1].find(".override.y") == std::string::npos) return;
  Checkout checkout{*context.files};
  ComposeInput input = input_for(context, evidence, folder, checkout);
  input.with_override = false;
  auto alone = read_compose(input, project_texts(*context.files));
  if (!alone || alone->refused) return;  // the override is a part of it
  for (ComposeServiceReading& read : alone->services) {
    const auto same = std::ranges::find(whole.services, read.name, &ComposeServiceReading::name);
    if (same != whole.services.end() && starts_alike(*same, read)) continue;
    read.name += " without " + whole.files[1].substr(whole.files[1].rfind('/') + 1);
    ComposeService service = describe_service(context, read);
    if (!service.is_redis) continue;
    add_service_configuration(context, evidence, read, service, whole.files.front(), service.name);
    project.services.push_back(std::move(service));
  }
}

}  // namespace

void collect_compose(CollectContext& context, Evidence& evidence) {
  const Gap none{GapReason::not_found, "the project holds no compose file", ""};
  evidence.compose = Observation<ComposeProject>{none};
  if (context.files == nullptr) return;
  const auto folder = project_folder(*context.files, evidence.scope);
  if (!folder) return;
  Checkout checkout{*context.files};
  const ComposeInput input = input_for(context, evidence, *folder, checkout);
  auto reading = read_compose(input, project_texts(*context.files));
  if (!reading) return;
  note_left_out(*reading, evidence.scope);
  ComposeProject project;
  project.files = reading->files;
  project.refused = reading->refused;
  project.refused_at = reading->refused_at;
  project.gaps = reading->gaps;
  const std::string file = project.files.empty() ? "docker-compose.yml" : project.files.front();
  for (ComposeServiceReading& read : reading->services) {
    ComposeService service = describe_service(context, read);
    if (!reading->left_out.empty()) service.left_out.push_back(reading->left_out);
    if (service.is_redis) add_service_configuration(context, evidence, read, service, file, service.name);
    project.services.push_back(std::move(service));
  }
  add_exporters(reading->services, project, evidence);
  if (!reading->refused) add_without_override(context, evidence, *folder, *reading, project);
  evidence.compose = Observation<ComposeProject>{
      std::move(project),
      {"compose", "", {file, 0, 0}, "read as docker compose v2 does", Grade::declared}};
}

}  // namespace rta

// In a pull request: tells files that a checkout rightly does not hold from
// files that are missing.
#include "collect/checkout.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <map>
#include <type_traits>

#include "base/text.h"
#include "collect/collectors.h"

namespace rta {
namespace {

constexpr const char* kRemedy = "scan the running server with --target";

std::optional<std::string> rules_of_tree(const ProjectFiles& files, const std::string& path) {
  const Observation<OpenedFile> opened = files.read(path, limits::kTextFile);
  // git takes a link for no rules.
  if (!opened.has_value() || !opened->facts.links.empty()) return std::nullopt;
  return std::string{as_text(opened->bytes)};
}

template <class T>
void explain_gap(Checkout& checkout, const std::string& path, Observation<T>& seen) {
  if (const Gap* gap = seen.gap())
    if (std::optional<Gap> told = checkout.explain(path, *gap))
      seen = Observation<T>{std::move(*told), seen.provenance()};
}

void explain_named(Checkout& checkout, NamedFile& named) {
  if (!named.placeholder) explain_gap(checkout, named.path, named.file);
}

bool is_below(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

// A source that the checkout does not hold: kept out itself, or as far as
// anybody names a file in it.
std::optional<std::string> why_left_out(Checkout& checkout, const ProjectFiles& files,
                                        const Evidence& evidence, const Mount& mount) {
  if (mount.source.empty() || mount.type == "volume" || mount.type == "tmpfs") return std::nullopt;
  const std::string source = files.relative(mount.source);
  const Observation<FileFacts> facts = files.inspect(source);
  if (facts.has_value() || mount.is_directory || files.is_directory(source)) return std::nullopt;
  if (source.starts_with('~'))
    return fmt::format("{} is a file of the host, which a checkout does not hold",
                       printable(source, 200));
  if (const std::optional<Gap> told = checkout.explain(source, *facts.gap())) return told->detail;
  if (facts.gap()->reason != GapReason::not_found) return std::nullopt;
  if (const auto rule = checkout.rule_for(source, true))
    return fmt::format("{} is kept out of the checkout ({})", printable(source, 200), *rule);
  for (const NamedFile& named : evidence.named_files)
    if (const Gap* gap = named.file.gap();
        gap != nullptr && gap->reason == GapReason::left_out && is_below(named.path, source))
      return gap->detail;
  return std::nullopt;
}

}  // namespace

Checkout::Checkout(const ProjectFiles& files)
    : files_(files),
      rules_([&files](const std::string& path) { return rules_of_tree(files, path); }) {}

std::optional<std::string> Checkout::rule_for(const std::string& path, bool is_folder) {
  if (path.empty() || path.starts_with('/') || path.starts_with("..")) return std::nullopt;
  const files::IgnoreAnswer answer = rules_.ask(path, is_folder);
  if (!answer.ignored || answer.file == nullptr || answer.pattern == nullptr) return std::nullopt;
  return fmt::format("{}:{}: {}", printable(answer.file->path, 200), answer.pattern->line,
                     printable(answer.pattern->text, 200));
}

std::optional<Gap> Checkout::explain(const std::string& path, const Gap& gap) {
  const std::string shown = printable(path, 200);
  if (gap.reason == GapReason::outside_scope && path.starts_with('/'))
    return Gap{GapReason::left_out,
               fmt::format("{} is a file of the host, which a checkout does not hold", shown),
               kRemedy};
  if (gap.reason != GapReason::not_found) return std::nullopt;
  const std::optional<std::string> rule = rule_for(path);
  if (!rule) return std::nullopt;
  return Gap{GapReason::left_out,
             fmt::format("{} is kept out of the checkout ({}), so it was not seen", shown, *rule),
             kRemedy};
}

void collect_checkout(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr || !evidence.scope.ci) return;
  Checkout checkout{*context.files};
  // A path inside a container is no file of the host, though it looks like one:
  // it is not there, or it is kept elsewhere.
  std::map<std::string, Gap> in_containers;
  for (NamedFile& named : evidence.named_files) {
    const Gap* gap = named.file.gap();
    if (named.path.starts_with('/') && gap != nullptr &&
        (gap->reason == GapReason::not_found || gap->reason == GapReason::left_out))
      in_containers.emplace(named.path, *gap);
    explain_named(checkout, named);
  }
  const auto explain = [&](auto& file) {
    const std::string& path = file.provenance().location.path;
    const auto known = in_containers.find(path);
    if (known == in_containers.end())
      explain_gap(checkout, path, file);
    else if (file.gap() != nullptr && known->second.reason == GapReason::left_out)
      file = std::remove_cvref_t<decltype(file)>{known->second, file.provenance()};
  };
  for (Consumer& consumer : evidence.consumers)
    for (std::optional<NamedFile>* named :
         {&consumer.ca, &consumer.certificate, &consumer.key_file})
      if (*named) explain_named(checkout, **named);
  for (Observation<CertificateFile>& file : evidence.certificate_files) explain(file);
  for (Observation<KeyFile>& file : evidence.key_files) explain(file);
  ComposeProject* compose = evidence.compose.value();
  if (compose == nullptr) return;
  for (ComposeService& service : compose->services)
    for (Mount& mount : service.mounts)
      mount.left_out = why_left_out(checkout, *context.files, evidence, mount);
}

}  // namespace rta

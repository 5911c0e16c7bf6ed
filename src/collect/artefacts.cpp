// Finds what schedules, watches, ships and documents in the project's tree.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "collect/collectors.h"
#include "files/artefacts/artefacts.h"
#include "files/keys/key_script_lint.h"

namespace rta {
namespace {

using files::TargetWords;

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

void add_word(std::set<std::string>& words, const std::string& word) {
  static const std::set<std::string> kCommon{"", "localhost", "127.0.0.1", "::1"};
  if (!kCommon.contains(word)) words.insert(word);
}

// Host names of the endpoints and consumers, and the certificate's paths.
TargetWords target_words(const CollectContext& context, const Evidence& evidence) {
  std::set<std::string> words;
  for (const TargetSettings& target : context.settings.targets)
    add_word(words, target.address.host);
  for (const Consumer& consumer : evidence.consumers) add_word(words, consumer.host);
  // The name of a compose service alone is also a common word.
  for (const RedisConfiguration& configuration : evidence.redis_configurations)
    for (const char* port : {"tls-port", "port"})
      if (const std::string* value = configuration.value(port);
          value != nullptr && *value != "0" && !configuration.service.empty())
        add_word(words, configuration.service + ":" + *value);
  for (const NamedFile& named : evidence.named_files) {
    if (named.reference.use != FileUse::server_certificate) continue;
    add_word(words, named.declared);
    add_word(words, file_name(named.declared));
  }
  return {{words.begin(), words.end()}};
}

bool is_yaml(std::string_view path) { return path.ends_with(".yml") || path.ends_with(".yaml"); }

// CloudFormation in JSON: by the names that such files have.
bool is_template(const std::string& path) {
  const std::string lower = lower_ascii(path);
  if (lower.ends_with(".template")) return true;
  if (!lower.ends_with(".json")) return false;
  for (const char* word : {"template", "cloudformation", "cfn", "stack"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

bool is_cron(const std::string& path) {
  const std::string lower = lower_ascii("/" + path);
  return lower.find("/cron.") != std::string::npos || lower.find("/crontab") != std::string::npos ||
         lower.ends_with(".cron") || lower.find("/cron/") != std::string::npos;
}

bool is_script_or_document(std::string_view path) {
  for (const std::string_view ending : {".sh", ".bash", ".md", ".rst", ".adoc", ".txt", ".tf"})
    if (path.ends_with(ending)) return true;
  return path.ends_with("Makefile");
}

bool is_interesting(const std::string& path) {
  const std::string lower = lower_ascii(path);
  const bool pipeline =
      lower.find("logrotate") != std::string::npos || lower.find("fluent") != std::string::npos ||
      lower.find("vector") != std::string::npos || lower.find("promtail") != std::string::npos ||
      lower.find("rsyslog") != std::string::npos || lower.find("filebeat") != std::string::npos;
  return path.ends_with(".timer") || path.ends_with(".service") || is_yaml(path) || is_cron(path) ||
         is_script_or_document(path) || is_template(path) || pipeline;
}

void append(std::vector<Artefact>& all, std::vector<Artefact> more) {
  std::ranges::move(more, std::back_inserter(all));
}

// Private keys that a script, or a document's commands, make and leave open.
std::vector<Artefact> unprotected_keys(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  const bool is_markdown = path.ends_with(".md");
  for (const files::KeyScriptProblem& problem : files::lint_key_script(content, is_markdown)) {
    Artefact& artefact = found.emplace_back();
    artefact.kind = is_markdown ? ArtefactKind::document : ArtefactKind::script;
    artefact.purpose = Purpose::unsafe_key_handling;
    artefact.location = {path, problem.line, 1};
    artefact.summary = problem.text;
    artefact.command = problem.command;
  }
  return found;
}

std::vector<Artefact> read_one(const std::string& path, std::string_view content,
                               const std::map<std::string, std::string>& services,
                               const TargetWords& targets) {
  std::vector<Artefact> found;
  if (path.ends_with(".timer"))
    append(found, files::read_systemd_timer(content, path, services, targets));
  if (path.ends_with(".service"))
    append(found, files::read_systemd_service(content, path, targets));
  if (is_cron(path)) append(found, files::read_crontab(content, path, targets));
  if (is_yaml(path) && content.find("redis") != std::string_view::npos) {
    if (path.find(".github/workflows/") != std::string::npos)
      append(found, files::read_ci_workflow(content, path, targets));
    append(found, files::read_prometheus_rules(content, path, targets));
    append(found, files::read_kubernetes(content, path, targets));
  }
  if (is_yaml(path) || is_template(path)) append(found, files::read_cloudformation(content, path));
  append(found, files::read_log_pipeline(content, path, targets));
  if (is_script_or_document(path)) {
    append(found, files::read_managed_service(content, path));
    append(found, files::read_runbook(content, path));
    append(found, unprotected_keys(content, path));
  }
  return found;
}

// Empty when it cannot be read; the scope's notes say why.
std::string read_text(const CollectContext& context, Evidence& evidence, const std::string& path) {
  const auto file = context.files->read(path, limits::kTextFile);
  if (file.has_value()) return std::string{as_text(file->bytes)};
  evidence.scope.notes.push_back(*file.gap());
  return {};
}

}  // namespace

void collect_artefacts(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("reading schedules, monitors and runbooks");
  TargetWords targets = target_words(context, evidence);
  // Timers need the services they start, wherever those stand.
  std::map<std::string, std::string> services;
  std::vector<std::string> jobs;  // rules name the job, and the job its targets
  for (const TreeEntry& entry : context.files->listing().entries) {
    if (!entry.is_regular) continue;
    if (entry.path.ends_with(".service"))
      services.emplace(file_name(entry.path), read_text(context, evidence, entry.path));
    else if (is_yaml(entry.path) && lower_ascii(entry.path).contains("prometheus"))
      std::ranges::move(files::read_scrape_jobs(read_text(context, evidence, entry.path), targets),
                        std::back_inserter(jobs));
  }
  for (std::string& job : jobs) targets.words.push_back(std::move(job));
  for (Artefact& artefact : evidence.artefacts)
    if (artefact.kind == ArtefactKind::exporter)
      artefact.covers_target = artefact.covers_target || targets.named_in(artefact.command);
  for (const TreeEntry& entry : context.files->listing().entries)
    if (entry.is_regular && is_interesting(entry.path))
      append(evidence.artefacts,
             read_one(entry.path, read_text(context, evidence, entry.path), services, targets));
  evidence.artefacts_collected = true;
}

}  // namespace rta

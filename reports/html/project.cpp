// The project's side: applications, private keys, version control.
#include "base/text.h"
#include "reports/common/words.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

std::string_view level_words(VerificationLevel level) {
  switch (level) {
    case VerificationLevel::unknown:
      return "not determined";
    case VerificationLevel::plaintext:
      return "no TLS";
    case VerificationLevel::tls_unverified:
      return "TLS, but anybody may answer";
    case VerificationLevel::tls_chain_only:
      return "chain only, not the name";
    case VerificationLevel::tls_verified:
      return "chain and name";
  }
  return "?";
}

std::string session_text(const Observation<ConsumerSession>& seen) {
  if (const Gap* gap = seen.gap()) return "not made: " + gap->detail;
  if (seen->reached == SessionStage::done)
    return fmt::format("complete, {}", name_of(seen->version));
  return fmt::format("{} at stage {}: {}", seen->inconclusive ? "inconclusive" : "ended",
                     name_of(seen->reached), seen->failure);
}

void fill_consumer(Dictionary& table, const Consumer& consumer) {
  Dictionary& row = add(table, "CONSUMER");
  std::string name = consumer.name;
  if (consumer.role == ConsumerRole::backend || consumer.role == ConsumerRole::worker)
    if (name != name_of(consumer.role)) name += fmt::format(" ({})", name_of(consumer.role));
  put(row, "NAME", name);
  put(row, "SOURCE", consumer.template_file ? consumer.source + ", a template" : consumer.source);
  put(row, "TARGET",
      fmt::format("{}:{}{}", consumer.host, consumer.port,
                  consumer.host_defaulted && consumer.port_defaulted ? " by default" : ""));
  put(row, "LEVEL", level_words(consumer.level));
  put(row, "REASON", consumer.level_reason);
  put(row, "SESSION", session_text(consumer.session));
  std::string reader = consumer.dialect.empty() ? "" : consumer.dialect + " rules";
  if (!consumer.library.empty()) reader += (reader.empty() ? "" : ", ") + consumer.library;
  put(row, "READER", reader);
}

void fill_key(Dictionary& table, const Observation<KeyFile>& seen) {
  Dictionary& row = add(table, "KEY_FILE");
  if (const Gap* gap = seen.gap()) {
    put(row, "PATH", seen.provenance().location.path);
    put(row, "KIND", "not read: " + gap->detail);
    return;
  }
  const KeyFile& key = *seen;
  put(row, "PATH", key.file.path);
  std::string kind = key.bits > 0 ? fmt::format("{} {}", key.kind, key.bits) : key.kind;
  if (key.encrypted) kind += ", encrypted";
  put(row, "KIND", kind);
  put(row, "MODE", mode_text(key.file.mode));
  put(row, "OWNER", key.file.owner.empty() ? fmt::format("uid {}", key.file.uid) : key.file.owner);
  std::vector<std::string> names;
  for (const FileReference& reference : key.references) {
    const std::string place = reference.named_at.text();
    names.push_back(place.empty() ? reference.by : place);
  }
  put(row, "NAMED_BY", names.empty() ? "nothing" : join(names, ", "));
}

std::string hits_text(const Repository& repository) {
  if (repository.hits.empty())
    return repository.history_complete ? "none in any reachable object"
                                       : "none seen, but the history is not complete";
  std::vector<std::string> parts;
  for (const MaterialHit& hit : repository.hits) {
    if (parts.size() == 8) {
      parts.push_back(fmt::format("and {} more", repository.hits.size() - 8));
      break;
    }
    parts.push_back(fmt::format("{} in {}", name_of(hit.material), hit.path));
  }
  return join(parts, "; ");
}

void fill_repository(Dictionary& page, const Observation<Repository>& seen) {
  constexpr const char* kFact = "REPOSITORY_FACT";
  if (const Gap* gap = seen.gap()) {
    add_fact(page, kFact, "Repository", "not read: " + gap->detail);
    return;
  }
  if (!seen->is_repository) {
    add_fact(page, kFact, "Repository", "the project is not under git");
    return;
  }
  add_fact(page, kFact, "Head", seen->head.empty() ? "no commit yet" : seen->head);
  add_fact(page, kFact, "Tracked", counted(seen->tracked_files, "file"));
  add_fact(page, kFact, "Searched",
           fmt::format("{}{}", counted(seen->objects_searched, "object"),
                       seen->history_complete ? ", the whole history" : ", not the whole history"));
  add_fact(page, kFact, "Key material", hits_text(*seen));
  std::vector<std::string> ignored;
  for (const TrackedButIgnored& file : seen->tracked_but_ignored) ignored.push_back(file.path);
  add_fact(page, kFact, "Tracked though ignored", join(ignored, ", "));
  for (const Gap& gap : seen->gaps) add_fact(page, kFact, "Not read", gap.detail);
}

}  // namespace

void fill_project(Dictionary& page, const Subjects& subjects) {
  const Evidence& evidence = *subjects.report.evidence;
  if (evidence.consumers.empty()) {
    page.ShowSection("NO_CONSUMERS");
  } else {
    Dictionary& table = add(page, "HAS_CONSUMERS");
    for (const Consumer& consumer : evidence.consumers) fill_consumer(table, consumer);
  }
  if (evidence.key_files.empty()) {
    page.ShowSection("NO_KEYS");
  } else {
    Dictionary& table = add(page, "HAS_KEYS");
    for (const Observation<KeyFile>& key : evidence.key_files) fill_key(table, key);
  }
  fill_repository(page, evidence.repository);
}

}  // namespace rta::reports

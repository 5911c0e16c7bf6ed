// Source code and configuration that switch verification off, as artefacts with file and line.
#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "collect/collectors.h"
#include "files/clients/kill_switch.h"
#include "files/clients/source_kind.h"
#include "files/clients/source_lines.h"
#include "files/clients/truth_readings.h"
#include "files/clients/verification_search.h"

namespace rta {
namespace {

constexpr std::size_t kMostFiles = 20'000;
constexpr std::size_t kMostCleanFiles = 50;   // named; the others are not needed
constexpr std::size_t kMostComparisons = 32;  // kept for a consumer
constexpr std::size_t kMostBytes = 256 * limits::kMiB;

void add_hits(const std::vector<files::VerificationHit>& hits, const std::string& path,
              ArtefactKind kind, Evidence& evidence) {
  for (const files::VerificationHit& hit : hits) {
    Artefact& artefact = evidence.artefacts.emplace_back();
    artefact.kind = kind;
    artefact.purpose = Purpose::verification_off;
    artefact.location = {printable(path), hit.line, hit.column};
    artefact.summary = hit.pattern;
    artefact.covers_target = hit.near_redis;
    artefact.conditional = hit.conditional;
    artefact.test_or_document = files::is_test_or_document(path);
  }
}

// Code about Redis in which nothing switches verification off: the search met
// what it was for, which its silence alone would not prove.
void add_clean_file(const std::string& path, Evidence& evidence) {
  Artefact& artefact = evidence.artefacts.emplace_back();
  artefact.kind = ArtefactKind::source_code;
  artefact.purpose = Purpose::verification_off;
  artefact.enabled = false;
  artefact.location = {printable(path), 0, 0};
  artefact.summary =
      "uses a Redis library and holds none of the known ways to switch verification off";
  artefact.covers_target = true;
}

// The consumers whose directory holds this file.
std::vector<Consumer*> owners_of(const std::string& path, Evidence& evidence) {
  std::vector<Consumer*> owners;
  for (Consumer& consumer : evidence.consumers) {
    const std::size_t slash = consumer.source.rfind('/');
    const std::string directory =
        slash == std::string::npos ? "" : consumer.source.substr(0, slash + 1);
    const bool beside = !directory.empty() && path.starts_with(directory);
    if (beside || path.starts_with(consumer.name + "/")) owners.push_back(&consumer);
  }
  return owners;
}

// Code of a consumer's own directory that asks for the name check. A client
// that does not encrypt, or takes any certificate, stays what it is.
void note_name_check(int line, const std::string& path, Evidence& evidence) {
  if (line == 0) return;
  for (Consumer* consumer : owners_of(path, evidence)) {
    if (consumer->level != VerificationLevel::unknown &&
        consumer->level != VerificationLevel::tls_chain_only)
      continue;
    consumer->level = VerificationLevel::tls_verified;
    consumer->level_reason =
        fmt::format("{}:{} sets ssl_check_hostname=True", printable(path), line);
  }
}

// How the consumer's own code reads its switches.
void note_comparisons(const Bytes& bytes, const std::string& path, Evidence& evidence) {
  const std::vector<Consumer*> owners = owners_of(path, evidence);
  if (owners.empty()) return;
  for (const files::TruthReading& reading : files::truth_readings(bytes, path)) {
    for (Consumer* consumer : owners) {
      const Setting* setting = consumer->setting(reading.variable);
      if (consumer->comparisons.size() >= kMostComparisons) continue;
      consumer->comparisons.push_back(
          {reading.variable,
           reading.comparison,
           reading.takes_as_true,
           setting == nullptr ? std::nullopt : files::truth_by(reading, setting->value),
           {printable(path), reading.line, reading.column}});
    }
  }
}

// What was not searched, and the first of each kind: said, not counted as clean.
struct LeftOut {
  std::size_t count = 0;
  std::string first;
  void add(const std::string& path) {
    if (count++ == 0) first = path;
  }
  void say(const char* why, Evidence& evidence) const {
    if (count == 0) return;
    evidence.scope.notes.push_back(
        {GapReason::too_large,
         fmt::format("{} of source code {} not searched, {}: {}{}", counted(count, "file"),
                     count == 1 ? "was" : "were", why, printable(first),
                     count == 1 ? "" : " and others"),
         "scan the sources that they were built from"});
  }
};

// Not code, but what starts or configures it: counted neither as searched nor
// as clean.
void search_settings(const CollectContext& context, const std::string& path, Evidence& evidence) {
  const Observation<OpenedFile> opened = context.files->read(path, limits::kTextFile);
  if (!opened.has_value()) return;
  std::vector<files::VerificationHit> hits;
  if (files::may_start_programs(path)) hits = files::find_kill_switches(opened->bytes, path);
  if (files::is_configuration_file(path))
    for (const files::VerificationHit& hit : files::search_verification(opened->bytes, path).hits)
      if (std::ranges::none_of(
              hits, [&](const files::VerificationHit& known) { return known.line == hit.line; }))
        hits.push_back(hit);
  add_hits(hits, path, ArtefactKind::script, evidence);
}

}  // namespace

void collect_source_code(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("searching source code");
  std::size_t count = 0;
  std::size_t bytes = 0;
  std::size_t clean = 0;
  LeftOut too_large;
  LeftOut minified;
  LeftOut unreadable;
  for (const TreeEntry& entry : context.files->listing().entries) {
    if (!entry.is_regular) continue;
    const bool is_setting =
        files::may_start_programs(entry.path) || files::is_configuration_file(entry.path);
    if (!is_setting && !files::is_source_file(entry.path)) continue;
    if (++count > kMostFiles || (bytes += entry.size_bytes) > kMostBytes) {
      evidence.scope.notes.push_back({GapReason::too_large,
                                      "source code was searched in part: more files than the limit",
                                      ""});
      return;
    }
    if (is_setting) {
      search_settings(context, entry.path, evidence);
      continue;
    }
    const Observation<OpenedFile> opened = context.files->read(entry.path, limits::kTextFile);
    if (const Gap* gap = opened.gap()) {
      (gap->reason == GapReason::too_large ? too_large : unreadable).add(entry.path);
      continue;
    }
    if (files::is_minified(opened->bytes, entry.path)) {
      minified.add(entry.path);
      continue;
    }
    // A script may hold a hit, but no application.
    if (!files::is_shell_script(entry.path)) ++evidence.source_files_searched;
    const files::VerificationSearch search = files::search_verification(opened->bytes, entry.path);
    if (search.left_out_long_lines) minified.add(entry.path);
    const bool productive = !files::is_test_or_document(entry.path);
    add_hits(search.hits, entry.path, ArtefactKind::source_code, evidence);
    if (search.uses_redis_library && productive && search.hits.empty() &&
        ++clean <= kMostCleanFiles)
      add_clean_file(entry.path, evidence);
    if (!productive) continue;
    note_name_check(search.line_that_checks_names, entry.path, evidence);
    note_comparisons(opened->bytes, entry.path, evidence);
  }
  too_large.say("because they are larger than 1 MiB", evidence);
  minified.say("or not wholly, because they are generated bundles", evidence);
  unreadable.say("because they could not be read", evidence);
}

}  // namespace rta

// Source code that switches verification off, as artefacts with file and line.
#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "files/verification_patterns.h"

namespace rta {
namespace {

constexpr std::size_t kMostFiles = 20'000;
constexpr std::size_t kMostBytes = 256 * limits::kMiB;

void add_hits(const OpenedFile& opened, const std::string& path, Evidence& evidence) {
  for (const files::VerificationHit& hit : files::verification_hits(opened.bytes, path)) {
    Artefact& artefact = evidence.artefacts.emplace_back();
    artefact.kind = ArtefactKind::source_code;
    artefact.purpose = Purpose::verification_off;
    artefact.location = {printable(path), hit.line, 0};
    artefact.summary = hit.pattern;
    artefact.covers_target = hit.near_redis;
    artefact.conditional = hit.conditional;
    artefact.test_or_document = files::is_test_or_document(path);
  }
}

// Code of a consumer's own directory that asks for the name check.
void note_name_check(const OpenedFile& opened, const std::string& path, Evidence& evidence) {
  const int line = files::line_that_checks_host_names(opened.bytes, path);
  if (line == 0 || files::is_test_or_document(path)) return;
  for (Consumer& consumer : evidence.consumers) {
    if (!path.starts_with(consumer.name + "/")) continue;
    consumer.level = VerificationLevel::tls_verified;
    consumer.level_reason =
        fmt::format("{}:{} sets ssl_check_hostname=True", printable(path), line);
  }
}

}  // namespace

void collect_source_code(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("searching source code");
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const TreeEntry& entry : context.files->listing().entries) {
    if (!entry.is_regular || !files::is_source_file(entry.path)) continue;
    if (++count > kMostFiles || (bytes += entry.size_bytes) > kMostBytes) {
      evidence.scope.notes.push_back({GapReason::too_large,
                                      "source code was searched in part: more files than the limit",
                                      ""});
      return;
    }
    const Observation<OpenedFile> opened = context.files->read(entry.path, limits::kTextFile);
    if (!opened.value()) continue;  // generated bundles beyond 1 MiB, unreadable files
    ++evidence.source_files_searched;
    add_hits(*opened, entry.path, evidence);
    note_name_check(*opened, entry.path, evidence);
  }
}

}  // namespace rta

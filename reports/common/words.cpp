#include "reports/common/words.h"

#include <redis_tls_audit/check.h>

#include <algorithm>

#include "base/text.h"

namespace rta::reports {

std::string_view status_word(Status status) {
  switch (status) {
    case Status::pass:
      return "pass";
    case Status::warn:
      return "warning";
    case Status::fail:
      return "FAIL";
    case Status::manual:
      return "needs a person";
    case Status::unknown:
      return "not determined";
    case Status::not_applicable:
      return "not applicable";
  }
  return "?";
}

std::string_view outcome_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "Compliant";
    case Outcome::fail:
      return "Not compliant";
    case Outcome::incomplete:
      return "Not determined";
    case Outcome::error:
      return "Could not be judged";
  }
  return "?";
}

std::string_view grade_words(Grade grade) {
  switch (grade) {
    case Grade::attested:
      return "attested by a person";
    case Grade::declared:
      return "declared in a file";
    case Grade::rehearsed:
      return "shown by a rehearsal";
    case Grade::effective:
      return "told by the running server";
    case Grade::observed:
      return "observed";
  }
  return "?";
}

std::string check_name(const Report& report, const Finding& finding) {
  const std::string_view code = finding.check->info.code.text;
  for (const CheckRun& run : report.checks)
    if (run.code == code) return run.name;
  const CheckEntry* entry = find_check(code);
  return std::string{entry != nullptr ? entry->name : code};
}

std::string item_label(int item) { return item == kItemS ? "S" : std::to_string(item); }

std::vector<int> items_of(const CheckInfo& info) {
  std::vector<int> items;
  for (int item = 1; item <= kItemCount; ++item)
    if (info.core.has(item) || info.supports.has(item)) items.push_back(item);
  return items;
}

std::string place_of(const Finding& finding) {
  if (!finding.source.location.path.empty()) return finding.source.location.text();
  return finding.source.endpoint;
}

std::string subject_words(const Subject& subject) {
  switch (subject.kind) {
    case SubjectKind::deployment:
      return "the deployment";
    case SubjectKind::repository:
      return "the repository";
    case SubjectKind::certificate:
      return "certificate " + subject.key.substr(0, 16);
    case SubjectKind::consumer: {
      const std::size_t at = subject.key.find('@');
      if (at == std::string::npos) return subject.key;
      return subject.key.substr(0, at) + " (" + subject.key.substr(at + 1) + ")";
    }
    case SubjectKind::user:
      return "user " + subject.key.substr(subject.key.find('#') + 1);
    case SubjectKind::service:
      return "service " + subject.key.substr(subject.key.find('#') + 1);
    case SubjectKind::endpoint:
    case SubjectKind::file:
    case SubjectKind::client:
    case SubjectKind::artefact:
      return subject.key;
  }
  return subject.key;
}

std::vector<std::string> audited(const Evidence& evidence) {
  std::vector<std::string> names;
  if (evidence.scope.project) names.push_back("project " + *evidence.scope.project);
  for (const Endpoint& endpoint : evidence.endpoints)
    names.push_back(endpoint.kind == EndpointKind::live ? "endpoint " + endpoint.key
                                                        : endpoint.key);
  return names;
}

std::string scan_before(const Evidence& evidence) {
  const std::vector<EarlierScan>* scans = evidence.history.value();
  if (scans == nullptr || scans->empty()) return {};
  const EarlierScan& last = scans->back();  // oldest first
  return fmt::format("{}{}, {}", to_rfc3339(last.when),
                     last.verdict.empty() ? "" : ": " + last.verdict,
                     relative_days(last.when, evidence.as_of));
}

std::string grade_suffix(const ChecklistRow& row) {
  if (row.verdict != Status::pass || row.grade >= Grade::effective) return {};
  return fmt::format(" ({})", name_of(row.grade));
}

std::string sentence(std::string_view message) {
  std::string text{trim(message)};
  if (text.empty()) return text;
  const std::string_view first = std::string_view{text}.substr(0, text.find(' '));
  const bool is_word = std::ranges::all_of(first, [](char c) { return c >= 'a' && c <= 'z'; });
  if (is_word) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  if (std::string_view{".!?"}.find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

std::string mode_text(std::uint32_t mode) { return fmt::format("{:04o}", mode); }

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  if (bytes < 1024 * 1024) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

}  // namespace rta::reports

// Looking checks up, and what a check writes into.
#include <redis_tls_audit/check.h>

namespace rta {

const CheckEntry* find_check(std::string_view code_or_name) {
  for (const CheckEntry& entry : all_checks())
    if (entry.name == code_or_name || entry.check->info.code.text == code_or_name) return &entry;
  return nullptr;
}

const CheckEntry& entry_of(const Check& check) {
  for (const CheckEntry& entry : all_checks())
    if (entry.check == &check) return entry;
  RTA_ASSERT(!"every check stands in the table");
}

Status worse(Status one, Status other) {
  const auto rank = [](Status status) {
    switch (status) {
      case Status::fail: return 5;
      case Status::unknown: return 4;
      case Status::manual: return 3;
      case Status::warn: return 2;
      case Status::pass: return 1;
      case Status::not_applicable: return 0;
    }
    return 0;
  };
  return rank(one) >= rank(other) ? one : other;
}

Findings::Findings(const Check& check) : check_(&check) {}

Findings::Entry Findings::add(Status status, Subject subject, std::string message) {
  Finding& finding = findings_.emplace_back();
  finding.check = check_;
  finding.status = status;
  finding.severity = check_->info.severity;
  finding.subject = std::move(subject);
  finding.message = std::move(message);
  if (status != Status::pass && status != Status::not_applicable)
    finding.remediation = check_->info.remediation;
  return Entry{finding};
}

Findings::Entry Findings::unknown(Subject subject, std::string message, GapReason reason) {
  Entry entry = add(Status::unknown, std::move(subject), std::move(message));
  findings_.back().reason = reason;
  findings_.back().remediation.clear();
  return entry;
}

Findings::Entry Findings::unknown(Subject subject, const Gap& gap) {
  Entry entry = unknown(std::move(subject), gap.detail, gap.reason);
  findings_.back().remediation = gap.remedy;
  return entry;
}

Findings::Entry Findings::info(Subject subject, std::string message) {
  return add(Status::warn, std::move(subject), std::move(message)).severity(Severity::info);
}

Findings::Entry judge(Findings& findings, Verdict verdict, Subject subject, std::string message) {
  switch (verdict) {
    case Verdict::pass: return findings.pass(std::move(subject), std::move(message));
    case Verdict::info: return findings.info(std::move(subject), std::move(message));
    case Verdict::warn: return findings.warn(std::move(subject), std::move(message));
    case Verdict::fail: break;
  }
  return findings.fail(std::move(subject), std::move(message));
}

}  // namespace rta

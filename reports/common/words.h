// The words that people read for what the model names by enumerators, shared
// by the terminal and the page. Pure; any thread.
#pragma once

#include <redis_tls_audit/report.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::reports {

// "pass", "warning", "FAIL", "needs a person", "not determined", "n/a".
std::string_view status_word(Status status);
// "Compliant", "Not compliant", "Not determined", "Could not be run".
std::string_view outcome_word(Outcome outcome);
// How an evidence grade reads: "seen on the wire or in the file", ...
std::string_view grade_words(Grade grade);

// The name of a finding's check ("ciphers/no_cbc"), as the run lists it.
std::string check_name(const Report& report, const Finding& finding);
// "1" to "12" and "S".
std::string item_label(int item);
// Items that a check decides or informs, in order.
std::vector<int> items_of(const CheckInfo& info);
// Where a finding comes from: "redis.conf:22:1", else the endpoint, else empty.
std::string place_of(const Finding& finding);
// "backend (backend/.env)", "certificate 9f0c6be5…": for people.
std::string subject_words(const Subject& subject);
// What was audited: the project and the live endpoints, in that order.
std::vector<std::string> audited(const Evidence& evidence);
// The report before this one in the store that was given, and its outcome:
// "2026-11-25 03:00:00: fail, 20 hours ago"; empty when there is none.
std::string scan_before(const Evidence& evidence);
// The grade of a pass that rests on less than observation: " (declared)".
std::string grade_suffix(const ChecklistRow& row);

// A message as the sentence that it is: capital letter and full stop, but for
// messages that start with a name ("redis.conf sets ...").
std::string sentence(std::string_view message);

// "0600"
std::string mode_text(std::uint32_t mode);
// "128.8 KiB"
std::string size_text(std::uint64_t bytes);

}  // namespace rta::reports

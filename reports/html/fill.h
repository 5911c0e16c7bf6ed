// Filling the page's template. Values go in as text: made printable here,
// and escaped by the template for the place where they stand. One thread.
#pragma once

#include <redis_tls_audit/report.h>

#include <ctemplate/template_dictionary.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::reports {

using Dictionary = ctemplate::TemplateDictionary;

// What all sections of the page need.
struct Subjects {
  const Report& report;
  std::vector<std::string> ids;  // of findings, by index: unique on the page
};

// Longer than any message of ours; a hostile field is cut here.
inline constexpr std::size_t kLongestText = 2000;

void put(Dictionary& dictionary, const char* name, std::string_view text);
void put(Dictionary& dictionary, const char* name, std::size_t number);
// Lines to copy: line ends stay, everything else is made printable.
void put_lines(Dictionary& dictionary, const char* name, std::string_view lines);
// One repetition of a section.
Dictionary& add(Dictionary& dictionary, const char* section);
// A section whose only value is {{TEXT}}; nothing for an empty text.
void add_text(Dictionary& dictionary, const char* section, std::string_view text);
// A section of {{NAME}} and {{TEXT}}; nothing for an empty text.
void add_fact(Dictionary& dictionary, const char* section, std::string_view name,
              std::string_view text);

// "Pass", "Needs a person": as chips and counts say it.
std::string_view chip_word(Status status);
// {{TONE}} and {{WORD}} of a chip.
void put_chip(Dictionary& dictionary, Status status);
// "2026-11-23 00:00:00"
std::string instant_text(Timestamp instant);
// Ids of the findings, unique on the page.
std::vector<std::string> finding_ids(const Report& report);
// "items 5, 6", "item S"
std::string items_phrase(const CheckInfo& info);

}  // namespace rta::reports

// The sections of the page, in their order. Each fills its part of the
// template and nothing else. Pure but for the dictionary; one thread.
#pragma once

#include "reports/html/fill.h"

namespace rta::reports {

void fill_masthead(Dictionary& page, const Subjects& subjects);
void fill_actions(Dictionary& page, const Subjects& subjects);
void fill_checklist(Dictionary& page, const Subjects& subjects);
void fill_findings(Dictionary& page, const Subjects& subjects);
void fill_certificates(Dictionary& page, const Subjects& subjects);
void fill_protocol(Dictionary& page, const Subjects& subjects);
void fill_project(Dictionary& page, const Subjects& subjects);
void fill_scope(Dictionary& page, const Subjects& subjects);
void fill_appendix(Dictionary& page, const Subjects& subjects);

// "FAIL", "PASS", "INCOMPLETE", "ERROR": what a title starts with.
std::string_view verdict_word(Outcome outcome);

}  // namespace rta::reports

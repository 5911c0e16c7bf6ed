// The HTML report: one file without script, readable from any disk for years.
// Its Content-Security-Policy allows nothing but its own style sheet, by hash,
// so text from a hostile server stays text even if an escape were missed.
#include <ctemplate/template.h>
#include <ctemplate/template_cache.h>

#include "base/digest.h"
#include "base/text.h"
#include "reports/html/page_source.h"
#include "reports/html/sections.h"
#include "reports/writer.h"

namespace rta {
namespace {

using reports::Dictionary;

// Of a report id, what may stand in a style sheet: the digits of a UUID.
std::string style_safe(std::string_view id) {
  std::string safe;
  for (const char c : id)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-') safe += c;
  return safe;
}

// The report id stands at the foot of each printed page.
std::string style_sheet(const Report& report) {
  constexpr std::string_view kMark = "@REPORT_ID@";
  std::string css{reports::page_style()};
  if (const std::size_t at = css.find(kMark); at != std::string::npos)
    css.replace(at, kMark.size(), style_safe(report.run_id));
  return css;
}

// What stands before the body: built here, because the policy's hash is over
// the exact bytes of the style sheet. Nothing from outside goes in raw; the
// title is a variable of the template.
std::string head(std::string_view css) {
  const std::string hash = to_base64(sha256(as_bytes(css)));
  return fmt::format(
      "{{{{%AUTOESCAPE context=\"HTML\"}}}}<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
      "charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>{{{{TITLE}}}}</title>\n<style>{}</style>\n</head>\n",
      hash, css);
}

void fill(Dictionary& page, const reports::Subjects& subjects) {
  const Report& report = subjects.report;
  reports::put(
      page, "TITLE",
      fmt::format("{}: Redis TLS audit of {}, {}", reports::verdict_word(report.gate.outcome),
                  report.evidence->scope.project.value_or("endpoints"), to_date(report.as_of)));
  reports::fill_masthead(page, subjects);
  reports::fill_actions(page, subjects);
  reports::fill_checklist(page, subjects);
  reports::fill_findings(page, subjects);
  reports::fill_certificates(page, subjects);
  reports::fill_protocol(page, subjects);
  reports::fill_project(page, subjects);
  reports::fill_scope(page, subjects);
  reports::fill_appendix(page, subjects);
}

}  // namespace

std::string write_html(const Report& report) {
  const std::string css = style_sheet(report);
  std::string source = head(css);
  source += reports::page_body();
  Dictionary page{"report"};
  fill(page, reports::Subjects{report, reports::finding_ids(report)});
  // A cache of our own: nothing is read from files, nothing is shared.
  ctemplate::TemplateCache cache;
  const ctemplate::TemplateString name{"report"};
  RTA_ASSERT(
      cache.StringToTemplateCache(name, source.data(), source.size(), ctemplate::DO_NOT_STRIP));
  std::string html;
  RTA_ASSERT(cache.ExpandWithData(name, ctemplate::DO_NOT_STRIP, &page, nullptr, &html));
  return html;
}

}  // namespace rta

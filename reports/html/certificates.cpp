// Certificates on a time line, and the same facts in a table.
#include <algorithm>

#include "base/text.h"
#include "reports/common/inventory.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

using std::chrono::days;
using std::chrono::floor;

constexpr days kYear{365};
constexpr std::size_t kPlaces = 6;

// The stretch of time that is drawn: all validities, but no more than a year
// back and two and a half ahead, so that a ten-year certificate does not
// squeeze the others into a corner.
struct Scale {
  Timestamp from;
  Timestamp to;

  [[nodiscard]] double position(Timestamp instant) const {
    const Timestamp inside = std::clamp(instant, from, to);
    return static_cast<double>((inside - from).count()) / static_cast<double>((to - from).count());
  }
};

Scale scale_of(const std::vector<CertificateEntry>& entries, Timestamp now) {
  Scale scale{now - days{60}, now + days{180}};
  for (const CertificateEntry& entry : entries) {
    if (!entry.not_before || !entry.not_after) continue;
    scale.from = std::min(scale.from, *entry.not_before);
    scale.to = std::max(scale.to, *entry.not_after);
  }
  scale.from = std::max(scale.from, now - kYear);
  scale.to = std::min(scale.to, now + kYear * 5 / 2);
  return scale;
}

std::string percent(double part) { return fmt::format("{:.2f}%", part * 100); }

std::string time_left(const CertificateEntry& entry, Timestamp now) {
  if (!entry.not_before || !entry.not_after) return "not readable";
  if (now < *entry.not_before)
    return fmt::format("not yet valid, from {}", to_date(*entry.not_before));
  const auto left = floor<days>(*entry.not_after - now).count();
  if (*entry.not_after >= now)
    return left > 730
               ? fmt::format("{} days ({:.1f} years)", left, static_cast<double>(left) / 365.25)
               : counted(static_cast<std::size_t>(left), "day");
  return fmt::format("expired {} ago", counted(static_cast<std::size_t>(-left), "day"));
}

std::string display_name(const CertificateEntry& entry) {
  if (!entry.common_name.empty()) return entry.common_name;
  if (!entry.subject.empty()) return entry.subject;
  return entry.sha256.substr(0, 16);
}

void add_span(Dictionary& bar, const Scale& scale, std::string_view kind, Timestamp from,
              Timestamp to) {
  const double start = scale.position(from);
  const double width = scale.position(to) - start;
  if (width <= 0) return;
  Dictionary& span = add(bar, "SPAN");
  put(span, "KIND", kind);
  put(span, "X", percent(start));
  put(span, "WIDTH", percent(std::max(width, 0.004)));
}

std::vector<std::pair<int, double>> year_marks(const Scale& scale) {
  using namespace std::chrono;
  std::vector<std::pair<int, double>> marks;
  const int first = static_cast<int>(year_month_day{floor<days>(scale.from)}.year());
  for (int y = first; y <= first + 6; ++y) {
    const Timestamp start{sys_days{year{y} / January / 1}};
    if (start > scale.from && start < scale.to) marks.emplace_back(y, scale.position(start));
  }
  return marks;
}

void fill_bar(Dictionary& figure, const CertificateEntry& entry, const Scale& scale,
              Timestamp now) {
  Dictionary& bar = add(figure, "BAR");
  put(bar, "NAME", display_name(entry));
  put(bar, "LEFT", time_left(entry, now));
  put(bar, "NOW", percent(scale.position(now)));
  for (const auto& [year, position] : year_marks(scale))
    put(add(bar, "TICK"), "X", percent(position));
  if (!entry.not_before || !entry.not_after) return;
  if (*entry.not_after < now) {
    bar.ShowSection("EXPIRED");
    add_span(bar, scale, "over", *entry.not_before,
             std::max(*entry.not_after, scale.from + days{3}));
    return;
  }
  add_span(bar, scale, "gone", *entry.not_before, now);
  add_span(bar, scale, "rest", std::max(now, *entry.not_before), *entry.not_after);
}

void fill_table_row(Dictionary& table, const CertificateEntry& entry, Timestamp now) {
  Dictionary& row = add(table, "CERTIFICATE");
  put(row, "ID", "certificate-" + entry.sha256.substr(0, 16));
  put(row, "NAME", entry.subject.empty() ? display_name(entry) : entry.subject);
  put(row, "KIND", !entry.problem.empty() ? std::string_view{} : entry.is_ca ? "CA" : "leaf");
  put(row, "ISSUER",
      !entry.problem.empty() ? entry.problem
      : entry.self_signed    ? "self-signed"
                             : "issued by " + entry.issuer);
  if (!entry.names.empty()) {
    const std::size_t shown = std::min<std::size_t>(entry.names.size(), 10);
    std::string names =
        join({entry.names.begin(), entry.names.begin() + static_cast<std::ptrdiff_t>(shown)}, ", ");
    if (entry.names.size() > shown)
      names += fmt::format(" and {} more", entry.names.size() - shown);
    add_text(row, "NAMES", "for " + names);
  }
  put(row, "FINGERPRINT", "SHA-256 " + entry.sha256.substr(0, 16) + "…");
  put(row, "KEY", entry.key.empty() ? "not readable" : entry.key + ", " + entry.signature);
  put(row, "FROM", entry.not_before ? to_date(*entry.not_before) : "not readable");
  put(row, "UNTIL", entry.not_after ? to_date(*entry.not_after) : "not readable");
  put(row, "LEFT", time_left(entry, now));
  std::size_t places = 0;
  for (const std::string& endpoint : entry.served_by)
    if (++places <= kPlaces) add_text(row, "PLACE", "served by " + endpoint);
  for (const std::string& file : entry.files)
    if (++places <= kPlaces) add_text(row, "PLACE", file);
  if (places > kPlaces) add_text(row, "PLACE", fmt::format("and {} more places", places - kPlaces));
}

}  // namespace

void fill_certificates(Dictionary& page, const Subjects& subjects) {
  const std::vector<CertificateEntry> entries = certificate_inventory(*subjects.report.evidence);
  if (entries.empty()) {
    page.ShowSection("NO_CERTIFICATES");
    return;
  }
  const Timestamp now = subjects.report.as_of;
  const Scale scale = scale_of(entries, now);
  Dictionary& section = add(page, "HAS_CERTIFICATES");
  for (const auto& [year, position] : year_marks(scale)) {
    Dictionary& mark = add(section, "YEAR");
    put(mark, "X", percent(position));
    put(mark, "YEAR", static_cast<std::size_t>(year));
    put(mark, "ANCHOR", position < 0.05 ? "start" : position > 0.95 ? "end" : "middle");
  }
  for (const CertificateEntry& entry : entries) {
    fill_bar(section, entry, scale, now);
    fill_table_row(section, entry, now);
  }
  put(section, "SCALE",
      fmt::format("From {} to {}; the dashed line is {}, the instant of judgement. Validity that "
                  "reaches beyond is cut at the edge. Dark: still to come; grey: used up.",
                  to_date(scale.from), to_date(scale.to), to_date(now)));
}

}  // namespace rta::reports

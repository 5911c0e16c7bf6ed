#include "reports/html/fill.h"

#include <map>

#include "base/text.h"
#include "reports/common/words.h"

namespace rta::reports {

void put(Dictionary& dictionary, const char* name, std::string_view text) {
  dictionary.SetValue(name, printable(text, kLongestText));
}

void put(Dictionary& dictionary, const char* name, std::size_t number) {
  dictionary.SetValue(name, std::to_string(number));
}

void put_lines(Dictionary& dictionary, const char* name, std::string_view lines) {
  std::string safe;
  for (const std::string_view line : split(lines, '\n')) {
    if (!safe.empty()) safe += '\n';
    safe += printable(line, kLongestText);
  }
  dictionary.SetValue(name, safe);
}

Dictionary& add(Dictionary& dictionary, const char* section) {
  return *dictionary.AddSectionDictionary(section);
}

void add_text(Dictionary& dictionary, const char* section, std::string_view text) {
  if (!text.empty()) put(add(dictionary, section), "TEXT", text);
}

void add_fact(Dictionary& dictionary, const char* section, std::string_view name,
              std::string_view text) {
  if (text.empty()) return;
  Dictionary& fact = add(dictionary, section);
  put(fact, "NAME", name);
  put(fact, "TEXT", text);
}

std::string_view chip_word(Status status) {
  switch (status) {
    case Status::pass:
      return "Pass";
    case Status::warn:
      return "Warning";
    case Status::fail:
      return "Fail";
    case Status::manual:
      return "Needs a person";
    case Status::unknown:
      return "Not determined";
    case Status::not_applicable:
      return "Not applicable";
  }
  return "?";
}

void put_chip(Dictionary& dictionary, Status status) {
  put(dictionary, "TONE", name_of(status));
  put(dictionary, "WORD", chip_word(status));
}

std::string instant_text(Timestamp instant) {
  std::string text = to_rfc3339(instant);
  if (const std::size_t t = text.find('T'); t != std::string::npos) text[t] = ' ';
  if (text.ends_with('Z')) text.pop_back();
  return text;
}

std::vector<std::string> finding_ids(const Report& report) {
  std::vector<std::string> ids;
  std::map<std::string, int> seen;
  for (const Finding& finding : report.findings) {
    std::string id = "f-" + finding.fingerprint.substr(0, 16);
    const int copies = seen[id]++;
    if (copies > 0) id += fmt::format("-{}", copies + 1);
    ids.push_back(std::move(id));
  }
  return ids;
}

std::string items_phrase(const CheckInfo& info) {
  std::vector<std::string> labels;
  for (const int item : items_of(info)) labels.push_back(item_label(item));
  if (labels.empty()) return "no item";
  return fmt::format("{} {}", labels.size() == 1 ? "item" : "items", join(labels, ", "));
}

}  // namespace rta::reports

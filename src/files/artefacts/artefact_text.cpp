#include "files/artefacts/artefact_text.h"

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kLongestCommand = 16'384;

bool is_test_path(std::string_view path) {
  const std::string slashed = "/" + std::string{path};
  return has(slashed, "/test/") || has(slashed, "/tests/") || has(slashed, "/spec/") ||
         has(slashed, "/docs/") || is_document(path);
}

}  // namespace

bool is_document(std::string_view path) {
  return path.ends_with(".md") || path.ends_with(".rst") || path.ends_with(".adoc") ||
         path.ends_with(".txt");
}

std::vector<TextLine> logical_lines(std::string_view content) {
  std::vector<TextLine> lines;
  std::string pending;
  int number = 0, first = 1;
  for (const std::string_view raw : split(content, '\n')) {
    ++number;
    if (pending.empty()) first = number;
    const std::string_view line = trim(raw);
    if (line.ends_with('\\') && pending.size() < kLongestCommand) {
      pending += std::string{trim(line.substr(0, line.size() - 1))} + " ";
      continue;
    }
    lines.push_back({pending + std::string{line}, first});
    pending.clear();
  }
  if (!pending.empty()) lines.push_back({pending, first});
  return lines;
}

Artefact artefact_at(const std::string& path, int line, ArtefactKind kind, Purpose purpose,
                     std::string summary) {
  Artefact artefact{
      .kind = kind, .purpose = purpose, .location = {path, line, 1}, .summary = std::move(summary)};
  artefact.test_or_document = is_test_path(path);
  return artefact;
}

}  // namespace rta::files

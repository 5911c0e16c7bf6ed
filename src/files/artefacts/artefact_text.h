// What the line readers of artefacts share. Included by files/artefacts only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "files/artefacts/artefacts.h"

namespace rta::files {

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Markdown and its like: commands in it are read by people.
bool is_document(std::string_view path);

struct TextLine {
  std::string text;  // joined with the lines that a backslash adds to it
  int number = 0;
};
std::vector<TextLine> logical_lines(std::string_view content);

Artefact artefact_at(const std::string& path, int line, ArtefactKind kind, Purpose purpose,
                     std::string summary);

}  // namespace rta::files

// The lines of a source file as a search wants them: without comments and
// blanks, with strings emptied that are text and not code. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct SourceLine {
  // One blank between two words, none elsewhere. A string of one word keeps it, in single quotes:
  // "ssl_cert_reqs" becomes 'ssl_cert_reqs'. Any other string becomes ''.
  std::string code;
  std::vector<std::uint32_t> columns;  // of each character of `code`, from 1
  struct Text {
    std::string text;
    std::uint32_t column = 0;
  };
  std::vector<Text> strings;  // those that were emptied
  std::size_t indent = 0;

  [[nodiscard]] int column_of(std::size_t offset) const {
    return offset < columns.size() ? static_cast<int>(columns[offset]) : 1;
  }
};

std::vector<SourceLine> source_lines(ByteView bytes, std::string_view path);

// Generated for machines: lines that no person writes.
bool is_minified(ByteView bytes, std::string_view path);

std::string_view file_ending(std::string_view path);  // "js"

}  // namespace rta::files

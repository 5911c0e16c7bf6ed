// docker run --env-file, and env_file with `format: raw`: lines as they are.
#include "files/dotenv/dotenv_reader.h"
#include "files/dotenv/unicode.h"

namespace rta::files {
namespace {

// bufio.Scanner gives up on longer lines.
constexpr std::size_t kLongestLine = 64 * 1024 - 1;

std::string_view without_leading_space(std::string_view line) {
  while (!line.empty()) {
    const std::u32string first = decode_utf8(line.substr(0, 4));
    if (!is_white_space(first.front())) break;
    std::string encoded;
    append_utf8(encoded, first.front());
    line.remove_prefix(encoded.size());
  }
  return line;
}

// One line; false when docker refuses the file.
bool read_line(std::string_view line, const SourceLocation& where, const Environment& environment,
               DotenvBuilder& out) {
  if (line.size() > kLongestLine) {
    out.refuse("bufio.Scanner: token too long", where);
    return false;
  }
  if (!is_valid_utf8(line)) {
    out.refuse("env file contains invalid utf8 bytes", where);
    return false;
  }
  line = without_leading_space(line);
  if (line.empty() || line.front() == '#') return true;
  const std::size_t equal = line.find('=');
  const std::string key{line.substr(0, equal)};
  if (key.empty()) {
    out.refuse("no variable name", where);
    return false;
  }
  if (key.find_first_of(" \t") != std::string::npos) {
    out.refuse("poorly formatted environment: variable contains whitespaces", where);
    return false;
  }
  if (equal != std::string_view::npos) {
    out.add(key, std::string{line.substr(equal + 1)}, where);
  } else if (const auto found = environment.find(key); found != environment.end()) {
    out.add(key, found->second, where);
  }
  return true;
}

}  // namespace

void read_docker_env_file(std::string_view bytes, const Environment& environment,
                          DotenvBuilder& out) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  int number = 0;
  while (!bytes.empty()) {
    const std::size_t newline = bytes.find('\n');
    std::string_view line = bytes.substr(0, newline);
    bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!read_line(line, {out.path(), ++number, 1}, environment, out)) return;
  }
}

}  // namespace rta::files

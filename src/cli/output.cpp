#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "base/unique_fd.h"
#include "reports/writer.h"

namespace rta {
namespace {

constexpr std::array kFormats{
    std::pair{"text", OutputFormat::text}, std::pair{"json", OutputFormat::json},
    std::pair{"html", OutputFormat::html}, std::pair{"attestations", OutputFormat::attestations}};

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The same for all ways of writing a file's path, but for links.
std::string place_of(const std::string& path) {
  std::error_code problem;
  const auto directory = std::filesystem::canonical(directory_of(path), problem);
  return directory.string() + "/" + path.substr(path.rfind('/') + 1);
}

// Empty where it is not set: nothing here tells the two apart.
std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}
bool is_set(const char* name) { return !environment(name).empty(); }

std::size_t terminal_width() {
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t width = 0;
    const auto [end, problem] = std::from_chars(columns, columns + std::strlen(columns), width);
    if (problem == std::errc{} && width > 0) return width;
  }
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

// UTF-8 by LC_ALL, LC_CTYPE, LANG in that order, as the C library decides.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = lower_ascii(environment(name));
    if (value.empty()) continue;
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

std::string render(const Report& report, const OutputRequest& output, const Settings& settings) {
  switch (output.format) {
    case OutputFormat::text:
      return write_text(report, style_for(output, settings));
    case OutputFormat::json:
      return write_json(report);
    case OutputFormat::html:
      return write_html(report);
    case OutputFormat::attestations:
      return write_attestations(report);
  }
  return {};
}

Error write_error(const std::string& path, const char* doing) {
  return {fmt::format("{}: {}", doing, std::strerror(errno)), path,
          "check the directory, its permissions and the free space"};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<OutputRequest> parse_output(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string format = text.substr(0, equals);
  for (const auto& [name, value] : kFormats) {
    if (format != name) continue;
    OutputRequest output{value, equals == std::string::npos ? "" : text.substr(equals + 1)};
    if (output.path == "-")
      output.path.clear();
    else if (equals != std::string::npos && output.path.empty())
      return Error{fmt::format("\"{}\" names no file", printable(text, 80)), "",
                   "write FORMAT=PATH"};
    return output;
  }
  const auto close = did_you_mean(format, {"text", "json", "html", "attestations"});
  return Error{fmt::format("\"{}\" is not a report format", printable(format, 40)), "",
               close ? fmt::format("did you mean \"{}\"?", *close)
                     : "formats: text, json, html, attestations"};
}

Result<void> check_outputs(const std::vector<OutputRequest>& outputs) {
  std::size_t to_stdout = 0;
  std::set<std::string> places;
  for (const OutputRequest& output : outputs) {
    if (output.path.empty()) {
      ++to_stdout;
      continue;
    }
    const std::string directory = directory_of(output.path);
    struct stat facts{};
    if (::stat(directory.c_str(), &facts) != 0)
      return write_error(directory, "the report's directory");
    if (!S_ISDIR(facts.st_mode))
      return Error{"is not a directory", directory, "name a file in a directory"};
    if (::access(directory.c_str(), W_OK) != 0)
      return write_error(directory, "the report's directory");
    if (!places.insert(place_of(output.path)).second)
      return Error{"two reports cannot share one file", output.path, "give each its own"};
    if (::lstat(output.path.c_str(), &facts) == 0 && !S_ISREG(facts.st_mode))
      return Error{"exists and is not a regular file", output.path, "name another file"};
  }
  if (to_stdout > 1)
    return Error{"two reports cannot share standard output", "",
                 "give all but one a file: -o json=report.json"};
  return {};
}

Result<void> write_outputs(const Report& report, const Settings& settings) {
  for (const OutputRequest& output : settings.outputs) {
    const std::string content = render(report, output, settings);
    auto written = output.path.empty() ? write_stdout(content) : write_file(output.path, content);
    if (!written) return written;
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view content) {
  std::string temporary = path + ".XXXXXX";
  UniqueFd fd{::mkostemp(temporary.data(), O_CLOEXEC)};  // a new file of mode 0600
  if (!fd) return write_error(path, "the report cannot be created");
  if (!write_all(fd.get(), content) || ::fsync(fd.get()) != 0) {
    const Error error = write_error(path, "the report cannot be written");
    ::unlink(temporary.c_str());
    return error;
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = write_error(path, "the report cannot be put in place");
    ::unlink(temporary.c_str());
    return error;
  }
  return {};
}

Result<void> write_stdout(std::string_view content) {
  if (write_all(STDOUT_FILENO, content) || errno == EPIPE) return {};
  return write_error("standard output", "the report cannot be written");
}

TextStyle style_for(const OutputRequest& output, const Settings& settings) {
  if (!output.path.empty())
    return {.width = 80, .colour = settings.colour == ColourChoice::always, .unicode = true};
  return {terminal_width(), wants_colour(settings.colour), is_utf8_locale()};
}

bool wants_colour(ColourChoice choice) {
  if (choice != ColourChoice::automatic) return choice == ColourChoice::always;
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR")) return true;
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

}  // namespace rta

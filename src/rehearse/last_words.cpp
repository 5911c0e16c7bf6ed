#include "rehearse/last_words.h"

#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace rta::rehearse {
namespace {

constexpr std::size_t kShown = 600;
constexpr std::string_view kFatal = "*** FATAL CONFIG FILE ERROR";
constexpr std::string_view kAtLine = "Reading the configuration file, at line ";
constexpr std::string_view kNoTls = "Failed to configure TLS";
constexpr std::string_view kNoUsers = "Critical error while loading ACLs";

// What redis-server logs (src/tls.c 7.0.15) and the directive that it means.
struct TlsComplaint {
  std::string_view words;
  std::string_view directive;
};

constexpr std::array kTlsComplaints{
    TlsComplaint{"Failed to configure ciphersuites", "tls-ciphersuites"},
    TlsComplaint{"Failed to configure ciphers", "tls-ciphers"},
    TlsComplaint{"Invalid tls-protocols", "tls-protocols"},
    TlsComplaint{"Failed to load certificate", "tls-cert-file"},
    TlsComplaint{"Failed to load private key", "tls-key-file"},
    TlsComplaint{"Failed to configure CA certificate", "tls-ca-cert-file"},
    TlsComplaint{"failed to read DH params", "tls-dh-params-file"},
    TlsComplaint{"Failed to load DH params", "tls-dh-params-file"},
};

int number_behind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return 0;
  int value = 0;
  const std::string_view digits = text.substr(at + mark.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// "*** FATAL ... ***\nReading ..., at line 7\n>>> 'x'\nwhy": the last two lines.
LastWords of_fatal_error(std::string_view block) {
  LastWords words{.about_configuration = true, .line = number_behind(block, kAtLine)};
  std::vector<std::string> told;
  for (const std::string_view line : split(block, '\n')) {
    const std::string shown = printable(trim(line), 300);
    if (shown.empty() || line.starts_with("***") || line.starts_with(kAtLine.substr(0, 27)))
      continue;
    told.push_back(line.starts_with(">>>") ? shown.substr(std::min<std::size_t>(4, shown.size()))
                                           : shown);
  }
  words.text = printable(join(told, ": "), kShown);
  words.unknown_directive = words.text.find("Bad directive") != std::string::npos;
  return words;
}

// The lines that are warnings: " # " stands behind the time.
std::vector<std::string_view> warnings_of(std::string_view output) {
  std::vector<std::string_view> warnings;
  for (const std::string_view line : split(output, '\n'))
    if (const std::size_t mark = line.find(" # "); mark != std::string_view::npos)
      warnings.push_back(line.substr(mark + 3));
  return warnings;
}

}  // namespace

LastWords read_last_words(std::string_view output) {
  if (const std::size_t fatal = output.find(kFatal); fatal != std::string_view::npos)
    return of_fatal_error(output.substr(fatal));
  LastWords words;
  const auto warnings = warnings_of(output);
  if (warnings.empty()) {
    words.text = printable(trim(output), kShown);
    return words;
  }
  const std::string_view last = warnings.back();
  const bool about_tls = last.starts_with(kNoTls);
  words.about_configuration = about_tls || last.starts_with(kNoUsers);
  // The line that says why stands before the one that says that it is over.
  const bool has_reason = words.about_configuration && warnings.size() > 1;
  const std::string_view why = has_reason ? warnings[warnings.size() - 2] : last;
  words.text = printable(trim(why), kShown);
  if (about_tls)
    for (const TlsComplaint& complaint : kTlsComplaints)
      if (why.find(complaint.words) != std::string_view::npos && words.directive.empty())
        words.directive = complaint.directive;
  if (last.starts_with(kNoUsers)) words.directive = "user";
  return words;
}

}  // namespace rta::rehearse

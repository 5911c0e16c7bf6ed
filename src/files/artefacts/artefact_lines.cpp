// Artefacts told line by line: log pipelines, runbooks.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/artefacts/artefact_text.h"

namespace rta::files {
namespace {

// A command of a runbook that proves nothing, and why.
struct RunbookDefect {
  std::string_view needle;
  std::string_view beside;
  std::string_view why;
};
constexpr std::array kDefects{
    RunbookDefect{"client list", "grep ssl",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"client list", "grep -i ssl",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"client list", "grep tls",
                  "CLIENT LIST has no TLS field on any Redis: this prints nothing"},
    RunbookDefect{"info", "grep ssl", "INFO has no line with ssl: this prints nothing"},
    RunbookDefect{"info", "grep -i ssl", "INFO has no line with ssl: this prints nothing"},
    RunbookDefect{"tcpdump", "-i lo0",
                  "lo0 is the loopback of macOS, and bytes that look random prove no verification"},
    RunbookDefect{"redis-cli", "--insecure", "--insecure tests a connection to anybody"},
    RunbookDefect{"chmod", "*.key.pem",
                  "*.key.pem matches no file named like redis-server-key.pem"},
    RunbookDefect{"tail", "grep -i \"ssl",
                  "the log names TLS only for failed handshakes, and only if a logfile is set"},
};

}  // namespace

std::vector<Artefact> read_log_pipeline(std::string_view content, const std::string& path,
                                        const TargetWords& targets) {
  std::vector<Artefact> found;
  const std::string lower_path = lower_ascii(path);
  const bool rotates = has(lower_path, "logrotate");
  const bool ships = has(lower_path, "fluent") || has(lower_path, "vector") ||
                     has(lower_path, "promtail") || has(lower_path, "rsyslog") ||
                     has(lower_path, "filebeat");
  if (!rotates && !ships) return found;
  for (const TextLine& line : logical_lines(content)) {
    if (line.text.starts_with('#') || !has(line.text, "redis") || !has(line.text, "log")) continue;
    Artefact artefact = artefact_at(
        path, line.number, rotates ? ArtefactKind::logrotate : ArtefactKind::log_shipping,
        rotates ? Purpose::log_retention : Purpose::log_shipping,
        rotates ? "the Redis log is rotated" : "the Redis log is shipped");
    artefact.covers_target = targets.named_in(content) || has(line.text, "/redis");
    if (rotates) {
      int days = 1;
      int kept = 0;
      for (const std::string_view raw : split(content, '\n')) {
        const std::string_view word = trim(raw);
        if (word == "weekly") days = 7;
        if (word == "monthly") days = 31;
        if (word.starts_with("rotate ")) kept = std::atoi(std::string{word.substr(7)}.c_str());
      }
      artefact.period_days = days * kept;
      artefact.schedule = fmt::format("keeps {} days", days * kept);
    }
    found.push_back(std::move(artefact));
    break;
  }
  return found;
}

std::vector<Artefact> read_runbook(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  for (const TextLine& line : logical_lines(content)) {
    // In a script a comment runs nothing; in a document "#" starts a heading.
    if (!is_document(path) && line.text.starts_with('#')) continue;
    const std::string lower = lower_ascii(line.text);
    for (const RunbookDefect& defect : kDefects) {
      if (!has(lower, defect.needle) || !has(lower, defect.beside)) continue;
      Artefact artefact = artefact_at(
          path, line.number, is_document(path) ? ArtefactKind::document : ArtefactKind::script,
          Purpose::runbook_defect, std::string{defect.why});
      artefact.command = printable(line.text, 200);
      found.push_back(std::move(artefact));
      break;
    }
  }
  return found;
}

}  // namespace rta::files

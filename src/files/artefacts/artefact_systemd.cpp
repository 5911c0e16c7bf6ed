#include <fmt/format.h>

#include "base/text.h"
#include "files/artefacts/artefacts.h"
#include "files/artefacts/systemd_unit.h"

namespace rta::files {
namespace {

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// "10d", "1w", "12h": systemd.time(7) spans, in days rounded up.
std::optional<int> period_of_span(std::string_view span) {
  const std::size_t digits = span.find_first_not_of("0123456789");
  if (digits == 0 || digits > 5)
    return std::nullopt;  // also npos: bare seconds are not worth a guess
  const int count = std::stoi(std::string{span.substr(0, digits)});
  const std::string unit = lower_ascii(trim(span.substr(digits)));
  if (unit.starts_with("w")) return count * 7;
  if (unit.starts_with("d")) return count;
  if (unit.starts_with("mon")) return count * 31;
  if (unit.starts_with("y")) return count * 366;
  if (unit.starts_with("h") || unit.starts_with("m") || unit.starts_with("s"))
    return count / 24 + 1;
  return std::nullopt;
}

struct Firing {
  std::string text;
  std::optional<int> days;
  int line = 0;
};

std::optional<Firing> firing_of(const SystemdUnit& unit) {
  if (const UnitAssignment* calendar = unit.last("Timer", "OnCalendar"))
    return Firing{"OnCalendar=" + calendar->value, period_of_calendar(calendar->value),
                  calendar->line};
  for (const char* key : {"OnUnitActiveSec", "OnUnitInactiveSec"})
    if (const UnitAssignment* span = unit.last("Timer", key))
      return Firing{fmt::format("{}={}", key, span->value), period_of_span(span->value),
                    span->line};
  return std::nullopt;
}

void add(std::vector<Artefact>& out, bool wanted, Artefact artefact, Purpose purpose,
         const std::string& what) {
  if (!wanted) return;
  artefact.purpose = purpose;
  artefact.summary = fmt::format("{}, {}", what, artefact.schedule);
  out.push_back(std::move(artefact));
}

// One artefact for each purpose that the scheduled command serves.
void add_all(std::vector<Artefact>& found, const CommandMeaning& meaning,
             const Artefact& artefact) {
  add(found, meaning.rotates, artefact, Purpose::rotation,
      meaning.program + " renews a certificate");
  add(found, meaning.reloads, artefact, Purpose::reload, "Redis loads the renewed certificate");
  add(found, meaning.watches_expiry, artefact, Purpose::expiry_monitoring,
      meaning.program + " watches expiry");
  add(found, meaning.watches_connections, artefact, Purpose::connection_monitoring,
      meaning.program + " looks at the connections");
  add(found, meaning.collects_acl_log, artefact, Purpose::acl_log_collection,
      "ACL LOG is collected");
}

}  // namespace

std::vector<Artefact> read_systemd_timer(std::string_view content, const std::string& path,
                                         const std::map<std::string, std::string>& services,
                                         const TargetWords& targets) {
  std::vector<Artefact> found;
  const SystemdUnit timer = parse_systemd_unit(content);
  const auto firing = firing_of(timer);
  if (!firing) return found;
  const UnitAssignment* unit = timer.last("Timer", "Unit");
  const std::string stem = file_name(path);
  const std::string service_name =
      unit != nullptr ? unit->value : stem.substr(0, stem.rfind('.')) + ".service";
  const auto service = services.find(service_name);
  if (service == services.end()) return found;
  const SystemdUnit body = parse_systemd_unit(service->second);
  const std::string command =
      body.all("Service", "ExecStart") + " " + body.all("Service", "ExecStartPost");
  const CommandMeaning meaning = meaning_of(command);

  Artefact artefact{.kind = ArtefactKind::systemd_timer, .location = {path, firing->line, 1}};
  artefact.command = printable(trim(command), 300);
  artefact.schedule = printable(firing->text, 80);
  artefact.period_days = firing->days;
  artefact.enabled = timer.last("Install", "WantedBy") != nullptr;
  artefact.covers_target = targets.named_in(command);
  if (!artefact.enabled)
    artefact.problems.push_back("the timer has no [Install] WantedBy: it is never enabled");
  add_all(found, meaning, artefact);
  return found;
}

std::vector<Artefact> read_systemd_service(std::string_view content, const std::string& path,
                                           const TargetWords& targets) {
  std::vector<Artefact> found;
  const SystemdUnit unit = parse_systemd_unit(content);
  const std::string command = unit.all("Service", "ExecStart");
  const std::string environment = unit.all("Service", "Environment");
  if (command.find("redis_exporter") == std::string::npos) return found;
  Artefact artefact{.kind = ArtefactKind::exporter, .purpose = Purpose::connection_monitoring};
  const UnitAssignment* start = unit.last("Service", "ExecStart");
  artefact.location = {path, start->line, 1};
  artefact.command = printable(command, 300);
  artefact.summary = "redis_exporter watches the server";
  artefact.enabled = true;
  const std::string all = environment + " " + command;
  artefact.covers_target = targets.named_in(all);
  if (all.find("redis://") != std::string::npos) {
    artefact.verified_tls = false;
    artefact.problems.push_back("it connects with redis://, in plaintext");
  } else if (all.find("rediss://") == std::string::npos) {
    artefact.verified_tls = false;
    artefact.problems.push_back("no rediss:// address is set: it would connect in plaintext");
  }
  const std::string lower = lower_ascii(all);
  if (lower.find("skip_tls_verification=true") != std::string::npos ||
      lower.find("skip-tls-verification") != std::string::npos) {
    artefact.verified_tls = false;
    artefact.problems.push_back("it skips the verification of the certificate");
  }
  found.push_back(std::move(artefact));
  return found;
}

std::vector<Artefact> read_crontab(std::string_view content, const std::string& path,
                                   const TargetWords& targets) {
  std::vector<Artefact> found;
  int line_number = 0;
  for (const std::string_view raw : split(content, '\n')) {
    ++line_number;
    std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#')) continue;
    // The schedule: one @word or five fields.
    std::size_t fields = line.starts_with('@') ? 1 : 5;
    std::size_t end = 0;
    for (; fields > 0 && end != std::string_view::npos; --fields) {
      end = line.find_first_of(" \t", end);
      if (end != std::string_view::npos) end = line.find_first_not_of(" \t", end);
    }
    if (end == std::string_view::npos || fields > 0) continue;
    const std::string_view schedule = trim(line.substr(0, end));
    const auto period = period_of_cron(schedule);
    if (!period || schedule.find('=') != std::string_view::npos) continue;
    const std::string_view command = line.substr(end);
    const CommandMeaning meaning = meaning_of(command);
    Artefact artefact{.kind = ArtefactKind::cron, .location = {path, line_number, 1}};
    artefact.command = printable(command, 300);
    artefact.schedule = printable(schedule, 80);
    artefact.period_days = period;
    artefact.covers_target = targets.named_in(command);
    add_all(found, meaning, artefact);
  }
  return found;
}

}  // namespace rta::files

#include "cli/options.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>

#include "base/text.h"
#include "cli/config_file.h"
#include "cli/operator_files.h"
#include "cli/output.h"

namespace rta {
namespace {

constexpr const char* kPasswordVariable = "REDIS_TLS_AUDIT_PASSWORD";

Result<Severity> parse_severity(const std::string& text) {
  if (const auto severity = from_name<Severity>(lower_ascii(text))) return *severity;
  const auto close = did_you_mean(text, {"info", "low", "medium", "high", "critical"});
  return Error{fmt::format("--fail-on: \"{}\" is not a severity", printable(text, 40)), "",
               close ? fmt::format("did you mean \"{}\"?", *close)
                     : "severities: info, low, medium, high, critical"};
}

Result<ColourChoice> parse_colour(const std::string& text) {
  if (text == "auto") return ColourChoice::automatic;
  if (text == "always") return ColourChoice::always;
  if (text == "never") return ColourChoice::never;
  return Error{fmt::format("--color: \"{}\" is not a choice", printable(text, 40)), "",
               "choices: auto, always, never"};
}

// At most one source of the operator's password: file, descriptor, variable.
Result<std::shared_ptr<const Secret>> read_password(const RawOptions& raw) {
  if (!raw.password_file.empty() && raw.password_fd)
    return Error{"--password-file and --password-fd cannot stand together", "", "give one of them"};
  Result<Secret> secret = Secret{};
  if (!raw.password_file.empty())
    secret = read_secret_file(raw.password_file);
  else if (raw.password_fd)
    secret = read_secret_fd(*raw.password_fd);
  else if (const char* value = std::getenv(kPasswordVariable); value != nullptr && *value != '\0')
    secret = Secret{std::string{value}};
  else
    return std::shared_ptr<const Secret>{};
  if (!secret) return std::move(secret).error();
  return std::make_shared<const Secret>(std::move(*secret));
}

Result<void> add_targets(const RawOptions& raw, ScanSettings& scan) {
  auto password = read_password(raw);
  if (!password) return std::move(password).error();
  for (const std::string& text : raw.targets) {
    auto address = parse_target(text);
    if (!address) return std::move(address).error();
    scan.targets.push_back({*address, text, raw.user, *password, raw.ca_file, raw.certificate_file,
                            raw.key_file, raw.server_name});
  }
  const bool for_targets = !raw.user.empty() || *password || !raw.certificate_file.empty();
  if (for_targets && scan.targets.empty())
    return Error{"credentials were given, but no target they are for", "",
                 "add --target rediss://host:port; credentials never go to endpoints that the "
                 "project names"};
  return {};
}

Result<void> add_connect_to(const RawOptions& raw, ScanSettings& scan) {
  for (const std::string& text : raw.connect_to) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      return Error{fmt::format("--connect-to: \"{}\" has no \"=\"", printable(text, 80)), "",
                   "write redis:6379=127.0.0.1:16379"};
    const auto from = parse_target(text.substr(0, equals));
    const auto to = parse_target(text.substr(equals + 1));
    if (!from) return Error{from.error()};
    if (!to) return Error{to.error()};
    scan.connect_to[*from] = *to;
  }
  return {};
}

Result<void> add_project(const RawOptions& raw, ScanSettings& scan) {
  if (raw.project.empty()) return {};
  struct stat facts{};
  if (::stat(raw.project.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return Error{"is not a directory that can be read", printable(raw.project),
                 "name the project's directory, or . for this one"};
  scan.project = raw.project;
  return {};
}

Result<void> add_limits(const RawOptions& raw, ScanSettings& scan) {
  if (raw.timeout_seconds < 0.1 || raw.timeout_seconds > 3600)
    return Error{"--timeout is a number of seconds from 0.1 to 3600", "", ""};
  scan.timeout = std::chrono::milliseconds{static_cast<std::int64_t>(raw.timeout_seconds * 1000)};
  scan.connect_timeout = std::min(scan.connect_timeout, scan.timeout);
  if (raw.max_connections.value_or(1) <= 0 || !(raw.rate.value_or(1) > 0))
    return Error{"--max-connections and --rate take numbers above 0", "", ""};
  scan.max_connections = raw.max_connections.value_or(0);
  scan.rate_per_second = raw.rate.value_or(0);
  for (const int port : raw.ports) {
    if (port < 1 || port > 65535)
      return Error{fmt::format("--ports: {} is not a port", port), "", ""};
    scan.extra_ports.push_back(static_cast<std::uint16_t>(port));
  }
  if (raw.gate && raw.full)
    return Error{"--gate and --full cannot stand together", "", "give one of them"};
  if (!raw.now) return {};
  scan.now = parse_timestamp(*raw.now);
  if (!scan.now)
    return Error{fmt::format("--now: \"{}\" is not an instant", printable(*raw.now, 40)), "",
                 "write 2026-11-23 or 2026-11-23T00:00:00Z"};
  return {};
}

// The operator's alone: a store that the tree could name would vouch for itself.
Result<void> add_history(const RawOptions& raw, ScanSettings& scan) {
  if (!raw.history.empty()) scan.history_directory = raw.history;
  if (!scan.history_directory) return {};
  struct stat facts{};
  const std::string& directory = *scan.history_directory;
  if (::stat(directory.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return Error{"--history: is not a directory that can be read", printable(directory),
                 "make it first: mkdir -m 700 " + printable(directory)};
  if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
    return Error{"--history: this directory cannot be read and written", printable(directory), ""};
  return {};
}

Result<void> add_outputs(const RawOptions& raw, Settings& settings) {
  for (const std::string& text : raw.outputs) {
    auto output = parse_output(text);
    if (!output) return std::move(output).error();
    settings.outputs.push_back(std::move(*output));
  }
  return check_outputs(settings.outputs);
}

}  // namespace

void add_judging_flags(CLI::App& command, RawOptions& raw) {
  command
      .add_option("-p,--profile", raw.profile, "profile to judge by: a name or a TOML file (hipaa)")
      ->type_name("NAME");
  command
      .add_option("-o,--output", raw.outputs,
                  "report to write: text, json or html, or attestations (what only a person can "
                  "say, to fill in), with =PATH to a file")
      ->type_name("FORMAT[=PATH]")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--fail-on", raw.fail_on,
                  "severity from which a failure outside the core closes the gate")
      ->type_name("SEVERITY")
      ->capture_default_str();
  command.add_flag("--soft-fail", raw.soft_fail, "exit 0 whatever the verdict is");
  command.add_option("--attestations", raw.attestations, "TOML file of dated statements by people")
      ->type_name("FILE");
  command.add_option("--color", raw.colour, "auto, always or never")
      ->type_name("WHEN")
      ->capture_default_str();
}

void add_survey_flags(CLI::App& command, RawOptions& raw) {
  command.add_option("--timeout", raw.timeout_seconds, "seconds for each endpoint, all in all")
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_option("--cert", raw.certificate_file, "client certificate for the targets")
      ->type_name("FILE");
  command.add_option("--key", raw.key_file, "its private key")->type_name("FILE");
  command.add_option("--sni", raw.server_name, "server name to ask for and to verify")
      ->type_name("NAME");
  command.add_option("--connect-to", raw.connect_to, "connect elsewhere, keep the name")
      ->type_name("HOST:PORT=ADDRESS:PORT")
      ->take_all()
      ->allow_extra_args(false);
  command.add_flag("--sweep", raw.sweep, "try all 65,536 cipher suite code points");
  command.add_flag("--aggressive", raw.aggressive,
                   "do not pace probes: for endpoints that serve nobody");
  command.add_option("--rate", raw.rate, "connections per second at most")->type_name("N");
  command
      .add_option(
          "--max-connections", raw.max_connections,
          "connections per endpoint at most; without it the survey of its TLS ends at 500, a "
          "sweep never")
      ->type_name("N");
}

void add_collecting_flags(CLI::App& command, RawOptions& raw) {
  add_survey_flags(command, raw);
  const auto list = [&](const char* names, std::vector<std::string>& out, const char* help,
                        const char* type) {
    command.add_option(names, out, help)->type_name(type)->take_all()->allow_extra_args(false);
  };
  list("-t,--target", raw.targets, "endpoint to audit, beside those that the project names",
       "rediss://HOST:PORT");
  command
      .add_option("--config", raw.config_file,
                  "your configuration (TOML); none is taken from the project")
      ->type_name("FILE");
  command.add_flag("--offline", raw.offline, "touch no network; implies --ci");
  command.add_flag("--ci", raw.ci, "judge a pull request: dial nothing that the project names");
  command.add_flag("--rehearse", raw.rehearse,
                   "boot the project's Redis configuration privately and audit it");
  command.add_option("--now", raw.now, "evaluate as of this instant")->type_name("TIME");
  command.add_option("--cacert", raw.ca_file, "CA for the targets")->type_name("FILE");
  command.add_option("--user", raw.user, "ACL user for the targets")->type_name("NAME");
  command
      .add_option("--password-file", raw.password_file,
                  "file with its password; or set REDIS_TLS_AUDIT_PASSWORD")
      ->type_name("FILE");
  command.add_option("--password-fd", raw.password_fd, "descriptor with its password")
      ->type_name("FD");
  list("--anchor", raw.anchors, "issuing CA that you trust: a file, a SHA-256, or \"public\"",
       "FILE|SHA256|public");
  list("--allow-path", raw.allow_paths, "directory outside the project that may be read", "DIR");
  command
      .add_option("--history", raw.history,
                  "directory of earlier reports, read as evidence; scan adds its own")
      ->type_name("DIR");
  command.add_option("--ports", raw.ports, "further ports to try for plaintext")
      ->type_name("PORT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--gate", raw.gate,
                   "offer only what the profile forbids: about ten connections");
  command.add_flag("--full", raw.full, "survey everything that the endpoint offers");
  command.add_flag("--auth-unverified", raw.auth_unverified,
                   "send credentials over channels that do not verify (the report says so)");
}

Result<Settings> settle(const RawOptions& raw) {
  Settings settings;
  ScanSettings& scan = settings.scan;
  scan.config_file = raw.config_file;
  if (!raw.config_file.empty()) {
    const bool judged =
        (raw.ci || raw.offline) && !raw.project.empty() && lies_in(raw.config_file, raw.project);
    const auto trust = judged ? ConfigTrust::in_judged_tree : ConfigTrust::operators_own;
    if (auto done = read_config_file(raw.config_file, trust, settings); !done)
      return std::move(done).error();
  }
  if (!raw.profile.empty()) settings.profile = raw.profile;
  const auto severity = parse_severity(raw.fail_on);
  if (!severity) return Error{severity.error()};
  settings.fail_on = *severity;
  const auto colour = parse_colour(raw.colour);
  if (!colour) return Error{colour.error()};
  settings.colour = *colour;
  settings.soft_fail = raw.soft_fail;
  scan.offline = raw.offline;
  scan.ci = raw.ci || raw.offline;
  scan.rehearse = raw.rehearse || (scan.ci && !raw.offline);
  scan.aggressive = raw.aggressive;
  scan.sweep = raw.sweep;
  if (!raw.only.empty()) {
    const auto parts = tls::parse_survey_parts(raw.only);
    if (!parts) return Error{parts.error()};
    scan.parts = *parts;
  }
  scan.auth_unverified = raw.auth_unverified;
  // A pull request's verdict needs refusals of what is forbidden, an audit the whole picture.
  scan.gate_mode = raw.gate || (scan.ci && !raw.full);
  scan.anchors.insert(scan.anchors.end(), raw.anchors.begin(), raw.anchors.end());
  scan.allow_paths.insert(scan.allow_paths.end(), raw.allow_paths.begin(), raw.allow_paths.end());
  if (!raw.attestations.empty()) scan.attestations_file = raw.attestations;
  for (const auto step : {add_project, add_limits, add_connect_to, add_targets, add_history})
    if (auto done = step(raw, scan); !done) return std::move(done).error();
  if (auto usable = check_operator_files(scan); !usable) return std::move(usable).error();
  if (auto done = add_outputs(raw, settings); !done) return std::move(done).error();
  return settings;
}

}  // namespace rta

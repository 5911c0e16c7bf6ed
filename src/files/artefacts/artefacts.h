// Readers of what schedules, watches and ships: one function a format, bytes
// in, Artefacts out. They find concrete things with a place and a schedule,
// never words alone. Pure; any thread. A file that is not of the format gives
// nothing.
#pragma once

#include <redis_tls_audit/facts/artefact.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

// Names that stand for the audited deployment: host names, certificate paths.
struct TargetWords {
  std::vector<std::string> words;
  // The text names one of them as a whole word.
  [[nodiscard]] bool named_in(std::string_view text) const;
};

// What a command line does, told by the programs and subcommands in it.
struct CommandMeaning {
  bool rotates = false;              // certbot, lego, step ca renew, acme.sh, vault agent ...
  bool reloads = false;              // CONFIG SET tls-cert-file, restart of the server
  bool watches_expiry = false;       // this program's scan, openssl -checkend, check_ssl_cert ...
  bool watches_connections = false;  // this program's scan of a live endpoint
  bool collects_acl_log = false;
  std::string program;  // the word that decided
};
CommandMeaning meaning_of(std::string_view command);

// systemd timers with their services; `services` maps unit file names
// ("x.service") to content, from anywhere in the project.
std::vector<Artefact> read_systemd_timer(std::string_view content, const std::string& path,
                                         const std::map<std::string, std::string>& services,
                                         const TargetWords& targets);
// A long-running unit: exporters and log shippers.
std::vector<Artefact> read_systemd_service(std::string_view content, const std::string& path,
                                           const TargetWords& targets);
// crontab(5) with or without the user column, and /etc/cron.* scripts by path.
std::vector<Artefact> read_crontab(std::string_view content, const std::string& path,
                                   const TargetWords& targets);
// GitHub workflows with on.schedule, GitLab CI jobs that run only on schedules.
std::vector<Artefact> read_ci_workflow(std::string_view content, const std::string& path,
                                       const TargetWords& targets);
// The names of Prometheus' scrape jobs that look at the target.
std::vector<std::string> read_scrape_jobs(std::string_view content, const TargetWords& targets);
// Prometheus alerting rules.
std::vector<Artefact> read_prometheus_rules(std::string_view content, const std::string& path,
                                            const TargetWords& targets);
// Kubernetes manifests: cert-manager Certificates, exporters.
std::vector<Artefact> read_kubernetes(std::string_view content, const std::string& path,
                                      const TargetWords& targets);
// logrotate, fluent-bit, vector, promtail, rsyslog.
std::vector<Artefact> read_log_pipeline(std::string_view content, const std::string& path,
                                        const TargetWords& targets);
// Terraform resources and command lines of aws, az and gcloud: managed Redis.
std::vector<Artefact> read_managed_service(std::string_view content, const std::string& path);
// The same in CloudFormation templates, in YAML or JSON.
std::vector<Artefact> read_cloudformation(std::string_view content, const std::string& path);
// Commands in scripts and documents that prove nothing.
std::vector<Artefact> read_runbook(std::string_view content, const std::string& path);

// Days between two runs, rounded up; absent when it cannot be told.
std::optional<int> period_of_calendar(std::string_view on_calendar);  // systemd.time(7)
std::optional<int> period_of_cron(std::string_view fields);           // five fields or @daily

}  // namespace rta::files

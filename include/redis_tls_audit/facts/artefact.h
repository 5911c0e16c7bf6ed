// Artefact is a concrete thing in the tree (or on the host) that schedules,
// watches or ships something: a timer, a cron line, a rule, an agent's
// configuration, a runbook. Static proof shows intent only.
#pragma once

#include <redis_tls_audit/observation.h>

#include <optional>
#include <string>
#include <vector>

namespace rta {

enum class ArtefactKind {
  systemd_timer, cron, github_schedule, gitlab_ci, jenkins, cert_manager, prometheus_rule,
  exporter, log_shipping, logrotate, terraform, cloudformation, script, document, dockerfile,
  source_code
};

template <>
struct EnumNames<ArtefactKind> {
  static constexpr std::array table{
      EnumName<ArtefactKind>{ArtefactKind::systemd_timer, "systemd_timer"},
      EnumName<ArtefactKind>{ArtefactKind::cron, "cron"},
      EnumName<ArtefactKind>{ArtefactKind::github_schedule, "github_schedule"},
      EnumName<ArtefactKind>{ArtefactKind::gitlab_ci, "gitlab_ci"},
      EnumName<ArtefactKind>{ArtefactKind::jenkins, "jenkins"},
      EnumName<ArtefactKind>{ArtefactKind::cert_manager, "cert_manager"},
      EnumName<ArtefactKind>{ArtefactKind::prometheus_rule, "prometheus_rule"},
      EnumName<ArtefactKind>{ArtefactKind::exporter, "exporter"},
      EnumName<ArtefactKind>{ArtefactKind::log_shipping, "log_shipping"},
      EnumName<ArtefactKind>{ArtefactKind::logrotate, "logrotate"},
      EnumName<ArtefactKind>{ArtefactKind::terraform, "terraform"},
      EnumName<ArtefactKind>{ArtefactKind::cloudformation, "cloudformation"},
      EnumName<ArtefactKind>{ArtefactKind::script, "script"},
      EnumName<ArtefactKind>{ArtefactKind::document, "document"},
      EnumName<ArtefactKind>{ArtefactKind::dockerfile, "dockerfile"},
      EnumName<ArtefactKind>{ArtefactKind::source_code, "source_code"}};
};

// What the artefact is evidence for; one artefact can serve several purposes.
enum class Purpose {
  rotation,             // renews certificates
  reload,               // makes Redis load the renewed ones
  expiry_monitoring,    // raises an alarm before expiry
  connection_monitoring,
  access_audit,         // a source that records who accessed what
  acl_log_collection,
  log_shipping,
  log_retention,
  verification_off,     // switches certificate verification off (a defect)
  runbook_defect,       // documents a command that proves nothing (a defect)
  unsafe_key_handling,  // generates keys without protecting them (a defect)
  managed_service,      // declares a managed Redis
  literal_secret,       // a secret written out (a defect)
  build_context         // Dockerfile that copies the tree
};

template <>
struct EnumNames<Purpose> {
  static constexpr std::array table{
      EnumName<Purpose>{Purpose::rotation, "rotation"},
      EnumName<Purpose>{Purpose::reload, "reload"},
      EnumName<Purpose>{Purpose::expiry_monitoring, "expiry_monitoring"},
      EnumName<Purpose>{Purpose::connection_monitoring, "connection_monitoring"},
      EnumName<Purpose>{Purpose::access_audit, "access_audit"},
      EnumName<Purpose>{Purpose::acl_log_collection, "acl_log_collection"},
      EnumName<Purpose>{Purpose::log_shipping, "log_shipping"},
      EnumName<Purpose>{Purpose::log_retention, "log_retention"},
      EnumName<Purpose>{Purpose::verification_off, "verification_off"},
      EnumName<Purpose>{Purpose::runbook_defect, "runbook_defect"},
      EnumName<Purpose>{Purpose::unsafe_key_handling, "unsafe_key_handling"},
      EnumName<Purpose>{Purpose::managed_service, "managed_service"},
      EnumName<Purpose>{Purpose::literal_secret, "literal_secret"},
      EnumName<Purpose>{Purpose::build_context, "build_context"}};
};

struct Artefact {
  ArtefactKind kind = ArtefactKind::script;
  Purpose purpose = Purpose::rotation;
  SourceLocation location;
  std::string summary;                  // "certbot renew, weekly": what it does, in words
  std::string command;                  // escaped, secrets masked
  std::string schedule;                 // "OnCalendar=weekly", "0 3 * * *"
  std::optional<int> period_days;       // rounded up
  std::optional<int> threshold_days;    // of an expiry alarm
  bool enabled = true;                  // installed and switched on, as far as the file tells
  bool covers_target = false;           // names the audited endpoint, path or name
  bool verified_tls = true;             // exporters: rediss:// with verification
  bool conditional = false;             // behind a condition that cannot be evaluated
  bool test_or_document = false;        // under test/, spec/, docs/
  std::vector<std::string> problems;
};

}  // namespace rta

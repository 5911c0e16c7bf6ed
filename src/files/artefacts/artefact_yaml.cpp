// Artefacts in YAML: Prometheus rules, CI workflows, Kubernetes manifests.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/artefacts/artefact_node.h"
#include "files/artefacts/artefacts.h"

namespace rta::files {
namespace {

// All scalars below a node, in order, within the budget.
void gather(const YAML::Node& node, std::string& text, std::size_t& budget, int depth = 0) {
  if (budget == 0 || depth > static_cast<int>(limits::kNesting) || !node.IsDefined()) return;
  --budget;
  if (node.IsScalar())
    text += node.Scalar() + "\n";
  else if (node.IsSequence())
    for (const YAML::Node& element : node) gather(element, text, budget, depth + 1);
  else if (node.IsMap())
    for (const auto& pair : node) {
      if (pair.first.IsScalar()) text += pair.first.Scalar() + ": ";
      gather(pair.second, text, budget, depth + 1);
    }
}

std::string all_text(const YAML::Node& node) {
  std::string text;
  std::size_t budget = 20'000;
  gather(node, text, budget);
  return text;
}

constexpr std::array<std::string_view, 8> kExpiryMetrics{"probe_ssl_earliest_cert_expiry",
                                                         "x509_cert_expiry",
                                                         "x509_cert_not_after",
                                                         "redis_tls_server_cert_expires",
                                                         "tls_server_cert_expires",
                                                         "ssl_certificate_expiry",
                                                         "certmanager_certificate_expiration",
                                                         "redis_tls_audit_certificate_not_after"};
constexpr std::array<std::string_view, 5> kConnectionMetrics{
    "redis_up", "redis_connected_clients", "redis_tls_audit_", "redis_acl_access_denied",
    "redis_rejected_connections"};

// "... - time() < 21 * 86400": the product or number after the last "<".
std::optional<int> threshold_days(std::string_view expression) {
  const std::size_t less = expression.rfind('<');
  if (less == std::string_view::npos) return std::nullopt;
  double product = 1;
  bool any = false;
  for (std::string_view factor : split(expression.substr(less + 1), '*')) {
    factor = trim(factor);
    while (!factor.empty() &&
           (factor.front() == '(' || factor.front() == '=' || factor.front() == ' '))
      factor.remove_prefix(1);
    const std::size_t digits = std::min(factor.find_first_not_of("0123456789"), factor.size());
    if (digits == 0 || digits > 9) return std::nullopt;
    product *= std::stod(std::string{factor.substr(0, digits)});
    any = true;
  }
  // x509 metrics in days exist; all others are seconds.
  const double days = product >= 3600 ? product / 86'400 : product;
  if (!any || days > 36'500) return std::nullopt;
  return static_cast<int>(days);
}

Artefact rule_artefact(const YAML::Node& rule, const std::string& path,
                       const TargetWords& targets) {
  Artefact artefact{.kind = ArtefactKind::prometheus_rule, .location = place(path, rule)};
  const std::string expression = scalar(child(rule, "expr"));
  artefact.command = printable(expression, 300);
  artefact.summary = "alert " + printable(scalar(child(rule, "alert")), 80);
  artefact.threshold_days = threshold_days(expression);
  // A rule without a selector watches every target that is scraped.
  artefact.covers_target =
      expression.find('{') == std::string::npos || targets.named_in(expression);
  return artefact;
}

bool any_in(const auto& metrics, std::string_view text) {
  return std::ranges::any_of(metrics, [&](std::string_view metric) {
    return text.find(metric) != std::string_view::npos;
  });
}

void add_job(std::vector<Artefact>& found, const YAML::Node& job, Artefact artefact,
             const TargetWords& targets) {
  const std::string text = all_text(job);
  const CommandMeaning meaning = meaning_of(text);
  artefact.command = printable(trim(text), 200);
  artefact.covers_target = targets.named_in(text);
  const std::string condition = lower_ascii(scalar(child(job, "if")));
  artefact.conditional = !condition.empty();
  if (condition == "false" || condition == "${{ false }}") {
    artefact.enabled = false;
    artefact.problems.push_back("the job is switched off: if: false");
  }
  const auto add = [&](bool wanted, Purpose purpose, const std::string& what) {
    if (!wanted) return;
    Artefact one = artefact;
    one.purpose = purpose;
    one.summary = fmt::format("{}, schedule {}", what, artefact.schedule);
    found.push_back(std::move(one));
  };
  add(meaning.rotates, Purpose::rotation, meaning.program + " renews a certificate");
  add(meaning.reloads, Purpose::reload, "Redis loads the renewed certificate");
  add(meaning.watches_expiry, Purpose::expiry_monitoring, meaning.program + " watches expiry");
  add(meaning.watches_connections, Purpose::connection_monitoring,
      meaning.program + " looks at the connections");
  add(meaning.collects_acl_log, Purpose::acl_log_collection, "ACL LOG is collected");
}

}  // namespace

std::vector<std::string> read_scrape_jobs(std::string_view content, const TargetWords& targets) {
  constexpr std::size_t kMostJobs = 1'000;
  std::vector<std::string> names;
  if (content.find("scrape_configs") == std::string_view::npos) return names;
  for (const YAML::Node& document : documents_of(content)) {
    const YAML::Node jobs = child(document, "scrape_configs");
    if (!jobs.IsDefined() || !jobs.IsSequence()) continue;
    for (const YAML::Node& job : jobs) {
      const std::string name = scalar(child(job, "job_name"));
      if (!name.empty() && names.size() < kMostJobs && targets.named_in(all_text(job)))
        names.push_back(name);
    }
  }
  return names;
}

std::vector<Artefact> read_prometheus_rules(std::string_view content, const std::string& path,
                                            const TargetWords& targets) {
  std::vector<Artefact> found;
  for (const YAML::Node& document : documents_of(content)) {
    // A PrometheusRule of Kubernetes holds the same groups below spec.
    const YAML::Node spec = child(document, "spec");
    const YAML::Node groups = child(spec.IsDefined() ? spec : document, "groups");
    if (!groups.IsDefined() || !groups.IsSequence()) continue;
    for (const YAML::Node& group : groups) {
      const YAML::Node rules = child(group, "rules");
      if (!rules.IsDefined() || !rules.IsSequence()) continue;
      for (const YAML::Node& rule : rules) {
        if (scalar(child(rule, "alert")).empty()) continue;
        Artefact artefact = rule_artefact(rule, path, targets);
        const std::string expression = scalar(child(rule, "expr"));
        if (any_in(kExpiryMetrics, expression)) {
          artefact.purpose = Purpose::expiry_monitoring;
          found.push_back(artefact);
        } else if (any_in(kConnectionMetrics, expression)) {
          artefact.purpose = Purpose::connection_monitoring;
          found.push_back(artefact);
        }
      }
    }
  }
  return found;
}

std::vector<Artefact> read_ci_workflow(std::string_view content, const std::string& path,
                                       const TargetWords& targets) {
  std::vector<Artefact> found;
  for (const YAML::Node& document : documents_of(content)) {
    // "on" is a word here: yaml-cpp leaves scalars as text.
    const YAML::Node schedule = child(child(document, "on"), "schedule");
    if (!schedule.IsDefined() || !schedule.IsSequence()) continue;
    const YAML::Node jobs = child(document, "jobs");
    if (!jobs.IsDefined() || !jobs.IsMap()) continue;
    for (const YAML::Node& entry : schedule) {
      const std::string cron = scalar(child(entry, "cron"));
      if (cron.empty()) continue;
      for (const auto& job : jobs) {
        Artefact artefact{.kind = ArtefactKind::github_schedule, .location = place(path, entry)};
        artefact.schedule = printable(cron, 80);
        artefact.period_days = period_of_cron(cron);
        add_job(found, job.second, artefact, targets);
      }
    }
  }
  return found;
}

std::vector<Artefact> read_kubernetes(std::string_view content, const std::string& path,
                                      const TargetWords& targets) {
  std::vector<Artefact> found;
  for (const YAML::Node& document : documents_of(content)) {
    const std::string kind = scalar(child(document, "kind"));
    const YAML::Node spec = child(document, "spec");
    if (kind == "Certificate" &&
        scalar(child(document, "apiVersion")).starts_with("cert-manager.io/")) {
      Artefact artefact{.kind = ArtefactKind::cert_manager,
                        .purpose = Purpose::rotation,
                        .location = place(path, document)};
      const std::string duration = scalar(child(spec, "duration"));
      // cert-manager's default is 2160h, 90 days.
      const auto hours = duration.empty() ? 2160 : std::atoi(duration.c_str());
      artefact.period_days = hours / 24;
      artefact.schedule =
          "duration " + (duration.empty() ? "2160h (default)" : printable(duration, 40));
      artefact.summary =
          fmt::format("cert-manager renews {}", printable(scalar(child(spec, "secretName")), 80));
      artefact.covers_target = targets.named_in(all_text(child(spec, "dnsNames"))) ||
                               targets.named_in(scalar(child(spec, "commonName")));
      found.push_back(std::move(artefact));
    } else if (kind == "CronJob") {
      const std::string cron = scalar(child(spec, "schedule"));
      Artefact artefact{.kind = ArtefactKind::cron, .location = place(path, document)};
      artefact.schedule = printable(cron, 80);
      artefact.period_days = period_of_cron(cron);
      if (scalar(child(spec, "suspend")) == "true") {
        artefact.enabled = false;
        artefact.problems.push_back("the CronJob is suspended");
      }
      add_job(found, child(spec, "jobTemplate"), artefact, targets);
    }
  }
  return found;
}

}  // namespace rta::files

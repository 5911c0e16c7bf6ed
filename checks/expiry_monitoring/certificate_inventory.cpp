#include <redis_tls_audit/check.h>

#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.A"sv, "nist.CM-8"sv, "nist.SC-17"sv,
                               "pci.4.2.1.1"sv, "pci.12.3.3"sv};

std::string days_left(const x509::Certificate& certificate, const Evidence& evidence) {
  const auto days =
      std::chrono::floor<std::chrono::days>(certificate.not_after - evidence.as_of).count();
  return days < 0 ? fmt::format("expired {} days ago", -days) : fmt::format("{} days left", days);
}

// Certificates that something names and nobody could read: the inventory has a hole.
void say_holes(const Evidence& evidence, Findings& findings) {
  for (const NamedFile& named : evidence.named_files) {
    const FileUse use = named.reference.use;
    const bool certificate = use == FileUse::server_certificate || use == FileUse::server_ca ||
                             use == FileUse::client_certificate || use == FileUse::consumer_ca ||
                             use == FileUse::consumer_certificate;
    const Gap* gap = named.file.gap();
    if (!certificate || gap == nullptr) continue;
    findings
        .warn(Subject::file(named.path),
              fmt::format("{}, named by {}, is missing from the inventory: {}", named.declared,
                          named.reference.by, gap->detail))
        .at(named.reference.named_at)
        .grade(Grade::declared)
        .variant(named.reference.by);
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  say_holes(evidence, findings);
  for (const CertificateView& view : views)
    findings
        .pass(view.subject,
              fmt::format("{}: {}", view.label, days_left(view.certificate, evidence)))
        .variant(view.variant)
        .from(view.source)
        .observed(fmt::format("{}, serial {}, until {}", view.certificate.subject,
                              view.certificate.serial, to_rfc3339(view.certificate.not_after)));
}

}  // namespace

extern const Check expiry_monitoring_certificate_inventory;
constexpr Check expiry_monitoring_certificate_inventory{
    .info = {.code = "RTA-MON-001",
             .title = "Every certificate in use stands in the inventory with its days to expiry",
             .core = {4},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation =
                 "make the named file readable for the audit, or correct the path that names it"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

using x509::KeyUse;

constexpr std::array kControls{"hipaa.312.d"sv,      "nist.SC-17"sv, "nist.IA-5.2"sv,
                               "sp800-52r2.3.2.1"sv, "pci.4.2.1"sv,  "RFC 5280 4.2"sv};

std::vector<std::string> errors(const x509::Certificate& leaf) {
  std::vector<std::string> found;
  if (leaf.version < 3)
    found.push_back(fmt::format("it is X.509 version {}, which has no extensions", leaf.version));
  if (leaf.is_ca()) found.emplace_back("it may sign other certificates (CA:TRUE)");
  if (leaf.key_usage && !leaf.key_usage->has(KeyUse::digital_signature))
    found.emplace_back("its key usage lacks digitalSignature");
  if (leaf.key_usage && leaf.key_usage->has(KeyUse::key_cert_sign))
    found.emplace_back("its key usage has keyCertSign");
  if (!leaf.unknown_critical.empty())
    found.push_back("it has a critical extension that no client knows: " +
                    leaf.unknown_critical.front());
  if (leaf.has_broken_extension) found.emplace_back("an extension is broken or stands twice");
  return found;
}

std::vector<std::string> missing(const x509::Certificate& leaf) {
  std::vector<std::string> names;
  if (!leaf.basic_constraints) names.emplace_back("basicConstraints");
  if (!leaf.key_usage) names.emplace_back("keyUsage");
  if (!leaf.has_subject_key_id) names.emplace_back("subjectKeyIdentifier");
  // RFC 5280 4.2.1.1: a self-signed certificate may leave it out.
  if (!leaf.has_authority_key_id && !leaf.self_signed) names.emplace_back("authorityKeyIdentifier");
  return names;
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  for (const CertificateView& view : views) {
    if (!view.is_leaf()) continue;
    const std::vector<std::string> wrong = errors(view.certificate);
    const std::vector<std::string> absent = missing(view.certificate);
    const auto say = [&](Status status, const std::string& message) {
      return findings.add(status, view.subject, message)
          .variant(view.variant)
          .from(view.source)
          .expected("version 3 with CA:FALSE, keyUsage digitalSignature and both key identifiers");
    };
    if (!wrong.empty())
      say(Status::fail, fmt::format("{}: {}", view.label, join(wrong, "; ")));
    else if (!absent.empty())
      say(Status::warn, fmt::format("{} lacks {}", view.label, join(absent, ", ")));
    else
      say(Status::pass, fmt::format("{} has the extensions of a leaf", view.label));
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "only certificates of authorities were seen");
}

}  // namespace

extern const Check certificates_leaf_extensions;
constexpr Check certificates_leaf_extensions{
    .info = {.code = "RTA-CERT-006",
             .title = "Leaf certificates are X.509 version 3 with the extensions of a leaf",
             .core = {},
             .supports = {3},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation =
                 "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
                 "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

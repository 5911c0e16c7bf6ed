#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "x509/weakness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,  "hipaa.312.e.1"sv,    "nist.SC-17"sv,
                               "nist.SC-23.5"sv, "sp800-52r2.3.2.3"sv, "sp800-52r2.4.5"sv,
                               "pci.4.2.1"sv};

const x509::Certificate* listed_anchor(const Evidence& evidence,
                                       const std::vector<x509::Certificate>& way) {
  for (const x509::Certificate& certificate : way)
    if (std::ranges::find(evidence.trusted_anchor_sha256, certificate.sha256) !=
        evidence.trusted_anchor_sha256.end())
      return &certificate;
  return nullptr;
}

// As openssl prints it, or without colons.
std::string digits_of(std::string fingerprint) {
  std::erase(fingerprint, ':');
  return lower_ascii(trim(fingerprint));
}

// A person's statement that one of these certificates is their issuing CA.
const Attestation* attested(const Evidence& evidence, const std::vector<x509::Certificate>& way) {
  for (const Attestation& statement : evidence.attestations) {
    const auto fingerprint = statement.details.find("fingerprint");
    if (statement.kind != "trusted-ca" || evidence.as_of < statement.date ||
        evidence.as_of > statement.expires || fingerprint == statement.details.end())
      continue;
    const std::string digits = digits_of(fingerprint->second);
    if (std::ranges::any_of(way, [&](const x509::Certificate& certificate) {
          return certificate.sha256 == digits;
        }))
      return &statement;
  }
  return nullptr;
}

void judge_unlisted(const CertificateView& view, const std::vector<x509::Certificate>& way,
                    const Evidence& evidence, const Policy& policy, Findings& findings) {
  const x509::Certificate& top = way.back();
  const std::string tutorial =
      x509::tutorial_subject(top.self_signed ? top.subject_parts : top.issuer_parts);
  const std::string issuer = top.self_signed ? top.subject : top.issuer;
  if (view.certificate.self_signed) {
    judge(findings, policy.trust.self_signed_leaf, view.subject,
          fmt::format("{} is signed by itself, by no authority", view.label))
        .from(view.source)
        .expected("a certificate of your authority")
        .observed(view.certificate.subject);
  } else if (!tutorial.empty()) {
    judge(findings, policy.trust.placeholder_ca, view.subject,
          fmt::format("{} comes from a throw-away authority out of a tutorial ({})", view.label,
                      tutorial))
        .from(view.source)
        .expected("a certificate of your authority")
        .observed(issuer);
  } else if (attested(evidence, way) != nullptr) {
    findings
        .pass(view.subject, fmt::format("{} comes from {}, which is attested as issuing authority",
                                        view.label, issuer))
        .from(view.source)
        .grade(Grade::attested);
  } else {
    findings
        .manual(view.subject,
                fmt::format(
                    "{} comes from the private authority {}; only you can say whether it is yours",
                    view.label, issuer))
        .from(view.source)
        .observed(fmt::format("SHA-256 {}", top.sha256))
        .remediation(top.self_signed ? fmt::format("--anchor {}", top.sha256)
                                     : "--anchor with the file of the authority's certificate");
  }
}

void judge_issuer(const CertificateView& view, const Evidence& evidence, const Policy& policy,
                  Findings& findings) {
  const std::vector<x509::Certificate> way = way_up(evidence, view.der);
  const bool is_public = ends_in_public_store(evidence, {view.der});
  if (const x509::Certificate* anchor = listed_anchor(evidence, way)) {
    findings
        .pass(view.subject,
              fmt::format("{} comes from {}, which you listed", view.label, anchor->subject))
        .from(view.source)
        .observed(fmt::format("SHA-256 {}", anchor->sha256));
  } else if (is_public && (evidence.trust_public_store || !evidence.anchors_given)) {
    findings
        .pass(view.subject,
              fmt::format("{} comes from a public authority, {}", view.label, way.back().subject))
        .from(view.source);
  } else if (evidence.anchors_given) {
    findings
        .fail(view.subject,
              fmt::format("{} comes from {}, which is none of the anchors that you listed",
                          view.label,
                          way.back().self_signed ? way.back().subject : way.back().issuer))
        .from(view.source)
        .expected("a chain to a listed anchor")
        .observed(fmt::format("SHA-256 {}", way.back().sha256));
  } else {
    judge_unlisted(view, way, evidence, policy, findings);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (std::ranges::none_of(views, &CertificateView::is_server))
    return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  for (const CertificateView& view : views)
    if (view.is_server) judge_issuer(view, evidence, policy, findings);
}

}  // namespace

extern const Check certificates_trusted_issuer;
constexpr Check certificates_trusted_issuer{
    .info = {.code = "RTA-CERT-009",
             .title = "Server certificates come from a trusted authority",
             .core = {3},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::manual,
                          Status::unknown},
             .needs = {Need::project_files, Need::served_chain, Need::attestations},
             .controls = kControls,
             .remediation =
                 "issue from the organisation's CA and list it: --anchor <file or SHA-256>"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5.2"sv, "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

// Dates are RTA-CERT-002's: an expired certificate would hide the rest.
x509::ChainResult verify(const Bytes& leaf, const Evidence& evidence,
                         const std::vector<Bytes>& anchors, bool strict) {
  std::vector<Bytes> chain{leaf};
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* served = real_chain(endpoint);
        served && served->certificates.front() == leaf)
      chain = served->certificates;
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (chain.size() == 1 && file.has_value() && !file->certificates.empty() &&
        file->certificates.front() == leaf)
      chain = file->certificates;
  return x509::verify_chain({.served = chain,
                             .anchors = anchors,
                             .at = evidence.as_of,
                             .strict = strict,
                             .partial_chain = true,
                             .check_time = false});
}

void judge_view(const CertificateView& view, const Evidence& evidence,
                const std::vector<Bytes>& anchors, Findings& findings) {
  const x509::ChainResult strict = verify(view.der, evidence, anchors, true);
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, view.subject, message)
        .variant(view.variant)
        .from(view.source)
        .expected("accepted under RFC 5280 rules");
  };
  if (strict.accepted) {
    say(Status::pass, fmt::format("the chain of {} passes strict verification", view.label));
    return;
  }
  const x509::ChainResult lenient = verify(view.der, evidence, anchors, false);
  if (lenient.accepted)
    say(Status::warn,
        fmt::format("the chain of {} passes only lenient clients; strict ones say: {} (depth {})",
                    view.label, strict.text, strict.depth))
        .observed(strict.text);
  else
    say(Status::fail,
        fmt::format(
            "the chain of {} is refused with the CA that applications are given: {} (depth {})",
            view.label, lenient.text, lenient.depth))
        .observed(lenient.text);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (std::ranges::none_of(views, &CertificateView::is_server))
    return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  std::vector<Bytes> anchors = authority_certificates(evidence);
  anchors.insert(anchors.end(), evidence.public_store.begin(), evidence.public_store.end());
  for (const CertificateView& view : views) {
    if (!view.is_server) continue;
    if (anchors.empty())
      findings.unknown(
          view.subject,
          fmt::format("no CA file was seen with which {} could be verified", view.label),
          GapReason::not_found);
    else
      judge_view(view, evidence, anchors, findings);
  }
}

}  // namespace

extern const Check certificates_strict_verification;
constexpr Check certificates_strict_verification{
    .info = {.code = "RTA-CERT-011",
             .title = "The certificate chain passes strict verification",
             .core = {},
             .supports = {7},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "issue the CA and the certificate again with the extensions that "
                            "RTA-CERT-006 and RTA-CERT-010 name"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5.2"sv, "nist.SC-17"sv,
                               "sp800-52r2.3.2.2"sv, "pci.4.2.1"sv};
constexpr std::chrono::days kShortLived{90};

bool demands_client_certificates(const Evidence& evidence) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = endpoint.chain.value();
        chain && (chain->client_certificate == ClientCertificateDemand::required ||
                  chain->client_certificate == ClientCertificateDemand::optional))
      return true;
  for (const RedisConfiguration& configuration : evidence.redis_configurations)
    if (const std::string* value = configuration.value("tls-auth-clients");
        value && (*value == "yes" || *value == "optional") &&
        configuration.decided_at.contains("tls-auth-clients"))
      return true;
  return false;
}

void judge_view(const CertificateView& view, const Evidence& evidence, bool mutual,
                Findings& findings) {
  const x509::Certificate& certificate = view.certificate;
  const auto say = [&](Status status, const std::string& message) {
    return findings.add(status, view.subject, message).variant(view.variant).from(view.source);
  };
  if (view.is_server && certificate.must_staple) {
    say(Status::fail,
        fmt::format(
            "{} demands a stapled OCSP answer, which Redis cannot give: strict clients refuse it",
            view.label));
  } else if (view.is_server && ends_in_public_store(evidence, {view.der})) {
    const bool can_revoke =
        certificate.has_crl_distribution_point || !certificate.ocsp_urls.empty();
    if (can_revoke)
      say(Status::pass, fmt::format("{} says where its revocation is published", view.label));
    else
      say(Status::warn,
          fmt::format("{} says nowhere where its revocation is published", view.label))
          .expected("a CRL distribution point or an OCSP address");
  } else if (view.is_client && mutual &&
             certificate.lifetime() > kShortLived + std::chrono::seconds{1}) {
    say(Status::warn,
        fmt::format("{} is a client certificate for more than 90 days; Redis checks no revocation, "
                    "so that it stays good until it ends or its ACL user is removed",
                    view.label))
        .expected("90 days at most");
  } else if (view.is_client && mutual) {
    say(Status::pass, fmt::format("{} is a short-lived client certificate", view.label));
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  const bool mutual = demands_client_certificates(evidence);
  for (const CertificateView& view : views) judge_view(view, evidence, mutual, findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no public certificate and no client certificate is in use");
}

}  // namespace

extern const Check certificates_revocation;
constexpr Check certificates_revocation{
    .info = {.code = "RTA-CERT-013",
             .title = "Revocation of certificates can be acted on",
             .core = {},
             .supports = {3},
             .severity = Severity::info,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "issue client certificates for 90 days at most, and map each to an ACL "
                            "user that can be removed"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

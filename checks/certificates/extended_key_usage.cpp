#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "checks/common/checkout.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5.2"sv,      "nist.SC-17"sv,
                               "nist.AC-6"sv,   "sp800-52r2.3.2.1"sv, "sp800-52r2.3.5"sv,
                               "pci.4.2.1"sv,   "pci.8.3.2"sv};

struct Opinion {
  Verdict verdict = Verdict::pass;
  std::string message;
};

Opinion opinion(const CertificateView& view, bool is_public) {
  const x509::Certificate& certificate = view.certificate;
  if (!certificate.extended_key_usage)
    return {Verdict::warn,
            "has no extended key usage: it passes as server and as client certificate"};
  const bool any = certificate.has_extended_use("anyExtendedKeyUsage");
  const bool server = certificate.has_extended_use("serverAuth");
  const bool client = certificate.has_extended_use("clientAuth");
  if (view.is_server && !server && !any)
    return {Verdict::fail, "is served without extended key usage serverAuth"};
  if (view.is_client && !client && !any)
    return {Verdict::fail, "is used by a client without extended key usage clientAuth"};
  if (any) return {Verdict::warn, "is allowed for everything (anyExtendedKeyUsage)"};
  if (view.is_client && !view.is_server && server && !is_public)
    return {Verdict::fail,
            "belongs to a client and has serverAuth too: its holder can pose as the server"};
  if (view.is_server && client)
    return {Verdict::info,
            "has serverAuth and clientAuth; replicas and cluster nodes need both, a single server "
            "does not"};
  return {Verdict::pass,
          fmt::format("is for {} alone", join(*certificate.extended_key_usage, ", "))};
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  if (views.empty()) return say_no_certificate(evidence, findings);
  say_stand_ins(evidence, findings);
  for (const CertificateView& view : views) {
    if (!view.is_leaf()) continue;
    const Opinion told = opinion(view, ends_in_public_store(evidence, {view.der}));
    const std::string seen = view.certificate.extended_key_usage
                                 ? join(*view.certificate.extended_key_usage, ", ")
                                 : "none";
    judge(findings, told.verdict, view.subject, fmt::format("{} {}", view.label, told.message))
        .variant(view.variant)
        .from(view.source)
        .observed(printable(seen))
        .expected(view.is_client && !view.is_server ? "clientAuth" : "serverAuth");
  }
  if (findings.empty())
    findings.not_applicable(Subject::deployment(), "only certificates of authorities were seen");
}

}  // namespace

extern const Check certificates_extended_key_usage;
constexpr Check certificates_extended_key_usage{
    .info = {.code = "RTA-CERT-008",
             .title = "Extended key usage separates server and client certificates",
             .core = {},
             .supports = {3, 7},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "extendedKeyUsage=serverAuth for the server, "
                            "extendedKeyUsage=clientAuth for clients, each with a key of its own"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/certificates.h"
#include "x509/names.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv,    "nist.IA-5.2"sv,
                               "nist.SC-23"sv,  "sp800-52r2.3.2.1"sv, "sp800-52r2.4.5"sv,
                               "pci.4.2.1"sv,   "RFC 9525"sv};

struct Name {
  Subject subject;
  std::string who;  // "backend@backend/.env"
  std::string host;
  std::string endpoint;  // key, empty when not known
};

std::vector<Name> names_in_use(const Evidence& evidence) {
  std::vector<Name> names;
  for (const Consumer* consumer : tls_consumers(evidence))
    names.push_back({consumer->subject(), consumer->key, consumer->host, consumer->endpoint});
  if (!names.empty()) return names;
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::live && !endpoint.host.empty())
      names.push_back({Subject::endpoint(endpoint.key), "this audit",
                       name_to_verify(endpoint), endpoint.key});
  return names;
}

bool speaks_for(const CertificateView& view, const Name& name) {
  const x509::NameMatch match = x509::match_name(view.certificate, name.host);
  return match == x509::NameMatch::exact || match == x509::NameMatch::wildcard;
}

// The certificates that this name would meet: its endpoint's when that was
// seen, else every server's.
std::vector<const CertificateView*> met_by(const Name& name,
                                           const std::vector<CertificateView>& views) {
  std::vector<const CertificateView*> own, all;
  for (const CertificateView& view : views) {
    if (!view.is_server) continue;
    all.push_back(&view);
    if (view.endpoint != nullptr && view.endpoint->key == name.endpoint) own.push_back(&view);
  }
  return own.empty() ? all : own;
}

void judge_name(const Name& name, const std::vector<const CertificateView*>& met,
                const Policy& policy, Findings& findings) {
  for (const CertificateView* view : met)
    if (speaks_for(*view, name)) {
      findings
          .pass(name.subject, fmt::format("{} connects to {}, which {} names", name.who,
                                          printable(name.host, 100), view->label))
          .from(view->source)
          .observed(x509::names_text(view->certificate));
      return;
    }
  const CertificateView& view = *met.front();
  const bool by_common_name = x509::common_name_matches(view.certificate, name.host);
  const bool no_names =
      x509::match_name(view.certificate, name.host) == x509::NameMatch::no_usable_names;
  const Verdict verdict =
      no_names && !policy.certificates.san_required ? Verdict::warn : Verdict::fail;
  judge(findings, verdict, name.subject,
        fmt::format("{} connects to {}, and {} names {}{}", name.who, printable(name.host, 100),
                    view.label, x509::names_text(view.certificate, 5),
                    by_common_name ? "; the common name does not count" : ""))
      .from(view.source)
      .expected(fmt::format("subjectAltName with {}", printable(name.host, 100)))
      .observed(fmt::format("{}; CN {}", x509::names_text(view.certificate),
                            printable(view.certificate.common_name, 100)))
      .remediation(fmt::format("subjectAltName={}:{}",
                               x509::parse_address(name.host) ? "IP" : "DNS",
                               printable(name.host, 100)));
}

void judge_presence(const CertificateView& view, const Policy& policy, Findings& findings) {
  if (view.certificate.alternative_names && view.certificate.alternative_names->usable()) {
    findings
        .pass(view.subject,
              fmt::format("{} names {}", view.label, x509::names_text(view.certificate)))
        .from(view.source);
    return;
  }
  judge(findings, policy.certificates.san_required ? Verdict::fail : Verdict::warn, view.subject,
        fmt::format("{} has no name that clients compare; they do not look at the common name",
                    view.label))
      .from(view.source)
      .expected("subjectAltName")
      .observed(fmt::format("CN {}", printable(view.certificate.common_name, 100)));
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  const std::vector<CertificateView> views = certificate_views(evidence);
  const std::vector<Name> names = names_in_use(evidence);
  if (std::ranges::none_of(views, &CertificateView::is_server))
    return say_no_certificate(evidence, findings);
  say_chain_gaps(evidence, findings);
  for (const Name& name : names) judge_name(name, met_by(name, views), policy, findings);
  if (!names.empty()) return;
  for (const CertificateView& view : views)
    if (view.is_server) judge_presence(view, policy, findings);
}

}  // namespace

extern const Check certificates_san_covers_names;
constexpr Check certificates_san_covers_names{
    .info = {.code = "RTA-CERT-007",
             .title = "The server certificate names every host that clients connect to",
             .core = {7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "subjectAltName=DNS:redis,DNS:localhost,IP:127.0.0.1"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

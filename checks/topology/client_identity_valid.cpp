#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"
#include "x509/certificate.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.308.a.7"sv,  "nist.IA-9"sv,
                               "nist.SC-17"sv,  "sp800-52r2.3.5"sv, "pci.4.2.1"sv};

// The leaf that a node shows when it connects to another: tls-client-cert-file,
// else tls-cert-file, else (live) the one that it serves.
const Bytes* outbound_leaf(const ConfigurationView& view, const Evidence& evidence) {
  const std::string* own = view.value("tls-client-cert-file");
  const bool has_own = own != nullptr && !own->empty();
  const std::string* path = has_own ? own : view.value("tls-cert-file");
  if (path != nullptr && !path->empty())
    for (const Observation<CertificateFile>& file : evidence.certificate_files) {
      if (!file.has_value() || file->certificates.empty()) continue;
      if (file->file.path == *path ||
          (path->ends_with("/" + file->file.path) && path->front() == '/'))
        return &file->certificates.front();
    }
  if (has_own || view.endpoint == nullptr || !view.endpoint->chain.has_value() ||
      view.endpoint->chain->certificates.empty())
    return nullptr;
  return &view.endpoint->chain->certificates.front();
}

void judge_leaf(const ConfigurationView& view, const Bytes& der, Findings& findings) {
  const Result<x509::Certificate> leaf = x509::parse_certificate(der);
  if (!leaf) {
    findings.unknown(view.subject, "the certificate for outbound links cannot be read",
                     GapReason::malformed);
    return;
  }
  constexpr std::string_view kExpected = "clientAuth among the extended key usages, or none at all";
  if (!leaf->extended_key_usage || leaf->has_extended_use("clientAuth") ||
      leaf->has_extended_use("anyExtendedKeyUsage"))
    findings.pass(view.subject, "the certificate for outbound links may be used by a client")
        .expected(std::string{kExpected})
        .from(view.provenance("tls-client-cert-file"));
  else
    findings
        .fail(view.subject,
              "the certificate for outbound links is not for clients: other nodes will refuse it")
        .expected(std::string{kExpected})
        .observed(join(*leaf->extended_key_usage, ", "))
        .from(view.provenance("tls-client-cert-file"));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    if (view.value("tls-replication") == nullptr && view.value("tls-cluster") == nullptr)
      findings.unknown(view.subject, view.gap("tls-replication and tls-cluster"));
    else if (!view.is_yes("tls-replication") && !view.is_yes("tls-cluster"))
      findings.not_applicable(view.subject,
                              "no outbound link uses TLS: tls-replication and tls-cluster are off");
    else if (const Bytes* leaf = outbound_leaf(view, evidence))
      judge_leaf(view, *leaf, findings);
    else
      findings.unknown(view.subject, "the certificate for outbound links was not seen",
                       GapReason::not_found);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check topology_client_identity_valid;
constexpr Check topology_client_identity_valid{
    .info = {.code = "RTA-TOPO-006",
             .title = "The certificate for outbound links is valid for clients",
             .core = {},
             .supports = {1},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::fail, Status::unknown, Status::not_applicable},
             .needs = {Need::redis_server, Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "tls-client-cert-file /etc/redis/tls/client.crt\ntls-client-key-file "
                            "/etc/redis/tls/client.key"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

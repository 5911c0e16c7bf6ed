#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.IA-3"sv, "nist.IA-9"sv, "nist.SC-23.5"sv,
                               "sp800-52r2.3.5"sv, "pci.8.3.2"sv, "pci.4.2.1"sv};

constexpr std::size_t kManyAnchors = 3;
constexpr std::size_t kPublicBundle = 20;  // no private CA has as many roots

bool is_system_store(std::string_view path) {
  for (const std::string_view known :
       {"/etc/ssl/certs", "/etc/pki/", "/usr/share/ca-certificates", "/etc/ssl/cert.pem",
        "/usr/local/share/certs", "/etc/ca-certificates"})
    if (path.starts_with(known)) return true;
  return path.ends_with("ca-certificates.crt") || path.ends_with("ca-bundle.crt") ||
         path.ends_with("cacert.pem") || path.ends_with("global-bundle.pem");
}

bool verifies_peers(const ConfigurationView& view) {
  const std::string* clients = view.value("tls-auth-clients");
  return (clients != nullptr && *clients != "no") || view.is_yes("tls-replication") ||
         view.is_yes("tls-cluster");
}

const CertificateFile* anchor_file(const Evidence& evidence, const std::string& source,
                                   const std::string& declared) {
  for (const NamedFile& named : evidence.named_files) {
    if (named.reference.use != FileUse::server_ca || named.declared != declared) continue;
    if (!source.empty() && named.reference.by != source) continue;
    for (const auto& file : evidence.certificate_files)
      if (file.has_value() && file->file.path == named.path) return file.value();
  }
  return nullptr;
}

// Why the file at this path was not seen.
Gap why_unseen(const Evidence& evidence, const std::string& source, const std::string& declared) {
  for (const NamedFile& named : evidence.named_files)
    if (named.reference.use == FileUse::server_ca && named.declared == declared &&
        (source.empty() || named.reference.by == source) && named.file.gap() != nullptr)
      return *named.file.gap();
  return {GapReason::not_requested, "no project was given that holds it, and it was not looked for",
          "--allow-path with the directory that holds it"};
}

bool holds_public_root(const Evidence& evidence, const CertificateFile& file) {
  return std::ranges::any_of(file.certificates, [&](const Bytes& certificate) {
    return std::ranges::count(evidence.public_store, certificate) > 0;
  });
}

void judge_file(const ConfigurationView& view, const Evidence& evidence, const std::string& path,
                Findings& findings) {
  const Provenance from = view.provenance("tls-ca-cert-file");
  const std::string source = view.declared == nullptr ? "" : view.declared->source;
  const CertificateFile* file = anchor_file(evidence, source, path);
  if (file == nullptr) {
    Gap gap = why_unseen(evidence, source, path);
    gap.detail = fmt::format("the CA file {} was not seen: {}", printable(path, 200), gap.detail);
    findings.unknown(view.subject, gap).from(from);
    return;
  }
  const std::size_t count = file->certificates.size();
  if (count > kPublicBundle || holds_public_root(evidence, *file))
    findings
        .fail(view.subject,
              fmt::format("{} holds public CAs: anyone with a public certificate is let in",
                          printable(path, 200)))
        .expected("one private CA for Redis clients")
        .observed(counted(count, "certificate"))
        .from(from);
  else if (count > kManyAnchors)
    findings
        .warn(view.subject, fmt::format("{} holds {} anchors; each of them can let clients in",
                                        printable(path, 200), count))
        .expected("one private CA for Redis clients")
        .observed(counted(count, "certificate"))
        .from(from);
  else if (count == 0)
    findings
        .unknown(view.subject, printable(path, 200) + " holds no certificate that could be read",
                 GapReason::malformed)
        .from(from);
  else
    findings
        .pass(view.subject, fmt::format("client certificates are checked against {} with {}",
                                        printable(path, 200), counted(count, "private anchor")))
        .from(from);
}

void judge_view(const ConfigurationView& view, const Evidence& evidence, Findings& findings) {
  if (view.value("tls-auth-clients") == nullptr &&
      say_withheld(view, "RTA-AUTH-007 judges what it demands of clients", findings))
    return;
  if (view.value("tls-auth-clients") == nullptr) {
    findings.unknown(view.subject, view.gap("tls-auth-clients"));
    return;
  }
  const std::string* port = view.value("tls-port");
  if (!verifies_peers(view) || (port != nullptr && *port == "0" &&
                                !view.is_yes("tls-replication") && !view.is_yes("tls-cluster"))) {
    findings.not_applicable(
        view.subject, "no certificate of a peer is verified here: tls-auth-clients no, or TLS off");
    return;
  }
  for (const std::string parameter : {"tls-ca-cert-dir", "tls-ca-cert-file"}) {
    const std::string* path = view.value(parameter);
    if (path == nullptr || path->empty()) continue;
    if (is_system_store(*path))
      findings
          .fail(view.subject,
                fmt::format("{} is the public CA store: anyone with a public certificate is let in",
                            printable(*path, 200)))
          .expected("one private CA for Redis clients")
          .observed(printable(*path, 200))
          .variant(parameter)
          .from(view.provenance(parameter));
    else if (parameter == "tls-ca-cert-file")
      judge_file(view, evidence, *path, findings);
    else
      findings
          .unknown(view.subject,
                   fmt::format("the anchors in the directory {} were not counted",
                               printable(*path, 200)),
                   GapReason::unsupported)
          .variant(parameter)
          .from(view.provenance(parameter));
    if (parameter == "tls-ca-cert-dir") continue;
  }
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    // A rehearsed server has its files from the same source, which speaks itself.
    if (view.endpoint != nullptr && view.endpoint->kind == EndpointKind::rehearsal) continue;
    const std::size_t before = findings.all().size();
    judge_view(view, evidence, findings);
    if (findings.all().size() == before)
      findings.unknown(view.subject, "peers are verified, but no CA file was told",
                       GapReason::incomplete);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check redis_conf_client_anchor_narrow;
constexpr Check redis_conf_client_anchor_narrow{
    .info = {.code = "RTA-CONF-004",
             .title = "The trust anchor for client certificates is narrow",
             .core = {7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "tls-ca-cert-file /etc/redis/tls/redis-clients-ca.pem"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

// Every certificate that the project holds or names. What a file says is
// declared evidence; the served chain is collected elsewhere and outranks it.
#include <redis_tls_audit/limits.h>

#include <fstream>
#include <set>

#include "base/digest.h"
#include "base/text.h"
#include "collect/anchors.h"
#include "collect/collectors.h"
#include "collect/key_material.h"
#include "collect/public_store.h"
#include "x509/certificate.h"

namespace rta {
namespace {

constexpr const char* kSystemStores[] = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

void take_file(const std::string& path, const std::vector<FileReference>& references,
               const Observation<OpenedFile>& opened, Evidence& evidence) {
  const bool is_named = is_named_as(references, is_certificate_use);
  Provenance provenance{"certificates", {}, {path, 0, 0}, "read", Grade::declared};
  if (opened.gap() != nullptr) {
    // A file that is missing is the finding of whoever names it.
    if (is_named && opened.gap()->reason != GapReason::not_found)
      evidence.certificate_files.emplace_back(*opened.gap(), provenance);
    return;
  }
  CertificateFile file = read_certificates(opened->bytes);
  if (!is_named && file.certificates.empty()) return;
  file.file = opened->facts;
  file.references = references;
  evidence.certificate_files.emplace_back(std::move(file), std::move(provenance));
}

// Plain reads: these paths are the operator's or the system's, not the project's.
std::optional<Bytes> read_trusted(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) return std::nullopt;
  Bytes bytes(limits::kCertificateBundle + 1);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (bytes.size() > limits::kCertificateBundle) return std::nullopt;
  return bytes;
}

// What cannot be read was refused before any work (check_operator_files); here
// it is a note, for whoever calls the collectors without the command line.
void take_anchor(const std::string& given, Evidence& evidence) {
  Result<Anchor> anchor = read_anchor(given);
  if (!anchor) {
    evidence.scope.notes.push_back(
        {GapReason::not_found, "--anchor " + printable(given) + ": " + anchor.error().what,
         anchor.error().remedy});
    return;
  }
  if (anchor->public_store) evidence.trust_public_store = true;
  if (!anchor->sha256.empty()) evidence.trusted_anchor_sha256.push_back(anchor->sha256);
  for (Bytes& der : anchor->certificates) {
    evidence.trusted_anchor_sha256.push_back(sha256_hex(der));
    evidence.trusted_anchors.push_back(std::move(der));
  }
}

void take_public_store(Evidence& evidence) {
  const std::set<std::string> wanted = issuers_without_root(evidence);
  if (wanted.empty()) return;
  for (const char* path : kSystemStores) {
    const std::optional<Bytes> bytes = read_trusted(path);
    if (!bytes) continue;
    for (const Bytes& der : read_certificates(*bytes).certificates)
      if (wanted.contains(x509::subject_of(der))) evidence.public_store.push_back(der);
    return;
  }
}

}  // namespace

void collect_certificates(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("reading certificates");
  read_each(context, files_to_read(*context.files, evidence),
            [&](const std::string& path, const std::vector<FileReference>& references,
                const Observation<OpenedFile>& opened) {
              take_file(path, references, opened, evidence);
            });
}

void collect_trust(CollectContext& context, Evidence& evidence) {
  evidence.anchors_given = !context.settings.anchors.empty();
  for (const std::string& anchor : context.settings.anchors) take_anchor(anchor, evidence);
  take_public_store(evidence);
}

}  // namespace rta

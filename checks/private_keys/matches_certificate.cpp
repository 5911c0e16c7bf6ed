#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <map>

#include "checks/common/certificates.h"
#include "checks/common/key_files.h"
#include "x509/weakness.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.SC-12"sv, "sp800-52r2.3.2"sv, "pci.3.7.1"sv};

struct Pairing {
  FileUse certificate;
  FileUse key;
};
constexpr std::array kPairings{Pairing{FileUse::server_certificate, FileUse::server_key},
                               Pairing{FileUse::client_certificate, FileUse::client_key},
                               Pairing{FileUse::consumer_certificate, FileUse::consumer_key}};

const std::string* named_by(const std::vector<FileReference>& references, FileUse use) {
  const auto found = std::ranges::find(references, use, &FileReference::use);
  return found == references.end() ? nullptr : &found->by;
}

void judge_pair(const Observation<KeyFile>& key, const CertificateFile& file, Findings& findings) {
  const Result<x509::Certificate> certificate = x509::parse_certificate(file.certificates.front());
  const Subject subject = Subject::file(key->file.path);
  if (!certificate) return;
  if (key->encrypted)
    findings
        .unknown(subject,
                 fmt::format("{} is encrypted: whether it belongs to {} cannot be told",
                             key->file.path, file.file.path),
                 GapReason::unsupported)
        .variant(file.file.path)
        .from(key);
  else if (key->spki_sha256 == certificate->spki_sha256)
    findings.pass(subject, fmt::format("{} belongs to {}", key->file.path, file.file.path))
        .variant(file.file.path)
        .from(key);
  else
    findings
        .fail(subject,
              fmt::format("{} does not belong to {}: redis-server and clients refuse the pair",
                          key->file.path, file.file.path))
        .variant(file.file.path)
        .from(key)
        .expected(fmt::format("public half {}", certificate->spki_sha256))
        .observed(fmt::format("public half {}", key->spki_sha256));
}

void judge_pairs(const Evidence& evidence, Findings& findings) {
  for (const Observation<KeyFile>& key : evidence.key_files) {
    if (!key.has_value()) continue;
    for (const auto& [certificate_use, key_use] : kPairings) {
      const std::string* who = named_by(key->references, key_use);
      if (who == nullptr) continue;
      for (const Observation<CertificateFile>& file : evidence.certificate_files) {
        if (!file.has_value() || file->certificates.empty()) continue;
        const std::string* other = named_by(file->references, certificate_use);
        if (other != nullptr && *other == *who) judge_pair(key, *file, findings);
      }
    }
  }
}

void judge_keys(const std::vector<CertificateView>& views, Findings& findings) {
  std::vector<Bytes> moduli;
  std::vector<const CertificateView*> holders;
  std::map<std::string, const CertificateView*> first;
  for (const CertificateView& view : views) {
    const x509::PublicKey& key = view.certificate.key;
    if (!key.rsa_modulus.empty()) {
      moduli.push_back(key.rsa_modulus);
      holders.push_back(&view);
    }
    if (const std::string why = x509::modulus_weakness(key.rsa_modulus); !why.empty())
      findings.fail(view.subject, fmt::format("the key of {} is unsafe: {}", view.label, why))
          .variant(view.variant + " weak")
          .from(view.source);
    const auto [known, is_new] = first.try_emplace(view.certificate.spki_sha256, &view);
    if (!is_new && view.is_leaf() && known->second->is_leaf())
      findings
          .warn(view.subject,
                fmt::format("{} and {} share one private key", known->second->label, view.label))
          .variant("shared " + view.label)
          .from(view.source)
          .expected("a key of its own for each certificate");
  }
  for (const std::size_t index : x509::sharing_a_prime(moduli))
    findings
        .fail(holders[index]->subject,
              fmt::format("the key of {} shares a prime with another key: both can be computed",
                          holders[index]->label))
        .variant(holders[index]->variant + " prime")
        .from(holders[index]->source);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  judge_pairs(evidence, findings);
  judge_keys(certificate_views(evidence), findings);
  if (findings.empty())
    findings.not_applicable(Subject::deployment(),
                            "no configuration names a key and its certificate that were both seen");
}

}  // namespace

extern const Check private_keys_matches_certificate;
constexpr Check private_keys_matches_certificate{
    .info = {.code = "RTA-KEY-006",
             .title = "Keys match their certificates and are neither weak nor shared",
             .core = {},
             .supports = {8},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, and a "
                            "certificate for it"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

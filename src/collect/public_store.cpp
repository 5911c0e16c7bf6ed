#include "collect/public_store.h"

#include <redis_tls_audit/limits.h>

#include "x509/certificate.h"
#include "x509/chain.h"

namespace rta {
namespace {

struct Seen {
  std::multimap<std::string, Bytes> roots;     // by their name
  std::multimap<std::string, Bytes> issued;    // by the name of their issuer

  void add(const std::vector<Bytes>& certificates) {
    for (const Bytes& der : certificates) {
      const Result<x509::Certificate> read = x509::parse_certificate(der);
      if (!read) continue;
      if (read->self_issued)
        roots.emplace(read->subject, der);
      else
        issued.emplace(read->issuer, der);
    }
  }

  [[nodiscard]] bool has_root_of(const std::string& issuer, const Bytes& certificate) const {
    const auto [first, last] = roots.equal_range(issuer);
    return std::any_of(first, last, [&](const auto& root) {
      return x509::was_issued_by(certificate, root.second);
    });
  }
};

}  // namespace

std::set<std::string> issuers_without_root(const Evidence& evidence) {
  Seen seen;
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value() && file->certificates.size() < limits::kCertificatesInChain)
      seen.add(file->certificates);
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.chain.has_value()) seen.add(endpoint.chain->certificates);
  for (const Consumer& consumer : evidence.consumers)
    if (consumer.session.has_value()) seen.add(consumer.session->certificates);
  std::set<std::string> names;
  for (const auto& [issuer, certificate] : seen.issued)
    if (!names.contains(issuer) && !seen.has_root_of(issuer, certificate)) names.insert(issuer);
  return names;
}

}  // namespace rta

#include "tests/support/certificate_story.h"

#include <fmt/format.h>

namespace rta::testing {

Endpoint& serve_nothing(Evidence& evidence, const std::string& host) {
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.host = host;
  endpoint.key = fmt::format("{}:{}", host, endpoint.port);
  endpoint.chain = Gap{GapReason::timed_out, "no answer within 30 s", {}};
  return endpoint;
}

Endpoint& serve(Evidence& evidence, std::vector<Bytes> certificates, const std::string& host) {
  Endpoint& endpoint = serve_nothing(evidence, host);
  ServedChain chain;
  chain.certificates = std::move(certificates);
  endpoint.chain = {std::move(chain),
                    Provenance{"endpoints", endpoint.key, {}, "handshake", Grade::observed}};
  return endpoint;
}

CertificateFile& add_certificates(Evidence& evidence, const std::string& path,
                                  std::vector<Bytes> certificates, FileUse use,
                                  const std::string& by) {
  CertificateFile file;
  file.file.path = path;
  file.certificates = std::move(certificates);
  file.references = {{use, {by, 1, 1}, by}};
  Provenance provenance{"certificates", {}, {path, 0, 0}, "read", Grade::declared};
  return *evidence.certificate_files.emplace_back(std::move(file), std::move(provenance)).value();
}

void add_certificate_gap(Evidence& evidence, const std::string& path, GapReason reason) {
  evidence.certificate_files.emplace_back(
      Gap{reason, path + " was not read", {}},
      Provenance{"certificates", {}, {path, 0, 0}, "read", Grade::declared});
}

KeyFile& add_key(Evidence& evidence, const std::string& path, FileUse use,
                 const std::string& spki_sha256, const std::string& by) {
  KeyFile key;
  key.file.path = path;
  key.file.mode = 0600;
  key.file.owner = "root";
  key.file.file_system = "ext4";
  key.file.directories = {{".", 0755, 0, 0}, {"certs", 0750, 0, 0}};
  key.kind = "EC";
  key.bits = 256;
  key.spki_sha256 = spki_sha256;
  key.references = {{use, {by, 2, 1}, by}};
  Provenance provenance{"key_files", {}, {path, 0, 0}, "fstat, read", Grade::observed};
  return *evidence.key_files.emplace_back(std::move(key), std::move(provenance)).value();
}

void add_key_gap(Evidence& evidence, const std::string& path, GapReason reason) {
  evidence.key_files.emplace_back(
      Gap{reason, path + " was not read", {}},
      Provenance{"key_files", {}, {path, 0, 0}, "read", Grade::observed});
}

Consumer& add_consumer(Evidence& evidence, const std::string& host,
                       std::vector<Bytes> ca_certificates) {
  Consumer& consumer = evidence.consumers.emplace_back();
  consumer.key = "backend@backend/.env";
  consumer.name = "backend";
  consumer.role = ConsumerRole::backend;
  consumer.source = "backend/.env";
  consumer.host = host;
  consumer.endpoint = fmt::format("{}:{}", host, consumer.port);
  consumer.level = VerificationLevel::tls_verified;
  if (!ca_certificates.empty()) {
    consumer.ca.emplace();
    consumer.ca->declared = consumer.ca->path = "certs/ca.pem";
    consumer.ca_certificates = std::move(ca_certificates);
  }
  return consumer;
}

}  // namespace rta::testing

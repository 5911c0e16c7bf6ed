// The certificates of a deployment as the checks see them: each one once,
// with the strongest place in which it was seen (served live, served by a
// rehearsed server, read in a file) and the roles in which it is used.
#pragma once

#include <redis_tls_audit/check.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "x509/certificate.h"
#include "x509/chain.h"

namespace rta::checks {

struct CertificateView {
  Subject subject;      // endpoint or file
  std::string variant;  // "" for the first of its place, "certificate 2" below
  std::string label;    // "certs/ca.pem", "the certificate that redis:6379 serves"
  x509::Certificate certificate;
  Bytes der;
  Provenance source;
  const Endpoint* endpoint = nullptr;
  const CertificateFile* file = nullptr;
  // A certificate can have several; one with none is a leaf nobody names.
  bool is_server = false;
  bool is_client = false;
  bool is_authority = false;
  [[nodiscard]] bool is_leaf() const { return !is_authority; }
};

// Broken certificates are left out (RTA-CERT-001 speaks of them), and so are
// those of large bundles that nothing in the deployment was issued by.
std::vector<CertificateView> certificate_views(const Evidence& evidence);

// For every live endpoint whose chain was asked for and not obtained, and every
// rehearsed one that served a stand-in.
void say_chain_gaps(const Evidence& evidence, Findings& findings);
// The finding for a deployment in which no certificate was seen.
void say_no_certificate(const Evidence& evidence, Findings& findings);

// The name by which this audit verifies a server: the one that the operator
// gave (--sni), else the host of the target.
std::string name_to_verify(const Endpoint& endpoint);

// An endpoint's chain, unless it was made for a rehearsal.
const ServedChain* real_chain(const Endpoint& endpoint);

// What a consumer is served: by its own session, by its endpoint, or, when
// there is no live endpoint at all, by the files that the server would read.
struct ServedTo {
  std::vector<Bytes> certificates;
  Provenance source;
  std::string label;  // "redis:6379"
};
Observation<ServedTo> served_to(const Evidence& evidence, const Consumer& consumer);

// Consumers that say they use TLS, templates left out.
std::vector<const Consumer*> tls_consumers(const Evidence& evidence);

// Every DER of the evidence: served, in files, anchors.
std::vector<Bytes> all_certificates(const Evidence& evidence);
// The way from a certificate up, with everything that the evidence holds;
// the last one is as far as it goes.
std::vector<x509::Certificate> way_up(const Evidence& evidence, ByteView der);
bool ends_in_public_store(const Evidence& evidence, const std::vector<Bytes>& served);
// The CA files that server or consumers are given.
std::vector<Bytes> authority_certificates(const Evidence& evidence);

}  // namespace rta::checks

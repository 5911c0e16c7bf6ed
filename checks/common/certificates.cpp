#include "checks/common/certificates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "checks/common/checkout.h"
#include "checks/common/settings.h"

namespace rta::checks {
namespace {

// A bundle of more certificates than this is a store, not somebody's chain.
constexpr std::size_t kLargestChainFile = 10;

bool has_use(const CertificateFile& file, FileUse use) {
  return std::ranges::find(file.references, use, &FileReference::use) != file.references.end();
}

bool is_named(const CertificateFile& file) {
  return std::ranges::any_of(file.references, [](const FileReference& reference) {
    return reference.use != FileUse::mounted && reference.use != FileUse::found_in_tree;
  });
}

class Views {
 public:
  explicit Views(const Evidence& evidence) : evidence_(evidence) {}
  std::vector<CertificateView> all() &&;

 private:
  void add_chain(const Endpoint& endpoint, const ServedChain& chain, const std::string& way);
  void add_chains(const Endpoint& endpoint);
  void add_file(const Observation<CertificateFile>& file);
  // Null when it cannot be read or was seen in a stronger place, whose roles
  // `known` then receives.
  CertificateView* add(const Bytes& der);
  void set_file_roles(CertificateView& view, const CertificateFile& file, std::size_t index) const;

  const Evidence& evidence_;
  std::vector<CertificateView> views_;
  std::set<std::string> issuers_;
};

CertificateView* Views::add(const Bytes& der) {
  for (CertificateView& view : views_)
    if (view.der == der) return &view;
  Result<x509::Certificate> read = x509::parse_certificate(der);
  if (!read) return nullptr;
  issuers_.insert(read->issuer);
  CertificateView& view = views_.emplace_back();
  view.certificate = std::move(*read);
  view.der = der;
  return &view;
}

// The usual chain, and that of a second certificate for other signatures.
void Views::add_chains(const Endpoint& endpoint) {
  const ServedChain* usual = real_chain(endpoint);
  if (usual == nullptr) return;
  add_chain(endpoint, *usual, "");
  for (const ServedChain& chain : endpoint.further_chains) {
    if (chain.way == ChainWay::rsa_only) add_chain(endpoint, chain, "RSA");
    if (chain.way == ChainWay::ecdsa_only) add_chain(endpoint, chain, "ECDSA");
  }
}

void Views::add_chain(const Endpoint& endpoint, const ServedChain& chain, const std::string& way) {
  const std::string kind = way.empty() ? "" : way + " ";
  for (std::size_t i = 0; i < chain.certificates.size(); ++i) {
    CertificateView* view = add(chain.certificates[i]);
    if (view == nullptr) continue;
    (i == 0 ? view->is_server : view->is_authority) = true;
    if (view->endpoint != nullptr) continue;
    view->endpoint = &endpoint;
    view->subject = Subject::endpoint(endpoint.key);
    view->variant = i == 0 ? way : fmt::format("{}certificate {}", kind, i + 1);
    view->label =
        i == 0 ? fmt::format("the {}certificate that {} serves", kind, endpoint.key)
               : fmt::format("certificate {} of the {}chain that {} serves", i + 1, kind,
                             endpoint.key);
    view->source = endpoint.chain.provenance();
    view->source.endpoint = endpoint.key;
    view->source.grade = wire_grade(endpoint);
  }
}

void Views::set_file_roles(CertificateView& view, const CertificateFile& file,
                           std::size_t index) const {
  const x509::Certificate& certificate = view.certificate;
  const bool first = index == 0;
  if (has_use(file, FileUse::server_certificate))
    (first ? view.is_server : view.is_authority) = true;
  if (has_use(file, FileUse::client_certificate) || has_use(file, FileUse::consumer_certificate))
    (first ? view.is_client : view.is_authority) = true;
  if (has_use(file, FileUse::server_ca) || has_use(file, FileUse::consumer_ca))
    view.is_authority = true;
  if (is_named(file) || view.is_server || view.is_client || view.is_authority) return;
  view.is_authority = certificate.is_ca();
  if (!view.is_authority && certificate.extended_key_usage) {
    view.is_client = certificate.has_extended_use("clientAuth");
    view.is_server = certificate.has_extended_use("serverAuth") && !view.is_client;
  }
}

void Views::add_file(const Observation<CertificateFile>& file) {
  const std::string& path = file->file.path;
  const bool is_store = file->certificates.size() > kLargestChainFile;
  for (std::size_t i = 0; i < file->certificates.size(); ++i) {
    if (is_store) {
      const Result<x509::Certificate> read = x509::parse_certificate(file->certificates[i]);
      if (!read || !issuers_.contains(read->subject)) continue;
    }
    CertificateView* view = add(file->certificates[i]);
    if (view == nullptr) continue;
    set_file_roles(*view, *file, i);
    if (view->file == nullptr) view->file = &*file;
    if (view->endpoint != nullptr || !view->label.empty()) continue;
    view->subject = Subject::file(path);
    view->variant = i == 0 ? "" : fmt::format("certificate {}", i + 1);
    view->label = i == 0 ? path : fmt::format("{}, certificate {}", path, i + 1);
    view->source = file.provenance();
  }
}

std::vector<CertificateView> Views::all() && {
  for (const EndpointKind kind : {EndpointKind::live, EndpointKind::rehearsal})
    for (const Endpoint& endpoint : evidence_.endpoints)
      if (endpoint.kind == kind) add_chains(endpoint);
  // Stores last, when everything that may need them is known.
  for (const bool stores : {false, true})
    for (const Observation<CertificateFile>& file : evidence_.certificate_files)
      if (file.has_value() && (file->certificates.size() > kLargestChainFile) == stores)
        add_file(file);
  return std::move(views_);
}

}  // namespace

std::vector<CertificateView> certificate_views(const Evidence& evidence) {
  return Views{evidence}.all();
}

const ServedChain* real_chain(const Endpoint& endpoint) {
  if (endpoint.kind == EndpointKind::rehearsal && endpoint.stand_in_certificate) return nullptr;
  const ServedChain* chain = endpoint.chain.value();
  return chain == nullptr || chain->certificates.empty() ? nullptr : chain;
}

std::string name_to_verify(const Endpoint& endpoint) {
  const ServedChain* chain = endpoint.chain.value();
  return chain == nullptr || chain->server_name_sent.empty() ? endpoint.host
                                                             : chain->server_name_sent;
}

void say_chain_gaps(const Evidence& evidence, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live || real_chain(endpoint) != nullptr) continue;
    Gap gap{GapReason::malformed, "the handshake ended without a certificate", {}};
    if (endpoint.chain.gap() != nullptr) gap = *endpoint.chain.gap();
    gap.detail =
        fmt::format("the certificate that {} serves was not seen: {}", endpoint.key, gap.detail);
    findings.unknown(Subject::endpoint(endpoint.key), gap);
  }
  say_stand_ins(evidence, findings);
}

void say_no_certificate(const Evidence& evidence, Findings& findings) {
  say_chain_gaps(evidence, findings);
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.gap() != nullptr)
      findings.unknown(Subject::file(file.provenance().location.path), *file.gap());
  if (!findings.empty()) return;
  findings.unknown(Subject::deployment(), "no certificate was seen, neither served nor in a file",
                   GapReason::not_requested);
}

std::vector<const Consumer*> tls_consumers(const Evidence& evidence) {
  std::vector<const Consumer*> consumers;
  for (const Consumer& consumer : evidence.consumers)
    if (!consumer.template_file && !consumer.refused &&
        consumer.level != VerificationLevel::plaintext)
      consumers.push_back(&consumer);
  return consumers;
}

Observation<ServedTo> served_to(const Evidence& evidence, const Consumer& consumer) {
  if (const ConsumerSession* session = consumer.session.value();
      session && !session->certificates.empty())
    return ServedTo{session->certificates, consumer.session.provenance(),
                    fmt::format("{}:{}", consumer.host, consumer.port)};
  const auto of = [](const Endpoint& endpoint, const ServedChain& chain) {
    Provenance source = endpoint.chain.provenance();
    source.grade = wire_grade(endpoint);
    return Observation<ServedTo>{ServedTo{chain.certificates, source, endpoint.key}};
  };
  if (const Endpoint* endpoint = evidence.endpoint(consumer.endpoint)) {
    if (const ServedChain* chain = real_chain(*endpoint)) return of(*endpoint, *chain);
    if (endpoint->chain.gap() != nullptr) return *endpoint->chain.gap();
  }
  if (evidence.has_live_endpoint())
    return Gap{GapReason::not_found, "no endpoint of this audit is the one that it talks to",
               "name it with --target"};
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = real_chain(endpoint)) return of(endpoint, *chain);
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value() && has_use(*file, FileUse::server_certificate) &&
        !file->certificates.empty())
      return ServedTo{file->certificates, file.provenance(), file->file.path};
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::rehearsal && endpoint.stand_in_certificate)
      return stand_in_gap(evidence, endpoint);
  return Gap{GapReason::not_requested, "no server's certificate was seen",
             "name the server with --target"};
}

std::vector<Bytes> all_certificates(const Evidence& evidence) {
  std::set<Bytes> all{evidence.trusted_anchors.begin(), evidence.trusted_anchors.end()};
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = real_chain(endpoint)) {
      all.insert(chain->certificates.begin(), chain->certificates.end());
      for (const ServedChain& further : endpoint.further_chains)
        all.insert(further.certificates.begin(), further.certificates.end());
    }
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value()) all.insert(file->certificates.begin(), file->certificates.end());
  for (const Consumer& consumer : evidence.consumers)
    all.insert(consumer.ca_certificates.begin(), consumer.ca_certificates.end());
  all.insert(evidence.public_store.begin(), evidence.public_store.end());
  return {all.begin(), all.end()};
}

std::vector<x509::Certificate> way_up(const Evidence& evidence, ByteView der) {
  std::vector<x509::Certificate> way;
  Result<x509::Certificate> current = x509::parse_certificate(der);
  if (!current) return way;
  const std::vector<Bytes> pool = all_certificates(evidence);
  Bytes below{der.begin(), der.end()};
  way.push_back(std::move(*current));
  constexpr std::size_t kLongest = 10;
  while (!way.back().self_signed && way.size() < kLongest) {
    const auto issuer = std::ranges::find_if(pool, [&](const Bytes& candidate) {
      const Result<x509::Certificate> read = x509::parse_certificate(candidate);
      return read && read->subject == way.back().issuer && x509::was_issued_by(below, candidate);
    });
    if (issuer == pool.end()) break;
    below = *issuer;
    way.push_back(*x509::parse_certificate(*issuer));
  }
  return way;
}

bool ends_in_public_store(const Evidence& evidence, const std::vector<Bytes>& served) {
  if (evidence.public_store.empty() || served.empty()) return false;
  std::vector<Bytes> chain{served.front()};
  const std::vector<Bytes> others = all_certificates(evidence);
  chain.insert(chain.end(), others.begin(), others.end());
  return x509::verify_chain({.served = chain,
                             .anchors = evidence.public_store,
                             .at = evidence.as_of,
                             .purpose = x509::ChainPurpose::any,
                             .check_time = false})
      .accepted;
}

std::vector<Bytes> authority_certificates(const Evidence& evidence) {
  std::set<Bytes> all{evidence.trusted_anchors.begin(), evidence.trusted_anchors.end()};
  for (const Consumer& consumer : evidence.consumers)
    all.insert(consumer.ca_certificates.begin(), consumer.ca_certificates.end());
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value() &&
        (has_use(*file, FileUse::server_ca) || has_use(*file, FileUse::consumer_ca)))
      all.insert(file->certificates.begin(), file->certificates.end());
  return {all.begin(), all.end()};
}

}  // namespace rta::checks

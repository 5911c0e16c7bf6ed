#include "reports/common/inventory.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/digest.h"
#include "x509/certificate.h"
#include "x509/names.h"

namespace rta::reports {
namespace {

std::vector<std::string> names_of(const x509::AlternativeNames& names) {
  std::vector<std::string> all;
  for (const std::string& name : names.dns) all.push_back("DNS:" + name);
  for (const Bytes& address : names.addresses) all.push_back("IP:" + x509::address_text(address));
  for (const std::string& mail : names.emails) all.push_back("email:" + mail);
  for (const std::string& uri : names.uris) all.push_back("URI:" + uri);
  return all;
}

std::string key_text(const x509::PublicKey& key) {
  if (!key.curve.empty()) return key.type + " " + key.curve;
  return key.bits > 0 ? fmt::format("{} {}", key.type, key.bits) : key.type;
}

void describe(CertificateEntry& entry, const Bytes& der) {
  const Result<x509::Certificate> parsed = x509::parse_certificate(der);
  if (!parsed) {
    entry.problem = parsed.error().text();
    return;
  }
  entry.subject = parsed->subject;
  entry.issuer = parsed->issuer;
  entry.common_name = parsed->common_name;
  entry.serial = parsed->serial;
  entry.spki_sha256 = parsed->spki_sha256;
  entry.key = key_text(parsed->key);
  entry.signature = parsed->signature_algorithm;
  if (parsed->alternative_names) entry.names = names_of(*parsed->alternative_names);
  if (parsed->dates_are_readable) {
    entry.not_before = parsed->not_before;
    entry.not_after = parsed->not_after;
  }
  entry.is_ca = parsed->is_ca();
  entry.self_signed = parsed->self_signed;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::ranges::find(list, text) == list.end()) list.push_back(text);
}

class Inventory {
 public:
  CertificateEntry& at(const Bytes& der) {
    const std::string digest = sha256_hex(der);
    const auto [place, is_new] = entries_.try_emplace(digest);
    if (is_new) {
      place->second.sha256 = digest;
      describe(place->second, der);
    }
    return place->second;
  }
  std::vector<CertificateEntry> take() && {
    std::vector<CertificateEntry> all;
    for (auto& [digest, entry] : entries_) all.push_back(std::move(entry));
    std::ranges::stable_sort(all, {}, [](const CertificateEntry& entry) {
      return std::tuple{entry.served_by.empty(), entry.is_ca, entry.not_after, entry.sha256};
    });
    return all;
  }

 private:
  std::map<std::string, CertificateEntry> entries_;
};

}  // namespace

std::vector<CertificateEntry> certificate_inventory(const Evidence& evidence) {
  Inventory inventory;
  for (const Endpoint& endpoint : evidence.endpoints)
    if (const ServedChain* chain = endpoint.chain.value(); chain != nullptr)
      for (const Bytes& der : chain->certificates)
        add_once(inventory.at(der).served_by, endpoint.key);
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value())
      for (const Bytes& der : file->certificates)
        add_once(inventory.at(der).files, file->file.path);
  for (const Consumer& consumer : evidence.consumers)
    if (const ConsumerSession* session = consumer.session.value(); session != nullptr)
      for (const Bytes& der : session->certificates)
        add_once(inventory.at(der).served_by,
                 consumer.endpoint.empty() ? consumer.key : consumer.endpoint);
  return std::move(inventory).take();
}

}  // namespace rta::reports

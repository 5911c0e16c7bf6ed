#include "reports/common/inventory.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/digest.h"

namespace rta::reports {
namespace {

void describe(CertificateEntry& entry, const Bytes&) { entry.problem = "not read yet"; }

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

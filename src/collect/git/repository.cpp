// The repository of the project as evidence: git's own data, read without
// running git, and what the ignore rules cover.
#include <set>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/git/repository_ignore.h"
#include "collect/git/repository_material.h"
#include "files/keys/der_material.h"
#include "files/keys/key_material.h"

namespace rta {
namespace {

// Certificates and requests whose private key this project uses, and keys
// whose certificate it uses.
void pair_with_keys(const Evidence& evidence, Repository& repository) {
  std::set<std::string> keys, certificates;
  for (const Observation<KeyFile>& key : evidence.key_files)
    if (key.has_value() && !key->spki_sha256.empty()) keys.insert(key->spki_sha256);
  for (const Observation<CertificateFile>& file : evidence.certificate_files)
    if (file.has_value())
      for (const Bytes& der : file->certificates)
        if (const auto certificate = files::certificate_in(der))
          certificates.insert(certificate->spki_sha256);
  for (const MaterialHit& hit : repository.hits)
    if (files::is_key(hit.material) && !hit.spki_sha256.empty()) keys.insert(hit.spki_sha256);
  for (MaterialHit& hit : repository.hits)
    hit.pairs_with_local_key = !hit.spki_sha256.empty() &&
                               (files::is_key(hit.material) ? certificates.contains(hit.spki_sha256)
                                                            : keys.contains(hit.spki_sha256));
}

// openssl leaves .srl files and an index.txt where certificates are issued.
void note_ca_directories(const GitIndex& index, Repository& repository) {
  for (const auto& [path, entry] : index.entries) {
    const std::size_t slash = path.rfind('/') + 1;
    const bool database =
        path.substr(slash) == "index.txt" && index.tracks(path.substr(0, slash) + "serial");
    if (!path.ends_with(".srl") && !database) continue;
    MaterialHit& hit = repository.hits.emplace_back();
    hit.path = path;
    hit.blob = to_text(entry.blob);
    hit.material = Material::certificate;
    hit.is_ca = true;
    hit.detail = "CA directory";
    hit.tracked = true;
    hit.places = {"index"};
  }
}

Observation<Repository> collect(CollectContext& context, const Evidence& evidence) {
  const Provenance provenance{"repository", "", {}, "git objects", Grade::observed};
  const Observation<std::shared_ptr<RepositoryReading>> opened = open_repository(*context.files);
  if (!opened.has_value()) return {*opened.gap(), provenance};
  RepositoryReading& reading = **opened.value();
  Repository repository;
  repository.is_repository = true;
  repository.shallow = reading.git.shallow;
  repository.sparse = reading.git.sparse;
  repository.head = reading.git.head ? to_text(*reading.git.head) : "";
  repository.index_read = reading.index_read;
  repository.tracked_files = reading.index.entries.size();
  repository.history_complete = reading.git.gaps.empty() && !reading.git.object_directories.empty();
  for (const std::vector<Gap>* gaps : {&reading.git.gaps, &reading.gaps, &reading.git.notes})
    repository.gaps.insert(repository.gaps.end(), gaps->begin(), gaps->end());

  find_repository_material(reading, context.progress, repository);
  pair_with_keys(evidence, repository);
  ask_ignore_rules(reading, evidence, repository);
  note_ca_directories(reading.index, repository);
  return {std::move(repository), provenance};
}

}  // namespace

void collect_repository(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) {
    evidence.repository = Gap{GapReason::not_requested, "no project directory was given", ""};
    return;
  }
  evidence.repository = collect(context, evidence);
}

}  // namespace rta

#include "collect/git/material_hits.h"

#include <algorithm>

namespace rta {
namespace {

constexpr std::size_t kMostHits = 10'000;

}  // namespace

MaterialHit* MaterialHits::hit_for(const std::string& path, const ObjectId& blob,
                                   const files::FoundMaterial& found) {
  const std::string id = to_text(blob);
  const auto known = by_line_.find({path, id, found.material, found.line});
  if (known != by_line_.end()) return &hits_[known->second];
  if (hits_.size() >= kMostHits) {
    is_truncated_ = true;
    return nullptr;
  }
  by_line_[{path, id, found.material, found.line}] = hits_.size();
  by_file_[{path, id}].push_back(hits_.size());
  MaterialHit& hit = hits_.emplace_back();
  hit.path = path;
  hit.blob = id;
  hit.material = found.material;
  hit.spki_sha256 = found.spki_sha256;
  hit.is_ca = found.is_ca;
  hit.line = found.line;
  hit.column = found.column;
  hit.detail = found.detail;
  hit.template_file = files::is_template_file(path);
  hit.placeholder = found.placeholder;
  return &hit;
}

void MaterialHits::add(const std::string& path, const ObjectId& blob, Found found,
                       std::span<const std::string> places, bool tracked) {
  for (const files::FoundMaterial& one : found) {
    if (!files::counts_in(one, path)) continue;
    MaterialHit* hit = hit_for(path, blob, one);
    if (hit == nullptr) return;
    hit->places.insert(hit->places.end(), places.begin(), places.end());
    hit->tracked = hit->tracked || tracked;
  }
}

void MaterialHits::add_place(const std::string& path, const ObjectId& blob,
                             const std::string& place) {
  const auto known = by_file_.find({path, to_text(blob)});
  if (known == by_file_.end()) return;
  for (const std::size_t at : known->second) hits_[at].places.push_back(place);
}

void MaterialHits::sort() {
  for (MaterialHit& hit : hits_) {
    std::ranges::sort(hit.places);
    hit.places.erase(std::ranges::unique(hit.places).begin(), hit.places.end());
  }
  std::ranges::sort(hits_, {}, [](const MaterialHit& hit) {
    return std::tie(hit.path, hit.line, hit.blob, hit.material);
  });
}

}  // namespace rta

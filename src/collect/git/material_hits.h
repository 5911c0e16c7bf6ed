// MaterialHits gathers what was found in blobs and files, each path, blob and
// line once, with all the places where it stands. One thread.
#pragma once

#include <redis_tls_audit/facts/repository.h>

#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "files/git/git_formats.h"
#include "files/keys/key_material.h"

namespace rta {

class MaterialHits {
 public:
  using Found = std::span<const files::FoundMaterial>;

  explicit MaterialHits(std::vector<MaterialHit>& hits) : hits_(hits) {}

  void add(const std::string& path, const ObjectId& blob, Found found,
           std::span<const std::string> places, bool tracked);
  // A further place of what was found in that blob at that path.
  void add_place(const std::string& path, const ObjectId& blob, const std::string& place);
  [[nodiscard]] bool knows(const std::string& path, const ObjectId& blob) const {
    return by_file_.contains({path, to_text(blob)});
  }
  [[nodiscard]] bool is_truncated() const { return is_truncated_; }
  void sort();  // and each place once

 private:
  MaterialHit* hit_for(const std::string& path, const ObjectId& blob,
                       const files::FoundMaterial& found);

  std::vector<MaterialHit>& hits_;
  std::map<std::tuple<std::string, std::string, Material, int>, std::size_t> by_line_;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_file_;
  bool is_truncated_ = false;
};

}  // namespace rta

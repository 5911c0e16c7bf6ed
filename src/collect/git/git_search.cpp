#include "collect/git/git_search.h"

#include <algorithm>
#include <tuple>

#include "collect/git/git_walk.h"

namespace rta {
namespace {

void add_hits(const GitCatalogue& catalogue, GitScan& scan, GitWalk& walk, SearchResult& result) {
  const auto add = [&](std::string path, GitCatalogue::Index blob, std::set<std::string> places,
                       bool at_head, std::vector<files::FoundMaterial> found) {
    const GitCatalogue::Entry& entry = catalogue[blob];
    if (entry.borrowed) places.insert("alternates");
    result.hits.push_back(
        {std::move(path), entry.id, std::move(places), at_head, std::move(found)});
  };
  std::set<GitCatalogue::Index> placed;
  for (auto& [where, places] : walk.places) {
    placed.insert(where.second);
    // What only HEAD names has no other place: a detached head.
    if (places.empty()) places.insert("head");
    add(where.first, where.second, places, walk.at_head.contains(where), scan.blobs[where.second]);
  }
  for (const auto& [at, found] : scan.blobs)
    if (!placed.contains(at)) add("", at, {"unreachable"}, false, found);
  for (const auto& [at, found] : scan.messages) add("", at, {"commit-message"}, false, found);
  std::ranges::sort(result.hits, {},
                    [](const BlobHit& hit) { return std::tie(hit.path, hit.blob); });
}

}  // namespace

SearchResult search_objects(const GitCatalogue& catalogue, const GitDirectory& git,
                            const Progress& progress) {
  SearchResult result;
  result.has_commits = git.head.has_value() || !git.refs.empty();
  result.problems = catalogue.problems();
  GitScan scan = scan_objects(catalogue, progress);
  result.objects = scan.objects;
  result.damaged = scan.damaged;
  result.too_large = scan.too_large;
  const bool refs_lead_somewhere = std::ranges::all_of(
      git.refs, [&](const GitRef& ref) { return catalogue.find(ref.id) != GitCatalogue::kNone; });
  if (!scan.is_closed || scan.damaged > 0 || !refs_lead_somewhere)
    result.missing = count_missing(catalogue, git);
  if (scan.blobs.empty() && scan.messages.empty()) return result;
  progress("git: following the history");
  GitWalk walk{catalogue, scan, git};
  if (!scan.blobs.empty()) walk.run();
  if (walk.is_truncated)
    result.problems.emplace_back("key material stands in more places than are listed");
  add_hits(catalogue, scan, walk, result);
  return result;
}

}  // namespace rta

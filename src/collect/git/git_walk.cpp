#include "collect/git/git_walk.h"

#include <algorithm>

namespace rta {
namespace {

constexpr int kDeepestTree = 1'000;
constexpr std::size_t kLongestPath = 4'096;
// A tree that holds itself ten times over has no end.
constexpr std::size_t kMostPaths = 50'000;
constexpr std::size_t kMostPlaces = 5'000'000;
constexpr int kNestedTags = 8;

using Index = GitCatalogue::Index;

std::string place_of(const std::string& ref) {
  const auto named = [&](std::string_view start,
                         std::string_view as) -> std::optional<std::string> {
    if (!ref.starts_with(start)) return std::nullopt;
    return std::string{as} + ref.substr(start.size());
  };
  if (auto place = named("refs/heads/", "branch:")) return *place;
  if (auto place = named("refs/tags/", "tag:")) return *place;
  if (auto place = named("refs/remotes/", "remote:")) return *place;
  if (ref == "refs/stash") return "stash";
  if (ref.starts_with("refs/notes/")) return "notes";
  if (ref == "HEAD" || ref.starts_with("worktrees/")) return "head";
  return "ref:" + ref;
}

}  // namespace

GitWalk::GitWalk(const GitCatalogue& catalogue, const GitScan& scan, const GitDirectory& git)
    : catalogue_(catalogue),
      scan_(scan),
      git_(git),
      objects_(catalogue),
      visited_(catalogue.size(), false) {}

const std::vector<GitWalk::Item>& GitWalk::leading_items(Index tree) {
  if (const auto known = trees_.find(tree); known != trees_.end()) return known->second;
  std::vector<Item>& items = trees_[tree];
  objects_.read(tree, [&](const GitObject& object) {
    if (object.kind != ObjectKind::tree) return;
    for (const TreeItem& item : parse_tree(as_text(object.bytes))) {
      const Index at = item.is_commit ? GitCatalogue::kNone : catalogue_.find(item.id);
      if (at != GitCatalogue::kNone && (item.is_tree ? leads_to_hit(at) : scan_.blobs.contains(at)))
        items.push_back({std::string{item.name}, at, item.is_tree});
    }
  });
  return items;
}

GitWalk::Commit GitWalk::commit(Index at) const {
  Commit told;
  objects_.read(at, [&](const GitObject& object) {
    if (object.kind != ObjectKind::commit) return;
    const CommitLinks links = parse_commit(as_text(object.bytes));
    const Index tree = links.tree ? catalogue_.find(*links.tree) : GitCatalogue::kNone;
    if (tree != GitCatalogue::kNone) told.tree = tree;
    for (const ObjectId& parent : links.parents)
      if (const Index known = catalogue_.find(parent); known != GitCatalogue::kNone)
        told.parents.push_back(known);
  });
  return told;
}

void GitWalk::place(const std::string& path, Index blob, const std::string& where, Only only) {
  if (++placed_ > kMostPlaces || places.size() >= kMostPaths) {
    is_truncated = true;
    return;
  }
  if (only == Only::unnamed && named.contains(blob)) return;
  if (only == Only::new_place && places.contains({path, blob})) return;
  places[{path, blob}].insert(where);
  if (only != Only::unnamed) named.insert(blob);
}

void GitWalk::place_tree(Index tree, const std::string& where, Only only) {
  if (leads_to_hit(tree)) place_inside(tree, "", where, only, 0);
}

void GitWalk::place_inside(Index tree, const std::string& folder, const std::string& where,
                           Only only, int depth) {
  if (depth > kDeepestTree || folder.size() > kLongestPath || placed_ > kMostPlaces ||
      places.size() >= kMostPaths) {
    is_truncated = true;
    return;
  }
  // The same tree at the same place of another commit has nothing new.
  if (only != Only::all && !walked_.emplace(tree, folder).second) return;
  for (const Item& item : leading_items(tree)) {
    const std::string path = folder + item.name;
    if (item.is_tree)
      place_inside(item.at, path + "/", where, only, depth + 1);
    else
      place(path, item.at, where, only);
  }
}

// What a ref names: a commit's tree, through annotated tags; also a bare tree
// or blob. A stash has its index and its untracked files in further parents.
void GitWalk::place_tip(ObjectId id, const std::string& where) {
  for (int hops = 0; hops < kNestedTags; ++hops) {
    const Index at = catalogue_.find(id);
    if (at == GitCatalogue::kNone) return;
    std::optional<ObjectId> target;
    ObjectKind kind = ObjectKind::other;
    objects_.read(at, [&](const GitObject& object) {
      kind = object.kind;
      if (kind == ObjectKind::tag) target = parse_tag_target(as_text(object.bytes));
    });
    if (kind == ObjectKind::blob && scan_.blobs.contains(at)) place("", at, where, Only::all);
    if (kind == ObjectKind::tree) place_tree(at, where, Only::all);
    if (kind == ObjectKind::commit) {
      const Commit tip = commit(at);
      if (tip.tree) place_tree(*tip.tree, where, Only::all);
      for (std::size_t i = 1; where == "stash" && i < tip.parents.size(); ++i)
        if (const Commit more = commit(tip.parents[i]); more.tree)
          place_tree(*more.tree, where, Only::all);
    }
    if (!target) return;
    id = *target;
  }
}

void GitWalk::walk_from(std::deque<Index> waiting, const std::string& where) {
  const Only only = where == "unreachable" ? Only::unnamed : Only::new_place;
  while (!waiting.empty()) {
    const Index at = waiting.front();
    waiting.pop_front();
    if (visited_[at]) continue;
    visited_[at] = true;
    std::optional<ObjectId> target;
    objects_.read(at, [&](const GitObject& object) {
      if (object.kind == ObjectKind::tag) target = parse_tag_target(as_text(object.bytes));
    });
    if (target) {
      if (const Index inner = catalogue_.find(*target); inner != GitCatalogue::kNone)
        waiting.push_back(inner);
      continue;
    }
    const Commit here = commit(at);
    if (here.tree) place_tree(*here.tree, where, only);
    waiting.insert(waiting.end(), here.parents.begin(), here.parents.end());
  }
}

void GitWalk::note_head() {
  const Index head = git_.head ? catalogue_.find(*git_.head) : GitCatalogue::kNone;
  if (head == GitCatalogue::kNone) return;
  const Commit tip = commit(head);
  if (!tip.tree) return;
  place_tree(*tip.tree, "@", Only::all);
  for (auto& [where, names] : places)
    if (names.erase("@") > 0) at_head.insert(where);
}

void GitWalk::run() {
  std::deque<Index> tips, logged;
  note_head();
  for (const GitRef& ref : git_.refs) {
    place_tip(ref.id, place_of(ref.name));
    if (const Index at = catalogue_.find(ref.id); at != GitCatalogue::kNone) tips.push_back(at);
  }
  for (const GitRef& entry : git_.logged) {
    if (entry.name == "refs/stash") place_tip(entry.id, "stash");
    if (const Index at = catalogue_.find(entry.id); at != GitCatalogue::kNone) logged.push_back(at);
  }
  walk_from(std::move(tips), "history");
  walk_from(std::move(logged), "reflog");
  if (named.size() < scan_.blobs.size()) {
    walked_.clear();
    walk_from({scan_.commits.begin(), scan_.commits.end()}, "unreachable");
  }
}

std::uint64_t count_missing(const GitCatalogue& catalogue, const GitDirectory& git) {
  const GitObjects objects{catalogue};
  std::set<ObjectId> missing;
  std::vector<bool> visited(catalogue.size(), false);
  std::vector<Index> waiting;
  const auto reach = [&](const ObjectId& id) {
    const Index at = catalogue.find(id);
    if (at == GitCatalogue::kNone)
      missing.insert(id);
    else if (!visited[at])
      waiting.push_back(at);
  };
  for (const GitRef& ref : git.refs) reach(ref.id);
  while (!waiting.empty()) {
    const Index at = waiting.back();
    waiting.pop_back();
    if (visited[at]) continue;
    visited[at] = true;
    if (catalogue[at].kind == ObjectKind::blob) continue;
    objects.read(at, [&](const GitObject& object) {
      const std::string_view bytes = as_text(object.bytes);
      if (object.kind == ObjectKind::tree) {
        for (const TreeItem& item : parse_tree(bytes))
          if (!item.is_commit) reach(item.id);
      } else if (object.kind == ObjectKind::commit) {
        const CommitLinks links = parse_commit(bytes);
        if (links.tree) reach(*links.tree);
        for (const ObjectId& parent : links.parents)  // cut off in a shallow clone
          if (!git.shallow || catalogue.find(parent) != GitCatalogue::kNone) reach(parent);
      } else if (object.kind == ObjectKind::tag) {
        if (const auto target = parse_tag_target(bytes)) reach(*target);
      }
    });
  }
  return missing.size();
}

}  // namespace rta

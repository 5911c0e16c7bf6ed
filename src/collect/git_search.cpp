#include "collect/git_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace rta {
namespace {

constexpr std::size_t kObjectsPerThread = 4'000;
constexpr unsigned kMostThreads = 4;
constexpr int kDeepestTree = 256;

using Found = std::vector<files::FoundMaterial>;
using FoundByObject = std::unordered_map<ObjectId, Found, ObjectIdHash>;
using Ids = std::unordered_set<ObjectId, ObjectIdHash>;

// What one thread saw in its share of the objects.
struct Share {
  FoundByObject blobs;
  FoundByObject messages;  // of commits and annotated tags
  std::vector<ObjectId> unread;
  std::uint64_t objects = 0;
  std::uint64_t too_large = 0;
};

void search_one(const GitObjects& objects, const ObjectId& id, Share& share) {
  ++share.objects;
  const auto facts = objects.look(id);
  if (!facts) {
    share.unread.push_back(id);
    return;
  }
  if (facts->first == ObjectKind::tree) return;  // names only
  if (facts->second > GitObjects::kLargestObject) {
    ++share.too_large;
    return;
  }
  const bool read = objects.read(id, [&](const GitObject& object) {
    if (!files::may_hold_material(object.bytes)) return;
    Found found = files::find_material(object.bytes);
    if (found.empty()) return;
    if (object.kind == ObjectKind::blob) {
      share.blobs.emplace(id, std::move(found));
      return;
    }
    std::erase_if(found,
                  [](const files::FoundMaterial& one) { return !files::is_key(one.material); });
    if (!found.empty()) share.messages.emplace(id, std::move(found));
  });
  if (!read) share.unread.push_back(id);
}

// Packs are read in their own order, in as many threads as there are
// processors, each with its own handles.
std::vector<Share> search_all(const GitDirectory& git, const std::vector<ObjectId>& ids,
                              const Progress& progress) {
  const std::size_t wanted = 1 + ids.size() / kObjectsPerThread;
  const std::size_t threads = std::min<std::size_t>(
      {wanted, std::max(1U, std::thread::hardware_concurrency()), kMostThreads});
  std::vector<Share> shares(threads);
  std::atomic<std::size_t> done{0};
  const auto work = [&](std::size_t share, bool tells) {
    Result<GitObjects> own = GitObjects::open(git.object_directories.front());
    if (!own) return;
    for (std::size_t i = 1; i < git.object_directories.size(); ++i)
      if (!own->add(git.object_directories[i])) return;
    const std::size_t first = ids.size() * share / threads,
                      last = ids.size() * (share + 1) / threads;
    for (std::size_t i = first; i < last; ++i) {
      search_one(*own, ids[i], shares[share]);
      const std::size_t count = ++done;
      if (tells && i % 1024 == 0)
        progress(fmt::format("git: searched {} of {} objects", count, ids.size()));
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t share = 1; share < threads; ++share) others.emplace_back(work, share, false);
    work(0, true);
  }
  return shares;
}

// Walks commits and trees, each once, and places the hits.
class Walk {
 public:
  Walk(const GitObjects& objects, const GitDirectory& git, const FoundByObject& hits,
       const Ids& known)
      : objects_(objects), git_(git), hits_(hits), known_(known) {}

  void run();
  std::map<std::pair<std::string, ObjectId>, std::set<std::string>> places;
  std::set<std::pair<std::string, ObjectId>> at_head;
  std::uint64_t missing = 0;
  Ids named;  // hits that some tree or tag names

 private:
  using Inside = std::vector<std::pair<std::string, ObjectId>>;  // path and blob of hits
  std::shared_ptr<const Inside> hits_inside(const ObjectId& tree, int depth);
  std::optional<CommitLinks> commit(const ObjectId& id);
  void place(const std::string& path, const ObjectId& blob, const std::string& where);
  void place_tree(const ObjectId& tree, const std::string& where, bool only_new);
  void place_tip(ObjectId id, const std::string& where);
  void walk_from(std::deque<ObjectId> waiting, const std::string& where);

  const GitObjects& objects_;
  const GitDirectory& git_;
  const FoundByObject& hits_;
  const Ids& known_;
  std::unordered_map<ObjectId, std::shared_ptr<const Inside>, ObjectIdHash> trees_;
  Ids visited_;
  Ids missed_;
};

std::shared_ptr<const Walk::Inside> Walk::hits_inside(const ObjectId& tree, int depth) {
  if (const auto known = trees_.find(tree); known != trees_.end()) return known->second;
  static const auto nothing = std::make_shared<const Inside>();
  std::vector<std::tuple<std::string, ObjectId, bool>> items;
  const bool read =
      depth < kDeepestTree &&
      objects_.read(
          tree,
          [&](const GitObject& object) {
            if (object.kind != ObjectKind::tree) return;
            for (const TreeItem& item : parse_tree(as_text(object.bytes)))
              if (item.is_tree ||
                  (!item.is_commit && (hits_.contains(item.id) || !known_.contains(item.id))))
                items.emplace_back(item.name, item.id, item.is_tree);
          });
  if (!read && missed_.insert(tree).second) ++missing;
  Inside inside;
  for (const auto& [name, id, is_tree] : items) {
    if (is_tree) {
      for (const auto& [path, blob] : *hits_inside(id, depth + 1))
        inside.emplace_back(name + "/" + path, blob);
    } else if (hits_.contains(id)) {
      inside.emplace_back(name, id);
    } else if (missed_.insert(id).second) {
      ++missing;
    }
  }
  auto kept = inside.empty() ? nothing : std::make_shared<const Inside>(std::move(inside));
  trees_.emplace(tree, kept);
  return kept;
}

std::optional<CommitLinks> Walk::commit(const ObjectId& id) {
  std::optional<CommitLinks> links;
  const bool read = objects_.read(id, [&](const GitObject& object) {
    if (object.kind != ObjectKind::commit) return;
    links = parse_commit(as_text(object.bytes));
    links->message = {};  // its bytes end with this call
  });
  if (!read && !git_.shallow && missed_.insert(id).second) ++missing;
  return links;
}

void Walk::place(const std::string& path, const ObjectId& blob, const std::string& where) {
  places[{path, blob}].insert(where);
  named.insert(blob);
}

void Walk::place_tree(const ObjectId& tree, const std::string& where, bool only_new) {
  for (const auto& [path, blob] : *hits_inside(tree, 0))
    if (!only_new || !places.contains({path, blob})) place(path, blob, where);
}

// What a ref names: a commit's tree, through annotated tags; also a bare tree
// or blob. A stash has its index and its untracked files in further parents.
void Walk::place_tip(ObjectId id, const std::string& where) {
  for (int hops = 0; hops < 8; ++hops) {
    std::optional<ObjectId> target;
    ObjectKind kind = ObjectKind::other;
    objects_.read(id, [&](const GitObject& object) {
      kind = object.kind;
      if (kind == ObjectKind::tag) target = parse_tag_target(as_text(object.bytes));
    });
    if (kind == ObjectKind::blob && hits_.contains(id)) place("", id, where);
    if (kind == ObjectKind::tree) place_tree(id, where, false);
    if (kind == ObjectKind::other && missed_.insert(id).second) ++missing;
    if (kind == ObjectKind::commit) {
      const std::optional<CommitLinks> links = commit(id);
      if (!links || !links->tree) return;
      place_tree(*links->tree, where, false);
      for (std::size_t i = 1; where == "stash" && i < links->parents.size(); ++i)
        if (const auto parent = commit(links->parents[i]); parent && parent->tree)
          place_tree(*parent->tree, where, false);
    }
    if (!target) return;
    id = *target;
  }
}

void Walk::walk_from(std::deque<ObjectId> waiting, const std::string& where) {
  while (!waiting.empty()) {
    const ObjectId id = waiting.front();
    waiting.pop_front();
    if (!visited_.insert(id).second) continue;
    std::optional<ObjectId> target;
    objects_.read(id, [&](const GitObject& object) {
      if (object.kind == ObjectKind::tag) target = parse_tag_target(as_text(object.bytes));
    });
    if (target) {
      waiting.push_back(*target);
      continue;
    }
    const std::optional<CommitLinks> links = commit(id);
    if (!links) continue;
    if (links->tree) place_tree(*links->tree, where, true);
    waiting.insert(waiting.end(), links->parents.begin(), links->parents.end());
  }
}

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

void Walk::run() {
  std::deque<ObjectId> tips, logged;
  for (const GitRef& ref : git_.refs) {
    place_tip(ref.id, place_of(ref.name));
    tips.push_back(ref.id);
  }
  for (const GitRef& entry : git_.logged) {
    if (entry.name == "refs/stash") place_tip(entry.id, "stash");
    logged.push_back(entry.id);
  }
  if (git_.head)
    if (const auto links = commit(*git_.head); links && links->tree)
      for (const auto& hit : *hits_inside(*links->tree, 0)) at_head.insert(hit);
  walk_from(std::move(tips), "history");
  // What a reflog names may be gone already; nothing is missing then.
  const std::uint64_t missing_so_far = missing;
  walk_from(std::move(logged), "reflog");
  missing = missing_so_far;
}

}  // namespace

SearchResult search_objects(const GitObjects& objects, const GitDirectory& git,
                            const Progress& progress) {
  SearchResult result;
  const std::vector<ObjectId> ids = objects.all();
  FoundByObject blobs, messages;
  Ids known{ids.begin(), ids.end()};
  for (Share& share : search_all(git, ids, progress)) {
    blobs.merge(share.blobs);
    messages.merge(share.messages);
    for (const ObjectId& id : share.unread) known.erase(id);
    result.objects += share.objects;
    result.too_large += share.too_large;
  }
  progress("git: following the history");
  Walk walk{objects, git, blobs, known};
  walk.run();
  result.missing = walk.missing;
  result.has_commits = git.head.has_value() || !git.refs.empty();
  for (auto& [where, places] : walk.places) {
    const Found& found = blobs.at(where.second);
    result.hits.push_back({where.first, where.second, places, walk.at_head.contains(where), found});
  }
  for (const auto& [id, found] : blobs)
    if (!walk.named.contains(id)) result.hits.push_back({"", id, {"unreachable"}, false, found});
  for (const auto& [id, found] : messages)
    result.hits.push_back({"", id, {"commit-message"}, false, found});
  std::ranges::sort(result.hits, {},
                    [](const BlobHit& hit) { return std::tie(hit.path, hit.blob); });
  return result;
}

}  // namespace rta

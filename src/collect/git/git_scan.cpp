#include "collect/git/git_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace rta {
namespace {

using Index = GitCatalogue::Index;

constexpr std::size_t kObjectsPerThread = 4'000;
constexpr unsigned kMostThreads = 4;
constexpr std::size_t kToldEvery = 2'048;
constexpr std::size_t kKeptBytes = 96UL * 1024 * 1024;  // of all threads, for each pack
// Of all objects together: a small pack can inflate to any amount.
constexpr std::uint64_t kInflatedBytes = 256ULL * 1024 * 1024 * 1024;

struct Link {
  Index inner, outer;  // a tree in a tree
};

// What one thread saw in its share of the objects.
struct Share {
  GitScan::Found blobs, messages;
  std::vector<Index> commits, trees, holding;
  std::vector<Link> links;
  bool is_closed = true;
  std::uint64_t objects = 0, damaged = 0, too_large = 0;
};

class Scanner {
 public:
  Scanner(const GitCatalogue& catalogue, const std::function<void(const std::string&)>& progress)
      : catalogue_(catalogue), progress_(progress) {}

  GitScan run();

 private:
  using Step = void (Scanner::*)(const GitObjects&, Index, Share&);
  void in_threads(const std::vector<Index>& all, Step step);
  void search(const GitObjects& objects, Index at, Share& share);
  void search_bytes(const GitObject& object, Index at, Share& share);
  void look_into_tree(const GitObjects& objects, Index at, Share& share);
  void read(const GitObjects& objects, Index at, Share& share,
            const std::function<void(const GitObject&)>& use);
  void mark_holding_trees(GitScan& scan) const;
  [[nodiscard]] bool knows(const ObjectId& id) const {
    return catalogue_.find(id) != GitCatalogue::kNone;
  }

  const GitCatalogue& catalogue_;
  const std::function<void(const std::string&)>& progress_;
  std::vector<Share> shares_;
  std::vector<bool> hit_;  // blobs
  std::atomic<std::size_t> done_{0};
  std::atomic<std::uint64_t> inflated_{0};
};

void Scanner::in_threads(const std::vector<Index>& all, Step step) {
  done_ = 0;
  const std::size_t threads = shares_.size();
  const auto work = [&](std::size_t share, bool tells) {
    const GitObjects objects{catalogue_, kKeptBytes / threads};
    const std::size_t last = all.size() * (share + 1) / threads;
    for (std::size_t i = all.size() * share / threads; i < last; ++i) {
      (this->*step)(objects, all[i], shares_[share]);
      const std::size_t count = ++done_;
      if (tells && i % kToldEvery == 0)
        progress_(fmt::format("git: read {} of {} objects", count, all.size()));
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t share = 1; share < threads; ++share) others.emplace_back(work, share, false);
  work(0, true);
}

void Scanner::read(const GitObjects& objects, Index at, Share& share,
                   const std::function<void(const GitObject&)>& use) {
  if (inflated_.load(std::memory_order_relaxed) > kInflatedBytes) {
    ++share.too_large;
    return;
  }
  switch (objects.read(at, [&](const GitObject& object) {
    inflated_.fetch_add(object.bytes.size(), std::memory_order_relaxed);
    use(object);
  })) {
    case GitObjects::Outcome::read:
      ++share.objects;
      return;
    case GitObjects::Outcome::too_large:
      ++share.too_large;
      return;
    case GitObjects::Outcome::damaged:
      ++share.damaged;
      return;
  }
}

void Scanner::search(const GitObjects& objects, Index at, Share& share) {
  read(objects, at, share, [&](const GitObject& object) {
    switch (object.kind) {
      case ObjectKind::tree:  // a loose one
        share.trees.push_back(at);
        return;
      case ObjectKind::commit: {
        share.commits.push_back(at);
        const CommitLinks links = parse_commit(as_text(object.bytes));
        if (!links.tree || !knows(*links.tree)) share.is_closed = false;
        for (const ObjectId& parent : links.parents)
          if (!knows(parent)) share.is_closed = false;
        break;
      }
      case ObjectKind::tag: {
        const auto target = parse_tag_target(as_text(object.bytes));
        if (target && !knows(*target)) share.is_closed = false;
        break;
      }
      case ObjectKind::blob:
      case ObjectKind::other:
        break;
    }
    search_bytes(object, at, share);
  });
}

void Scanner::search_bytes(const GitObject& object, Index at, Share& share) {
  const bool is_blob = object.kind == ObjectKind::blob;
  if (!(is_blob ? files::may_hold_material(object.bytes) : files::may_hold_pem(object.bytes)))
    return;
  std::vector<files::FoundMaterial> found = files::find_material(object.bytes);
  if (!is_blob)
    std::erase_if(found,
                  [](const files::FoundMaterial& one) { return !files::is_key(one.material); });
  if (!found.empty()) (is_blob ? share.blobs : share.messages).emplace(at, std::move(found));
}

void Scanner::look_into_tree(const GitObjects& objects, Index at, Share& share) {
  const auto look = [&](const GitObject& object) {
    if (object.kind != ObjectKind::tree) return;
    bool holds = false;
    for (const TreeItem& item : parse_tree(as_text(object.bytes))) {
      if (item.is_commit) continue;
      const Index inner = catalogue_.find(item.id);
      if (inner == GitCatalogue::kNone)
        share.is_closed = false;
      else if (item.is_tree && !hit_.empty())
        share.links.push_back({inner, at});
      else if (!hit_.empty() && hit_[inner])
        holds = true;
    }
    if (holds) share.holding.push_back(at);
  };
  // Loose trees were counted when they were found to be trees.
  if (catalogue_[at].kind == ObjectKind::tree)
    read(objects, at, share, look);
  else
    objects.read(at, look);
}

// Upwards from the trees that name a hit to all trees above them.
void Scanner::mark_holding_trees(GitScan& scan) const {
  scan.holds_hits.assign(catalogue_.size(), false);
  std::vector<Link> links;
  std::vector<Index> waiting;
  for (const Share& share : shares_) {
    links.insert(links.end(), share.links.begin(), share.links.end());
    waiting.insert(waiting.end(), share.holding.begin(), share.holding.end());
  }
  std::ranges::sort(links, {}, &Link::inner);
  for (const Index at : waiting) scan.holds_hits[at] = true;
  while (!waiting.empty()) {
    const Index inner = waiting.back();
    waiting.pop_back();
    for (const Link& link : std::ranges::equal_range(links, inner, {}, &Link::inner)) {
      if (scan.holds_hits[link.outer]) continue;
      scan.holds_hits[link.outer] = true;
      waiting.push_back(link.outer);
    }
  }
}

GitScan Scanner::run() {
  const std::size_t wanted = 1 + catalogue_.size() / kObjectsPerThread;
  shares_.resize(std::min<std::size_t>(
      {wanted, std::max(1U, std::thread::hardware_concurrency()), kMostThreads}));
  std::vector<Index> trees, others;
  for (const Index at : catalogue_.reading_order())
    (catalogue_[at].kind == ObjectKind::tree ? trees : others).push_back(at);
  in_threads(others, &Scanner::search);
  GitScan scan;
  for (Share& share : shares_) {
    trees.insert(trees.end(), share.trees.begin(), share.trees.end());
    scan.commits.insert(scan.commits.end(), share.commits.begin(), share.commits.end());
    scan.blobs.merge(share.blobs);
    scan.messages.merge(share.messages);
  }
  if (!scan.blobs.empty()) {
    hit_.assign(catalogue_.size(), false);
    for (const auto& [at, found] : scan.blobs) hit_[at] = true;
  }
  in_threads(trees, &Scanner::look_into_tree);
  for (const Share& share : shares_) {
    scan.is_closed = scan.is_closed && share.is_closed;
    scan.objects += share.objects;
    scan.damaged += share.damaged;
    scan.too_large += share.too_large;
  }
  if (!hit_.empty()) mark_holding_trees(scan);
  return scan;
}

}  // namespace

GitScan scan_objects(const GitCatalogue& catalogue,
                     const std::function<void(const std::string&)>& progress) {
  return Scanner{catalogue, progress}.run();
}

}  // namespace rta

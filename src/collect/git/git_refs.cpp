#include "collect/git/git_refs.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace rta {
namespace {

constexpr std::size_t kPackedRefs = 64 * limits::kMiB;
constexpr std::size_t kReflog = 16 * limits::kMiB;
constexpr std::size_t kMostRefs = 200'000;
constexpr int kDeepestName = 32;
constexpr int kSymbolicSteps = 5;

class Reader {
 public:
  explicit Reader(const GitFiles& files) : files_(files) {}

  GitRefs read(const std::string& path, const std::string& common) {
    read_packed(common + "/packed-refs");
    read_loose(common + "/refs", "refs", 0);
    read_head(path);
    read_logs(path + "/logs", "", 0);
    if (path != common) {
      read_loose(path + "/refs", "worktrees/this/refs", 0);
      read_logs(common + "/logs", "", 0);
    }
    for (const GitFiles::Entry& worktree : files_.entries(common + "/worktrees"))
      if (worktree.is_folder) read_worktree(common + "/worktrees/" + worktree.name, worktree.name);
    resolve_symbolic();
    for (auto& [name, id] : direct_) told_.refs.push_back({name, id});
    if (told_.head_ref.empty() && told_.head) told_.refs.push_back({"HEAD", *told_.head});
    std::ranges::sort(told_.refs, {}, &GitRef::name);
    return std::move(told_);
  }

 private:
  void keep(const std::string& name, std::string_view content) {
    if (direct_.size() + symbolic_.size() >= kMostRefs) {
      if (!is_full_) files_.note(GapReason::too_large, "there are more refs than are read", "");
      is_full_ = true;
    } else if (content.starts_with("ref:")) {
      direct_.erase(name);
      symbolic_[name] = trim(content.substr(4));
    } else if (const std::optional<ObjectId> id = parse_object_id(trim(content))) {
      symbolic_.erase(name);
      direct_[name] = *id;  // a loose ref beats its packed namesake
    } else {
      files_.note(GapReason::malformed, "the ref " + printable(name) + " cannot be understood",
                  "git fsck");
    }
  }

  void read_packed(const std::string& path) {
    const std::optional<std::string> packed = files_.text(path, kPackedRefs);
    if (!packed) return;
    for (const std::string_view line : split(*packed, '\n'))
      if (line.size() >= 42 && line.front() != '#' && line.front() != '^')
        keep(std::string{trim(line.substr(41))}, line.substr(0, 40));
  }

  void read_loose(const std::string& folder, const std::string& name, int depth) {
    for (const GitFiles::Entry& entry : files_.entries(folder)) {
      const std::string inner = name + "/" + entry.name;
      if (entry.is_folder && depth < kDeepestName)
        read_loose(folder + "/" + entry.name, inner, depth + 1);
      else if (!entry.is_folder && !entry.name.ends_with(".lock"))
        keep(inner, files_.first_line(folder + "/" + entry.name));
    }
  }

  void read_head(const std::string& path) {
    const std::string head = files_.first_line(path + "/HEAD");
    if (head.starts_with("ref:"))
      told_.head_ref = trim(std::string_view{head}.substr(4));
    else if (const std::optional<ObjectId> id = parse_object_id(head))
      told_.head = id;
    else
      files_.note(GapReason::malformed, "HEAD cannot be understood", "git fsck");
  }

  void read_logs(const std::string& folder, const std::string& name, int depth) {
    for (const GitFiles::Entry& entry : files_.entries(folder)) {
      const std::string full = name.empty() ? entry.name : name + "/" + entry.name;
      if (entry.is_folder && depth < kDeepestName) {
        read_logs(folder + "/" + entry.name, full, depth + 1);
      } else if (!entry.is_folder) {
        const std::optional<std::string> log = files_.text(folder + "/" + entry.name, kReflog);
        if (!log) continue;
        for (const ObjectId& id : parse_reflog(*log)) told_.logged.push_back({full, id});
      }
    }
  }

  // A linked worktree has a HEAD, a reflog and a few refs of its own.
  void read_worktree(const std::string& folder, const std::string& name) {
    const std::string head = files_.first_line(folder + "/HEAD");
    if (!head.starts_with("ref:") && !head.empty()) keep("worktrees/" + name, head);
    read_loose(folder + "/refs", "worktrees/" + name + "/refs", 0);
    read_logs(folder + "/logs", "", 0);
  }

  [[nodiscard]] std::optional<ObjectId> find(std::string name) const {
    for (int step = 0; step < kSymbolicSteps; ++step) {
      if (const auto found = direct_.find(name); found != direct_.end()) return found->second;
      const auto leads = symbolic_.find(name);
      if (leads == symbolic_.end()) return std::nullopt;
      name = leads->second;
    }
    return std::nullopt;
  }

  void resolve_symbolic() {
    if (!told_.head_ref.empty()) told_.head = find(told_.head_ref);
    std::map<std::string, ObjectId> resolved;
    for (const auto& [name, target] : symbolic_)
      if (const std::optional<ObjectId> id = find(target)) resolved.emplace(name, *id);
    direct_.merge(resolved);
  }

  const GitFiles& files_;
  GitRefs told_;
  std::map<std::string, ObjectId> direct_;
  std::map<std::string, std::string> symbolic_;
  bool is_full_ = false;
};

}  // namespace

GitRefs read_git_refs(const GitFiles& files, const std::string& path, const std::string& common) {
  return Reader{files}.read(path, common);
}

}  // namespace rta

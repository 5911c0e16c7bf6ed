#include "base/path_walk.h"

#include <redis_tls_audit/assert.h>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>

#include "base/text.h"

namespace rta {
namespace {

constexpr int kMaxLinks = 40;  // as Linux itself, path_resolution(7)
constexpr std::size_t kMaxComponents = 4096;

std::vector<std::string> components(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(path, '/'))
    if (!part.empty() && part != ".") parts.emplace_back(part);
  return parts;
}

bool lies_below(std::string_view path, const std::string& root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

// State of one walk: the names below `root` that were entered so far.
class Walk {
 public:
  explicit Walk(std::span<const ReadableRoot> roots) : roots_(roots), root_(&roots.front()) {}

  std::expected<LocatedFile, Gap> run(std::string_view path);

 private:
  bool start_at(std::string_view path);
  bool enter_absolute(const std::string& path);
  bool leave_root();
  std::optional<Gap> go_up();
  std::optional<Gap> step(const std::string& name, bool last);
  std::optional<Gap> follow(const std::string& name, int link);
  std::optional<Gap> reopen();
  void visit(int directory);
  [[nodiscard]] std::string here(const std::string& name = {}) const;
  [[nodiscard]] Gap outside() const;

  std::span<const ReadableRoot> roots_;
  const ReadableRoot* root_;
  std::vector<std::string> names_;  // real directories below *root_
  UniqueFd directory_;              // of names_
  std::deque<std::string> ahead_;
  std::string asked_;
  int links_ = 0;
  LocatedFile found_;
};

std::string Walk::here(const std::string& name) const {
  std::vector<std::string> parts = names_;
  if (!name.empty()) parts.push_back(name);
  const std::string below = join(parts, "/");
  if (root_ == &roots_.front()) return below.empty() ? "." : below;
  if (below.empty()) return root_->path.empty() ? "/" : root_->path;
  return root_->path + "/" + below;
}

Gap Walk::outside() const {
  return {GapReason::outside_scope,
          printable(asked_) + " lies outside the project and was not read",
          "give --allow-path with the directory that holds it"};
}

void Walk::visit(int directory) {
  struct stat status{};
  if (::fstat(directory, &status) != 0) return;  // the walk itself fails at the next step
  DirectoryFacts facts{here(), permission_bits(status), status.st_uid, status.st_gid};
  for (const DirectoryFacts& seen : found_.directories)
    if (seen.path == facts.path) return;
  found_.directories.push_back(std::move(facts));
}

// Opens the directory of names_ again, from the root down.
std::optional<Gap> Walk::reopen() {
  UniqueFd current{::openat(root_->descriptor.get(), ".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!current) return file_gap(errno, here());
  for (const std::string& name : names_) {
    UniqueFd next = open_name(current.get(), name, O_PATH | O_DIRECTORY);
    if (!next) return file_gap(errno, here());
    current = std::move(next);
  }
  directory_ = std::move(current);
  return std::nullopt;
}

// Chooses the closest root that holds the absolute path.
bool Walk::enter_absolute(const std::string& path) {
  const ReadableRoot* best = nullptr;
  for (const ReadableRoot& root : roots_)
    if (lies_below(path, root.path) && (best == nullptr || root.path.size() > best->path.size()))
      best = &root;
  if (best == nullptr) return false;
  root_ = best;
  names_.clear();
  const std::vector<std::string> below =
      components(std::string_view{path}.substr(best->path.size()));
  ahead_.insert(ahead_.begin(), below.begin(), below.end());
  for (const DirectoryFacts& above : best->above)
    if (std::ranges::find(found_.directories, above.path, &DirectoryFacts::path) ==
        found_.directories.end())
      found_.directories.push_back(above);
  return true;
}

bool Walk::start_at(std::string_view path) {
  if (!path.starts_with('/')) {
    const std::vector<std::string> parts = components(path);
    ahead_.assign(parts.begin(), parts.end());
    return true;
  }
  return enter_absolute(std::string{path}) || enter_absolute(lexically_normal(path));
}

// ".." in a root leads to its parent, which another root may hold.
bool Walk::leave_root() {
  if (root_->path.empty()) return true;  // the parent of "/" is "/"
  const std::string parent = root_->path.substr(0, root_->path.rfind('/'));
  if (enter_absolute(parent)) return true;
  // The rest may lead back inside, textually: "../project/certs".
  std::string whole = parent;
  for (const std::string& part : ahead_) whole += "/" + part;
  ahead_.clear();
  return enter_absolute(lexically_normal(whole));
}

std::optional<Gap> Walk::go_up() {
  if (!names_.empty()) {
    names_.pop_back();
  } else if (!leave_root()) {
    return outside();
  }
  return reopen();
}

std::optional<Gap> Walk::follow(const std::string& name, int link) {
  if (++links_ > kMaxLinks)
    return Gap{GapReason::malformed, printable(asked_) + ": symbolic links form a loop", {}};
  std::string target(PATH_MAX, '\0');
  const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
  if (size < 0) return file_gap(errno, here(name));
  target.resize(static_cast<std::size_t>(size));
  found_.links.push_back(here(name) + " -> " + target);
  const std::vector<std::string> parts = components(target);
  if (ahead_.size() + parts.size() > kMaxComponents)
    return Gap{GapReason::malformed, printable(asked_) + ": symbolic links grow without end", {}};
  if (!target.starts_with('/')) {
    ahead_.insert(ahead_.begin(), parts.begin(), parts.end());
    return std::nullopt;
  }
  if (!enter_absolute(target) && !enter_absolute(lexically_normal(target))) return outside();
  return reopen();
}

std::optional<Gap> Walk::step(const std::string& name, bool last) {
  UniqueFd entry = open_name(directory_.get(), name, O_PATH);
  if (!entry) return file_gap(errno, here(name));
  struct stat status{};
  if (::fstat(entry.get(), &status) != 0) return file_gap(errno, here(name));
  if (S_ISLNK(status.st_mode)) return follow(name, entry.get());
  if (last) {
    found_.path = here(name);
    found_.name = name;
    found_.entry = std::move(entry);
    found_.status = status;
    return std::nullopt;
  }
  if (!S_ISDIR(status.st_mode)) return file_gap(ENOTDIR, here(name));
  names_.push_back(name);
  directory_ = std::move(entry);
  visit(directory_.get());
  return std::nullopt;
}

std::expected<LocatedFile, Gap> Walk::run(std::string_view path) {
  asked_ = path;
  const auto fail = [](Gap gap) { return std::unexpected(std::move(gap)); };
  if (path.empty() || path.contains('\0') || path.size() > PATH_MAX)
    return fail(
        {GapReason::not_found, "\"" + printable(path) + "\" cannot be the name of a file", {}});
  if (!start_at(path)) return fail(outside());
  if (std::optional<Gap> gap = reopen()) return fail(std::move(*gap));
  visit(directory_.get());
  while (!ahead_.empty()) {
    const std::string name = std::move(ahead_.front());
    ahead_.pop_front();
    std::optional<Gap> gap = name == ".." ? go_up() : step(name, ahead_.empty());
    if (gap) return fail(std::move(*gap));
    if (found_.entry) {
      found_.directory = std::move(directory_);
      return std::move(found_);
    }
    visit(directory_.get());
  }
  // The way ended in a directory: a root, or "dir/..".
  if (::fstat(directory_.get(), &found_.status) != 0) return fail(file_gap(errno, here()));
  found_.path = here();
  found_.name = ".";
  found_.entry = UniqueFd{::openat(directory_.get(), ".", O_PATH | O_CLOEXEC)};
  found_.directory = std::move(directory_);
  return std::move(found_);
}

}  // namespace

std::expected<LocatedFile, Gap> locate(std::span<const ReadableRoot> roots, std::string_view path) {
  RTA_ASSERT(!roots.empty());
  return Walk{roots}.run(path);
}

UniqueFd open_name(int directory, const std::string& name, int flags) {
  flags |= O_NOFOLLOW | O_CLOEXEC;
  struct open_how how{};
  how.flags = static_cast<__u64>(flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
  if (fd >= 0) return UniqueFd{static_cast<int>(fd)};
  // Kernels before 5.6 and some sandboxes lack openat2. A single name that is
  // neither ".." nor a followed link cannot lead out either.
  const bool single = name != ".." && !name.contains('/');
  if ((errno == ENOSYS || errno == EPERM) && single)
    return UniqueFd{::openat(directory, name.c_str(), flags)};
  return {};
}

std::string lexically_normal(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string> kept;
  for (std::string& part : components(path)) {
    if (part == ".." && !kept.empty() && kept.back() != "..")
      kept.pop_back();
    else if (part != ".." || !absolute)  // nothing is above "/"
      kept.push_back(std::move(part));
  }
  const std::string joined = join(kept, "/");
  if (absolute) return "/" + joined;
  return joined.empty() ? "." : joined;
}

Gap file_gap(int error, const std::string& path) {
  const std::string shown = printable(path);
  switch (error) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
      return {GapReason::not_found, shown + " does not exist", {}};
    case EACCES:
    case EPERM:
      return {GapReason::denied, shown + " cannot be opened: permission denied",
              "run the audit as an account that may read it"};
    case ELOOP:
      return {GapReason::malformed, shown + " is a symbolic link that cannot be followed", {}};
    case EXDEV:
      return {GapReason::outside_scope, shown + " leads outside the project",
              "give --allow-path with the directory that holds it"};
    default:
      return {GapReason::internal_error, shown + " cannot be opened: " + std::strerror(error), {}};
  }
}

std::uint32_t permission_bits(const struct stat& status) { return status.st_mode & 07777U; }

}  // namespace rta

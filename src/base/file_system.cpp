#include "base/file_system.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "base/text.h"

namespace rta {
namespace {

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real{::realpath(path.c_str(), nullptr), ::free};
  if (!real) return std::nullopt;
  return std::string{real.get()} == "/" ? std::string{} : std::string{real.get()};
}

// "/", "/etc", "/etc/redis" for "/etc/redis/tls".
std::vector<DirectoryFacts> directories_above(const std::string& path) {
  std::vector<DirectoryFacts> above;
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string parent = slash == 0 ? "/" : path.substr(0, slash);
    struct stat status{};
    if (::stat(parent.c_str(), &status) != 0) continue;  // not ours to search: not judged
    above.push_back({parent, permission_bits(status), status.st_uid, status.st_gid});
  }
  return above;
}

Result<ReadableRoot> open_root(const std::string& path) {
  const std::optional<std::string> real = real_path(path);
  if (!real) return Error{file_gap(errno, path).detail, {}, {}};
  UniqueFd descriptor{
      ::open(real->empty() ? "/" : real->c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!descriptor && errno == ENOTDIR)
    return Error{printable(path) + " is not a directory", {}, {}};
  if (!descriptor) return Error{file_gap(errno, path).detail, {}, {}};
  return ReadableRoot{*real, std::move(descriptor), {}};
}

// At most `limit` bytes; a file that grew past it is too large.
std::expected<Bytes, Gap> read_all(int descriptor, std::uint64_t size, std::size_t limit,
                                   const std::string& path) {
  const auto too_large = [&] {
    return std::unexpected(Gap{GapReason::too_large,
                               fmt::format("{} is larger than {} bytes", printable(path), limit),
                               {}});
  };
  if (size > limit) return too_large();
  Bytes bytes;
  // Files of /proc report no size: read until the end, whatever stat said.
  for (;;) {
    const std::size_t had = bytes.size();
    bytes.resize(std::min(limit + 1, std::max<std::size_t>(had + 4096, size + 1)));
    const ssize_t count = ::read(descriptor, bytes.data() + had, bytes.size() - had);
    if (count < 0 && errno == EINTR) {
      bytes.resize(had);
      continue;
    }
    if (count < 0) return std::unexpected(file_gap(errno, path));
    bytes.resize(had + static_cast<std::size_t>(count));
    if (count == 0) return bytes;
    if (bytes.size() > limit) return too_large();
  }
}

// The last bytes of the file as it is now; it may grow meanwhile.
std::expected<Bytes, Gap> read_last(int descriptor, std::uint64_t size, std::size_t limit,
                                    const std::string& path) {
  Bytes bytes(std::min<std::uint64_t>(size, limit));
  std::uint64_t offset = size - bytes.size();
  std::size_t had = 0;
  while (had < bytes.size()) {
    const ssize_t count = ::pread(descriptor, bytes.data() + had, bytes.size() - had,
                                  static_cast<off_t>(offset + had));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(file_gap(errno, path));
    if (count == 0) break;  // it was truncated
    had += static_cast<std::size_t>(count);
  }
  bytes.resize(had);
  return bytes;
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Gap not_regular(const std::string& path, mode_t mode) {
  return {GapReason::malformed,
          fmt::format("{} is {}, not a regular file", printable(path), kind_of(mode)),
          {}};
}

}  // namespace

Result<ProjectFiles> ProjectFiles::open(const std::string& root,
                                        const std::vector<std::string>& allowed) {
  ProjectFiles files;
  Result<ReadableRoot> project = open_root(root);
  if (!project) return std::move(project).error().while_doing("opening the project");
  files.given_root_ = root.starts_with('/') ? lexically_normal(root) : project->path;
  files.roots_.push_back(std::move(*project));
  for (const std::string& directory : allowed) {
    Result<ReadableRoot> extra = open_root(directory);
    if (!extra) return std::move(extra).error().while_doing("opening an allowed path");
    extra->above = directories_above(extra->path);
    files.roots_.push_back(std::move(*extra));
  }
  return files;
}

std::string ProjectFiles::relative(const std::string& path) const {
  std::string normal = lexically_normal(path);
  for (const std::string& base : {root(), given_root_}) {
    if (normal == base) return ".";
    if (normal.starts_with(base + "/")) return normal.substr(base.size() + 1);
  }
  return normal;
}

FileFacts ProjectFiles::facts_of(const LocatedFile& located, const std::string& path,
                                 int descriptor, const struct stat& status) const {
  auto account = accounts_.find(status.st_uid);
  if (account == accounts_.end())
    account = accounts_.emplace(status.st_uid, account_of(status.st_uid)).first;
  FileFacts facts;
  facts.path = path;
  facts.mode = permission_bits(status);
  facts.uid = status.st_uid;
  facts.gid = status.st_gid;
  facts.owner = account->second.name;
  facts.owner_can_log_in = account->second.can_log_in;
  facts.size_bytes = static_cast<std::uint64_t>(status.st_size);
  facts.modified = status.st_mtim.tv_sec;
  facts.links = located.links;
  facts.directories = located.directories;
  facts.has_acl = has_wider_acl(descriptor);
  facts.file_system = file_system_name(descriptor);
  return facts;
}

Observation<OpenedFile> ProjectFiles::read(const std::string& path, std::size_t limit) const {
  return read_part(path, limit, Part::whole);
}

Observation<OpenedFile> ProjectFiles::read_end(const std::string& path, std::size_t limit) const {
  return read_part(path, limit, Part::end);
}

Observation<OpenedFile> ProjectFiles::read_part(const std::string& path, std::size_t limit,
                                                Part part) const {
  const std::string shown = relative(path);
  const Provenance provenance{"files", {}, {shown, 0, 0}, "openat2, fstat, read", Grade::observed};
  const auto gap = [&](Gap why) { return Observation<OpenedFile>{std::move(why), provenance}; };
  const std::expected<LocatedFile, Gap> located =
      locate(roots_, given_root_ == root() ? path : shown);
  if (!located) return gap(located.error());
  if (!S_ISREG(located->status.st_mode)) return gap(not_regular(shown, located->status.st_mode));

  // Opened by name again, because the first descriptor cannot read; what is
  // judged is this one, whatever stands there now.
  const UniqueFd descriptor =
      open_name(located->directory.get(), located->name, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!descriptor) return gap(file_gap(errno, shown));
  struct stat status{};
  if (::fstat(descriptor.get(), &status) != 0) return gap(file_gap(errno, shown));
  if (!S_ISREG(status.st_mode)) return gap(not_regular(shown, status.st_mode));
  std::expected<Bytes, Gap> bytes = (part == Part::whole ? read_all : read_last)(
      descriptor.get(), static_cast<std::uint64_t>(status.st_size), limit, shown);
  if (!bytes) return gap(bytes.error());
  return {OpenedFile{facts_of(*located, shown, descriptor.get(), status), std::move(*bytes)},
          provenance};
}

Observation<FileFacts> ProjectFiles::inspect(const std::string& path) const {
  const std::string shown = relative(path);
  const Provenance provenance{"files", {}, {shown, 0, 0}, "openat2, fstat", Grade::observed};
  const std::expected<LocatedFile, Gap> located =
      locate(roots_, given_root_ == root() ? path : shown);
  if (!located) return {located.error(), provenance};
  if (!S_ISREG(located->status.st_mode))
    return {not_regular(shown, located->status.st_mode), provenance};
  return {facts_of(*located, shown, located->entry.get(), located->status), provenance};
}

bool ProjectFiles::exists(const std::string& path) const {
  return locate(roots_, given_root_ == root() ? path : relative(path)).has_value();
}

bool ProjectFiles::is_directory(const std::string& path) const {
  const std::expected<LocatedFile, Gap> located =
      locate(roots_, given_root_ == root() ? path : relative(path));
  return located && S_ISDIR(located->status.st_mode);
}

const ProjectFiles::Listing& ProjectFiles::listing() const {
  if (!listing_) listing_ = list_tree(root_fd());
  return *listing_;
}

}  // namespace rta

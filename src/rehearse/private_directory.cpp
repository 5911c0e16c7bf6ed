#include "rehearse/private_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>

namespace rta::rehearse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "rta-rehearsal-";
// A directory is made before it is locked: a young one may be about to be.
constexpr std::time_t kYoung = 60;
constexpr int kMostEntries = 10'000;

bool is_stale(const fs::path& path) {
  const UniqueFd directory{
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  struct stat facts{};
  return directory && ::fstat(directory.get(), &facts) == 0 && facts.st_uid == ::geteuid() &&
         (facts.st_mode & 07777) == 0700 && std::time(nullptr) - facts.st_mtime > kYoung &&
         ::flock(directory.get(), LOCK_EX | LOCK_NB) == 0;
}

void remove_what_was_left(const fs::path& folder) {
  std::error_code failed;
  int seen = 0;
  for (fs::directory_iterator entry{folder, failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    if (++seen > kMostEntries) return;
    if (!entry->path().filename().string().starts_with(kPrefix) || !is_stale(entry->path()))
      continue;
    std::error_code ignored;  // it stays, as it would have without us
    fs::remove_all(entry->path(), ignored);
  }
}

Error failed(const char* what) {
  return {fmt::format("{}: {}", what, std::strerror(errno)), "", ""};
}

}  // namespace

Result<std::unique_ptr<PrivateDirectory>> PrivateDirectory::make() {
  std::error_code none;
  const fs::path folder = fs::temp_directory_path(none);
  if (none) return Error{"there is no directory for temporary files: " + none.message(), "", ""};
  remove_what_was_left(folder);
  std::string pattern = fmt::format("{}/{}XXXXXX", folder.string(), kPrefix);
  if (::mkdtemp(pattern.data()) == nullptr) return failed("making a private directory");
  UniqueFd lock{::open(pattern.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  // A file system without locks keeps its leftovers, which hold no secret.
  if (lock) (void)::flock(lock.get(), LOCK_EX | LOCK_NB);
  return std::unique_ptr<PrivateDirectory>{
      new PrivateDirectory{std::move(pattern), std::move(lock)}};
}

PrivateDirectory::~PrivateDirectory() {
  std::error_code ignored;  // nothing can be done about a temporary directory that stays
  fs::remove_all(path_, ignored);
}

}  // namespace rta::rehearse

#include "collect/git/git_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/text.h"

namespace rta {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 200'000;
constexpr std::size_t kSmallFile = 4'096;

}  // namespace

std::optional<std::string> GitFiles::text(const std::string& path, std::size_t limit) const {
  const Observation<OpenedFile> opened = files_.read(path, limit);
  if (opened.has_value()) return std::string{as_text(opened->bytes)};
  if (opened.gap()->reason != GapReason::not_found) gaps_.push_back(*opened.gap());
  return std::nullopt;
}

std::string GitFiles::first_line(const std::string& path) const {
  const std::string all = text(path, kSmallFile).value_or("");
  return std::string{trim(std::string_view{all}.substr(0, all.find('\n')))};
}

std::vector<GitFiles::Entry> GitFiles::entries(const std::string& folder) const {
  std::vector<Entry> all;
  struct stat facts{};
  if (::lstat(absolute(folder).c_str(), &facts) != 0 && errno == ENOENT) return all;
  if (!S_ISDIR(facts.st_mode) || !may_enter(folder)) {
    note(GapReason::outside_scope,
         fmt::format("{} is a link or no folder and is not read", printable(folder)),
         "run the audit on a fresh clone");
    return all;
  }
  std::error_code failed;
  for (fs::directory_iterator entry{absolute(folder), failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    const fs::file_status status = entry->symlink_status(failed);
    if (fs::is_directory(status) || fs::is_regular_file(status))
      all.push_back({name, fs::is_directory(status)});
    else
      note(GapReason::outside_scope,
           fmt::format("{}/{} is a link or special file and is not read", printable(folder),
                       printable(name)),
           "run the audit on a fresh clone");
    if (all.size() < kMostEntries) continue;
    note(GapReason::too_large, fmt::format("{} has too many entries", printable(folder)), "");
    break;
  }
  if (failed)
    note(GapReason::incomplete,
         fmt::format("{} cannot be read: {}", printable(folder), failed.message()), "");
  std::ranges::sort(all, {}, &Entry::name);
  return all;
}

std::string GitFiles::resolve(const std::string& folder, const std::string& target) const {
  const fs::path path =
      fs::path{target}.is_absolute() ? fs::path{target} : fs::path{absolute(folder)} / target;
  std::string normal = path.lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return files_.relative(normal);
}

}  // namespace rta

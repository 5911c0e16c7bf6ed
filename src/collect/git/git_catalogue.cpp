#include "collect/git/git_catalogue.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <tuple>

#include "base/text.h"
#include "collect/git/git_pack_entries.h"

namespace rta {
namespace {

namespace fs = std::filesystem;

// Of an index that counts kMostObjects, with room for large offsets.
constexpr std::uintmax_t kLargestPackIndex = GitCatalogue::kMostObjects * 37 + 4096;
constexpr std::size_t kMostStores = 10'000;
constexpr std::size_t kPrefixes = 65'536;
// What zlib can make of the largest object at worst, with its header.
constexpr off_t kLargestLooseFile = GitCatalogue::kLargestObject + 1024 * 1024;

std::size_t prefix_of(const ObjectId& id) { return static_cast<std::size_t>(id[0]) << 8U | id[1]; }

std::optional<Bytes> bytes_of(const fs::path& file, std::uintmax_t most) {
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(file, failed);
  if (failed || size > most) return std::nullopt;
  Bytes bytes(static_cast<std::size_t>(size));
  std::ifstream in{file, std::ios::binary};
  // The only place where a stream's characters become bytes.
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

GitCatalogue::GitCatalogue(const std::vector<std::string>& object_directories) {
  for (std::size_t i = 0; i < object_directories.size(); ++i)
    add_directory(object_directories[i], i > 0);
  settle();
}

void GitCatalogue::add_directory(const std::string& directory, bool borrowed) {
  std::vector<std::string> indexes;
  std::error_code failed;  // a folder that is not there holds no packs
  for (fs::directory_iterator entry{directory + "/pack", failed}, end; !failed && entry != end;
       entry.increment(failed))
    if (entry->path().extension() == ".idx") indexes.push_back(entry->path().string());
  std::ranges::sort(indexes);
  for (const std::string& index : indexes) add_pack(index, borrowed);
  add_loose(directory, borrowed);
}

void GitCatalogue::add_pack(const std::string& index_file, bool borrowed) {
  const fs::path pack = fs::path{index_file}.replace_extension(".pack");
  const std::string name = printable(pack.filename().string());
  const std::optional<Bytes> bytes = bytes_of(index_file, kLargestPackIndex);
  std::optional<std::vector<PackPlace>> places;
  if (bytes)
    places = parse_pack_index(*bytes, kMostObjects - std::min(kMostObjects, entries_.size()));
  if (!places || stores_.size() >= kMostStores) {
    problems_.push_back("the index of " + name + " is damaged or too large");
    return;
  }
  const auto store = static_cast<std::uint16_t>(stores_.size());
  const auto first_turn = static_cast<std::uint32_t>(entries_.size());
  auto layout = std::make_unique<GitPackLayout>();
  layout->file = pack.string();
  layout->is_base.assign(places->size(), false);
  for (const PackedObject& object : read_pack_entries(pack.string(), *std::move(places))) {
    layout->offsets.push_back(object.offset);
    layout->bases.push_back(object.base);
    if (object.base != GitPackLayout::kNoBase) layout->is_base[object.base] = true;
    entries_.push_back({object.id, object.kind, object.state, borrowed, store,
                        static_cast<std::uint32_t>(entries_.size())});
  }
  stores_.push_back({"", std::move(layout), first_turn});
}

void GitCatalogue::add_loose(const std::string& directory, bool borrowed) {
  const auto store = static_cast<std::uint16_t>(stores_.size());
  stores_.push_back({directory, nullptr, 0});
  std::error_code failed;
  for (int first = 0; first < 256; ++first) {
    const std::string prefix = fmt::format("{:02x}", first);
    for (fs::directory_iterator entry{directory + "/" + prefix, failed}, end;
         !failed && entry != end; entry.increment(failed)) {
      const std::string name = entry->path().filename().string();
      const auto id = name.size() == 38 && is_hex(name) ? parse_object_id(prefix + name)
                                                        : std::optional<ObjectId>{};
      struct stat facts{};
      if (!id || ::lstat(entry->path().c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) continue;
      if (entries_.size() >= kMostObjects) {
        problems_.push_back("there are more objects than are looked at");
        return;
      }
      entries_.push_back({*id, ObjectKind::other,
                          facts.st_size > kLargestLooseFile ? State::too_large : State::readable,
                          borrowed, store, static_cast<std::uint32_t>(entries_.size())});
    }
  }
}

// Sorts, and keeps the best copy of each object: a readable one, one's own.
void GitCatalogue::settle() {
  std::ranges::sort(entries_, {}, [](const Entry& entry) {
    return std::tie(entry.id, entry.state, entry.borrowed, entry.turn);
  });
  const auto repeated = std::ranges::unique(entries_, {}, &Entry::id);
  entries_.erase(repeated.begin(), repeated.end());
  entries_.shrink_to_fit();
  first_of_.assign(kPrefixes + 1, 0);
  for (const Entry& entry : entries_) ++first_of_[prefix_of(entry.id) + 1];
  for (std::size_t i = 1; i <= kPrefixes; ++i) first_of_[i] += first_of_[i - 1];
  order_.resize(entries_.size());
  for (Index i = 0; i < order_.size(); ++i) order_[i] = i;
  std::ranges::sort(order_, {}, [&](Index at) { return entries_[at].turn; });
}

GitCatalogue::Index GitCatalogue::find(const ObjectId& id) const {
  const std::size_t prefix = prefix_of(id);
  Index first = first_of_[prefix], last = first_of_[prefix + 1];
  while (last - first > 4) {
    const Index middle = first + (last - first) / 2;
    (entries_[middle].id <= id ? first : last) = middle;
  }
  for (; first < last; ++first)
    if (entries_[first].id == id) return first;
  return kNone;
}

}  // namespace rta

// GitCatalogue lists every object of a repository's object directories, told
// from pack indexes, pack headers and file names alone: nothing is inflated
// but the first bytes of a delta. It decides what may be read: an object that
// would take too much memory, whose chain of deltas has no end or is not
// whole, is known and never handed to the library. Made once, then const; any
// thread may read it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collect/git/git_pack_layout.h"
#include "files/git/git_formats.h"

namespace rta {

class GitCatalogue {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;
  static constexpr std::size_t kLargestObject = 48UL * 1024 * 1024;
  static constexpr std::size_t kMostObjects = 5'000'000;

  enum class State : std::uint8_t { readable, too_large, damaged };
  struct Entry {
    ObjectId id{};
    ObjectKind kind = ObjectKind::other;  // other: a loose object, told by reading
    State state = State::readable;
    bool borrowed = false;    // only an alternate holds it
    std::uint16_t store = 0;  // where to read it
    std::uint32_t turn = 0;   // its place in the order of reading
  };
  // Where objects lie: a pack, or the loose ones of a directory.
  struct Store {
    std::string loose_directory;  // empty: a pack
    std::unique_ptr<GitPackLayout> pack;
    std::uint32_t first_turn = 0;  // of its first object
  };

  // The repository's own directory first, then its alternates; both must have
  // been found free of links that lead out.
  explicit GitCatalogue(const std::vector<std::string>& object_directories);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const Entry& operator[](Index at) const { return entries_[at]; }
  [[nodiscard]] Index find(const ObjectId& id) const;
  // Packs one after the other, each in its own order: the bases of deltas are
  // still at hand then.
  [[nodiscard]] const std::vector<Index>& reading_order() const { return order_; }
  [[nodiscard]] const std::vector<Store>& stores() const { return stores_; }
  // What could not be listed, in words.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  void add_directory(const std::string& directory, bool borrowed);
  void add_pack(const std::string& index_file, bool borrowed);
  void add_loose(const std::string& directory, bool borrowed);
  void settle();

  std::vector<Entry> entries_;   // sorted by id
  std::vector<Index> first_of_;  // by the first two bytes of an id
  std::vector<Index> order_;
  std::vector<Store> stores_;
  std::vector<std::string> problems_;
};

}  // namespace rta

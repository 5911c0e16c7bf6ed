// What the headers of a pack's objects say: kind, and whether each can be read
// within our limits. For git_catalogue.cpp. Any thread.
#pragma once

#include <string>
#include <vector>

#include "collect/git/git_catalogue.h"
#include "collect/git/git_pack_layout.h"

namespace rta {

struct PackedObject {
  ObjectId id{};
  ObjectKind kind = ObjectKind::other;
  GitCatalogue::State state = GitCatalogue::State::readable;
  std::uint64_t offset = 0;
  std::uint32_t base = GitPackLayout::kNoBase;  // position of a delta's base in this list
};

// The objects of `places` in the order in which the pack holds them.
std::vector<PackedObject> read_pack_entries(const std::string& pack_file,
                                            std::vector<PackPlace> places);

}  // namespace rta

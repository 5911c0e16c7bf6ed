// The formats in which git keeps objects (gitformat-pack(5) and the objects
// themselves), SHA-1 names: bytes in, facts out. Malformed bytes give what
// could be read before them, or nothing. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

using ObjectId = std::array<std::uint8_t, 20>;

std::string to_text(const ObjectId& id);
std::optional<ObjectId> parse_object_id(std::string_view hex);

enum class ObjectKind : std::uint8_t { commit, tree, blob, tag, other };

struct CommitLinks {
  std::optional<ObjectId> tree;
  std::vector<ObjectId> parents;
};
CommitLinks parse_commit(std::string_view bytes);

struct TreeItem {
  std::string_view name;
  ObjectId id{};
  bool is_tree = false;
  bool is_commit = false;  // a submodule
};
// Stops at the first malformed entry.
std::vector<TreeItem> parse_tree(std::string_view bytes);
// The object that an annotated tag names.
std::optional<ObjectId> parse_tag_target(std::string_view bytes);

// One line of a pack's index: where an object starts.
struct PackPlace {
  ObjectId id{};
  std::uint64_t offset = 0;
};
// Index of version 1 or 2; nothing when its parts do not fit its size or it
// counts more than `most` objects.
std::optional<std::vector<PackPlace>> parse_pack_index(ByteView bytes, std::size_t most);

// What stands in front of an object's deflated data.
struct PackHeader {
  ObjectKind kind = ObjectKind::other;         // other: a delta
  std::uint64_t size = 0;                      // of the data; of the delta, not its result
  std::optional<std::uint64_t> base_distance;  // OFS_DELTA: that far in front
  std::optional<ObjectId> base_id;             // REF_DELTA
  std::size_t length = 0;                      // of this header
};
std::optional<PackHeader> parse_pack_header(ByteView bytes);
// What a delta yields, from the first of its inflated bytes.
std::optional<std::uint64_t> parse_delta_result_size(ByteView bytes);
// Writes what `delta` makes of `base` into `result`, which has the size that
// the delta tells. False when they do not fit each other.
bool apply_delta(ByteView base, ByteView delta, std::span<std::uint8_t> result);

// "OLD NEW person time zone<TAB>message" a line: the ids, without the zero id.
std::vector<ObjectId> parse_reflog(std::string_view bytes);

}  // namespace rta

// GitObjects reads objects of a repository as plain data: libgit2's object
// backends, added by hand, and nothing else of it. No configuration is read,
// no alternates are followed but those that the caller adds, replace refs mean
// nothing, nothing is run or fetched. One thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct git_odb;

namespace rta {

// Before the first call of libgit2, from any thread.
void start_git_library();

using ObjectId = std::array<std::uint8_t, 20>;

std::string to_text(const ObjectId& id);
std::optional<ObjectId> parse_object_id(std::string_view hex);

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const {
    std::size_t value = 0;  // ids are uniform already
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8U | id[i];
    return value;
  }
};

enum class ObjectKind { commit, tree, blob, tag, other };

struct GitObject {
  ObjectKind kind = ObjectKind::other;
  ByteView bytes;  // valid until the next call
};

class GitObjects {
 public:
  // `objects_directory` is .git/objects; it and everything below it must have
  // been found free of links that lead out.
  static Result<GitObjects> open(const std::string& objects_directory);
  Result<void> add(const std::string& objects_directory);  // an alternate

  // Kind and size without reading the object.
  [[nodiscard]] std::optional<std::pair<ObjectKind, std::size_t>> look(const ObjectId& id) const;
  // Gives the object to `use`; false when it is missing, damaged or larger
  // than kLargestObject.
  bool read(const ObjectId& id, const std::function<void(const GitObject&)>& use) const;
  // All ids there are, each once, in the order in which packs hold them.
  [[nodiscard]] std::vector<ObjectId> all() const;
  static ObjectId id_of_blob(ByteView bytes);

  static constexpr std::size_t kLargestObject = 48UL * 1024 * 1024;
  static constexpr std::size_t kMostObjects = 5'000'000;

 private:
  struct Close {
    void operator()(git_odb* odb) const;
  };
  std::unique_ptr<git_odb, Close> odb_;
  std::vector<std::string> directories_;
};

// What the raw formats of git objects say (gitformat-*). Pure.
struct CommitLinks {
  std::optional<ObjectId> tree;
  std::vector<ObjectId> parents;
  std::string_view message;
};
CommitLinks parse_commit(std::string_view bytes);

struct TreeItem {
  std::string_view name;
  ObjectId id;
  bool is_tree = false;
  bool is_commit = false;  // a submodule
};
// Stops at the first malformed entry.
std::vector<TreeItem> parse_tree(std::string_view bytes);
// The object that an annotated tag names.
std::optional<ObjectId> parse_tag_target(std::string_view bytes);

}  // namespace rta

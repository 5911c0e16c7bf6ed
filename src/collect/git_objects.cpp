#include "collect/git_objects.h"

#include <fmt/format.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <unordered_set>

#include "base/text.h"

namespace rta {
namespace {

namespace fs = std::filesystem;

Error library_error(std::string what) {
  const git_error* last = git_error_last();
  return Error{
      last == nullptr ? std::move(what) : fmt::format("{}: {}", what, printable(last->message)),
      {},
      {}};
}

git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  std::memcpy(oid.id, id.data(), id.size());
  return oid;
}

ObjectId from_oid(const git_oid& oid) {
  ObjectId id;
  std::memcpy(id.data(), oid.id, id.size());
  return id;
}

ObjectKind kind_of(git_object_t type) {
  switch (type) {
    case GIT_OBJECT_COMMIT:
      return ObjectKind::commit;
    case GIT_OBJECT_TREE:
      return ObjectKind::tree;
    case GIT_OBJECT_BLOB:
      return ObjectKind::blob;
    case GIT_OBJECT_TAG:
      return ObjectKind::tag;
    default:
      return ObjectKind::other;  // deltas and invalid ones
  }
}

// gitformat-pack(5), version 2: ids sorted, then where each stands in the
// pack. Reading in that order finds the bases of deltas still at hand.
void add_in_pack_order(const fs::path& index_file, std::vector<ObjectId>& ids) {
  std::ifstream in{index_file, std::ios::binary};
  std::vector<char> raw{std::istreambuf_iterator<char>{in}, {}};
  ByteReader reader{as_bytes({raw.data(), raw.size()})};
  if (reader.u32() != 0xFF744F63 || reader.u32() != 2) return;
  reader.bytes(255UL * 4);
  const std::size_t count = reader.u32();
  if (!reader.ok() || count > reader.remaining() / 28) return;
  ByteReader names{reader.bytes(count * 20)};
  reader.bytes(count * 4);
  std::vector<std::pair<std::uint64_t, ObjectId>> entries(count);
  for (auto& [offset, id] : entries) {
    offset = reader.u32();  // above 2 GiB: an index into a table; close enough for an order
    const ByteView name = names.bytes(20);
    if (name.size() == id.size()) std::ranges::copy(name, id.begin());
  }
  std::ranges::sort(entries, {}, [](const auto& entry) { return entry.first; });
  for (const auto& [offset, id] : entries) ids.push_back(id);
}

std::string_view word_after(std::string_view& text, std::string_view key) {
  if (!text.starts_with(key)) return {};
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view value = text.substr(key.size(), end - key.size());
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

}  // namespace

// libgit2 counts its users; it is started once and stays.
void start_git_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    git_libgit2_init();
    // Nothing outside the repository is ever configuration for us.
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL,
                            GIT_CONFIG_LEVEL_PROGRAMDATA})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{128} << 20U);
    git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, static_cast<ssize_t>(32) << 20U);
    // Ids are compared by whoever made them; hashing again would double the time.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  });
}

std::string to_text(const ObjectId& id) { return to_hex(id); }

std::optional<ObjectId> parse_object_id(std::string_view hex) {
  ObjectId id{};
  const std::optional<Bytes> bytes = from_hex(hex);
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.begin());
  return id;
}

void GitObjects::Close::operator()(git_odb* odb) const { git_odb_free(odb); }

Result<GitObjects> GitObjects::open(const std::string& objects_directory) {
  start_git_library();
  GitObjects objects;
  git_odb* odb = nullptr;
  if (git_odb_new(&odb) != 0) return library_error("opening the object store");
  objects.odb_.reset(odb);
  if (Result<void> added = objects.add(objects_directory); !added) return std::move(added).error();
  return objects;
}

Result<void> GitObjects::add(const std::string& directory) {
  git_odb_backend* backend = nullptr;
  if (git_odb_backend_pack(&backend, directory.c_str()) != 0) return library_error("opening packs");
  if (git_odb_add_backend(odb_.get(), backend, 2) != 0) return library_error("adding packs");
  backend = nullptr;
  if (git_odb_backend_loose(&backend, directory.c_str(), -1, 0, 0, 0) != 0)
    return library_error("opening loose objects");
  if (git_odb_add_backend(odb_.get(), backend, 1) != 0)
    return library_error("adding loose objects");
  directories_.push_back(directory);
  return {};
}

std::optional<std::pair<ObjectKind, std::size_t>> GitObjects::look(const ObjectId& id) const {
  const git_oid oid = to_oid(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb_.get(), &oid) != 0) return std::nullopt;
  return std::pair{kind_of(type), size};
}

bool GitObjects::read(const ObjectId& id, const std::function<void(const GitObject&)>& use) const {
  const git_oid oid = to_oid(id);
  const auto facts = look(id);
  if (!facts || facts->second > kLargestObject) return false;
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb_.get(), &oid) != 0) return false;
  const auto* data = static_cast<const std::uint8_t*>(git_odb_object_data(object));
  use({kind_of(git_odb_object_type(object)), {data, git_odb_object_size(object)}});
  git_odb_object_free(object);
  return true;
}

std::vector<ObjectId> GitObjects::all() const {
  std::vector<ObjectId> ids;
  std::error_code failed;  // a folder that is not there holds no packs
  for (const std::string& directory : directories_)
    for (const fs::directory_entry& entry : fs::directory_iterator{directory + "/pack", failed})
      if (entry.path().extension() == ".idx" && ids.size() < kMostObjects)
        add_in_pack_order(entry.path(), ids);
  struct Collected {
    std::vector<ObjectId>& ids;
    std::unordered_set<ObjectId, ObjectIdHash> seen;
  } collected{ids, {}};
  collected.seen.reserve(ids.size());
  std::erase_if(ids, [&](const ObjectId& id) { return !collected.seen.insert(id).second; });
  git_odb_foreach(
      odb_.get(),
      [](const git_oid* oid, void* payload) {
        auto& all = *static_cast<Collected*>(payload);
        const ObjectId id = from_oid(*oid);
        if (all.seen.insert(id).second) all.ids.push_back(id);
        return all.ids.size() >= kMostObjects ? 1 : 0;
      },
      &collected);
  return ids;
}

ObjectId GitObjects::id_of_blob(ByteView bytes) {
  start_git_library();
  git_oid oid{};
  git_odb_hash(&oid, bytes.data(), bytes.size(), GIT_OBJECT_BLOB);
  return from_oid(oid);
}

CommitLinks parse_commit(std::string_view bytes) {
  CommitLinks links;
  links.tree = parse_object_id(word_after(bytes, "tree "));
  while (bytes.starts_with("parent "))
    if (const auto parent = parse_object_id(word_after(bytes, "parent ")))
      links.parents.push_back(*parent);
  const std::size_t end = bytes.find("\n\n");
  links.message = end == std::string_view::npos ? "" : bytes.substr(end + 2);
  return links;
}

std::vector<TreeItem> parse_tree(std::string_view bytes) {
  std::vector<TreeItem> items;
  while (!bytes.empty()) {
    const std::size_t space = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (space == std::string_view::npos || end == std::string_view::npos || space > end ||
        bytes.size() - end < 21)
      break;
    TreeItem& item = items.emplace_back();
    const std::string_view mode = bytes.substr(0, space);
    item.is_tree = mode == "40000" || mode == "040000";
    item.is_commit = mode == "160000";
    item.name = bytes.substr(space + 1, end - space - 1);
    std::ranges::copy(as_bytes(bytes.substr(end + 1, 20)), item.id.begin());
    bytes.remove_prefix(end + 21);
  }
  return items;
}

std::optional<ObjectId> parse_tag_target(std::string_view bytes) {
  return parse_object_id(word_after(bytes, "object "));
}

}  // namespace rta

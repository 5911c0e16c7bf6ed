#include "collect/git/git_objects.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include <cstring>
#include <mutex>

namespace rta {
namespace {

constexpr std::size_t kMostOpenPacks = 64;

git_oid to_oid(const ObjectId& id) {
  git_oid oid;
  std::memcpy(oid.id, id.data(), id.size());
  return oid;
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
    // Objects are read once each: keeping them costs and helps nobody.
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    // Ids are compared by whoever made them; hashing again would double the time.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  });
}

void GitObjects::Close::operator()(git_odb* odb) const { git_odb_free(odb); }

GitObjects::GitObjects(const GitCatalogue& catalogue, std::size_t most_kept)
    : catalogue_(catalogue), most_kept_(most_kept), stores_(catalogue.stores().size()) {
  start_git_library();
}

GitObjects::Outcome GitObjects::read_packed(const GitCatalogue::Entry& entry,
                                            const Use& use) const {
  const GitCatalogue::Store& store = catalogue_.stores()[entry.store];
  if (pack_in_use_ != entry.store) {
    if (pack_in_use_ < stores_.size()) {
      stores_[pack_in_use_].pack->forget();
      if (stores_.size() > kMostOpenPacks) stores_[pack_in_use_].pack.reset();
    }
    pack_in_use_ = entry.store;
  }
  std::unique_ptr<GitPackReader>& reader = stores_[entry.store].pack;
  if (!reader) reader = std::make_unique<GitPackReader>(*store.pack, most_kept_);
  const std::optional<ByteView> bytes = reader->read(entry.turn - store.first_turn);
  if (!bytes) return Outcome::damaged;
  use({entry.kind, *bytes});
  return Outcome::read;
}

GitObjects::Outcome GitObjects::read_loose(const GitCatalogue::Entry& entry, const Use& use) const {
  auto& odb = stores_[entry.store].loose;
  if (!odb) {
    git_odb* opened = nullptr;
    if (git_odb_new(&opened) != 0) return Outcome::damaged;
    odb.reset(opened);
    git_odb_backend* backend = nullptr;
    const std::string& directory = catalogue_.stores()[entry.store].loose_directory;
    if (git_odb_backend_loose(&backend, directory.c_str(), -1, 0, 0, 0) == 0)
      git_odb_add_backend(opened, backend, 1);  // without it nothing is found: damaged
  }
  const git_oid oid = to_oid(entry.id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb.get(), &oid) != 0) return Outcome::damaged;
  if (size > GitCatalogue::kLargestObject) return Outcome::too_large;
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb.get(), &oid) != 0) return Outcome::damaged;
  const auto* data = static_cast<const std::uint8_t*>(git_odb_object_data(object));
  use({kind_of(git_odb_object_type(object)), {data, git_odb_object_size(object)}});
  git_odb_object_free(object);
  return Outcome::read;
}

GitObjects::Outcome GitObjects::read(GitCatalogue::Index at, const Use& use) const {
  const GitCatalogue::Entry& entry = catalogue_[at];
  if (entry.state == GitCatalogue::State::too_large) return Outcome::too_large;
  if (entry.state == GitCatalogue::State::damaged) return Outcome::damaged;
  return catalogue_.stores()[entry.store].pack ? read_packed(entry, use) : read_loose(entry, use);
}

ObjectId GitObjects::id_of_blob(ByteView bytes) {
  start_git_library();
  git_oid oid{};
  git_odb_hash(&oid, bytes.data(), bytes.size(), GIT_OBJECT_BLOB);
  ObjectId id;
  std::memcpy(id.data(), oid.id, id.size());
  return id;
}

}  // namespace rta

// GitObjects reads objects that a GitCatalogue lists, as plain data: packed
// ones by GitPackReader, loose ones by libgit2's backend for them, and nothing
// else of it. No configuration is read, no alternates are followed but those
// that the catalogue holds, replace refs mean nothing, nothing is run or
// fetched. One thread each; several may share a catalogue.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <functional>
#include <memory>
#include <vector>

#include "collect/git/git_catalogue.h"
#include "collect/git/git_pack_reader.h"

struct git_odb;

namespace rta {

// Before the first call of libgit2, from any thread.
void start_git_library();

struct GitObject {
  ObjectKind kind = ObjectKind::other;
  ByteView bytes;  // valid until the next call
};

class GitObjects {
 public:
  static constexpr std::size_t kKeptBytes = 48UL * 1024 * 1024;
  explicit GitObjects(const GitCatalogue& catalogue, std::size_t most_kept = kKeptBytes);

  // Gives the object to `use`.
  enum class Outcome { read, too_large, damaged };
  Outcome read(GitCatalogue::Index at, const std::function<void(const GitObject&)>& use) const;
  static ObjectId id_of_blob(ByteView bytes);

 private:
  struct Close {
    void operator()(git_odb* odb) const;
  };
  struct Opened {
    std::unique_ptr<git_odb, Close> loose;
    std::unique_ptr<GitPackReader> pack;
  };
  using Use = std::function<void(const GitObject&)>;
  Outcome read_packed(const GitCatalogue::Entry& entry, const Use& use) const;
  Outcome read_loose(const GitCatalogue::Entry& entry, const Use& use) const;

  const GitCatalogue& catalogue_;
  std::size_t most_kept_;
  // Opened when first read; one pack at a time keeps its bases.
  mutable std::vector<Opened> stores_;
  mutable std::size_t pack_in_use_ = SIZE_MAX;
};

}  // namespace rta

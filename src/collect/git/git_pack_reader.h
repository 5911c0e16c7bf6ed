// GitPackReader inflates the objects of one pack. It keeps the bases of deltas
// that it met last, so that reading in the pack's own order inflates each
// object once. One thread each.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <list>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/unique_fd.h"
#include "collect/git/git_pack_layout.h"

struct z_stream_s;

namespace rta {

class GitPackReader {
 public:
  // `layout` must outlive this; at most `most_kept` bytes of bases are kept.
  GitPackReader(const GitPackLayout& layout, std::size_t most_kept);
  ~GitPackReader();
  GitPackReader(const GitPackReader&) = delete;
  GitPackReader& operator=(const GitPackReader&) = delete;

  // The object at a position that the catalogue calls readable; nothing when
  // it is damaged. Valid until the next call.
  std::optional<ByteView> read(std::uint32_t position);
  // Lets the kept bases go.
  void forget();

 private:
  using Buffer = std::shared_ptr<Bytes>;
  struct Kept {
    Buffer bytes;
    std::list<std::uint32_t>::iterator turn;
  };

  Buffer inflate(std::uint32_t position);
  Buffer kept(std::uint32_t position);
  void keep(std::uint32_t position, const Buffer& bytes);

  const GitPackLayout& layout_;
  std::size_t most_kept_;
  UniqueFd file_;
  std::uint64_t size_ = 0;
  std::unique_ptr<z_stream_s> stream_;
  Bytes deflated_;
  Buffer last_;
  std::unordered_map<std::uint32_t, Kept> kept_;
  std::list<std::uint32_t> turns_;  // least recently used first
  std::size_t kept_bytes_ = 0;
};

}  // namespace rta

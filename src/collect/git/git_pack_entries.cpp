#include "collect/git/git_pack_entries.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "base/unique_fd.h"

namespace rta {
namespace {

using State = GitCatalogue::State;

constexpr std::size_t kWindow = 256UL * 1024;
constexpr std::size_t kLongestHeader = 64;
// Enough deflated data for its tables and the first bytes behind them.
constexpr std::size_t kFirstData = 1024;
constexpr std::uint32_t kLongestChain = 5'000;  // git makes none beyond 4,095
constexpr std::size_t kTrailer = 20;
// Text deflates by 3 to 10, long runs by 1,032 at most.
constexpr std::uint64_t kSuspiciousRatio = 400;
constexpr std::uint64_t kSmallObject = 4UL * 1024 * 1024;
// A copy of up to 16 MiB takes four bytes of a delta, one of 64 KiB one byte.
constexpr std::uint64_t kCopyPerByte = 4UL * 1024 * 1024;

// A window over the pack that moves forward with the offsets asked for.
class PackFile {
 public:
  explicit PackFile(const std::string& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    struct stat facts{};
    if (file_ && ::fstat(file_.get(), &facts) == 0)
      size_ = static_cast<std::uint64_t>(facts.st_size);
  }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // At most `count` bytes from there.
  ByteView at(std::uint64_t offset, std::size_t count) {
    if (offset + kTrailer >= size_) return {};
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
    if (offset < start_ || offset + wanted > start_ + window_.size()) {
      window_.resize(kWindow);
      const ssize_t got =
          ::pread(file_.get(), window_.data(), window_.size(), static_cast<off_t>(offset));
      window_.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
      start_ = offset;
      if (window_.size() < wanted) return {};
    }
    return ByteView{window_}.subspan(static_cast<std::size_t>(offset - start_), wanted);
  }

 private:
  UniqueFd file_;
  std::uint64_t size_ = 0, start_ = 0;
  Bytes window_;
};

// The first inflated bytes of deflated data.
class FirstBytes {
 public:
  FirstBytes() { ready_ = inflateInit(&stream_) == Z_OK; }
  ~FirstBytes() {
    if (ready_) inflateEnd(&stream_);
  }
  FirstBytes(const FirstBytes&) = delete;
  FirstBytes& operator=(const FirstBytes&) = delete;

  ByteView of(ByteView deflated) {
    if (!ready_ || inflateReset(&stream_) != Z_OK) return {};
    input_.assign(deflated.begin(), deflated.end());
    stream_.next_in = input_.data();
    stream_.avail_in = static_cast<uInt>(input_.size());
    stream_.next_out = output_.data();
    stream_.avail_out = static_cast<uInt>(output_.size());
    inflate(&stream_, Z_SYNC_FLUSH);  // what came out is what counts
    return ByteView{output_}.first(output_.size() - stream_.avail_out);
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  Bytes input_;
  std::array<std::uint8_t, 20> output_{};
};

class Pack {
 public:
  Pack(const std::string& path, std::vector<PackPlace> places)
      : file_(path), places_(std::move(places)), facts_(places_.size()) {
    std::ranges::sort(places_, {}, &PackPlace::offset);
  }

  std::vector<PackedObject> read() {
    for (std::size_t i = 0; i < places_.size(); ++i) read_header(i);
    std::vector<PackedObject> objects;
    objects.reserve(places_.size());
    for (std::size_t i = 0; i < places_.size(); ++i) {
      settle(i);
      objects.push_back(
          {places_[i].id, facts_[i].kind, facts_[i].state, places_[i].offset, facts_[i].base});
    }
    return objects;
  }

 private:
  static constexpr std::uint32_t kNoBase = GitPackLayout::kNoBase;
  struct Facts {
    std::uint64_t size = 0;  // inflated; of a delta its own, then its result's
    std::uint32_t base = kNoBase;
    std::uint32_t depth = 0;
    ObjectKind kind = ObjectKind::other;
    State state = State::readable;
    bool is_delta = false, settled = false;
  };

  void read_header(std::size_t i);
  std::uint32_t find(std::uint64_t offset) const;
  std::uint32_t find(const ObjectId& id);
  void settle(std::size_t first);
  void settle_delta(std::size_t i, const Facts& base);

  PackFile file_;
  std::vector<PackPlace> places_;
  std::vector<Facts> facts_;
  std::vector<std::uint32_t> by_id_;  // made when a delta names its base so
  FirstBytes first_bytes_;
};

void Pack::read_header(std::size_t i) {
  Facts& facts = facts_[i];
  const std::uint64_t offset = places_[i].offset;
  const std::optional<PackHeader> header = parse_pack_header(file_.at(offset, kLongestHeader));
  if (!header) {
    facts.state = State::damaged;
    facts.settled = true;
    return;
  }
  facts.kind = header->kind;
  facts.size = header->size;
  facts.is_delta = header->kind == ObjectKind::other;
  const std::uint64_t end =
      i + 1 < places_.size() ? places_[i + 1].offset : file_.size() - kTrailer;
  const std::uint64_t deflated = end > offset ? end - offset : 1;
  if (facts.size > GitCatalogue::kLargestObject ||
      (facts.size > kSmallObject && facts.size / deflated > kSuspiciousRatio))
    facts.state = State::too_large;
  if (!facts.is_delta) {
    facts.settled = true;
  } else if (header->base_distance) {
    if (*header->base_distance < offset) facts.base = find(offset - *header->base_distance);
  } else {
    facts.base = find(*header->base_id);
  }
}

std::uint32_t Pack::find(std::uint64_t offset) const {
  const auto found = std::ranges::lower_bound(places_, offset, {}, &PackPlace::offset);
  return found == places_.end() || found->offset != offset
             ? kNoBase
             : static_cast<std::uint32_t>(found - places_.begin());
}

std::uint32_t Pack::find(const ObjectId& id) {
  const auto id_of = [&](std::uint32_t at) -> const ObjectId& { return places_[at].id; };
  if (by_id_.empty()) {
    by_id_.resize(places_.size());
    std::iota(by_id_.begin(), by_id_.end(), 0U);
    std::ranges::sort(by_id_, {}, id_of);
  }
  const auto found = std::ranges::lower_bound(by_id_, id, {}, id_of);
  return found == by_id_.end() || id_of(*found) != id ? kNoBase : *found;
}

// Follows the chain of bases down to what is settled, then back up. A chain
// that is too long or leads into itself is damaged.
void Pack::settle(std::size_t first) {
  std::vector<std::uint32_t> chain;
  for (auto at = static_cast<std::uint32_t>(first); !facts_[at].settled; at = facts_[at].base) {
    chain.push_back(at);
    if (facts_[at].base != kNoBase && chain.size() <= kLongestChain) continue;
    for (const std::uint32_t one : chain) {
      facts_[one].state = State::damaged;
      facts_[one].settled = true;
    }
    return;
  }
  for (auto at = chain.rbegin(); at != chain.rend(); ++at)
    settle_delta(*at, facts_[facts_[*at].base]);
}

void Pack::settle_delta(std::size_t i, const Facts& base) {
  Facts& facts = facts_[i];
  facts.settled = true;
  facts.kind = base.kind;
  facts.depth = base.depth + 1;
  if (base.state != State::readable) {
    facts.state = base.state;
    return;
  }
  if (facts.depth > kLongestChain) {
    facts.state = State::damaged;
    return;
  }
  if (facts.state != State::readable) return;
  // Most deltas are too short to yield much; the others say what they yield.
  std::uint64_t yields = facts.size * std::min(base.size, kCopyPerByte);
  if (yields > GitCatalogue::kLargestObject) {
    const ByteView bytes = file_.at(places_[i].offset, kFirstData);
    const std::optional<PackHeader> header = parse_pack_header(bytes);
    const auto size = header
                          ? parse_delta_result_size(first_bytes_.of(bytes.subspan(header->length)))
                          : std::nullopt;
    if (!size) {
      facts.state = State::damaged;
      return;
    }
    yields = *size;
  }
  facts.size = yields;
  if (yields > GitCatalogue::kLargestObject) facts.state = State::too_large;
}

}  // namespace

std::vector<PackedObject> read_pack_entries(const std::string& pack_file,
                                            std::vector<PackPlace> places) {
  return Pack{pack_file, std::move(places)}.read();
}

}  // namespace rta

#include "collect/git/git_pack_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>

#include "collect/git/git_catalogue.h"
#include "files/git/git_formats.h"

namespace rta {
namespace {

constexpr std::uint64_t kTrailer = 20;
constexpr std::size_t kLongestHeader = 32;
// Deflating never makes data larger than by a few bytes in a thousand.
constexpr std::uint64_t kMostDeflated = GitCatalogue::kLargestObject + 1024 * 1024;

}  // namespace

GitPackReader::GitPackReader(const GitPackLayout& layout, std::size_t most_kept)
    : layout_(layout),
      most_kept_(most_kept),
      file_(::open(layout.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)),
      stream_(std::make_unique<z_stream>()) {
  struct stat facts{};
  if (file_ && ::fstat(file_.get(), &facts) == 0) size_ = static_cast<std::uint64_t>(facts.st_size);
  if (inflateInit(stream_.get()) != Z_OK) stream_.reset();
}

GitPackReader::~GitPackReader() {
  if (stream_) inflateEnd(stream_.get());
}

// What stands in the pack at that position, a delta as a delta.
GitPackReader::Buffer GitPackReader::inflate(std::uint32_t position) {
  const std::uint64_t start = layout_.offsets[position];
  const std::uint64_t end = position + 1 < layout_.offsets.size() ? layout_.offsets[position + 1]
                            : size_ > kTrailer                    ? size_ - kTrailer
                                                                  : 0;
  if (!stream_ || end <= start || end - start > kMostDeflated + kLongestHeader) return nullptr;
  deflated_.resize(static_cast<std::size_t>(end - start));
  const ssize_t got =
      ::pread(file_.get(), deflated_.data(), deflated_.size(), static_cast<off_t>(start));
  if (got < 0 || static_cast<std::size_t>(got) != deflated_.size()) return nullptr;
  const std::optional<PackHeader> header =
      parse_pack_header(ByteView{deflated_}.first(std::min(deflated_.size(), kLongestHeader)));
  if (!header || header->size > GitCatalogue::kLargestObject) return nullptr;

  auto bytes = std::make_shared<Bytes>(static_cast<std::size_t>(header->size) + 1);
  if (inflateReset(stream_.get()) != Z_OK) return nullptr;
  stream_->next_in = deflated_.data() + header->length;
  stream_->avail_in = static_cast<uInt>(deflated_.size() - header->length);
  stream_->next_out = bytes->data();
  stream_->avail_out = static_cast<uInt>(bytes->size());  // one more: longer data shows
  if (::inflate(stream_.get(), Z_FINISH) != Z_STREAM_END || stream_->total_out != header->size)
    return nullptr;
  bytes->pop_back();
  return bytes;
}

GitPackReader::Buffer GitPackReader::kept(std::uint32_t position) {
  const auto found = kept_.find(position);
  if (found == kept_.end()) return nullptr;
  turns_.splice(turns_.end(), turns_, found->second.turn);
  return found->second.bytes;
}

void GitPackReader::keep(std::uint32_t position, const Buffer& bytes) {
  if (!layout_.is_base[position] || bytes->size() > most_kept_ / 4 || kept_.contains(position))
    return;
  turns_.push_back(position);
  kept_.emplace(position, Kept{bytes, std::prev(turns_.end())});
  kept_bytes_ += bytes->size();
  while (kept_bytes_ > most_kept_) {
    const auto oldest = kept_.find(turns_.front());
    kept_bytes_ -= oldest->second.bytes->size();
    kept_.erase(oldest);
    turns_.pop_front();
  }
}

void GitPackReader::forget() {
  kept_.clear();
  turns_.clear();
  kept_bytes_ = 0;
  last_.reset();
}

// Down the chain of bases to one that is at hand, then back up.
std::optional<ByteView> GitPackReader::read(std::uint32_t position) {
  std::vector<std::uint32_t> chain;
  Buffer bytes;
  for (std::uint32_t at = position; !(bytes = kept(at)); at = layout_.bases[at]) {
    if (layout_.bases[at] == GitPackLayout::kNoBase) {
      bytes = inflate(at);
      if (!bytes) return std::nullopt;
      keep(at, bytes);
      break;
    }
    chain.push_back(at);
  }
  for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
    const Buffer delta = inflate(*at);
    const auto size = delta ? parse_delta_result_size(*delta) : std::nullopt;
    if (!size || *size > GitCatalogue::kLargestObject) return std::nullopt;
    auto result = std::make_shared<Bytes>(static_cast<std::size_t>(*size));
    if (!apply_delta(*bytes, *delta, *result)) return std::nullopt;
    bytes = std::move(result);
    keep(*at, bytes);
  }
  last_ = std::move(bytes);
  return ByteView{*last_};
}

}  // namespace rta

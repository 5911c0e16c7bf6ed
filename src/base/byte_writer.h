// ByteWriter builds wire messages: big-endian numbers and nested blocks whose
// length prefix is filled in when the block closes.
//
//   ByteWriter out;
//   {
//     auto body = out.block24();
//     out.u16(0x0303);
//   }
//   Bytes message = std::move(out).take();
#pragma once

#include <redis_tls_audit/assert.h>
#include <redis_tls_audit/bytes.h>

namespace rta {

class ByteWriter {
 public:
  class Block {
   public:
    Block(ByteWriter& writer, int width) : writer_(writer), width_(width), start_(writer.bytes_.size()) {
      writer_.bytes_.insert(writer_.bytes_.end(), static_cast<std::size_t>(width), 0);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() { close(); }
    void close() {
      if (closed_) return;
      closed_ = true;
      const std::size_t size = writer_.bytes_.size() - start_ - static_cast<std::size_t>(width_);
      RTA_ASSERT(size < std::size_t{1} << (8 * width_));
      for (int i = 0; i < width_; ++i)
        writer_.bytes_[start_ + static_cast<std::size_t>(i)] =
            static_cast<std::uint8_t>(size >> (8 * (width_ - 1 - i)));
    }

   private:
    ByteWriter& writer_;
    int width_;
    std::size_t start_;
    bool closed_ = false;
  };

  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u24(std::uint32_t value) { number(value, 3); }
  void u32(std::uint32_t value) { number(value, 4); }
  void bytes(ByteView view) { bytes_.insert(bytes_.end(), view.begin(), view.end()); }
  void text(std::string_view view) { bytes(as_bytes(view)); }

  [[nodiscard]] Block block8() { return {*this, 1}; }
  [[nodiscard]] Block block16() { return {*this, 2}; }
  [[nodiscard]] Block block24() { return {*this, 3}; }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] const Bytes& view() const { return bytes_; }
  [[nodiscard]] Bytes take() && { return std::move(bytes_); }

 private:
  void number(std::uint32_t value, int width) {
    for (int i = width - 1; i >= 0; --i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  Bytes bytes_;
};

}  // namespace rta

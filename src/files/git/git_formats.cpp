#include "files/git/git_formats.h"

#include <algorithm>

#include "base/text.h"

namespace rta {
namespace {

constexpr std::size_t kFanOut = 256UL * 4;
constexpr std::size_t kIdBytes = 20;

std::string_view word_after(std::string_view& text, std::string_view key) {
  if (!text.starts_with(key)) return {};
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view value = text.substr(key.size(), end - key.size());
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

ObjectId id_from(ByteView bytes) {
  ObjectId id{};
  if (bytes.size() == id.size()) std::ranges::copy(bytes, id.begin());
  return id;
}

std::uint64_t u64(ByteReader& in) {
  const std::uint64_t high = in.u32();
  return high << 32U | in.u32();
}

// Version 1: the fan-out, then offset and id of each object.
std::optional<std::vector<PackPlace>> parse_index_1(ByteView bytes, std::size_t most) {
  ByteReader in{bytes};
  in.bytes(kFanOut - 4);
  const std::size_t count = in.u32();
  if (!in.ok() || count > most || count > in.remaining() / (4 + kIdBytes)) return std::nullopt;
  std::vector<PackPlace> places(count);
  for (PackPlace& place : places) {
    place.offset = in.u32();
    place.id = id_from(in.bytes(kIdBytes));
  }
  return places;
}

// 7 bits a byte, least significant first; the top bit says that more follows.
std::optional<std::uint64_t> size_from(ByteReader& in, std::uint64_t value, unsigned shift,
                                       bool more) {
  while (more) {
    const std::uint8_t byte = in.u8();
    if (!in.ok() || shift > 56) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    shift += 7;
    more = (byte & 0x80U) != 0;
  }
  return value;
}

}  // namespace

std::string to_text(const ObjectId& id) { return to_hex(id); }

std::optional<ObjectId> parse_object_id(std::string_view hex) {
  ObjectId id{};
  if (hex.size() != 2 * id.size()) return std::nullopt;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  for (std::size_t i = 0; i < id.size(); ++i) {
    const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return id;
}

CommitLinks parse_commit(std::string_view bytes) {
  CommitLinks links;
  links.tree = parse_object_id(word_after(bytes, "tree "));
  while (bytes.starts_with("parent "))
    if (const auto parent = parse_object_id(word_after(bytes, "parent ")))
      links.parents.push_back(*parent);
  return links;
}

std::vector<TreeItem> parse_tree(std::string_view bytes) {
  std::vector<TreeItem> items;
  while (!bytes.empty()) {
    const std::size_t space = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (space == std::string_view::npos || end == std::string_view::npos || space > end ||
        bytes.size() - end < kIdBytes + 1)
      break;
    TreeItem& item = items.emplace_back();
    const std::string_view mode = bytes.substr(0, space);
    item.is_tree = mode == "40000" || mode == "040000";
    item.is_commit = mode == "160000";
    item.name = bytes.substr(space + 1, end - space - 1);
    item.id = id_from(as_bytes(bytes.substr(end + 1, kIdBytes)));
    bytes.remove_prefix(end + kIdBytes + 1);
  }
  return items;
}

std::optional<ObjectId> parse_tag_target(std::string_view bytes) {
  return parse_object_id(word_after(bytes, "object "));
}

std::optional<std::vector<PackPlace>> parse_pack_index(ByteView bytes, std::size_t most) {
  ByteReader in{bytes};
  if (in.u32() != 0xFF744F63) return parse_index_1(bytes, most);
  if (in.u32() != 2) return std::nullopt;
  in.bytes(kFanOut - 4);
  const std::size_t count = in.u32();
  if (!in.ok() || count > most || count > in.remaining() / (kIdBytes + 8)) return std::nullopt;
  std::vector<PackPlace> places(count);
  for (PackPlace& place : places) place.id = id_from(in.bytes(kIdBytes));
  in.bytes(count * 4);  // checksums
  ByteReader offsets{in.bytes(count * 4)};
  const ByteView large = in.rest();  // offsets above 2 GiB
  for (PackPlace& place : places) {
    place.offset = offsets.u32();
    if ((place.offset & 0x8000'0000U) == 0) continue;
    const std::size_t at = (place.offset & 0x7FFF'FFFFU) * 8;
    if (at + 8 > large.size()) return std::nullopt;
    ByteReader entry{large.subspan(at, 8)};
    place.offset = u64(entry);
  }
  return in.ok() ? std::optional{std::move(places)} : std::nullopt;
}

std::optional<PackHeader> parse_pack_header(ByteView bytes) {
  ByteReader in{bytes};
  PackHeader header;
  const std::uint8_t first = in.u8();
  const auto size = size_from(in, first & 0x0FU, 4, (first & 0x80U) != 0);
  if (!in.ok() || !size) return std::nullopt;
  header.size = *size;
  switch (first >> 4U & 7U) {
    case 1:
      header.kind = ObjectKind::commit;
      break;
    case 2:
      header.kind = ObjectKind::tree;
      break;
    case 3:
      header.kind = ObjectKind::blob;
      break;
    case 4:
      header.kind = ObjectKind::tag;
      break;
    case 6: {  // each byte but the last adds one before it is shifted
      std::uint8_t byte = in.u8();
      std::uint64_t distance = byte & 0x7FU;
      while ((byte & 0x80U) != 0 && in.ok() && distance < 1ULL << 55U) {
        byte = in.u8();
        distance = (distance + 1) << 7U | (byte & 0x7FU);
      }
      if ((byte & 0x80U) != 0 || distance == 0) return std::nullopt;
      header.base_distance = distance;
      break;
    }
    case 7:
      header.base_id = id_from(in.bytes(kIdBytes));
      break;
    default:
      return std::nullopt;
  }
  if (!in.ok()) return std::nullopt;
  header.length = bytes.size() - in.remaining();
  return header;
}

std::optional<std::uint64_t> parse_delta_result_size(ByteView bytes) {
  ByteReader in{bytes};
  if (!size_from(in, 0, 0, true)) return std::nullopt;
  return size_from(in, 0, 0, true);
}

// An instruction is a copy from the base (offset and size in the bytes that its
// low bits announce) or that many bytes of the delta itself.
bool apply_delta(ByteView base, ByteView delta, std::span<std::uint8_t> result) {
  ByteReader in{delta};
  const auto base_size = size_from(in, 0, 0, true), result_size = size_from(in, 0, 0, true);
  if (base_size != base.size() || result_size != result.size()) return false;
  while (!in.at_end()) {
    const std::uint8_t instruction = in.u8();
    ByteView piece;
    if ((instruction & 0x80U) == 0) {
      if (instruction == 0) return false;
      piece = in.bytes(instruction);
    } else {
      std::size_t offset = 0, size = 0;
      for (unsigned i = 0; i < 4; ++i)
        if ((instruction & 1U << i) != 0) offset |= static_cast<std::size_t>(in.u8()) << 8U * i;
      for (unsigned i = 0; i < 3; ++i)
        if ((instruction & 16U << i) != 0) size |= static_cast<std::size_t>(in.u8()) << 8U * i;
      if (size == 0) size = 0x10000;
      if (offset > base.size() || size > base.size() - offset) return false;
      piece = base.subspan(offset, size);
    }
    if (!in.ok() || piece.size() > result.size()) return false;
    std::ranges::copy(piece, result.begin());
    result = result.subspan(piece.size());
  }
  return in.ok() && result.empty();
}

std::vector<ObjectId> parse_reflog(std::string_view bytes) {
  std::vector<ObjectId> ids;
  for (const std::string_view line : split(bytes, '\n'))
    for (const std::size_t at : {0U, 41U})
      if (line.size() >= at + 40)
        if (const auto id = parse_object_id(line.substr(at, 40)); id && *id != ObjectId{})
          ids.push_back(*id);
  return ids;
}

}  // namespace rta

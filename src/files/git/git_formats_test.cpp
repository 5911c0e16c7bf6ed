#include "files/git/git_formats.h"

#include <doctest/doctest.h>

using namespace rta;

namespace {

ObjectId id(std::uint8_t fill) {
  ObjectId made;
  made.fill(fill);
  return made;
}

std::string raw(std::uint8_t fill) { return std::string(20, static_cast<char>(fill)); }
std::string hex(char digit) { return std::string(40, digit); }

void add_u32(std::string& text, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8)
    text += static_cast<char>(static_cast<unsigned char>(value >> static_cast<unsigned>(shift)));
}

// Version 2 with two objects; the second lies behind 2 GiB.
std::string index_2() {
  std::string text = "\xFFtOc";
  add_u32(text, 2);
  for (int i = 0; i < 256; ++i) add_u32(text, i < 0x22 ? i < 0x11 ? 0 : 1 : 2);
  text += raw(0x11) + raw(0x22);
  add_u32(text, 0), add_u32(text, 0);  // checksums
  add_u32(text, 12), add_u32(text, 0x8000'0000U);
  add_u32(text, 1), add_u32(text, 5);
  return text + raw(0) + raw(0);
}

}  // namespace

TEST_CASE("commits, trees and tags say what they name") {
  const CommitLinks links = parse_commit("tree " + hex('a') + "\nparent " + hex('b') + "\nparent " +
                                         hex('c') + "\nauthor x\n\nparent no\n");
  CHECK(links.tree == id(0xAA));
  CHECK(links.parents == std::vector<ObjectId>{id(0xBB), id(0xCC)});
  const std::string bytes = "100644 a b" + std::string(1, '\0') + raw(1) + "40000 d" +
                            std::string(1, '\0') + raw(2) + "160000 s" + std::string(1, '\0') +
                            raw(3);
  const std::vector<TreeItem> items = parse_tree(bytes);
  REQUIRE(items.size() == 3);
  CHECK(items[0].name == "a b");
  CHECK(items[1].is_tree);
  CHECK(items[2].is_commit);
  CHECK(items[2].id == id(3));
  CHECK(parse_tag_target("object " + hex('d') + "\ntype blob\n") == id(0xDD));
  CHECK_FALSE(parse_tag_target("tree " + hex('d')));
  CHECK(parse_reflog(hex('0') + " " + hex('1') + " A <a> 1 +0\tcommit\n") ==
        std::vector<ObjectId>{id(0x11)});
}

TEST_CASE("a pack index of either version gives ids and offsets") {
  const auto two = parse_pack_index(as_bytes(index_2()), 10);
  REQUIRE(two);
  REQUIRE(two->size() == 2);
  CHECK((*two)[0].id == id(0x11));
  CHECK((*two)[0].offset == 12);
  CHECK((*two)[1].offset == (1ULL << 32U | 5));
  CHECK_FALSE(parse_pack_index(as_bytes(index_2()), 1));

  std::string one;
  for (int i = 0; i < 256; ++i) add_u32(one, i < 0x33 ? 0 : 1);
  add_u32(one, 77);
  one += raw(0x33);
  const auto old = parse_pack_index(as_bytes(one), 10);
  REQUIRE(old);
  CHECK((*old)[0].id == id(0x33));
  CHECK((*old)[0].offset == 77);
}

TEST_CASE("headers of packed objects say kind, size and base") {
  const auto header = [](std::string_view bytes) { return parse_pack_header(as_bytes(bytes)); };
  CHECK(header("\x35")->kind == ObjectKind::blob);
  CHECK(header("\x35")->size == 5);
  CHECK(header("\xB5\x02")->size == 37);
  CHECK(header("\x61\x81\x00" + std::string(1, '\0'))->base_distance == 256);
  CHECK(header("\x71" + raw(9))->base_id == id(9));
  for (const std::string& bad :
       {std::string{}, std::string{"\x51"}, std::string{"\xB5"}, "\x61" + std::string(1, '\0'),
        std::string{"\x61\x80"}, "\x71" + raw(9).substr(1), "\xB5" + std::string(20, '\xFF')})
    CHECK_FALSE(header(bad));
}

TEST_CASE("a delta copies and inserts, and one that does not fit gives nothing") {
  const std::string base = "hello world";
  const std::string delta = std::string{"\x0B\x08\x90\x05"} + "\x03" + "xyz";
  const auto apply = [&](std::string_view bytes, std::size_t size) -> std::string {
    Bytes result(size);
    return apply_delta(as_bytes(base), as_bytes(bytes), result) ? std::string{as_text(result)}
                                                                : "refused";
  };
  CHECK(parse_delta_result_size(as_bytes(delta)) == 8);
  CHECK(apply(delta, 8) == "helloxyz");
  CHECK(apply(delta, 9) == "refused");
  for (const std::string& bad :
       {std::string{"\x0A\x05\x90\x05"}, std::string{"\x0B\x05\x91\x07\x05"},
        std::string{"\x0B\x05\x90\x06"}, std::string{"\x0B\x05\x05zz"},
        std::string{"\x0B\x05\x90\x05\x00", 5}, std::string{"\x0B\x05\x80"}})
    CHECK(apply(bad, 5) == "refused");
}

TEST_CASE("any truncation of these formats is read without harm") {
  const std::string index = index_2();
  for (std::size_t size = 0; size < index.size(); ++size) {
    const auto places = parse_pack_index(as_bytes(std::string_view{index}.substr(0, size)), 10);
    CHECK((!places || places->size() <= 2));
  }
  const std::string tree = "40000 d" + std::string(1, '\0') + raw(2);
  for (std::size_t size = 0; size < tree.size(); ++size)
    CHECK(parse_tree(std::string_view{tree}.substr(0, size)).empty());
  const std::string commit = "tree " + hex('a') + "\nparent " + hex('b') + "\n";
  for (std::size_t size = 0; size < 45; ++size)
    CHECK_FALSE(parse_commit(std::string_view{commit}.substr(0, size)).tree);
  const std::string delta = "\x0B\x08\x90\x05\x03xyz";
  Bytes result(8);
  for (std::size_t size = 0; size < delta.size(); ++size)
    CHECK_FALSE(apply_delta(as_bytes("hello world"), as_bytes(delta.substr(0, size)), result));
}

#include <doctest/doctest.h>

#include "base/byte_writer.h"

using namespace rta;

TEST_CASE("a reader fails once and stays failed") {
  const Bytes bytes{0x01, 0x02, 0x03};
  ByteReader in{bytes};
  CHECK(in.u16() == 0x0102);
  CHECK(in.u16() == 0);
  CHECK_FALSE(in.ok());
  CHECK(in.u8() == 0);
  CHECK_FALSE(in.done());
}

TEST_CASE("a block cannot see past its length and done() rejects what is left") {
  const Bytes bytes{0x02, 0xAA, 0xBB, 0xCC};
  ByteReader in{bytes};
  ByteReader block = in.block8();
  CHECK(block.u8() == 0xAA);
  CHECK_FALSE(block.done());
  CHECK(block.u8() == 0xBB);
  CHECK(block.done());
  CHECK(block.u8() == 0);
  CHECK_FALSE(block.ok());
  CHECK(in.u8() == 0xCC);
  CHECK(in.done());
}

TEST_CASE("a block longer than its parent fails both") {
  const Bytes bytes{0x00, 0x05, 0x01};
  ByteReader in{bytes};
  ByteReader block = in.block16();
  CHECK_FALSE(block.ok());
  CHECK_FALSE(in.ok());
}

TEST_CASE("a writer fills in the lengths of nested blocks") {
  ByteWriter out;
  {
    const auto outer = out.block24();
    out.u8(1);
    {
      const auto inner = out.block16();
      out.text("hi");
    }
  }
  CHECK(out.view() == Bytes{0, 0, 5, 1, 0, 2, 'h', 'i'});
}

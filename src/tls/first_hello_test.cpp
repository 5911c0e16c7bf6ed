#include "tls/first_hello.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::tls;

TEST_CASE("the first hello's record length puts a newline before any NUL") {
  for (std::size_t length = 0; length < 260; ++length) {
    const std::string name(length, 'r');
    const Bytes hello = write_client_hello(client_hello(first_hello(name)));
    CHECK((as_text(hello).find(name) != std::string_view::npos) == (name.size() <= 200));
    REQUIRE(hello.size() == 5 + kNewlineRecordLength);
    CHECK(hello[0] == 22);
    CHECK(hello[3] == 0x02);
    CHECK(hello[4] == '\n');
    CHECK(std::ranges::find(hello, 0) - hello.begin() > 4);
    // The handshake message fills the record to its end.
    ByteReader in{hello};
    in.bytes(6);
    in.block24();
    CHECK(in.done());
  }
}

TEST_CASE("the short hello fits into 255 bytes, whatever is asked for") {
  for (std::size_t length = 0; length < 100; ++length) {
    const Offer offer = short_hello(std::string(length, 'r'));
    CHECK(write_client_hello(client_hello(offer)).size() - 5 < 256);
    CHECK(offer.suites.size() == 12);
  }
}

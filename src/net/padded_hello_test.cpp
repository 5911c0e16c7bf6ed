#include <doctest/doctest.h>

#include "net/port_probe.h"

using namespace rta;

TEST_CASE("the hello's record length puts a newline before any NUL") {
  for (const std::string& name : {std::string{}, std::string{"redis.example"},
                                  std::string(200, 'r'), std::string(300, 'r')}) {
    const Bytes hello = net::padded_client_hello(name);
    CHECK((as_text(hello).find(name) != std::string_view::npos) == (name.size() <= 200));
    REQUIRE(hello.size() == 5 + 0x020A);
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

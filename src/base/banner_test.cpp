#include "base/banner.h"

#include <doctest/doctest.h>

using namespace rta;

TEST_CASE("servers that greet, or complain, are called by their name") {
  const auto named = [](std::string_view text) { return protocol_of(as_bytes(text)); };
  CHECK(named("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n") == "SSH");
  CHECK(named("HTTP/1.1 400 Bad Request\r\n\r\n") == "HTTP");
  CHECK(named("220 mail.example.org ESMTP Postfix\r\n") == "SMTP");
  CHECK(named("220 (vsFTPd 3.0.3)\r\n") == "FTP");
  CHECK(named("+OK Dovecot ready.\r\n") == "POP3");
  CHECK(named("* OK [CAPABILITY IMAP4rev1] ready\r\n") == "IMAP");
  CHECK(named(std::string_view{"J\0\0\0\x0a" "8.0.36\0", 12}) == "MySQL");
  CHECK(named(std::string_view{"AMQP\0\0\x09\x01", 8}) == "AMQP");
  CHECK(named("ERROR\r\n") == "memcached");
  CHECK(named("\xff\xfd\x18\xff\xfd ") == "Telnet");
  CHECK(named(std::string_view{"E\0\0\0\x91SFATAL", 11}) == "PostgreSQL");
}

TEST_CASE("what is not recognised stays without a name, however short") {
  const std::string_view garbage{"\x01\x02\x03 nothing that anybody knows", 31};
  for (std::size_t size = 0; size <= garbage.size(); ++size)
    CHECK(protocol_of(as_bytes(garbage.substr(0, size))) == "");
  CHECK(protocol_of(as_bytes("SSH")) == "");
}

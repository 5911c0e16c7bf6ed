#include "base/file_facts.h"

#include <doctest/doctest.h>

using namespace rta;

TEST_CASE("a person's account has a shell and an ordinary uid") {
  CHECK(is_login_account(1000, "/bin/bash"));
  CHECK_FALSE(is_login_account(1000, "/usr/sbin/nologin"));
  CHECK_FALSE(is_login_account(1000, "/bin/false"));
  CHECK_FALSE(is_login_account(999, "/bin/bash"));
  CHECK_FALSE(is_login_account(0, "/bin/bash"));
  CHECK_FALSE(is_login_account(65534, "/bin/sh"));
  CHECK_FALSE(is_login_account(1000, ""));
}

TEST_CASE("the account of root has a name, that of nobody's number has none") {
  CHECK(account_of(0).name == "root");
  CHECK_FALSE(account_of(0).can_log_in);
  CHECK(account_of(4'000'000'000).name.empty());
}

namespace {

Bytes acl(std::initializer_list<std::pair<std::uint8_t, std::uint8_t>> entries) {
  Bytes bytes{2, 0, 0, 0};
  for (const auto& [tag, permissions] : entries)
    bytes.insert(bytes.end(), {tag, 0, permissions, 0, 0xFF, 0xFF, 0xFF, 0xFF});
  return bytes;
}

}  // namespace

TEST_CASE("an ACL is wider when a named user or group gets through its mask") {
  CHECK_FALSE(acl_grants_more(acl({{0x01, 6}, {0x04, 4}, {0x20, 0}})));
  CHECK(acl_grants_more(acl({{0x01, 6}, {0x02, 4}, {0x04, 0}, {0x10, 4}, {0x20, 0}})));
  CHECK(acl_grants_more(acl({{0x01, 6}, {0x04, 0}, {0x08, 6}, {0x10, 6}, {0x20, 0}})));
  CHECK_FALSE(acl_grants_more(acl({{0x01, 6}, {0x02, 4}, {0x04, 0}, {0x10, 0}, {0x20, 0}})));
}

TEST_CASE("a cut ACL is read to its last whole entry") {
  const Bytes whole = acl({{0x01, 6}, {0x02, 4}, {0x10, 4}});
  for (std::size_t size = 0; size < 20; ++size)
    CHECK_FALSE(acl_grants_more(ByteView{whole}.first(size)));
  CHECK(acl_grants_more(whole));
}

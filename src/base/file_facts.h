// What an open descriptor tells about its file beyond stat(2): its owner's
// account, POSIX ACL entries and the kind of file system. Any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace rta {

struct Account {
  std::string name;         // empty: the system knows no such user
  bool can_log_in = false;  // a person's account: uid >= 1000 with a shell
};

Account account_of(std::uint32_t uid);
// uid >= 1000 and a shell that is neither nologin nor false.
bool is_login_account(std::uint32_t uid, std::string_view shell);

// The extended attribute system.posix_acl_access grants something to a named
// user or group, as its mask lets through. Pure.
bool acl_grants_more(ByteView attribute);
// Reads the attribute; also of a descriptor opened with O_PATH.
bool has_wider_acl(int descriptor);

// "ext4", "vfat"; a number in hexadecimal for a kind that is not on our list.
std::string file_system_name(int descriptor);

}  // namespace rta

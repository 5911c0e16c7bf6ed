#include "base/file_facts.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace rta {
namespace {

constexpr const char* kAclAttribute = "system.posix_acl_access";

// linux/posix_acl_xattr.h and linux/posix_acl.h; numbers are little-endian.
constexpr std::uint16_t kAclUser = 0x02;
constexpr std::uint16_t kAclGroup = 0x08;
constexpr std::uint16_t kAclMask = 0x10;
constexpr std::size_t kAclHeader = 4;
constexpr std::size_t kAclEntry = 8;

std::uint16_t little16(ByteView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}

// statfs(2) and linux/magic.h.
constexpr std::array kFileSystems{
    std::pair{0xEF53UL, "ext4"},          std::pair{0x58465342UL, "xfs"},
    std::pair{0x9123683EUL, "btrfs"},     std::pair{0x01021994UL, "tmpfs"},
    std::pair{0x794C7630UL, "overlayfs"}, std::pair{0x2FC12FC1UL, "zfs"},
    std::pair{0xF2F52010UL, "f2fs"},      std::pair{0x858458F6UL, "ramfs"},
    std::pair{0x4D44UL, "vfat"},          std::pair{0x2011BAB0UL, "exfat"},
    std::pair{0x5346544EUL, "ntfs"},      std::pair{0x7366746EUL, "ntfs3"},
    std::pair{0x01021997UL, "9p"},        std::pair{0xFF534D42UL, "cifs"},
    std::pair{0xFE534D42UL, "smb2"},      std::pair{0x517BUL, "smb"},
    std::pair{0x6969UL, "nfs"},           std::pair{0x65735546UL, "fuse"},
    std::pair{0x786F4256UL, "vboxsf"},    std::pair{0xBACBACBCUL, "vmhgfs"},
    std::pair{0x73717368UL, "squashfs"},  std::pair{0x9660UL, "isofs"},
    std::pair{0x9FA0UL, "proc"},          std::pair{0x00C36400UL, "ceph"}};

}  // namespace

bool is_login_account(std::uint32_t uid, std::string_view shell) {
  constexpr std::uint32_t kNobody = 65534;
  if (uid < 1000 || uid == kNobody) return false;
  return !shell.empty() && !shell.ends_with("/nologin") && !shell.ends_with("/false");
}

Account account_of(std::uint32_t uid) {
  // A record longer than this is not an account that we can name.
  constexpr std::size_t kLargest = 256 * 1024;
  for (std::vector<char> buffer(4096); buffer.size() <= kLargest;
       buffer.resize(buffer.size() * 4)) {
    struct passwd record{};
    struct passwd* found = nullptr;
    const int error = ::getpwuid_r(uid, &record, buffer.data(), buffer.size(), &found);
    if (error == ERANGE) continue;
    if (error != 0 || found == nullptr) return {};
    return {found->pw_name, is_login_account(uid, found->pw_shell)};
  }
  return {};
}

bool acl_grants_more(ByteView attribute) {
  if (attribute.size() < kAclHeader) return false;
  std::uint16_t mask = 7;
  std::uint16_t named = 0;
  for (std::size_t at = kAclHeader; at + kAclEntry <= attribute.size(); at += kAclEntry) {
    const std::uint16_t tag = little16(attribute, at);
    const std::uint16_t permissions = little16(attribute, at + 2);
    if (tag == kAclMask) mask = permissions;
    if (tag == kAclUser || tag == kAclGroup)
      named = static_cast<std::uint16_t>(named | permissions);
  }
  return (named & mask) != 0;
}

bool has_wider_acl(int descriptor) {
  Bytes attribute(64 * 1024);  // XATTR_SIZE_MAX
  ssize_t size = ::fgetxattr(descriptor, kAclAttribute, attribute.data(), attribute.size());
  if (size < 0 && errno == EBADF) {  // O_PATH descriptors answer only by their name
    const std::string name = fmt::format("/proc/self/fd/{}", descriptor);
    size = ::getxattr(name.c_str(), kAclAttribute, attribute.data(), attribute.size());
  }
  if (size <= 0) return false;
  attribute.resize(static_cast<std::size_t>(size));
  return acl_grants_more(attribute);
}

std::string file_system_name(int descriptor) {
  struct statfs status{};
  if (::fstatfs(descriptor, &status) != 0) return {};
  const auto type = static_cast<unsigned long>(status.f_type) & 0xFFFFFFFFUL;
  for (const auto& [number, name] : kFileSystems)
    if (number == type) return name;
  return fmt::format("{:#x}", type);
}

}  // namespace rta

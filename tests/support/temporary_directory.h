// TemporaryDirectory is an empty directory of this test, mode 0700, removed
// with everything in it at the end.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string>
#include <string_view>

namespace rta::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(std::string_view name) const {
    return path_ + "/" + std::string{name};
  }

  // Directories on the way are made, mode 0755. Returns the whole path.
  std::string write(std::string_view name, std::string_view text, unsigned mode = 0644) const;
  std::string write(std::string_view name, ByteView bytes, unsigned mode = 0644) const {
    return write(name, as_text(bytes), mode);
  }
  std::string make_directory(std::string_view name, unsigned mode = 0755) const;
  void link(std::string_view name, std::string_view target) const;  // symbolic
  void chmod(std::string_view name, unsigned mode) const;

 private:
  std::string path_;
};

}  // namespace rta::testing

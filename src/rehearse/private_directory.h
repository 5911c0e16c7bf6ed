// PrivateDirectory is a fresh directory that only this user may enter, and that
// goes away with the object. A lock on it lasts as long as the object and no
// longer than this program, however that ends: what a killed program left
// behind is known by the missing lock and removed by the next one.
#pragma once

#include <redis_tls_audit/result.h>

#include <memory>
#include <string>

#include "base/unique_fd.h"

namespace rta::rehearse {

class PrivateDirectory {
 public:
  // Below the system's directory for temporary files.
  static Result<std::unique_ptr<PrivateDirectory>> make();
  PrivateDirectory(const PrivateDirectory&) = delete;
  PrivateDirectory& operator=(const PrivateDirectory&) = delete;
  ~PrivateDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateDirectory(std::string path, UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::string path_;
  UniqueFd lock_;
};

}  // namespace rta::rehearse

// Secret holds a password or key passphrase from the moment it is read. It
// cannot be copied, printed, compared for equality in variable time or turned
// into JSON; its memory is wiped. expose() is for the one call that needs the
// value and is easy to find in review.
#pragma once

#include <string>
#include <string_view>

namespace rta {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  [[nodiscard]] std::string_view expose() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  [[nodiscard]] Secret clone() const { return Secret{value_}; }
  // Constant time in the length of the shorter value.
  [[nodiscard]] bool same_as(const Secret& other) const;

 private:
  void wipe();
  std::string value_;
};

}  // namespace rta

// Deadline is a point on the monotonic clock; a clock that steps does not move it.
#pragma once

#include <chrono>

namespace rta {

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  static Deadline after(Clock::duration span) { return Deadline{Clock::now() + span}; }
  [[nodiscard]] bool passed() const { return Clock::now() >= end_; }
  [[nodiscard]] Clock::duration left() const {
    const auto left = end_ - Clock::now();
    return left > Clock::duration::zero() ? left : Clock::duration::zero();
  }
  [[nodiscard]] Clock::time_point end() const { return end_; }

 private:
  explicit Deadline(Clock::time_point end) : end_(end) {}
  Clock::time_point end_;
};

}  // namespace rta

// Dice are seeded choices for generated cases: the same seed, the same case.
#pragma once

#include <cstdlib>
#include <iterator>
#include <random>
#include <string>

namespace rta::testing {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  std::string pick(const List& list) {
    return std::string{list[below(std::size(list))]};
  }

 private:
  std::mt19937 engine_;
};

// RTA_SEED and RTA_CASES choose other cases than the default ones.
inline unsigned number_from_environment(const char* name, unsigned otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(value, nullptr, 10));
}

}  // namespace rta::testing

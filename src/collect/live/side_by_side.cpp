#include "collect/live/side_by_side.h"

#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

namespace rta {
namespace {

constexpr std::size_t kAtOnce = 16;

struct Turn {
  std::vector<Gap> notes;
  std::exception_ptr thrown;
};

}  // namespace

void side_by_side(std::span<Endpoint* const> endpoints, Scope& scope,
                  const std::function<void(Endpoint&, std::vector<Gap>&)>& work) {
  std::vector<Turn> turns(endpoints.size());
  std::atomic<std::size_t> next = 0;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < endpoints.size(); i = next++) {
      try {
        work(*endpoints[i], turns[i].notes);
      } catch (...) {
        turns[i].thrown = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 1; i < std::min(kAtOnce, endpoints.size()); ++i)
        threads.emplace_back(take_turns);
    } catch (const std::system_error&) {
      // No more threads to be had: those that there are do it all.
    }
    take_turns();  // one endpoint needs no thread
  }
  for (Turn& turn : turns)
    scope.notes.insert(scope.notes.end(), std::make_move_iterator(turn.notes.begin()),
                       std::make_move_iterator(turn.notes.end()));
  for (const Turn& turn : turns)
    if (turn.thrown) std::rethrow_exception(turn.thrown);
}

}  // namespace rta

#include "collect/live/side_by_side.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>

namespace rta {
namespace {

struct Row {
  explicit Row(std::size_t count) : endpoints(count) {
    for (std::size_t i = 0; i < count; ++i) {
      endpoints[i].key = fmt::format("redis-{}:6379", i);
      pointers.push_back(&endpoints[i]);
    }
  }
  std::vector<Endpoint> endpoints;
  std::vector<Endpoint*> pointers;
  Scope scope;
};

TEST_CASE("every endpoint has its turn once, and notes stand in the endpoints' order") {
  for (const std::size_t count : {0U, 1U, 2U, 16U, 200U}) {
    Row row{count};
    side_by_side(row.pointers, row.scope, [](Endpoint& endpoint, std::vector<Gap>& notes) {
      endpoint.footprint.connections += 1;
      notes.push_back({GapReason::incomplete, endpoint.key, ""});
    });
    REQUIRE(row.scope.notes.size() == count);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(row.endpoints[i].footprint.connections == 1);
      CHECK(row.scope.notes[i].detail == row.endpoints[i].key);
    }
  }
}

TEST_CASE("what is thrown for one endpoint keeps nothing from the others") {
  Row row{40};
  std::atomic<int> turns = 0;
  const auto work = [&](Endpoint& endpoint, std::vector<Gap>& notes) {
    ++turns;
    notes.push_back({GapReason::incomplete, endpoint.key, ""});
    if (endpoint.key == "redis-7:6379") throw std::runtime_error{"seven"};
    if (endpoint.key == "redis-3:6379") throw std::runtime_error{"three"};
  };
  CHECK_THROWS_WITH(side_by_side(row.pointers, row.scope, work), "three");
  CHECK(turns == 40);
  CHECK(row.scope.notes.size() == 40);
}

}  // namespace
}  // namespace rta

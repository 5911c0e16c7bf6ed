// FaultProxy stands between a client and a real server on loopback and does
// harm in one chosen way. One thread a connection; its destructor ends them.
//
//   FaultProxy proxy{redis.tls(), {.fragment = 1}};   // one byte a segment
//   engine.run(survey, proxy.address());
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "net/address.h"
#include "tests/support/bad_peer.h"

namespace rta::testing {

struct Faults {
  int delay_milliseconds = 0;              // before each piece of the server's answer
  std::size_t fragment = 0;                // pieces of the answer, in bytes; 0 = as it comes
  std::optional<std::size_t> reset_after{};  // bytes of the answer let through, then RST
  std::optional<std::size_t> close_after{};  // the same, then FIN
  std::optional<std::size_t> mute_after{};   // the same, then nothing more, ever
  // Sent instead of the server's answer, which is not asked for; then FIN.
  std::optional<Bytes> instead{};
  // Of the connections in order, every n-th is reset at once; 0 = none.
  int drop_every = 0;

  // Bytes of the answer after which one of the three above happens.
  [[nodiscard]] std::optional<std::size_t> limit() const {
    return reset_after ? reset_after : close_after ? close_after : mute_after;
  }
};

class FaultProxy {
 public:
  // The harm done to the n-th connection; called from several threads.
  using Fate = std::function<Faults(int number)>;
  FaultProxy(net::Address server, Faults faults);
  FaultProxy(net::Address server, Fate fate);
  ~FaultProxy();
  [[nodiscard]] const net::Address& address() const;
  [[nodiscard]] int connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rta::testing

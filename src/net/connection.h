// Connection carries one Probe over one TCP connection. Part of the engine:
// included by src/net/*.cpp only, because it holds Asio's types.
#pragma once

#ifndef ASIO_STANDALONE
#define ASIO_STANDALONE
#endif
#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/probe.h"
#include "net/engine.h"

namespace rta::net {

using Clock = std::chrono::steady_clock;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using WhenOver = std::function<void(const std::shared_ptr<Connection>&)>;

  Connection(asio::io_context& io, std::unique_ptr<Probe> probe, const Budget& budget,
             Footprint& footprint, WhenOver when_over);

  // False when no descriptor is left: nothing happened, take_probe() gives the
  // probe back for a later try.
  bool open(const Address& address);
  void stop(const std::string& detail);
  // Says the first word if the probe held it back and now may.
  void start_if_held();

  std::unique_ptr<Probe> take_probe() { return std::move(probe_); }
  // How long the server worked for the first answer: without the round trip.
  [[nodiscard]] Clock::duration service_time() const;

 private:
  void speak();
  void on_connected(const std::error_code& error);
  void wait_for_peer();
  void read();
  void on_read(const std::error_code& error, std::size_t size);
  void take(const ProbeStep& step);
  void send(Bytes bytes);
  void write();
  void on_written(const std::error_code& error);
  void wait(Clock::duration span);
  void on_silence();
  void end(ConnectionEnd how, const std::string& detail);  // tells the probe
  void close();

  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  std::unique_ptr<Probe> probe_;
  Budget budget_;
  Footprint& footprint_;
  WhenOver when_over_;
  std::array<std::uint8_t, 16 * 1024> inbox_{};
  Bytes outbox_;  // being written
  Bytes next_;    // waits for outbox_
  std::size_t received_ = 0;
  Clock::time_point opened_{}, connected_{}, answered_{};
  bool stands_ = false;
  bool held_ = false;  // the probe may not start yet
  bool writing_ = false;
  bool finished_ = false;  // the probe has finished; what is in outbox_ still goes out
  bool over_ = false;
};

}  // namespace rta::net

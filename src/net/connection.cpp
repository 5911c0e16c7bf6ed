#include "net/connection.h"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/ip/address.hpp>
#include <asio/write.hpp>

#include <algorithm>

namespace rta::net {
namespace {

ConnectionEnd end_of(const std::error_code& error) {
  if (error == asio::error::eof) return ConnectionEnd::closed;
  if (error == asio::error::connection_refused) return ConnectionEnd::refused;
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    return ConnectionEnd::reset;
  }
  return ConnectionEnd::unreachable;
}

std::string words_for(const std::error_code& error) {
  if (error == asio::error::eof) return "the connection was closed";
  if (error == asio::error::connection_refused) return "connection refused";
  if (error == asio::error::connection_reset) return "connection reset";
  return error.message();
}

constexpr std::chrono::seconds kLongestHold{1};
constexpr int kLongestHoldInRoundTrips = 8;

}  // namespace

Connection::Connection(asio::io_context& io, std::unique_ptr<Probe> probe, const Budget& budget,
                       Footprint& footprint, WhenOver when_over)
    : socket_(io),
      timer_(io),
      probe_(std::move(probe)),
      budget_(budget),
      footprint_(footprint),
      when_over_(std::move(when_over)) {}

bool Connection::open(const Address& address) {
  std::error_code error;
  const asio::ip::tcp::endpoint place{asio::ip::make_address(address.ip, error), address.port};
  if (!error) socket_.open(place.protocol(), error);
  if (error == asio::error::no_descriptors) return false;
  opened_ = Clock::now();
  if (error) {
    end(ConnectionEnd::unreachable, error.message());
    return true;
  }
  wait(budget_.connect);
  socket_.async_connect(place, [self = shared_from_this()](const std::error_code& failure) {
    self->on_connected(failure);
  });
  return true;
}

void Connection::on_connected(const std::error_code& error) {
  if (over_) return;
  if (error) return end(end_of(error), words_for(error));
  stands_ = true;
  connected_ = Clock::now();
  ++footprint_.connections;
  std::error_code ignored;  // an optimisation only
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  held_ = !probe_->may_start();
  if (!held_) send(probe_->start());
  wait_for_peer();
  read();
}

void Connection::start_if_held() {
  if (held_ && !over_ && probe_->may_start()) speak();
}

void Connection::speak() {
  held_ = false;
  connected_ = Clock::now();  // the service begins here
  opened_ = connected_;
  send(probe_->start());
  wait_for_peer();
}

void Connection::wait_for_peer() {
  // While we hold our tongue the peer owes us nothing. But it may be one that serves
  // a connection at a time, and waits for us before it answers the others.
  if (held_) {
    const Clock::duration distance = connected_ - opened_;
    return wait(std::max<Clock::duration>(kLongestHold, kLongestHoldInRoundTrips * distance));
  }
  wait(probe_->patience() > std::chrono::milliseconds{} ? probe_->patience() : budget_.patience);
}

void Connection::read() {
  socket_.async_read_some(
      asio::buffer(inbox_),
      [self = shared_from_this()](const std::error_code& error, std::size_t size) {
        self->on_read(error, size);
      });
}

void Connection::on_read(const std::error_code& error, std::size_t size) {
  if (over_ || finished_) return;
  if (error) return end(end_of(error), words_for(error));
  if (answered_ == Clock::time_point{}) answered_ = Clock::now();
  received_ += size;
  footprint_.bytes_received += size;
  if (received_ > budget_.bytes_per_probe) {
    return end(ConnectionEnd::too_much,
               "the peer sent more than " + std::to_string(budget_.bytes_per_probe) + " bytes");
  }
  take(probe_->on_bytes(ByteView{inbox_}.first(size)));
}

void Connection::take(const ProbeStep& step) {
  finished_ = step.finished;
  if (!step.send.empty()) send(step.send);
  if (finished_) {
    if (!writing_) close();
    return;
  }
  wait_for_peer();
  read();
}

void Connection::send(Bytes bytes) {
  if (bytes.empty()) return;
  next_.insert(next_.end(), bytes.begin(), bytes.end());
  if (!writing_) write();
}

void Connection::write() {
  writing_ = true;
  outbox_ = std::exchange(next_, {});
  footprint_.bytes_sent += outbox_.size();
  asio::async_write(socket_, asio::buffer(outbox_),
                    [self = shared_from_this()](const std::error_code& error, std::size_t) {
                      self->on_written(error);
                    });
}

void Connection::on_written(const std::error_code& error) {
  if (over_) return;
  writing_ = false;
  if (!error && !next_.empty()) return write();
  // A failed write is told by the read beside it, after what had arrived.
  if (finished_) close();
}

void Connection::wait(Clock::duration span) {
  timer_.expires_after(span);
  timer_.async_wait([self = shared_from_this()](const std::error_code& error) {
    // A handler that was already queued when the timer moved must not fire.
    if (!error && self->timer_.expiry() <= Clock::now()) self->on_silence();
  });
}

void Connection::on_silence() {
  if (over_) return;
  if (held_) return speak();
  if (finished_) return close();  // the peer does not take our last bytes
  if (!stands_) return end(ConnectionEnd::unreachable, "connecting timed out");
  end(ConnectionEnd::timed_out,
      answered_ == Clock::time_point{} ? "no answer" : "the peer fell silent");
}

void Connection::stop(const std::string& detail) {
  if (!over_ && !finished_)
    end(ConnectionEnd::stopped, detail);
  else
    close();
}

void Connection::end(ConnectionEnd how, const std::string& detail) {
  if (over_) return;
  probe_->on_end(how, detail);
  close();
}

void Connection::close() {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  std::error_code ignored;  // the peer may be gone; nothing depends on it
  if (stands_) {
    if (probe_->completes_handshake()) ++footprint_.handshakes_completed;
    if (probe_->leaves_log_line()) ++footprint_.expected_log_lines;
    // An abandoned handshake ends by RST, so that neither side keeps TIME_WAIT;
    // a session ends in order, so that its last bytes arrive.
    if (finished_ && probe_->completes_handshake()) {
      socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    } else if (outbox_.empty() || !writing_) {
      socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    }
  }
  socket_.close(ignored);
  when_over_(shared_from_this());
}

Clock::duration Connection::service_time() const {
  if (!stands_) return {};
  const Clock::time_point answered = answered_ == Clock::time_point{} ? Clock::now() : answered_;
  const Clock::duration round_trip = connected_ - opened_;
  return std::max(answered - connected_ - round_trip, Clock::duration::zero());
}

}  // namespace rta::net

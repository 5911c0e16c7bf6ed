// Probe is the script of one connection and Survey the strategy over one
// endpoint; neither owns a socket or a clock, so that the live engine, a unit
// test, a fuzzer and a replayed recording drive the same object.
//
//   engine:  connect -> send(start()) -> { bytes -> on_bytes -> send | finish }
//            -> on_end(...) when the connection ends before the probe finished
//   survey:  while (!finished()) { probe = next(); run it; learn(probe); }
//
// All calls come from one thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <chrono>
#include <memory>
#include <string>

namespace rta {

// How a connection ended before its probe had finished.
enum class ConnectionEnd {
  closed,        // orderly FIN
  reset,         // RST
  timed_out,     // connected, then silence until the deadline
  refused,       // connection refused
  unreachable,   // no route, name does not resolve, connect timed out
  too_much,      // the byte limit was reached
  stopped,       // the total deadline or the operator ended it
};

struct ProbeStep {
  Bytes send;              // written at once; empty = nothing to say
  bool finished = false;   // close the connection; on_end() is not called
};

class Probe {
 public:
  virtual ~Probe() = default;
  virtual Bytes start() = 0;
  virtual ProbeStep on_bytes(ByteView received) = 0;
  // `detail` is for people ("connection refused").
  virtual void on_end(ConnectionEnd end, const std::string& detail) = 0;
  // The server has to sign to answer: such probes run one at a time.
  [[nodiscard]] virtual bool costs_signature() const = 0;
  // The handshake was completed: the server logs nothing. Asked at the end.
  [[nodiscard]] virtual bool completes_handshake() const { return false; }
  // The server writes a warning into its log. Asked at the end.
  [[nodiscard]] virtual bool leaves_log_line() const { return !completes_handshake(); }
  // Time allowed without any byte from the peer; zero = the engine's default.
  [[nodiscard]] virtual std::chrono::milliseconds patience() const { return {}; }
  // Back-off: the connection is not opened before this time has passed.
  [[nodiscard]] virtual std::chrono::milliseconds pause_before() const { return {}; }
  // Asked when the connection stands, and again after each answer that the
  // survey learnt: false keeps it open without a word, so that start() later
  // costs one round trip instead of two. Not for ever: start() may come after a
  // second (at a distance, after eight round trips) although this says false.
  [[nodiscard]] virtual bool may_start() const { return true; }
};

class Survey {
 public:
  virtual ~Survey() = default;
  // The next probe to run, or null when nothing can be started before
  // something now in flight was learnt.
  virtual std::unique_ptr<Probe> next() = 0;
  // Called once for every probe that next() gave, finished or ended.
  virtual void learn(std::unique_ptr<Probe> probe) = 0;
  [[nodiscard]] virtual bool finished() const = 0;
};

}  // namespace rta

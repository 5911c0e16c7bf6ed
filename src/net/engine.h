// Engine runs surveys (base/probe.h) against real sockets: it connects, writes,
// feeds what arrives, and enforces every limit of a Budget, so that probes need
// no clock. One thread at a time; run() and run_all() block until every survey
// has finished, its time is over, or the stop flag was raised.
//
// Politeness: Redis signs on its only thread, and two signing handshakes at
// once can stall its clients for a whole scan. Probes that cost a signature run
// one at a time per endpoint and are followed by a pause of three times the
// service time; the others run up to four at a time. `aggressive` lifts both:
// sixteen at a time, for endpoints that serve nobody.
//
// The total time is kept whatever probes and peers do: it is looked at between
// any two connections, so only a single call of a probe could exceed it.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>
#include <redis_tls_audit/limits.h>

#include <atomic>
#include <chrono>
#include <span>
#include <string>

#include "base/probe.h"
#include "net/address.h"

namespace rta::net {

struct Budget {
  std::chrono::milliseconds connect = limits::kConnect;
  // Silence allowed after the connection stands, unless the probe says otherwise.
  std::chrono::milliseconds patience{7'000};
  std::chrono::milliseconds total = limits::kEndpoint;  // for the whole survey
  std::size_t bytes_per_probe = limits::kBytesPerProbe;
  int in_flight = 4;           // at least 32 with `aggressive`
  int max_connections = 0;     // 0 = no limit, below: none at all
  double rate_per_second = 0;  // of connections, 0 = paced by service time only
  bool aggressive = false;
};

struct SurveyTask {
  Survey* survey = nullptr;
  Address address;
  Budget budget;
  Footprint footprint;  // filled by the engine
  bool stopped =
      false;  // time, connections or the operator ended it before the survey had finished
};

class Engine {
 public:
  // `stop`, when given, may be raised from a signal handler at any time; all
  // connections then end within a fraction of a second.
  explicit Engine(const std::atomic<bool>* stop = nullptr) : stop_(stop) {}

  // A survey that was stopped keeps survey.finished() false; every probe it
  // gave out has come back through learn(), ended with ConnectionEnd::stopped.
  Footprint run(Survey& survey, const Address& address, const Budget& budget = {});
  // One connection for one probe.
  Footprint run_probe(Probe& probe, const Address& address, const Budget& budget = {});
  // Many endpoints at once; two tasks for one address would defeat politeness.
  void run_all(std::span<SurveyTask> tasks, std::size_t endpoints_at_once = 64);

  [[nodiscard]] bool stop_requested() const { return stop_ != nullptr && stop_->load(); }

 private:
  const std::atomic<bool>* stop_;
};

// Adds one footprint to another.
void add(Footprint& sum, const Footprint& part);

}  // namespace rta::net

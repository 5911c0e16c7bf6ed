#include "net/engine.h"

#include <algorithm>
#include <asio/post.hpp>
#include <deque>

#include "net/connection.h"

namespace rta::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopCheck{50};
constexpr milliseconds kLongestPause{2'000};
constexpr milliseconds kDescriptorRetry{100};
constexpr int kAggressiveInFlight = 32;
constexpr const char* kTimeIsOver = "the time for this endpoint is over (--timeout allows more)";

// One survey against one endpoint: decides what may be opened when.
class EndpointRun {
 public:
  EndpointRun(asio::io_context& io, SurveyTask& task, std::function<void()> when_over)
      : io_(io),
        task_(task),
        when_over_(std::move(when_over)),
        deadline_timer_(io),
        pace_timer_(io),
        started_(Clock::now()) {}

  void start() {
    deadline_timer_.expires_at(deadline());
    deadline_timer_.async_wait([this](const std::error_code& error) {
      if (!error) stop(kTimeIsOver);
    });
    pump();
  }

  // Ends everything: what is waiting and what is on the wire.
  void stop(const std::string& detail) {
    if (over_) return;
    close_door(detail);
    const auto active = active_;
    for (const auto& connection : active) connection->stop(detail);
  }

 private:
  // A probe that the survey gave out and that may not be opened yet.
  struct Waiting {
    std::unique_ptr<Probe> probe;
    Clock::time_point not_before;
  };

  [[nodiscard]] std::size_t limit() const {
    const int least = task_.budget.aggressive ? kAggressiveInFlight : 1;
    return static_cast<std::size_t>(std::max(task_.budget.in_flight, least));
  }

  // Never an overflow, however much time was given.
  [[nodiscard]] Clock::time_point deadline() const {
    const auto longest = std::chrono::duration_cast<milliseconds>(std::chrono::hours{24 * 365});
    return started_ + std::min(task_.budget.total, longest);
  }

  // Opens nothing more; connections on the wire may finish.
  void close_door(const std::string& detail) {
    if (over_ || closing_) return;
    closing_ = true;
    task_.stopped = !task_.survey->finished();
    std::deque<Waiting> waiting = std::move(waiting_);
    waiting_.clear();
    for (Waiting& held : waiting) {
      held.probe->on_end(ConnectionEnd::stopped, detail);
      task_.survey->learn(std::move(held.probe));
    }
    start_held();
    pump();
  }

  void pump() {
    // A survey whose probes end at once would never let the timers speak: a
    // turn opens so many and then goes back to the loop.
    std::size_t turn = limit();
    while (!over_ && !closing_ && active_.size() < limit()) {
      if (Clock::now() >= deadline()) return stop(kTimeIsOver);
      if (turn-- == 0) {
        asio::post(io_, [this] { pump(); });
        return;
      }
      std::unique_ptr<Probe> probe = next_startable();
      if (!probe) break;
      open(std::move(probe));
    }
    // A survey that offers nothing although nothing is in flight has ended too.
    if (!over_ && active_.empty() && waiting_.empty()) finish();
  }

  std::unique_ptr<Probe> next_startable() {
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (!may_open(*it->probe, it->not_before)) continue;
      std::unique_ptr<Probe> probe = std::move(it->probe);
      waiting_.erase(it);
      return probe;
    }
    while (active_.size() + waiting_.size() < limit() && !task_.survey->finished()) {
      std::unique_ptr<Probe> probe = task_.survey->next();
      if (!probe) return nullptr;
      const Clock::time_point not_before = Clock::now() + probe->pause_before();
      if (may_open(*probe, not_before)) return probe;
      waiting_.push_back({std::move(probe), not_before});
    }
    return nullptr;
  }

  bool may_open(const Probe& probe, Clock::time_point not_before) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point earliest = std::max(next_open_, not_before);
    if (now < earliest) {
      pump_at(earliest);
      return false;
    }
    if (task_.budget.aggressive || !probe.costs_signature()) return true;
    if (signing_) return false;
    if (now < next_signing_) {
      pump_at(next_signing_);
      return false;
    }
    return true;
  }

  void pump_at(Clock::time_point when) {
    // The earliest of those who wait; the others ask again then.
    if (pace_timer_.expiry() > Clock::now() && pace_timer_.expiry() <= when) return;
    pace_timer_.expires_at(when);
    pace_timer_.async_wait([this](const std::error_code& error) {
      if (!error) pump();
    });
  }

  void open(std::unique_ptr<Probe> probe) {
    const int allowed = task_.budget.max_connections;
    if (allowed != 0 && opened_ >= allowed) {
      waiting_.push_back({std::move(probe), {}});
      return close_door("the limit of connections was reached (--max-connections allows more)");
    }
    const bool signs = probe->costs_signature();
    const auto connection = std::make_shared<Connection>(
        io_, std::move(probe), task_.budget, task_.footprint,
        [this, signs](const std::shared_ptr<Connection>& ended) { on_over(ended, signs); });
    active_.push_back(connection);
    signing_ = signing_ || signs;
    ++opened_;
    if (task_.budget.rate_per_second > 0) {
      const std::chrono::duration<double> interval{1.0 / task_.budget.rate_per_second};
      next_open_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(interval);
    }
    if (!connection->open(task_.address)) out_of_descriptors(connection, signs);
  }

  // Another endpoint may give a descriptor back: try again later.
  void out_of_descriptors(const std::shared_ptr<Connection>& connection, bool signs) {
    std::erase(active_, connection);
    if (signs) signing_ = false;
    --opened_;
    waiting_.push_back({connection->take_probe(), {}});
    next_open_ = Clock::now() + kDescriptorRetry;
    pump_at(next_open_);
  }

  void on_over(const std::shared_ptr<Connection>& connection, bool signs) {
    std::erase(active_, connection);
    if (signs) {
      signing_ = false;
      const Clock::duration pause = 3 * connection->service_time();
      next_signing_ = Clock::now() + std::min<Clock::duration>(pause, kLongestPause);
    }
    task_.survey->learn(connection->take_probe());
    start_held();
    // Not from here: the connection may still be inside open().
    asio::post(io_, [this] { pump(); });
  }

  // After an answer was learnt: probes that held their first word back.
  void start_held() {
    const auto active = active_;
    for (const auto& connection : active) connection->start_if_held();
  }

  void finish() {
    over_ = true;
    deadline_timer_.cancel();
    pace_timer_.cancel();
    task_.footprint.milliseconds += static_cast<std::uint64_t>(
        std::chrono::duration_cast<milliseconds>(Clock::now() - started_).count());
    when_over_();
  }

  asio::io_context& io_;
  SurveyTask& task_;
  std::function<void()> when_over_;
  asio::steady_timer deadline_timer_, pace_timer_;
  Clock::time_point started_, next_signing_{}, next_open_{};
  std::vector<std::shared_ptr<Connection>> active_;
  std::deque<Waiting> waiting_;
  int opened_ = 0;
  bool signing_ = false;
  bool closing_ = false;
  bool over_ = false;
};

// A window of surveys over the list of tasks, on one loop.
class Window {
 public:
  Window(std::span<SurveyTask> tasks, std::size_t size, const std::atomic<bool>* stop)
      : tasks_(tasks), size_(std::max<std::size_t>(size, 1)), stop_(stop), stop_timer_(io_) {}

  void run() {
    watch_stop_flag();
    fill();
    io_.run();
  }

 private:
  void fill() {
    while (started_ < tasks_.size() && started_ - ended_ < size_) {
      SurveyTask& task = tasks_[started_++];
      runs_.push_back(std::make_unique<EndpointRun>(io_, task, [this] { on_ended(); }));
      if (stopped_)
        runs_.back()->stop(kInterrupted);
      else
        runs_.back()->start();
    }
    if (ended_ == tasks_.size()) stop_timer_.cancel();
  }

  void on_ended() {
    ++ended_;
    asio::post(io_, [this] { fill(); });
  }

  void watch_stop_flag() {
    if (stop_ == nullptr) return;
    if (stop_->load() && !stopped_) {
      stopped_ = true;
      for (const auto& run : runs_) run->stop(kInterrupted);
    }
    if (ended_ == tasks_.size()) return;
    stop_timer_.expires_after(kStopCheck);
    stop_timer_.async_wait([this](const std::error_code& error) {
      if (!error) watch_stop_flag();
    });
  }

  static constexpr const char* kInterrupted = "the operator interrupted the audit";

  asio::io_context io_{1};
  std::span<SurveyTask> tasks_;
  std::size_t size_;
  const std::atomic<bool>* stop_;
  asio::steady_timer stop_timer_;
  std::vector<std::unique_ptr<EndpointRun>> runs_;  // kept: queued handlers point to them
  std::size_t started_ = 0, ended_ = 0;
  bool stopped_ = false;
};

// Hands out one probe that belongs to somebody else.
class OneProbe final : public Survey {
 public:
  explicit OneProbe(Probe& probe) : probe_(probe) {}
  std::unique_ptr<Probe> next() override {
    if (given_) return nullptr;
    given_ = true;
    return std::make_unique<Borrowed>(probe_);
  }
  void learn(std::unique_ptr<Probe>) override { learnt_ = true; }
  [[nodiscard]] bool finished() const override { return learnt_; }

 private:
  class Borrowed final : public Probe {
   public:
    explicit Borrowed(Probe& probe) : probe_(probe) {}
    Bytes start() override { return probe_.start(); }
    ProbeStep on_bytes(ByteView received) override { return probe_.on_bytes(received); }
    void on_end(ConnectionEnd end, const std::string& detail) override {
      probe_.on_end(end, detail);
    }
    [[nodiscard]] bool costs_signature() const override { return probe_.costs_signature(); }
    [[nodiscard]] bool completes_handshake() const override { return probe_.completes_handshake(); }
    [[nodiscard]] bool leaves_log_line() const override { return probe_.leaves_log_line(); }
    [[nodiscard]] milliseconds patience() const override { return probe_.patience(); }
    [[nodiscard]] milliseconds pause_before() const override { return probe_.pause_before(); }
    [[nodiscard]] bool may_start() const override { return probe_.may_start(); }

   private:
    Probe& probe_;
  };
  Probe& probe_;
  bool given_ = false;
  bool learnt_ = false;
};

}  // namespace

Footprint Engine::run(Survey& survey, const Address& address, const Budget& budget) {
  std::array tasks{SurveyTask{.survey = &survey, .address = address, .budget = budget}};
  run_all(tasks, 1);
  return tasks[0].footprint;
}

Footprint Engine::run_probe(Probe& probe, const Address& address, const Budget& budget) {
  OneProbe survey{probe};
  return run(survey, address, budget);
}

void Engine::run_all(std::span<SurveyTask> tasks, std::size_t endpoints_at_once) {
  Window{tasks, endpoints_at_once, stop_}.run();
}

void add(Footprint& sum, const Footprint& part) {
  sum.connections += part.connections;
  sum.handshakes_completed += part.handshakes_completed;
  sum.bytes_sent += part.bytes_sent;
  sum.bytes_received += part.bytes_received;
  sum.milliseconds += part.milliseconds;
  sum.expected_log_lines += part.expected_log_lines;
  sum.commands += part.commands;
}

}  // namespace rta::net

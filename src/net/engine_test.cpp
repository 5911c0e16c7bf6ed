#include "net/engine.h"

#include <doctest/doctest.h>

#include "base/deadline.h"
#include "tests/support/bad_peer.h"
#include "tests/support/loopback.h"

using namespace rta;
using namespace rta::net;
using namespace rta::testing;
using namespace std::chrono_literals;

namespace {

struct Ended {
  int finished = 0;
  std::vector<ConnectionEnd> ends;
};

// Says a word and finishes with the first answer.
class Word final : public Probe {
 public:
  Word(Ended& ended, bool signs, std::chrono::milliseconds patience)
      : ended_(ended), signs_(signs), patience_(patience) {}
  Bytes start() override { return {'h', 'i', '\n'}; }
  ProbeStep on_bytes(ByteView) override {
    ++ended_.finished;
    return {.finished = true};
  }
  void on_end(ConnectionEnd end, const std::string&) override { ended_.ends.push_back(end); }
  [[nodiscard]] bool costs_signature() const override { return signs_; }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return patience_; }

 private:
  Ended& ended_;
  bool signs_;
  std::chrono::milliseconds patience_;
};

// So many words, all offered at once.
class Words final : public Survey {
 public:
  Words(int count, bool sign, std::chrono::milliseconds patience = 0ms)
      : left_(count), sign_(sign), patience_(patience) {}
  std::unique_ptr<Probe> next() override {
    if (left_ == 0) return nullptr;
    --left_;
    most_out_ = std::max(most_out_, ++out_);
    return std::make_unique<Word>(ended, sign_, patience_);
  }
  void learn(std::unique_ptr<Probe> probe) override {
    CHECK(probe != nullptr);
    --out_;
  }
  [[nodiscard]] bool finished() const override { return left_ == 0 && out_ == 0; }
  [[nodiscard]] int out() const { return out_; }
  [[nodiscard]] int most_out() const { return most_out_; }

  Ended ended;

 private:
  int left_;
  int out_ = 0;
  int most_out_ = 0;
  bool sign_;
  std::chrono::milliseconds patience_;
};

// Answers after a while.
BadPeer::Script after(int milliseconds) {
  return [milliseconds](PeerConnection& peer) {
    if (peer.read().empty() || !peer.pause(milliseconds)) return;
    peer.write("yes\n");
    peer.wait_for_end();
  };
}

}  // namespace

TEST_CASE("probes that cost a signature run one at a time, with a pause; others four at a time") {
  const BadPeer peer{after(20)};
  Engine engine;
  Words signing{6, true};
  const Footprint footprint = engine.run(signing, peer.address());
  CHECK(signing.ended.finished == 6);
  CHECK(peer.most_at_once() == 1);
  CHECK(footprint.connections == 6);
  CHECK(footprint.expected_log_lines == 6);
  CHECK(footprint.bytes_sent == 18);
  CHECK(footprint.bytes_received == 24);
  CHECK(footprint.milliseconds >= 6 * 20 + 5 * 3 * 15);  // a quarter of the time at most

  const BadPeer other{after(20)};
  Words cheap{12, false};
  engine.run(cheap, other.address());
  CHECK(cheap.ended.finished == 12);
  CHECK(other.most_at_once() > 1);
  CHECK(cheap.most_out() <= 4);  // the peer sees the end of a connection later than we do

  const BadPeer lab{after(20)};
  Words hurried{12, true};
  engine.run(hurried, lab.address(), {.aggressive = true});
  CHECK(lab.most_at_once() > 1);
}

TEST_CASE("every way a connection ends reaches the probe") {
  Engine engine;
  const auto ends_of = [&](Manner manner, const Budget& budget) {
    const BadPeer peer{manner};
    Words words{1, false};
    engine.run(words, peer.address(), budget);
    CHECK(words.finished());
    return words.ended.ends;
  };
  using Ends = std::vector<ConnectionEnd>;
  CHECK(ends_of(Manner::silent, {.patience = 50ms}) == Ends{ConnectionEnd::timed_out});
  CHECK(ends_of(Manner::close_after_hello, {}) == Ends{ConnectionEnd::closed});
  CHECK(ends_of(Manner::reset_after_hello, {}) == Ends{ConnectionEnd::reset});
  CHECK(ends_of(Manner::silent, {.patience = 10s, .total = 80ms}) == Ends{ConnectionEnd::stopped});
  Words words{1, false};
  engine.run(words, free_address());
  CHECK(words.ended.ends == Ends{ConnectionEnd::refused});
}

TEST_CASE("a probe's own patience goes before the default") {
  const BadPeer peer{Manner::silent};
  Engine engine;
  Words words{1, false, 50ms};
  const Footprint footprint = engine.run(words, peer.address(), {.patience = 5s});
  CHECK(words.ended.ends == std::vector<ConnectionEnd>{ConnectionEnd::timed_out});
  CHECK(footprint.milliseconds < 2000);
}

namespace {

// Takes whatever comes, without an end.
class Sink final : public Probe {
 public:
  Bytes start() override { return {}; }
  ProbeStep on_bytes(ByteView received) override {
    size += received.size();
    return {};
  }
  void on_end(ConnectionEnd how, const std::string&) override { end = how; }
  [[nodiscard]] bool costs_signature() const override { return false; }
  std::size_t size = 0;
  std::optional<ConnectionEnd> end;
};

}  // namespace

TEST_CASE("an endless peer is cut at the byte limit") {
  const BadPeer peer{Manner::endless_nul};
  Engine engine;
  Sink sink;
  engine.run_probe(sink, peer.address(), {.bytes_per_probe = 100'000});
  CHECK(sink.end == ConnectionEnd::too_much);
  CHECK(sink.size <= 100'000);
}

TEST_CASE("the limit on connections and the stop flag give every probe back") {
  const BadPeer peer{after(1)};
  Engine engine;
  Words words{10, false};
  std::array tasks{
      SurveyTask{.survey = &words, .address = peer.address(), .budget = {.max_connections = 3}}};
  engine.run_all(tasks);
  CHECK(tasks[0].stopped);
  CHECK(tasks[0].footprint.connections == 3);
  CHECK(words.out() == 0);
  CHECK_FALSE(words.finished());

  const BadPeer silent{Manner::silent};
  const std::atomic<bool> stop{true};
  Engine stopped{&stop};
  Words waiting{10, true};
  const Deadline deadline = Deadline::after(5s);
  stopped.run(waiting, silent.address());
  CHECK_FALSE(deadline.passed());
  CHECK(waiting.out() == 0);
}

TEST_CASE("a rate bounds connections, and many endpoints run beside each other") {
  const BadPeer peer{after(0)};
  Engine engine;
  Words words{6, false};
  const Footprint footprint = engine.run(words, peer.address(), {.rate_per_second = 50});
  CHECK(words.ended.finished == 6);
  CHECK(footprint.milliseconds >= 95);

  std::vector<std::unique_ptr<BadPeer>> peers;
  std::vector<std::unique_ptr<Words>> surveys;
  std::vector<SurveyTask> tasks;
  for (int i = 0; i < 20; ++i) {
    peers.push_back(std::make_unique<BadPeer>(after(100)));
    surveys.push_back(std::make_unique<Words>(1, true));
    tasks.push_back({.survey = surveys.back().get(), .address = peers.back()->address()});
  }
  const Deadline serial = Deadline::after(20 * 100ms);
  engine.run_all(tasks, 10);
  CHECK_FALSE(serial.passed());
  for (const auto& survey : surveys) CHECK(survey->ended.finished == 1);
}

namespace {

// Never has enough: asks again after whatever answer.
class Insatiable final : public Survey {
 public:
  std::unique_ptr<Probe> next() override { return std::make_unique<Word>(ended, false, 0ms); }
  void learn(std::unique_ptr<Probe> probe) override { CHECK(probe != nullptr); }
  [[nodiscard]] bool finished() const override { return false; }
  Ended ended;
};

bool ends_by_itself(const Address& address) {
  Engine engine;
  Insatiable survey;
  std::array tasks{
      SurveyTask{.survey = &survey, .address = address, .budget = {.total = 100ms}}};
  const Deadline deadline = Deadline::after(1100ms);
  engine.run_all(tasks);
  return tasks[0].stopped && !deadline.passed();
}

}  // namespace

TEST_CASE("the total time is kept when a survey never ends and its probes end at once") {
  CHECK(ends_by_itself({.ip = "no address at all", .port = 1}));
  CHECK(ends_by_itself(free_address()));  // refused
  for (const Manner manner : {Manner::closing, Manner::resetting, Manner::garbage,
                              Manner::endless_nul, Manner::endless_handshake, Manner::alert_flood}) {
    const BadPeer peer{manner};
    CHECK(ends_by_itself(peer.address()));
  }
}

TEST_CASE("an endpoint whose connections fail at once does not keep the others from their turn") {
  const BadPeer peer{after(1)};
  Engine engine;
  Insatiable hopeless;
  Words words{3, false};
  std::array tasks{SurveyTask{.survey = &hopeless,
                              .address = {.ip = "no address at all", .port = 1},
                              .budget = {.total = 2s}},
                   SurveyTask{.survey = &words, .address = peer.address(), .budget = {.total = 1s}}};
  engine.run_all(tasks);
  CHECK(words.ended.finished == 3);
  CHECK_FALSE(tasks[1].stopped);
}

namespace {

// One word that waits until another was answered, on a connection that stands.
class HeldBack final : public Survey {
 public:
  std::unique_ptr<Probe> next() override {
    if (given_ == 2) return nullptr;
    if (given_++ == 1) return std::make_unique<Word>(ended, true, 0ms);
    class Held final : public Probe {
     public:
      explicit Held(HeldBack& survey) : survey_(survey) {}
      Bytes start() override {
        survey_.was_first_when_held_spoke = survey_.ended.finished == 1;
        return {'h', 'i', '\n'};
      }
      ProbeStep on_bytes(ByteView) override { return {.finished = true}; }
      void on_end(ConnectionEnd, const std::string&) override {}
      [[nodiscard]] bool costs_signature() const override { return true; }
      [[nodiscard]] bool may_start() const override { return survey_.ended.finished == 1; }

     private:
      HeldBack& survey_;
    };
    return std::make_unique<Held>(*this);
  }
  void learn(std::unique_ptr<Probe>) override { ++learnt; }
  [[nodiscard]] bool finished() const override { return learnt == 2; }
  Ended ended;
  int learnt = 0;
  bool was_first_when_held_spoke = false;

 private:
  int given_ = 0;
};

}  // namespace

TEST_CASE("a probe may hold its first word back until another has its answer") {
  const BadPeer peer{after(5)};
  Engine engine;
  HeldBack survey;
  engine.run(survey, peer.address(), {.patience = 2s, .aggressive = true});
  CHECK(survey.finished());
  CHECK(survey.was_first_when_held_spoke);
  CHECK(peer.most_at_once() == 2);
}

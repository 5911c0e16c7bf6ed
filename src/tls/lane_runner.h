// LaneRunner puts the questions of several lanes to one endpoint: it gives out
// their hellos, has each asked until its answer can be relied on (inquiry.h), and
// remembers which hello is known to work and what was refused since one did.
// What the answers mean is the lanes' own; what follows when they are at rest is
// for endpoint_survey.h. Pure; one thread.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "tls/inquiry.h"
#include "tls/lane.h"

namespace rta::tls {

class LaneRunner {
 public:
  struct Options {
    std::uint64_t seed = 1;           // of the hellos' random bytes
    std::size_t max_connections = 0;  // 0: no limit
    bool all_at_once = false;         // the repetitions of a question, too
  };
  LaneRunner(Learnt& learnt, Options options) : learnt_(learnt), options_(options) {}
  LaneRunner(const LaneRunner&) = delete;  // probes hold references into it

  // last: speaks when all others have been answered, or one of them was not in time,
  // for this server may wait for the connection that stands.
  enum class Turn { any, last };
  void add(std::unique_ptr<Lane> lane, Turn turn = Turn::any);

  // The next hello that can be sent now; none while answers are awaited that it
  // depends on. `one_by_one`: not while another lane's is under way.
  std::unique_ptr<Probe> ask(bool one_by_one);
  // Takes the answer to its lane. Something is returned when that settled a question.
  struct Settled {
    bool left_open_by_trouble = false;  // that may be over the next time
  };
  std::optional<Settled> learn(const HandshakeProbe& probe);

  [[nodiscard]] bool at_rest() const;     // every lane came to its end
  [[nodiscard]] bool is_waiting() const;  // for an answer
  // Nothing more is asked: our deadline, the operator or the limit of connections.
  [[nodiscard]] bool stopped() const { return !why_stopped_.empty(); }
  [[nodiscard]] const std::string& why_stopped() const { return why_stopped_; }
  [[nodiscard]] std::size_t connections() const { return connections_; }

  // A hello that this endpoint accepted before.
  void know(const Offer& accepted) { control_ = accepted; }
  // The cheapest hello that was accepted; valid as long as the runner.
  [[nodiscard]] const std::optional<Offer>& control() const { return control_; }
  void note_control() { last_control_ = settled_; }  // one is asked for now
  // So many refusals in a row that a good hello is due.
  [[nodiscard]] bool control_is_due() const;
  // Something was refused after the last hello that was accepted.
  [[nodiscard]] bool refusals_are_fresh() const;
  // Those refusals prove nothing.
  void doubt_fresh_refusals(const std::string& why);
  // None proves anything; those of a version by its number may be excepted.
  void doubt_refusals(bool by_number_too, const std::string& why);

  // What hellos were like that were accepted, of whichever version.
  [[nodiscard]] std::size_t most_suites_accepted() const { return most_suites_accepted_; }
  [[nodiscard]] bool accepts_middle_length() const { return accepts_middle_length_; }

 private:
  struct Slot {
    std::unique_ptr<Lane> lane;
    Turn turn = Turn::any;
    std::optional<Inquiry> inquiry;
    std::size_t in_flight = 0;
    std::uint32_t question = 0;  // number of the inquiry: late answers belong to none
    bool done = false;
    bool inferred_refusal = false;
    std::size_t last_refusal = 0;
    bool refused_by_number = false;  // that one was of the version itself

    std::optional<Offer> latest();  // what the lane asks by now, not being asked yet
  };

  std::unique_ptr<Probe> ask(std::size_t place);
  Settled settle(Slot& slot);
  void doubt_inferred_refusals(HandshakeAnswer& latest);
  [[nodiscard]] bool others_have_ended(const Slot& slot) const;
  [[nodiscard]] bool others_are_asked(const Slot& slot) const;

  Learnt& learnt_;
  Options options_;
  std::deque<Slot> slots_;
  std::optional<Offer> control_;
  std::uint64_t nonce_ = 0;
  std::size_t connections_ = 0;
  std::size_t settled_ = 0;  // answers so far, in order
  std::size_t last_success_ = 0;
  std::size_t last_control_ = 0;  // settled_ when the control was last asked for
  std::size_t most_suites_accepted_ = 0;
  bool accepts_middle_length_ = false;
  bool turns_good_hellos_away_ = false;  // now and then
  bool met_silence_ = false;
  std::string why_stopped_;
};

}  // namespace rta::tls

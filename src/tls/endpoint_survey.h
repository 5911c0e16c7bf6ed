// EndpointSurvey learns what one endpoint offers by raw hellos: versions,
// suites and groups by elimination, order, and behaviour. Four phases:
//
//   first hello   one padded hello: TLS, plaintext Redis, or something else?
//   versions      SSL 2.0 to TLS 1.3 side by side, each with all its suites
//   details       groups, order, post-quantum shares, behaviour
//   control       a hello that worked must work again, or refusals are open
//
// The result holds only what was proven: what did not come to an end is
// `inconclusive` or an incomplete inventory with its reason. One thread.
#pragma once

#include <memory>

#include "base/probe.h"
#include "tls/inquiry.h"
#include "tls/lane.h"

namespace rta::tls {

struct SurveyOptions {
  std::string server_name;          // SNI, empty: none
  bool gate = false;                // offer only what no profile wants
  bool sweep = false;               // all 65,536 code points instead of the known suites
  std::size_t max_connections = 0;  // 0: no limit of its own
  std::uint64_t seed = 1;
};

class EndpointSurvey : public Survey {
 public:
  explicit EndpointSurvey(SurveyOptions options = {});
  EndpointSurvey(const EndpointSurvey&) = delete;  // its lanes hold references into it
  EndpointSurvey& operator=(const EndpointSurvey&) = delete;

  std::unique_ptr<Probe> next() override;
  void learn(std::unique_ptr<Probe> probe) override;
  [[nodiscard]] bool finished() const override;

  // Valid at any time; complete when finished().
  [[nodiscard]] TlsSurvey result() const;
  [[nodiscard]] std::size_t connections() const { return connections_; }
  // How the first hello was met, for ports that speak no TLS.
  [[nodiscard]] const HandshakeAnswer& first_answer() const { return first_; }

 private:
  enum class Phase { first_hello, versions, details, control, done };
  struct Slot {
    std::unique_ptr<Lane> lane;
    std::optional<Inquiry> inquiry;
    bool in_flight = false;
    bool done = false;
    std::size_t last_refusal = 0;
  };

  void advance();
  void start_first_hello();
  void start_versions();
  void ask_version(ProtocolVersion version);
  void start_details();
  void start_behaviour();
  void ask_for_shares();
  void start_groups();
  void start_control();
  void doubt_refusals(const std::string& why);
  void add(std::unique_ptr<Lane> lane);
  void ask(Offer offer, SingleLane::Learn learn);
  [[nodiscard]] Offer base(ProtocolVersion version) const;
  [[nodiscard]] std::vector<CipherSuite> suites_to_offer(ProtocolVersion version) const;
  void settle(Slot& slot);

  SurveyOptions options_;
  Phase phase_ = Phase::first_hello;
  Learnt learnt_;
  std::vector<Slot> slots_;
  HandshakeAnswer first_;
  std::optional<Offer> control_;
  std::uint64_t nonce_ = 0;
  std::size_t connections_ = 0;
  std::size_t settled_ = 0;  // answers so far, in order
  std::size_t last_success_ = 0;
  bool stopped_ = false;
};

}  // namespace rta::tls

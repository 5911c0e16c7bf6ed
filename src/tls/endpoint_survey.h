// EndpointSurvey learns what one endpoint offers by raw hellos: versions,
// suites and groups by elimination, order, signature schemes, and behaviour.
//
//   first hello   one padded hello: TLS, plaintext Redis, or something else?
//                 (sent before, where the port was classified: net/port_probe.h)
//   questions     SSL 2.0 to TLS 1.3 side by side, each with all its suites,
//                 and groups as soon as a version is known to be spoken
//   details       signature schemes, post-quantum shares, behaviour
//   control       a hello that worked must work again, or refusals are open
//   again         what trouble left open is asked for once more
//   confirmation  what was refused must be refused again, and a good hello be
//                 answered after that; tells the order, too
//
// With several lanes a version's refusals are confirmed as soon as they are all
// known, while its accepted suites are still being answered for.
//
// An answer that differs the second time leads back to control, three times at
// most; what is not the same twice stays open.
//
// With a gate plan only what the profile forbids is asked (see gate.h).
//
// The result holds only what was proven: what did not come to an end is
// `inconclusive` or an incomplete inventory with its reason. One thread.
#pragma once

#include <memory>
#include <set>

#include "base/probe.h"
#include "tls/gate.h"
#include "tls/lane.h"
#include "tls/lane_runner.h"
#include "tls/refusal_confirmation.h"
#include "tls/survey_parts.h"

namespace rta::tls {

struct SurveyOptions {
  std::string server_name;       // SNI, empty: none
  std::optional<GatePlan> gate;  // offer only what this forbids
  bool sweep = false;            // all 65,536 code points instead of the known suites
  // Lanes a version: more need a few connections more and fewer round trips.
  std::size_t side_by_side = 1;
  // How the endpoint answered first_hello(server_name), where it was asked already.
  std::optional<HandshakeAnswer> first_answer;
  SurveyParts parts;                // what is asked for; a gate asks what its plan holds
  std::size_t max_connections = 0;  // 0: no limit of its own
  std::uint64_t seed = 1;
};

inline constexpr std::array kAllVersions{ProtocolVersion::ssl2,   ProtocolVersion::ssl3,
                                         ProtocolVersion::tls1_0, ProtocolVersion::tls1_1,
                                         ProtocolVersion::tls1_2, ProtocolVersion::tls1_3};
// Why a claim is open that was made before.
inline constexpr const char* kRefusedNoMore = "refused first, accepted later";
inline constexpr const char* kAnswersDiffer =
    "the endpoint answers the same question differently from time to time; if servers that "
    "differ stand behind it, audit each of them (--connect-to)";

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
  [[nodiscard]] std::size_t connections() const { return runner_.connections(); }
  // How the first hello was met, for ports that speak no TLS.
  [[nodiscard]] const HandshakeAnswer& first_answer() const { return first_; }

 private:
  enum class Phase {
    first_hello,
    questions,
    details,
    control,
    again,
    confirmation,
    last_control,
    done
  };
  // endpoint_survey.cpp: what is asked next, and what an answer is worth.
  void advance();
  void start_first_hello();
  void start_questions();
  void start_suites(ProtocolVersion version);
  void start_groups();
  [[nodiscard]] std::optional<Offer> group_offer(ProtocolVersion version) const;
  void start_control();
  void add_control();
  void ask(Offer offer, SingleLane::Learn learn, SingleLane::Learn doubt = {});
  [[nodiscard]] Offer base(ProtocolVersion version) const;
  [[nodiscard]] std::vector<CipherSuite> suites_to_offer(ProtocolVersion version) const;
  void note_first_answer();
  [[nodiscard]] std::string why_ended() const;

  // endpoint_confirmation.cpp: when something is asked for once more.
  enum class Claim { version, suites, groups, schemes };
  using ClaimKey = std::pair<Claim, ProtocolVersion>;
  void notice_contradictions();
  void ask_for_middle_length();
  void try_other_sizes();
  void try_short_hellos();
  void start_again();
  void start_confirmation();
  void confirm_early();
  void notice_more_refusals();
  void confirm(ClaimKey key, Refusal refusal);
  void add_askings(const Refusal& refusal);
  void add_second_askings(bool after_good_hello);
  void reopen(ClaimKey key, const std::string& why);
  [[nodiscard]] bool has_to_confirm_more();
  void leave_unconfirmed_open(TlsSurvey& survey) const;
  [[nodiscard]] std::vector<CipherSuite> open_suites(const SuiteInventory& inventory) const;

  // endpoint_claims.cpp: what of a claim is asked for once more.
  void confirm_versions();
  [[nodiscard]] Refusal refusal_of(ProtocolVersion version);
  bool confirm_suites(ProtocolVersion version);
  void confirm_groups(GroupInventory& inventory);
  void confirm_schemes(SchemeInventory& inventory);
  std::unique_ptr<Lane> scheme_lane(ProtocolVersion version);

  // endpoint_details.cpp
  void start_details();
  void ask_schemes();
  void ask_compression();
  void ask_fallback();
  void ask_post_quantum();
  void ask_for_shares();

  // endpoint_gate.cpp
  void start_gate();
  void ask_for_tls13();
  void learn_version_refusal_of_tls13(const HandshakeAnswer& answer);
  void ask_without_shares(bool was_asked);
  void start_gate_tls13();
  [[nodiscard]] Offer offer_of_tls13() const;
  void start_gate_control();
  void ask_gate_control(LaneRunner::Turn turn);
  [[nodiscard]] Offer gate_control();
  void learn_gate_control(const HandshakeAnswer& answer);
  void gate_control_refused(const HandshakeAnswer& answer);
  void ask_rest_of_tls12(const HandshakeAnswer& control);
  void notice_differing_answers();
  void end_gate_early();
  void ask_for_allowed();
  void ask_weak_groups();

  SurveyOptions options_;
  Phase phase_ = Phase::first_hello;
  Learnt learnt_;
  LaneRunner runner_;
  HandshakeAnswer first_;
  bool asked_groups_tls13_ = false;
  bool asked_groups_tls12_ = false;
  bool gate_control_asked_ = false;
  bool asked_for_tls13_ = false;
  std::size_t known_in_gate_control_ = 0;  // suites known to be accepted
  std::vector<CipherSuite> in_gate_control_;
  std::set<ClaimKey> confirmed_;
  std::vector<std::unique_ptr<Lane>> second_askings_;
  // Suites confirmed while others were still asked for: how many refusals there were.
  std::map<ProtocolVersion, std::size_t> confirmed_early_;
  std::map<ProtocolVersion, std::string> taken_back_early_;  // and why
  int rounds_ = 0;                                           // of confirmation
  bool confirmed_in_trouble_ = false;
  bool reopened_ = false;     // something was said otherwise the second time
  bool worth_again_ = false;  // something stayed open that trouble may be the cause of
  bool control_fails_ = false;
};

}  // namespace rta::tls

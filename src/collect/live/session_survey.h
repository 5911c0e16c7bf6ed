// SessionSurvey learns what one endpoint shows only in finished handshakes, one
// session at a time, or several where the endpoint serves nobody: how it meets clients with, without and with a rogue
// certificate; staple and timestamps; tickets, resumption, early data and
// renegotiation; what it serves to other names and other signatures. Sans-I/O:
// the engine paces it like any survey of signing probes. One thread.
//
//   bare session a version -> with the operator's certificate where demanded
//   -> resumption by ticket and by id -> names -> signatures -> rogues
//
// What was not tried, or not answered, is inconclusive and says why.
#pragma once

#include <redis_tls_audit/facts/endpoint.h>

#include <deque>
#include <functional>
#include <memory>

#include "base/probe.h"
#include "collect/live/rogue_certificates.h"
#include "net/tls_session.h"

namespace rta {

struct SessionSurveyPlan {
  net::TlsParameters observer;            // server name; no certificate
  std::vector<ProtocolVersion> versions;  // to shake hands at, newest first
  std::string random_name;                // a name that nobody has
  // The operator's, used where the server demands one; else why there is none.
  Bytes client_certificate_pem;
  std::shared_ptr<const Secret> client_key_pem;
  std::string no_certificate_because;
  std::vector<Bytes> served;     // the usual chain, when it is known
  std::optional<Timestamp> now;  // to make rogue certificates; absent: none are shown
  std::string no_rogue_because;
  bool is_silent_to_ping = false;  // known from a session before
  std::size_t side_by_side = 1;    // sessions
};

class SessionSurvey final : public Survey {
 public:
  explicit SessionSurvey(SessionSurveyPlan plan);
  ~SessionSurvey() override;

  std::unique_ptr<Probe> next() override;
  void learn(std::unique_ptr<Probe> probe) override;
  [[nodiscard]] bool finished() const override;

  // Valid at any time; `why_cut` stands for what was still to be asked.
  [[nodiscard]] SessionFacts facts(const std::string& why_cut) const;
  // Chains with another leaf than the usual one.
  [[nodiscard]] const std::vector<ServedChain>& further_chains() const;
  [[nodiscard]] std::uint64_t commands_sent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rta

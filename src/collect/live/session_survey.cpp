#include "collect/live/session_survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.h"
#include "collect/live/client_demand.h"
#include "collect/live/short_greeting.h"
#include "x509/certificate.h"

namespace rta {
namespace {

using net::SessionResult;
using net::SignatureOffer;
using net::TlsParameters;
using net::TlsSession;

// Says nothing after the handshake, so that no unread byte of ours turns the
// server's alert into a reset.
class Silence final : public Probe {
 public:
  Bytes start() override { return {}; }
  ProbeStep on_bytes(ByteView) override { return {.finished = true}; }
  void on_end(ConnectionEnd, const std::string&) override {}
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] std::chrono::milliseconds patience() const override { return wait; }
  std::chrono::milliseconds wait{2'000};
};

Answer yes_or_no(bool seen) { return seen ? Answer::supported : Answer::not_supported; }

std::string why_ended(const SessionResult& seen) {
  return seen.alert_text.empty() ? seen.failure : seen.alert_text;
}

bool is_certificate_of(const std::vector<Bytes>& one, const std::vector<Bytes>& other) {
  return !one.empty() && !other.empty() && one.front() == other.front();
}

}  // namespace

// One session that is still to be made, and what to do with its result.
struct Step {
  TlsParameters parameters;
  std::function<void(const SessionResult&, const Greeting&)> learn;
  bool speaks = true;    // PING after the handshake
  bool listens = false;  // stays silent and waits for a refusal
  // Up to TLS 1.2 everything a silent server has to say is said in the handshake.
  bool needs_no_answer = false;
  std::optional<ProtocolVersion> rogue_at;
  std::shared_ptr<ShortGreeting> greeting = std::make_shared<ShortGreeting>();
  std::shared_ptr<Silence> silence = std::make_shared<Silence>();
};

struct SessionSurvey::State {
  SessionSurveyPlan plan;
  std::deque<std::unique_ptr<Step>> steps;
  std::map<const Probe*, std::unique_ptr<Step>> current;  // under way
  SessionFacts facts;
  std::vector<ServedChain> chains;
  std::uint64_t commands = 0;
  bool rogues_planned = false;
  bool is_silent = false;  // to PING, however long one waits

  [[nodiscard]] TlsParameters at(ProtocolVersion version) const;
  // An address is no server name (RFC 6066 3).
  [[nodiscard]] bool has_name() const {
    const std::string& name = plan.observer.server_name;
    return !name.empty() && !net::is_numeric_ip(name);
  }
  [[nodiscard]] bool has_certificate() const { return !plan.client_certificate_pem.empty(); }
  TlsParameters with_certificate(TlsParameters parameters) const;
  Step& add(TlsParameters parameters,
            std::function<void(const SessionResult&, const Greeting&)> learn);

  void plan_everything();
  void meet(ProtocolVersion version);
  void learn_bare(const SessionResult& seen, const Greeting& greeting, ProtocolVersion version);
  void learn_let_in(const SessionResult& seen, ProtocolVersion version,
                    const TlsParameters& parameters);
  void renegotiate(const SessionResult& seen, ProtocolVersion version,
                   const TlsParameters& parameters);
  void learn_renegotiation(const SessionResult& seen, ProtocolVersion version);
  void learn_tickets(const SessionResult& seen, ProtocolVersion version,
                     const TlsParameters& parameters);
  void come_back(ProtocolVersion version, TlsParameters parameters, std::uint32_t allowed,
                 bool is_second);
  void ask_by_id(ProtocolVersion version, TlsParameters parameters);
  void come_back_by_id(ProtocolVersion version, TlsParameters parameters, bool is_second);
  void cannot_enter(ProtocolVersion version, const std::string& reason);
  void learn_staples(const SessionResult& seen, ProtocolVersion version);
  void ask_names();
  void learn_name(NameAsked asked, const std::string& name, const SessionResult& seen);
  void ask_signatures();
  void ask_rogues();
  void show(const std::shared_ptr<const RogueClient>& rogue, ProtocolVersion version, bool listens);
  void keep_chain(const SessionResult& seen, ChainWay way);
  void tell(SessionFeature feature, ProtocolVersion version, Answer answer, std::string reason,
            std::optional<std::uint32_t> seconds = std::nullopt);
};

TlsParameters SessionSurvey::State::at(ProtocolVersion version) const {
  TlsParameters parameters = plan.observer;
  parameters.min_version = parameters.max_version = version;
  return parameters;
}

TlsParameters SessionSurvey::State::with_certificate(TlsParameters parameters) const {
  parameters.client_certificate_pem = plan.client_certificate_pem;
  parameters.client_key_pem = plan.client_key_pem;
  return parameters;
}

Step& SessionSurvey::State::add(TlsParameters parameters,
                                std::function<void(const SessionResult&, const Greeting&)> learn) {
  steps.push_back(std::make_unique<Step>());
  steps.back()->parameters = std::move(parameters);
  steps.back()->learn = std::move(learn);
  return *steps.back();
}

void SessionSurvey::State::tell(SessionFeature feature, ProtocolVersion version, Answer answer,
                                std::string reason, std::optional<std::uint32_t> seconds) {
  facts.facts.push_back({feature, version, answer, std::move(reason), seconds});
}

void SessionSurvey::State::plan_everything() {
  for (const ProtocolVersion version : plan.versions) meet(version);
}

// --- A client without a certificate, and then one with.

void SessionSurvey::State::meet(ProtocolVersion version) {
  TlsParameters parameters = at(version);
  parameters.renegotiate = version < ProtocolVersion::tls1_3;
  Step& step =
      add(parameters, [this, version](const SessionResult& seen, const Greeting& greeting) {
        learn_bare(seen, greeting, version);
      });
  step.needs_no_answer = version < ProtocolVersion::tls1_3;
}

void SessionSurvey::State::learn_bare(const SessionResult& seen, const Greeting& greeting,
                                      ProtocolVersion version) {
  VersionDemand demand = demand_of(seen, greeting);
  demand.version = version;
  facts.demands.push_back(demand);
  facts.demand = weakest(facts.demands);
  if (!seen.acceptable_authorities.empty())
    facts.acceptable_authorities = seen.acceptable_authorities;
  if (plan.served.empty()) plan.served = seen.certificates;
  learn_staples(seen, version);
  if (version == plan.versions.front())
    learn_name(has_name() ? NameAsked::usual : NameAsked::none, seen.server_name_sent, seen);
  TlsParameters parameters = at(version);
  parameters.renegotiate = version < ProtocolVersion::tls1_3;
  const bool refused = demand.demand == ClientCertificateDemand::required;
  if (refused && has_certificate()) {
    parameters = with_certificate(std::move(parameters));
    add(parameters, [this, version, parameters](const SessionResult& again, const Greeting&) {
      if (again.handshake_completed && !again.alert)
        learn_let_in(again, version, parameters);
      else if (again.reached == SessionStage::parameters)
        cannot_enter(version, "the certificate given with --cert cannot be used: " + again.failure);
      else
        cannot_enter(version,
                     "the server refused the certificate given with --cert: " + why_ended(again));
    });
  } else if (refused) {
    cannot_enter(version,
                 "the server demands a client certificate, and " + plan.no_certificate_because);
  } else if (seen.handshake_completed) {
    learn_let_in(seen, version, parameters);
  } else {
    cannot_enter(version, why_ended(seen));
  }
  if (facts.demands.size() < plan.versions.size()) return;
  ask_names();
  ask_signatures();
  ask_rogues();
}

void SessionSurvey::State::cannot_enter(ProtocolVersion version, const std::string& reason) {
  using enum SessionFeature;
  const bool modern = version == ProtocolVersion::tls1_3;
  tell(tickets, version, Answer::inconclusive, reason);
  tell(ticket_resumption, version, Answer::inconclusive, reason);
  if (modern) tell(early_data, version, Answer::inconclusive, reason);
  if (!modern) tell(id_resumption, version, Answer::inconclusive, reason);
  if (!modern) tell(client_renegotiation, version, Answer::inconclusive, reason);
}

void SessionSurvey::State::learn_staples(const SessionResult& seen, ProtocolVersion version) {
  using enum SessionFeature;
  // Both come with the chain; they can be missed only where that was.
  const bool shown = !seen.certificates.empty();
  const std::string open = why_ended(seen);
  tell(ocsp_staple, version, shown ? yes_or_no(seen.ocsp_staple) : Answer::inconclusive,
       shown ? (seen.ocsp_staple ? "a staple came with the chain" : "asked for, none came") : open);
  tell(certificate_timestamps, version,
       shown ? yes_or_no(seen.certificate_timestamps) : Answer::inconclusive,
       shown ? (seen.certificate_timestamps ? "timestamps came in the handshake"
                                            : "asked for, none came")
             : open);
}

void SessionSurvey::State::learn_let_in(const SessionResult& seen, ProtocolVersion version,
                                        const TlsParameters& parameters) {
  if (version < ProtocolVersion::tls1_3) renegotiate(seen, version, parameters);
  learn_tickets(seen, version, parameters);
  if (version < ProtocolVersion::tls1_3) ask_by_id(version, parameters);
}

// A server that is silent to PING may still answer a second ClientHello.
void SessionSurvey::State::renegotiate(const SessionResult& seen, ProtocolVersion version,
                                       const TlsParameters& parameters) {
  if (seen.end != ConnectionEnd::timed_out || seen.renegotiated)
    return learn_renegotiation(seen, version);
  add(parameters, [this, version](const SessionResult& again, const Greeting&) {
    learn_renegotiation(again, version);
  }).speaks = false;
}

void SessionSurvey::State::learn_renegotiation(const SessionResult& seen, ProtocolVersion version) {
  using enum SessionFeature;
  if (seen.renegotiated)
    tell(client_renegotiation, version, yes_or_no(*seen.renegotiated), seen.renegotiation_words);
  else if (!seen.renegotiation_words.empty())
    tell(client_renegotiation, version, Answer::inconclusive,
         "no answer to a second ClientHello: " + seen.renegotiation_words);
  else
    tell(client_renegotiation, version, Answer::inconclusive,
         "the session had ended before: " + why_ended(seen));
}

// --- Coming back.

void SessionSurvey::State::learn_tickets(const SessionResult& seen, ProtocolVersion version,
                                         const TlsParameters& parameters) {
  using enum SessionFeature;
  const bool modern = version == ProtocolVersion::tls1_3;
  if (!seen.ticket || !seen.session) {
    // TLS 1.3 hands tickets over after the handshake: silence leaves it open.
    const bool sure = !modern || seen.answered;
    const std::string reason =
        sure ? "none was issued" : "none had come when the session ended: " + why_ended(seen);
    const Answer answer = sure ? Answer::not_supported : Answer::inconclusive;
    tell(tickets, version, answer, reason);
    tell(ticket_resumption, version, answer, sure ? "no ticket is issued" : reason);
    if (modern) tell(early_data, version, answer, sure ? "no ticket is issued" : reason);
    return;
  }
  tell(tickets, version, Answer::supported, "a ticket was issued", seen.ticket->lifetime_seconds);
  const std::uint32_t allowed = seen.ticket->max_early_data;
  TlsParameters again = parameters;
  again.renegotiate = false;
  again.resume = seen.session;
  if (modern && allowed > 0) {
    const ByteView ping = as_bytes("PING\r\n");
    again.early_data.assign(ping.begin(), ping.end());
  }
  come_back(version, std::move(again), allowed, false);
}

// With a ticket. One that is refused may be so by chance, or by another server behind
// the same address: the second time decides.
void SessionSurvey::State::come_back(ProtocolVersion version, TlsParameters parameters,
                                     std::uint32_t allowed, bool is_second) {
  using enum SessionFeature;
  const bool modern = version == ProtocolVersion::tls1_3;
  add(parameters, [this, version, parameters, modern, allowed, is_second](const SessionResult& back,
                                                                          const Greeting&) {
    const bool over = back.handshake_completed;
    if (over && !back.resumed && !is_second) return come_back(version, parameters, allowed, true);
    tell(ticket_resumption, version, over ? yes_or_no(back.resumed) : Answer::inconclusive,
         !over          ? why_ended(back)
         : back.resumed ? "the session was taken up again"
                        : "a full handshake was made, twice");
    if (!modern) return;
    if (allowed == 0)
      tell(early_data, version, Answer::not_supported, "the ticket allows none");
    else if (over && back.early_data_accepted)
      tell(early_data, version, yes_or_no(*back.early_data_accepted),
           fmt::format("the ticket allows {} bytes; sent ones were {}", allowed,
                       *back.early_data_accepted ? "accepted" : "rejected"));
    else
      tell(early_data, version, Answer::inconclusive,
           fmt::format("the ticket allows {} bytes; {}", allowed,
                       over ? "none could be sent" : why_ended(back)));
  }).speaks = false;
}

void SessionSurvey::State::ask_by_id(ProtocolVersion version, TlsParameters parameters) {
  using enum SessionFeature;
  parameters.renegotiate = false;
  parameters.tickets = false;
  const auto learn = [this, version, parameters](const SessionResult& seen, const Greeting&) {
    if (!seen.handshake_completed)
      return tell(id_resumption, version, Answer::inconclusive, why_ended(seen));
    if (!seen.session_id_given || !seen.session)
      return tell(id_resumption, version, Answer::not_supported, "the server gives no session id");
    TlsParameters again = parameters;
    again.resume = seen.session;
    come_back_by_id(version, std::move(again), false);
  };
  add(parameters, learn).speaks = false;
}

// Redis forgets a session when its connection ends. Whether it had seen that end when
// we came back is a matter of moments: the second time, it has.
void SessionSurvey::State::come_back_by_id(ProtocolVersion version, TlsParameters parameters,
                                           bool is_second) {
  using enum SessionFeature;
  add(parameters, [this, version, parameters, is_second](const SessionResult& back,
                                                         const Greeting&) {
    if (!back.handshake_completed)
      tell(id_resumption, version, Answer::inconclusive, why_ended(back));
    else if (!back.resumed)
      tell(id_resumption, version, Answer::not_supported,
           "a full handshake was made once the session's connection had ended");
    else if (is_second)
      tell(id_resumption, version, Answer::supported, "the session was taken up again");
    else
      come_back_by_id(version, parameters, true);
  }).speaks = false;
}

// --- Other names, other signatures.

void SessionSurvey::State::ask_names() {
  const auto ask = [this](NameAsked asked, const std::string& name) {
    TlsParameters parameters = plan.observer;
    parameters.server_name = name;
    add(parameters, [this, asked, name](const SessionResult& seen, const Greeting&) {
      learn_name(asked, name, seen);
    }).speaks = false;
  };
  if (has_name()) ask(NameAsked::none, "");
  ask(NameAsked::random, plan.random_name);
}

void SessionSurvey::State::learn_name(NameAsked asked, const std::string& name,
                                      const SessionResult& seen) {
  NameAnswer answer{.asked = asked, .name = name, .alert = seen.alert};
  if (!seen.certificates.empty()) {
    answer.answer = Answer::supported;
    answer.same_certificate = is_certificate_of(seen.certificates, plan.served);
    answer.reason = answer.same_certificate ? "the usual certificate" : "another certificate";
    constexpr std::uint8_t kUnrecognizedName = 112;
    if (seen.warning == kUnrecognizedName)
      answer.reason += ", with the warning that the name is not known";
    if (!answer.same_certificate && asked != NameAsked::usual)
      keep_chain(seen, asked == NameAsked::none ? ChainWay::without_name : ChainWay::random_name);
  } else {
    answer.answer = seen.alert ? Answer::not_supported : Answer::inconclusive;
    answer.reason = why_ended(seen);
  }
  facts.names.push_back(std::move(answer));
}

// The kind of certificate that the usual handshake did not show.
void SessionSurvey::State::ask_signatures() {
  std::string type;
  if (!plan.served.empty())
    if (const Result<x509::Certificate> leaf = x509::parse_certificate(plan.served.front()))
      type = leaf->key.type;
  for (const SignatureOffer offer : {SignatureOffer::rsa_only, SignatureOffer::ecdsa_only}) {
    if (type.empty() || type.starts_with("RSA") == (offer == SignatureOffer::rsa_only)) continue;
    TlsParameters parameters = plan.observer;
    parameters.signatures = offer;
    const ChainWay way =
        offer == SignatureOffer::rsa_only ? ChainWay::rsa_only : ChainWay::ecdsa_only;
    add(parameters, [this, way](const SessionResult& seen, const Greeting&) {
      if (!seen.certificates.empty() && !is_certificate_of(seen.certificates, plan.served))
        keep_chain(seen, way);
    }).speaks = false;
  }
}

void SessionSurvey::State::keep_chain(const SessionResult& seen, ChainWay way) {
  const auto place = std::ranges::lower_bound(chains, way, {}, &ServedChain::way);
  if (place != chains.end() && place->way == way) return;
  chains.insert(place, {.certificates = seen.certificates,
                        .version = seen.version,
                        .suite = seen.suite,
                        .group = seen.group,
                        .client_certificate = seen.client_certificate,
                        .server_name_sent = seen.server_name_sent,
                        .way = way});
}

// --- Rogues.

void SessionSurvey::State::ask_rogues() {
  rogues_planned = true;
  std::vector<ProtocolVersion> asking;  // versions at which a CertificateRequest was seen
  for (const VersionDemand& demand : facts.demands)
    if (demand.requested) asking.push_back(demand.version);
  std::ranges::sort(asking, std::greater{});  // they were met in the order of their answers
  if (asking.empty()) {
    facts.no_rogue_because = "the server asks for no client certificate";
    return;
  }
  if (!plan.now) {
    facts.no_rogue_because = plan.no_rogue_because;
    return;
  }
  Result<std::vector<RogueClient>> rogues = make_rogue_clients(plan.served, *plan.now);
  if (!rogues) {
    facts.no_rogue_because = "they could not be made: " + rogues.error().text();
    return;
  }
  // Every kind at the newest version, strangers at each.
  for (const ProtocolVersion version : asking)
    for (const RogueClient& rogue : *rogues)
      if (version == asking.front() || rogue.kind == RogueKind::strange_authority)
        show(std::make_shared<const RogueClient>(rogue), version, false);
}

void SessionSurvey::State::show(const std::shared_ptr<const RogueClient>& rogue,
                                ProtocolVersion version, bool listens) {
  TlsParameters parameters = at(version);
  parameters.client_certificate_pem = rogue->pem;
  parameters.client_key_pem = rogue->key_pem;
  Step& step = add(parameters, [this, rogue, version, listens](const SessionResult& seen,
                                                               const Greeting& greeting) {
    RogueCertificate outcome{.kind = rogue->kind, .certificate = rogue->certificate};
    judge_rogue(seen, greeting, outcome);
    outcome.version = version;
    // A reset may have swallowed the alert: once more, without a byte of ours
    // that the server would leave unread.
    const bool dropped = seen.end == ConnectionEnd::closed || seen.end == ConnectionEnd::reset;
    if (outcome.outcome == RogueOutcome::inconclusive && dropped && !listens)
      return show(rogue, version, true);
    // Who falls silent after a completed handshake does so each time.
    if (outcome.outcome == RogueOutcome::inconclusive && seen.handshake_completed &&
        seen.end == ConnectionEnd::timed_out) {
      std::erase_if(steps, [&](const auto& later) { return later->rogue_at == version; });
      facts.no_rogue_because = fmt::format(
          "at {} one only was shown: the server does not answer afterwards", name_of(version));
    }
    facts.rogue_certificates.push_back(std::move(outcome));
  });
  step.listens = listens;
  step.rogue_at = version;
}

// --- The survey.

SessionSurvey::SessionSurvey(SessionSurveyPlan plan) : state_(std::make_unique<State>()) {
  state_->plan = std::move(plan);
  state_->is_silent = state_->plan.is_silent_to_ping;
  state_->plan_everything();
}

SessionSurvey::~SessionSurvey() = default;

std::unique_ptr<Probe> SessionSurvey::next() {
  State& state = *state_;
  if (state.current.size() >= state.plan.side_by_side || state.steps.empty()) return nullptr;
  std::unique_ptr<Step> next = std::move(state.steps.front());
  state.steps.pop_front();
  Step& step = *next;
  if (state.is_silent) {
    step.greeting->wait = step.silence->wait = kWaitAtSilentPeer;
    step.speaks = step.speaks && !step.needs_no_answer;
  }
  Probe* application = nullptr;
  if (step.listens)
    application = step.silence.get();
  else if (step.speaks)
    application = step.greeting.get();
  auto session = std::make_unique<TlsSession>(step.parameters, application);
  state.current[session.get()] = std::move(next);
  return session;
}

void SessionSurvey::learn(std::unique_ptr<Probe> probe) {
  State& state = *state_;
  const std::unique_ptr<Step> step = std::move(state.current.extract(probe.get()).mapped());
  const SessionResult& seen = static_cast<TlsSession&>(*probe).result();
  state.commands += step->greeting->inner.commands_sent();
  state.is_silent = state.is_silent || (step->speaks && seen.handshake_completed &&
                                        seen.end == ConnectionEnd::timed_out &&
                                        step->greeting->inner.answer().empty());
  if (!step->greeting->inner.answer().empty()) state.is_silent = false;
  if (seen.end != ConnectionEnd::stopped) step->learn(seen, step->greeting->inner);
}

bool SessionSurvey::finished() const { return state_->current.empty() && state_->steps.empty(); }

SessionFacts SessionSurvey::facts(const std::string& why_cut) const {
  using enum SessionFeature;
  SessionFacts facts = state_->facts;
  const auto complete = [&](SessionFeature feature, ProtocolVersion version) {
    if (facts.fact(feature, version) == nullptr)
      facts.facts.push_back({feature, version, Answer::inconclusive, why_cut, {}});
  };
  for (const ProtocolVersion version : state_->plan.versions) {
    for (const SessionFeature feature :
         {ocsp_staple, certificate_timestamps, tickets, ticket_resumption})
      complete(feature, version);
    if (version == ProtocolVersion::tls1_3) complete(early_data, version);
    if (version != ProtocolVersion::tls1_3) complete(id_resumption, version);
    if (version != ProtocolVersion::tls1_3) complete(client_renegotiation, version);
  }
  // Whichever was answered first.
  std::ranges::sort(facts.demands, std::greater{}, &VersionDemand::version);
  std::ranges::sort(facts.names, {}, [](const NameAnswer& name) {
    return name.asked == NameAsked::random ? 2 : name.asked == NameAsked::none ? 1 : 0;
  });
  std::ranges::stable_sort(facts.rogue_certificates, [](const auto& one, const auto& other) {
    return std::pair{other.version, one.kind} < std::pair{one.version, other.kind};
  });
  std::ranges::sort(facts.facts, [](const SessionFact& one, const SessionFact& other) {
    return std::pair{other.version, one.feature} < std::pair{one.version, other.feature};
  });
  if (!state_->rogues_planned) facts.no_rogue_because = why_cut;
  return facts;
}

const std::vector<ServedChain>& SessionSurvey::further_chains() const { return state_->chains; }

std::uint64_t SessionSurvey::commands_sent() const { return state_->commands; }

}  // namespace rta

// Collects what endpoints show only in finished handshakes: all endpoints side
// by side, one session at a time each, after the survey by raw hellos has told
// which versions are spoken.
#include <chrono>

#include "collect/collectors.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/session_survey.h"
#include "net/engine.h"
#include "tls/fingerprint.h"

namespace rta {
namespace {

// RFC 6761 6.4: no server has a name below "invalid".
constexpr const char* kNameOfNobody = "no-such-server-7c1f40.invalid";

constexpr std::size_t kSideBySide = 8;

std::optional<Gap> reason_to_skip(const ScanSettings& settings, const Endpoint& endpoint) {
  if (const Gap* gap = endpoint.port_answer.gap()) return *gap;
  const PortSpeech speech = endpoint.port_answer->speech;
  if (speech != PortSpeech::tls && speech != PortSpeech::both)
    return Gap{GapReason::unsupported, "the port does not speak TLS", ""};
  if (settings.gate_mode)
    return Gap{GapReason::not_requested, "no sessions are made in gate mode", "give --full"};
  if (!settings.parts.sessions)
    return Gap{GapReason::not_requested, std::string{tls::kNotAskedFor}, ""};
  if (!dialled_address(endpoint))
    return Gap{GapReason::unreachable, "no address of the endpoint is known", ""};
  return std::nullopt;
}

// TLS 1.3, and the newest of the older ones; both to be tried where no survey told.
std::vector<ProtocolVersion> versions_of(const Endpoint& endpoint) {
  using enum ProtocolVersion;
  const TlsSurvey* survey = endpoint.tls.value();
  if (survey == nullptr || survey->versions.empty()) return {tls1_3, tls1_2};
  const auto spoken = [&](ProtocolVersion version) {
    const OfferAnswer* answer = survey->version(version);
    return answer != nullptr && answer->answer == Answer::supported;
  };
  std::vector<ProtocolVersion> versions;
  if (spoken(tls1_3)) versions.push_back(tls1_3);
  for (const ProtocolVersion version : {tls1_2, tls1_1, tls1_0}) {
    if (!spoken(version)) continue;
    versions.push_back(version);
    break;
  }
  return versions;
}

SessionSurveyPlan plan_for(const ScanSettings& settings, const Endpoint& endpoint) {
  SessionSurveyPlan plan;
  plan.observer = observer_parameters(settings, endpoint);
  plan.versions = versions_of(endpoint);
  plan.random_name = kNameOfNobody;
  plan.no_certificate_because = "none was given (--cert, --key)";
  // The server looks at its own clock, whatever instant the audit is as of.
  plan.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (const ServedChain* chain = endpoint.chain.value()) plan.served = chain->certificates;
  const TargetSettings* target = target_of(settings, endpoint);
  if (target == nullptr || target->certificate_file.empty()) return plan;
  Result<net::TlsParameters> ours = with_credentials({}, *target);
  if (ours) {
    plan.client_certificate_pem = std::move(ours->client_certificate_pem);
    plan.client_key_pem = std::move(ours->client_key_pem);
  } else {
    plan.no_certificate_because = "the one given cannot be used: " + ours.error().text();
  }
  return plan;
}

void take_fingerprint(const tls::SurveyParts& parts, Endpoint& endpoint) {
  if (!parts.behaviour) {
    endpoint.no_fingerprint_because =
        "it takes behaviour and sessions: " + std::string{tls::kNotAskedFor};
    return;
  }
  const TlsSurvey* survey = endpoint.tls.value();
  const SessionFacts* sessions = endpoint.sessions.value();
  if (survey == nullptr || sessions == nullptr) {
    endpoint.no_fingerprint_because =
        survey == nullptr ? endpoint.tls.gap()->detail : endpoint.sessions.gap()->detail;
    return;
  }
  Result<std::string> made = tls::behaviour_fingerprint(*survey, *sessions);
  if (made)
    endpoint.behaviour_fingerprint = std::move(*made);
  else
    endpoint.no_fingerprint_because = made.error().what;
}

}  // namespace

void collect_tls_sessions(CollectContext& context, Evidence& evidence) {
  std::vector<Endpoint*> endpoints;
  std::vector<std::unique_ptr<SessionSurvey>> surveys;
  std::vector<net::SurveyTask> tasks;
  for (Endpoint& endpoint : evidence.endpoints) {
    const Provenance source = endpoint_provenance(endpoint, "TLS sessions");
    if (std::optional<Gap> skip = reason_to_skip(context.settings, endpoint)) {
      endpoint.sessions = {std::move(*skip), source};
      continue;
    }
    SessionSurveyPlan plan = plan_for(context.settings, endpoint);
    if (plan.versions.empty()) {
      endpoint.sessions = {
          Gap{GapReason::unsupported, "no version from TLS 1.0 to 1.3 was seen to be spoken", ""},
          source};
      continue;
    }
    context.progress("making sessions with " + endpoint.key);
    plan.is_silent_to_ping = context.silent_to_ping.contains(endpoint.key);
    if (budget_for(context.settings, endpoint).aggressive) plan.side_by_side = kSideBySide;
    endpoints.push_back(&endpoint);
    surveys.push_back(std::make_unique<SessionSurvey>(std::move(plan)));
    tasks.push_back({.survey = surveys.back().get(),
                     .address = *dialled_address(endpoint),
                     .budget = budget_for(context.settings, endpoint)});
  }
  net::Engine engine{context.settings.stop};
  engine.run_all(tasks);
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    Endpoint& endpoint = *endpoints[i];
    const std::vector<ServedChain>& chains = surveys[i]->further_chains();
    net::add(endpoint.footprint, tasks[i].footprint);
    endpoint.footprint.commands += surveys[i]->commands_sent();
    endpoint.sessions = {
        surveys[i]->facts("the time or the connections for this endpoint were used up"),
        endpoint_provenance(endpoint, "TLS sessions")};
    endpoint.further_chains.insert(endpoint.further_chains.end(), chains.begin(), chains.end());
  }
  for (Endpoint& endpoint : evidence.endpoints) take_fingerprint(context.settings.parts, endpoint);
}

}  // namespace rta

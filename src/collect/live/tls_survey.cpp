#include "collect/collectors.h"

#include <algorithm>

#include "collect/live/endpoint_network.h"
#include "net/engine.h"
#include "tls/endpoint_survey.h"

namespace rta {
namespace {

Gap gap_of(const tls::EndpointSurvey& survey, const TlsSurvey& result) {
  const tls::HandshakeAnswer& first = survey.first_answer();
  const std::string detail =
      first.outcome.reason.empty() ? "no hello was sent" : first.outcome.reason;
  switch (first.ending) {
    case tls::Ending::foreign:
      return {GapReason::unsupported, "the port does not speak TLS: " + result.foreign, ""};
    case tls::Ending::closed:
    case tls::Ending::reset:
      return {GapReason::reset, detail, ""};
    case tls::Ending::silent:
      return {GapReason::timed_out, detail, ""};
    case tls::Ending::unreachable:
      return {GapReason::unreachable, detail, ""};
    case tls::Ending::stopped:
      return {GapReason::timed_out, detail, "give the endpoint more time with --timeout"};
    case tls::Ending::answered:
    case tls::Ending::alert:
    case tls::Ending::malformed:
      break;
  }
  if (first.outcome.alert == tls::alerts::kUnrecognizedName)
    return {GapReason::malformed, "the server wants to be asked for by another name: " + detail,
            "name it with --sni NAME"};
  return {GapReason::malformed, detail, ""};
}

// The knee of the curve between connections and round trips.
constexpr std::size_t kLanesSideBySide = 6;

// More than any server was seen to need, trouble apart: one that answers now so, now
// so is not asked for ever.
constexpr std::size_t kMostConnections = 500;

// Something was learnt: a version was accepted, or refused by the server itself.
bool tells_anything(const TlsSurvey& survey) {
  return std::ranges::any_of(survey.versions, [](const VersionOffer& offer) {
    return offer.answer.answer == Answer::supported || offer.answer.answer == Answer::not_supported;
  });
}

// Why this endpoint is not surveyed, if so.
std::optional<Gap> reason_to_skip(const Endpoint& endpoint) {
  if (const PortAnswer* answer = endpoint.port_answer.value()) {
    if (answer->speech == PortSpeech::plaintext_redis)
      return Gap{GapReason::unsupported, "the port answers Redis in plaintext and speaks no TLS",
                 ""};
    if (answer->speech == PortSpeech::other)
      return Gap{GapReason::unsupported,
                 "the port speaks neither TLS nor Redis: " + answer->tls_answer, ""};
    return std::nullopt;
  }
  const Gap* gap = endpoint.port_answer.gap();
  // Not asked, but with an address: nothing speaks against it.
  if (gap->reason == GapReason::not_requested && dialled_address(endpoint)) return std::nullopt;
  return *gap;
}

}  // namespace

void collect_tls_surveys(CollectContext& context, Evidence& evidence) {
  struct Work {
    Endpoint* endpoint;
    std::unique_ptr<tls::EndpointSurvey> survey;
  };
  std::vector<Work> work;
  std::vector<net::SurveyTask> tasks;
  for (Endpoint& endpoint : evidence.endpoints) {
    if (std::optional<Gap> skip = reason_to_skip(endpoint)) {
      endpoint.tls = std::move(*skip);
      continue;
    }
    const std::optional<net::Address> address = dialled_address(endpoint);
    if (!address) {
      endpoint.tls = Gap{GapReason::unreachable, "no address of the endpoint is known", ""};
      continue;
    }
    context.progress("surveying TLS of " + endpoint.key);
    tls::SurveyOptions options;
    options.server_name = name_to_ask_for(context.settings, endpoint);
    const net::Budget task_budget = budget_for(context.settings, endpoint);
    options.sweep = context.settings.sweep;
    options.parts = context.settings.parts;
    // A limit of the operator's is in the budget.
    if (!options.sweep && context.settings.max_connections == 0)
      options.max_connections = kMostConnections;
    if (context.settings.gate_mode) {
      options.gate = context.settings.gate_plan.value_or(tls::strictest_plan());
      options.gate->enumerate = endpoint.kind == EndpointKind::rehearsal;
    }
    if (task_budget.aggressive) options.side_by_side = kLanesSideBySide;
    if (const auto first = context.first_answers.find(endpoint.key);
        first != context.first_answers.end())
      options.first_answer = first->second;
    work.push_back({&endpoint, std::make_unique<tls::EndpointSurvey>(options)});
    net::SurveyTask& task = tasks.emplace_back();
    task.survey = work.back().survey.get();
    task.address = *address;
    task.budget = task_budget;
  }
  net::Engine engine{context.settings.stop};
  engine.run_all(tasks);
  for (std::size_t i = 0; i < work.size(); ++i) {
    Endpoint& endpoint = *work[i].endpoint;
    TlsSurvey result = work[i].survey->result();
    Provenance provenance{"tls_survey", endpoint.key, {}, "ClientHello", grade_of(endpoint)};
    net::add(endpoint.footprint, tasks[i].footprint);
    if (tells_anything(result))
      endpoint.tls = {std::move(result), std::move(provenance)};
    else
      endpoint.tls = {gap_of(*work[i].survey, result), std::move(provenance)};
  }
}

}  // namespace rta

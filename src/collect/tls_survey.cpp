#include "collect/collectors.h"

#include <algorithm>

#include "net/engine.h"
#include "net/resolve.h"
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
  return {GapReason::malformed, detail, ""};
}

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
  if (gap->reason == GapReason::not_requested) return std::nullopt;
  return *gap;
}

Observation<net::Address> address_of(const Endpoint& endpoint, const ScanSettings& settings) {
  if (const auto known = net::parse_address(endpoint.address)) return *known;
  HostPort place{endpoint.host, endpoint.port};
  if (const auto mapped = settings.connect_to.find(place); mapped != settings.connect_to.end())
    place = mapped->second;
  const Observation<net::Resolution> found =
      net::resolve(place.host, place.port, Deadline::after(settings.connect_timeout));
  if (const Gap* gap = found.gap()) return *gap;
  return found->addresses.front();
}

// SNI is for names; an address is never sent (RFC 6066 3).
std::string server_name_of(const Endpoint& endpoint, const ScanSettings& settings) {
  for (const TargetSettings& target : settings.targets)
    if (target.address.host == endpoint.host && target.address.port == endpoint.port &&
        !target.server_name.empty())
      return target.server_name;
  return net::is_numeric_ip(endpoint.host) ? std::string{} : endpoint.host;
}

net::Budget budget_of(const ScanSettings& settings) {
  net::Budget budget;
  budget.connect = settings.connect_timeout;
  budget.total = settings.timeout;
  budget.max_connections = settings.max_connections;
  budget.rate_per_second = settings.rate_per_second;
  budget.aggressive = settings.aggressive;
  return budget;
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
    const Observation<net::Address> address = address_of(endpoint, context.settings);
    if (const Gap* gap = address.gap()) {
      endpoint.tls = *gap;
      continue;
    }
    context.progress("surveying TLS of " + endpoint.key);
    tls::SurveyOptions options;
    options.server_name = server_name_of(endpoint, context.settings);
    options.gate = context.settings.gate_mode;
    options.sweep = context.settings.sweep;
    work.push_back({&endpoint, std::make_unique<tls::EndpointSurvey>(options)});
    net::SurveyTask& task = tasks.emplace_back();
    task.survey = work.back().survey.get();
    task.address = *address;
    task.budget = budget_of(context.settings);
    if (endpoint.kind == EndpointKind::rehearsal)
      task.budget.aggressive = true;  // it serves nobody
  }
  net::Engine engine;
  engine.run_all(tasks);
  for (std::size_t i = 0; i < work.size(); ++i) {
    Endpoint& endpoint = *work[i].endpoint;
    TlsSurvey result = work[i].survey->result();
    const Grade grade =
        endpoint.kind == EndpointKind::rehearsal ? Grade::rehearsed : Grade::observed;
    Provenance provenance{"tls_survey", endpoint.key, {}, "ClientHello", grade};
    if (endpoint.address.empty()) endpoint.address = tasks[i].address.text();
    net::add(endpoint.footprint, tasks[i].footprint);
    if (tells_anything(result))
      endpoint.tls = {std::move(result), std::move(provenance)};
    else
      endpoint.tls = {gap_of(*work[i].survey, result), std::move(provenance)};
  }
}

}  // namespace rta

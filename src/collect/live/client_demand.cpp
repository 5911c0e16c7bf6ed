#include "collect/live/client_demand.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rta {
namespace {

std::string answer_words(const Greeting& greeting) {
  return fmt::format("PING was answered {}", greeting.answer());
}

// Why a session that neither was refused nor answered tells nothing.
std::string open_words(const net::SessionResult& seen, const Greeting& greeting) {
  if (!seen.handshake_completed) return seen.failure;
  if (!greeting.answer().empty())
    return fmt::format("after the handshake came {}, which is no answer to PING",
                       greeting.answer());
  return "the handshake was completed, and then " +
         (seen.failure.empty() ? std::string{"nothing was said"} : seen.failure);
}

// Alerts by which a server turns a certificate down (RFC 8446 6.2). Others, an
// internal error first of all, may have any cause.
bool is_refusal(std::uint8_t alert) {
  static constexpr std::array<std::uint8_t, 11> kRefusals{40, 41, 42, 43, 44, 45,
                                                          46, 48, 49, 51, 116};
  return std::ranges::find(kRefusals, alert) != kRefusals.end();
}

// A web server may refuse inside what TLS has let in.
bool is_http_refusal(const Greeting& greeting) {
  return greeting.spoke_http() && greeting.answer().contains(" 4");
}

}  // namespace

bool was_let_in(const net::SessionResult& seen, const Greeting& greeting) {
  if (!seen.handshake_completed || !seen.answered) return false;
  // Up to TLS 1.2 a server has judged the certificate before it may say a word.
  return seen.version < ProtocolVersion::tls1_3 || greeting.replied() || greeting.spoke_http();
}

VersionDemand demand_of(const net::SessionResult& seen, const Greeting& greeting) {
  VersionDemand demand{.version = seen.version,
                       .demand = seen.client_certificate,
                       .requested = seen.certificate_requested,
                       .alert = seen.alert};
  switch (seen.client_certificate) {
    case ClientCertificateDemand::required:
      demand.reason = fmt::format("{} to a client without one{}", seen.alert_text,
                                  seen.handshake_completed ? ", after the handshake" : "");
      return demand;
    case ClientCertificateDemand::none:
      demand.reason = "no CertificateRequest in a completed handshake";
      return demand;
    case ClientCertificateDemand::optional:
    case ClientCertificateDemand::unknown:
      break;
  }
  if (seen.certificate_requested && was_let_in(seen, greeting)) {
    demand.demand = ClientCertificateDemand::optional;
    demand.reason = answer_words(greeting) + " without a certificate";
  } else {
    demand.demand = ClientCertificateDemand::unknown;
    demand.reason = open_words(seen, greeting);
  }
  return demand;
}

ClientCertificateDemand weakest(const std::vector<VersionDemand>& demands) {
  using enum ClientCertificateDemand;
  const auto any = [&](ClientCertificateDemand demand) {
    return std::ranges::find(demands, demand, &VersionDemand::demand) != demands.end();
  };
  if (any(none)) return none;
  if (demands.empty() || any(unknown)) return any(optional) ? optional : unknown;
  return any(optional) ? optional : required;
}

void judge_rogue(const net::SessionResult& seen, const Greeting& greeting,
                 RogueCertificate& rogue) {
  rogue.version = seen.version;
  rogue.alert = seen.alert;
  if (!seen.client_certificate_sent) {
    rogue.reason = seen.certificate_requested
                       ? "the server takes no signature that this certificate's key can make"
                       : "no CertificateRequest came: " + open_words(seen, greeting);
  } else if (seen.alert) {
    if (is_refusal(*seen.alert)) rogue.outcome = RogueOutcome::refused;
    rogue.reason = seen.alert_text;
  } else if (was_let_in(seen, greeting) && !is_http_refusal(greeting)) {
    rogue.outcome = RogueOutcome::accepted;
    rogue.reason = answer_words(greeting);
  } else if (was_let_in(seen, greeting)) {
    rogue.reason = "TLS let it in, and the application said " + greeting.answer();
  } else {
    rogue.reason = open_words(seen, greeting);
  }
}

}  // namespace rta

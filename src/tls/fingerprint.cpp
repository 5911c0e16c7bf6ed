#include "tls/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "tls/completeness.h"
#include "tls/dh_prime.h"

namespace rta::tls {
namespace {

// Changes when a line of the text changes its meaning.
constexpr std::string_view kFormat = "b1";

std::string codes(std::vector<std::uint16_t> values) {
  std::ranges::sort(values);
  std::string text;
  for (const std::uint16_t value : values) text += fmt::format(" {:04x}", value);
  return text;
}

class Lines {
 public:
  void add(std::string_view what, std::string_view value) {
    text_ += fmt::format("{} {}\n", what, value);
  }
  void flag(std::string_view what, const std::optional<bool>& value) {
    add(what, !value ? "-" : *value ? "yes" : "no");
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
};

void describe_survey(const TlsSurvey& survey, Lines& lines) {
  for (const VersionOffer& offer : survey.versions) {
    // A refusal by another alert is another behaviour.
    const bool refused = offer.answer.answer == Answer::not_supported;
    lines.add(fmt::format("version {}", name_of(offer.version)),
              fmt::format("{}{}", name_of(offer.answer.answer),
                          refused && offer.answer.alert
                              ? fmt::format(" alert {}", *offer.answer.alert)
                              : ""));
  }
  for (const SuiteInventory& inventory : survey.suites) {
    std::vector<std::uint16_t> suites;
    for (const AcceptedSuite& accepted : inventory.accepted) suites.push_back(accepted.suite);
    lines.add(fmt::format("suites {}", name_of(inventory.version)), codes(std::move(suites)));
    lines.add(fmt::format("order {}", name_of(inventory.version)), name_of(inventory.order));
  }
  for (const std::uint32_t kind : survey.ssl2_kinds) lines.add("ssl2", fmt::format("{:06x}", kind));
  for (const GroupInventory& inventory : survey.groups) {
    std::vector<std::uint16_t> groups;
    for (const AcceptedGroup& accepted : inventory.accepted) groups.push_back(accepted.group);
    lines.add(fmt::format("groups {}", name_of(inventory.version)), codes(std::move(groups)));
    lines.add(fmt::format("group order {}", name_of(inventory.version)), name_of(inventory.order));
    if (inventory.preferred)
      lines.add(fmt::format("preferred group {}", name_of(inventory.version)),
                fmt::format("{:04x}", *inventory.preferred));
  }
  // A published prime is a choice; one of its own is told by its size alone.
  std::vector<std::string> primes;
  for (const DhParameters& parameters : survey.dh_parameters) {
    const PrimeFacts prime = facts_of_prime(parameters.prime);
    primes.push_back(prime.name.empty() ? fmt::format("{} bits", prime.bits)
                                        : std::string{prime.name});
  }
  std::ranges::sort(primes);
  for (const std::string& prime : primes) lines.add("dh", prime);
}

void describe_behaviour(const TlsBehaviour& behaviour, Lines& lines) {
  lines.flag("compression", behaviour.compression_accepted);
  lines.flag("secure renegotiation", behaviour.secure_renegotiation);
  lines.flag("fallback scsv", behaviour.fallback_scsv_honoured);
  lines.flag("downgrade sentinel", behaviour.downgrade_sentinel);
  lines.flag("extended master secret", behaviour.extended_master_secret);
  lines.flag("encrypt then mac", behaviour.encrypt_then_mac);
  lines.flag("heartbeat", behaviour.heartbeat);
  lines.flag("ephemeral key reused", behaviour.ephemeral_key_reused);
  lines.flag("post-quantum preferred", behaviour.post_quantum_preferred);
  lines.flag("post-quantum exclusive", behaviour.post_quantum_exclusive);
}

void describe_sessions(const SessionFacts& sessions, Lines& lines) {
  for (const SessionFact& fact : sessions.facts) {
    // A staple and timestamps belong to the certificate.
    if (fact.feature == SessionFeature::ocsp_staple ||
        fact.feature == SessionFeature::certificate_timestamps)
      continue;
    lines.add(fmt::format("{} {}", name_of(fact.feature), name_of(fact.version)),
              fmt::format("{}{}", name_of(fact.answer),
                          fact.seconds ? fmt::format(" {} s", *fact.seconds) : ""));
  }
  for (const VersionDemand& demand : sessions.demands)
    lines.add(fmt::format("client certificate {}", name_of(demand.version)),
              name_of(demand.demand));
  for (const RogueCertificate& rogue : sessions.rogue_certificates)
    lines.add(fmt::format("rogue {} {}", name_of(rogue.kind), name_of(rogue.version)),
              name_of(rogue.outcome));
  // The usual name stands for itself; whether the others get the same is behaviour.
  for (const NameAnswer& answer : sessions.names)
    if (answer.asked != NameAsked::usual)
      lines.add(fmt::format("name {}", name_of(answer.asked)),
                answer.alert ? fmt::format("alert {}", *answer.alert)
                             : std::string{answer.same_certificate ? "same" : "another"});
}

// The first part that stayed open; empty when everything was answered.
std::string open_part(const TlsSurvey& survey, const SessionFacts& sessions) {
  if (survey.gate_mode) return "gate mode offers only a part";
  if (std::string open = why_open(survey); !open.empty()) return open;
  const auto demanded = [&](ProtocolVersion version) {
    return std::ranges::any_of(sessions.demands, [&](const VersionDemand& demand) {
      return demand.version == version && demand.demand == ClientCertificateDemand::required;
    });
  };
  // What a demand for a certificate keeps from us it keeps each time.
  for (const SessionFact& fact : sessions.facts)
    if (fact.answer == Answer::inconclusive && !demanded(fact.version))
      return fmt::format("{} at {} stayed open: {}", name_of(fact.feature), name_of(fact.version),
                         fact.reason);
  for (const VersionDemand& demand : sessions.demands)
    if (demand.demand == ClientCertificateDemand::unknown)
      return fmt::format("whether {} demands a client certificate stayed open: {}",
                         name_of(demand.version), demand.reason);
  for (const RogueCertificate& rogue : sessions.rogue_certificates)
    if (rogue.outcome == RogueOutcome::inconclusive)
      return "a made-up client certificate stayed without an answer: " + rogue.reason;
  for (const NameAnswer& answer : sessions.names)
    if (answer.answer == Answer::inconclusive)
      return "a server name stayed without an answer: " + answer.reason;
  return {};
}

}  // namespace

std::string behaviour_text(const TlsSurvey& survey, const SessionFacts& sessions) {
  Lines lines;
  describe_survey(survey, lines);
  describe_behaviour(survey.behaviour, lines);
  describe_sessions(sessions, lines);
  return std::move(lines).take();
}

Result<std::string> behaviour_fingerprint(const TlsSurvey& survey, const SessionFacts& sessions) {
  if (std::string open = open_part(survey, sessions); !open.empty()) return Error{std::move(open)};
  constexpr std::size_t kDigits = 32;
  const std::string digest = sha256_hex(behaviour_text(survey, sessions));
  return fmt::format("{}:{}", kFormat, digest.substr(0, kDigits));
}

}  // namespace rta::tls

#include "reports/text/survey_table.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "reports/text/page.h"
#include "tls/code_points.h"
#include "tls/dh_prime.h"
#include "tls/sslv2.h"

namespace rta::reports {
namespace {

using tls::SuiteProperties;

bool is_spoken(const TlsSurvey& survey, ProtocolVersion version) {
  const OfferAnswer* answer = survey.version(version);
  return answer != nullptr && answer->answer == Answer::supported;
}

// "weak" or "broken" with the reason, or what makes the suite good.
std::string strength_of(const SuiteProperties& suite) {
  if (suite.is_broken()) return "broken: " + std::string{suite.broken_because()};
  if (!suite.has_forward_secrecy()) return "weak: no forward secrecy";
  if (!suite.is_aead()) return "weak: CBC with a separate MAC";
  return fmt::format("{} bits, forward secrecy, AEAD", suite.bits);
}

Tone tone_of(const SuiteProperties& suite) {
  if (suite.is_broken()) return Tone::red;
  return suite.has_forward_secrecy() && suite.is_aead() ? Tone::green : Tone::yellow;
}

void write_versions(const TlsSurvey& survey, Page& page) {
  page.heading("Versions");
  for (const VersionOffer& offer : survey.versions) {
    const bool spoken = offer.answer.answer == Answer::supported;
    const bool old = offer.version < ProtocolVersion::tls1_2;
    const Tone tone = offer.answer.answer == Answer::inconclusive ? Tone::magenta
                      : spoken == old                             ? Tone::red
                                                                  : Tone::green;
    const std::string_view word = spoken ? "offered"
                                  : offer.answer.answer == Answer::not_supported
                                      ? "refused"
                                      : name_of(offer.answer.answer);
    page.labelled(2, name_of(offer.version), 12, fmt::format("{} ({})", word, offer.answer.reason),
                  Tone::plain, tone);
  }
  for (const std::uint32_t kind : survey.ssl2_kinds)
    page.paragraph(4, fmt::format("{:06x} {}", kind, tls::ssl2_kind_name(kind)), Tone::red);
}

void write_suites(const TlsSurvey& survey, Page& page) {
  for (const SuiteInventory& inventory : survey.suites) {
    page.heading(fmt::format("{}: {}", name_of(inventory.version),
                             counted(inventory.accepted.size(), "suite")));
    for (const AcceptedSuite& accepted : inventory.accepted) {
      const SuiteProperties* suite = tls::find_suite(accepted.suite);
      const std::string name =
          fmt::format("{:04x} {}", accepted.suite, tls::openssl_suite_name(accepted.suite));
      page.labelled(2, name, 40, suite == nullptr ? "not in the registry" : strength_of(*suite),
                    Tone::plain, suite == nullptr ? Tone::magenta : tone_of(*suite));
    }
    for (const AcceptedSuite& broken : inventory.broken_off)
      page.paragraph(2,
                     fmt::format("{:04x} {} is chosen, and then the server breaks off",
                                 broken.suite, tls::openssl_suite_name(broken.suite)),
                     Tone::dim);
    if (inventory.order != OrderBy::unknown)
      page.paragraph(2, fmt::format("the {} decides the order", name_of(inventory.order)),
                     Tone::dim);
    if (!inventory.complete)
      page.paragraph(2,
                     (survey.gate_mode ? "only unwanted suites were offered" : "not complete: ") +
                         inventory.incomplete_reason,
                     Tone::magenta);
  }
}

void write_groups(const TlsSurvey& survey, Page& page) {
  if (survey.groups.empty() && survey.dh_parameters.empty()) return;
  page.heading("Key exchange");
  for (const GroupInventory& inventory : survey.groups) {
    std::vector<std::string> names;
    for (const AcceptedGroup& group : inventory.accepted)
      names.push_back(tls::group_name(group.group));
    std::string text = join(names, ", ");
    if (!inventory.complete) text += " (not complete: " + inventory.incomplete_reason + ")";
    page.labelled(2, name_of(inventory.version), 12, text);
  }
  for (const DhParameters& parameters : survey.dh_parameters) {
    const tls::PrimeFacts prime = tls::facts_of_prime(parameters.prime);
    page.labelled(
        2, "DH", 12,
        prime.name.empty() ? fmt::format("{} bits, a prime of its own", prime.bits) : prime.name);
  }
}

void write_behaviour(const TlsSurvey& survey, Page& page) {
  const TlsBehaviour& seen = survey.behaviour;
  page.heading("Behaviour");
  const auto line = [&](std::string_view what, const std::optional<bool>& value, bool good) {
    if (!value) return;
    page.labelled(2, what, 30, *value ? "yes" : "no", Tone::plain,
                  *value == good ? Tone::green : Tone::yellow);
  };
  line("compression", seen.compression_accepted, false);
  line("secure renegotiation", seen.secure_renegotiation, true);
  line("fallback refused (SCSV)", seen.fallback_scsv_honoured, true);
  line("downgrade mark", seen.downgrade_sentinel, true);
  line("extended master secret", seen.extended_master_secret, true);
  line("encrypt-then-MAC", seen.encrypt_then_mac, true);
  line("heartbeat", seen.heartbeat, false);
  line("ephemeral key used again", seen.ephemeral_key_reused, false);
  line("SHA-1 signatures", seen.sha1_signature_accepted, false);
  if (seen.certificate_requested)
    page.labelled(
        2, "client certificate", 30,
        *seen.certificate_requested ? "asked for (required or optional)" : "not asked for");
  if (seen.signature_scheme)
    page.labelled(2, "signature", 30, tls::signature_name(*seen.signature_scheme));
}

struct Attack {
  std::string_view name;
  std::string_view because;
  std::function<bool(const SuiteProperties&, ProtocolVersion)> applies;
};

}  // namespace

std::vector<std::string> derived_attacks(const TlsSurvey& survey) {
  using tls::Cipher;
  using tls::KeyExchange;
  static const std::vector<Attack> kAttacks{
      {"SWEET32", "64-bit blocks",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.cipher == Cipher::triple_des || suite.cipher == Cipher::des ||
                suite.cipher == Cipher::idea;
       }},
      {"FREAK", "export RSA",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.exportable && suite.key_exchange == KeyExchange::rsa;
       }},
      {"LOGJAM", "export DHE",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.exportable && suite.key_exchange == KeyExchange::dhe;
       }},
      {"RC4", "a biased stream cipher",
       [](const SuiteProperties& suite, ProtocolVersion) { return suite.cipher == Cipher::rc4; }},
      {"BEAST", "CBC with predictable vectors",
       [](const SuiteProperties& suite, ProtocolVersion version) {
         return suite.mode == tls::CipherMode::cbc && version <= ProtocolVersion::tls1_0;
       }},
      {"POODLE", "CBC at SSL 3.0",
       [](const SuiteProperties& suite, ProtocolVersion version) {
         return suite.mode == tls::CipherMode::cbc && version == ProtocolVersion::ssl3;
       }},
      {"Lucky13", "CBC without encrypt-then-MAC",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.mode == tls::CipherMode::cbc;
       }},
      {"ROBOT precondition", "RSA key transport",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.key_exchange == KeyExchange::rsa ||
                suite.key_exchange == KeyExchange::rsa_psk;
       }},
      {"Raccoon precondition", "static DH",
       [](const SuiteProperties& suite, ProtocolVersion) {
         return suite.key_exchange == KeyExchange::dh;
       }},
  };
  std::vector<std::string> found;
  if (is_spoken(survey, ProtocolVersion::ssl2)) found.push_back("DROWN: SSL 2.0 is spoken");
  if (survey.behaviour.compression_accepted == true)
    found.push_back("CRIME: compression is accepted");
  for (const DhParameters& parameters : survey.dh_parameters)
    if (tls::facts_of_prime(parameters.prime).bits <= 1024)
      found.push_back("LOGJAM: a Diffie-Hellman prime of at most 1024 bits");
  for (const Attack& attack : kAttacks) {
    if (attack.name == "Lucky13" && survey.behaviour.encrypt_then_mac.value_or(true)) continue;
    std::vector<std::string> versions;
    for (const SuiteInventory& inventory : survey.suites) {
      const bool applies =
          std::ranges::any_of(inventory.accepted, [&](const AcceptedSuite& accepted) {
            const SuiteProperties* suite = tls::find_suite(accepted.suite);
            return suite != nullptr && attack.applies(*suite, inventory.version);
          });
      if (applies) versions.emplace_back(name_of(inventory.version));
    }
    if (!versions.empty())
      found.push_back(
          fmt::format("{}: {} at {}", attack.name, attack.because, join(versions, ", ")));
  }
  return found;
}

std::string survey_table(const Endpoint& endpoint, const TextStyle& style) {
  Page page{style};
  page.heading(endpoint.key + (endpoint.address.empty() ? "" : " at " + endpoint.address));
  if (const Gap* gap = endpoint.tls.gap()) {
    page.paragraph(2, "not surveyed: " + gap->detail, Tone::magenta);
    return std::move(page).take();
  }
  const TlsSurvey& survey = *endpoint.tls;
  write_versions(survey, page);
  write_suites(survey, page);
  write_groups(survey, page);
  write_behaviour(survey, page);
  if (const std::vector<std::string> attacks = derived_attacks(survey); !attacks.empty()) {
    page.heading("Known attacks that follow (derived, not tried)");
    for (const std::string& attack : attacks) page.paragraph(2, 4, attack, Tone::yellow);
  }
  page.blank();
  page.paragraph(
      0,
      fmt::format(
          "{} connections, {} bytes sent, {} received, {} ms; up to {} lines in the server's log",
          endpoint.footprint.connections, endpoint.footprint.bytes_sent,
          endpoint.footprint.bytes_received, endpoint.footprint.milliseconds,
          endpoint.footprint.expected_log_lines),
      Tone::dim);
  return std::move(page).take();
}

}  // namespace rta::reports

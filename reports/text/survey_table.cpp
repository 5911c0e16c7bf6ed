#include "reports/text/survey_table.h"

#include <algorithm>

#include "base/text.h"
#include "reports/common/strength.h"
#include "reports/text/page.h"
#include "reports/text/session_table.h"
#include "tls/code_points.h"
#include "tls/completeness.h"
#include "tls/dh_prime.h"
#include "tls/sslv2.h"

namespace rta::reports {
namespace {

constexpr std::size_t kColumn = 28;

Tone tone_of(Strength strength) {
  switch (strength) {
    case Strength::good:
      return Tone::green;
    case Strength::weak:
      return Tone::yellow;
    case Strength::broken:
      return Tone::red;
    case Strength::unknown:
      return Tone::magenta;
  }
  return Tone::plain;
}

// --- What the port is, when it is nothing to survey.

void write_port(const Endpoint& endpoint, Page& page) {
  const PortAnswer* port = endpoint.port_answer.value();
  if (port == nullptr) return;
  switch (port->speech) {
    case PortSpeech::tls:
      page.labelled(2, "port", 12,
                    port->plaintext_refused
                        ? "TLS; plaintext is refused (" + port->plaintext_answer + ")"
                        : "TLS; to plaintext: " + port->plaintext_answer);
      return;
    case PortSpeech::both:
      page.labelled(2, "port", 12,
                    "TLS and plaintext Redis at once (" + port->plaintext_answer + ")", Tone::dim,
                    Tone::red);
      return;
    case PortSpeech::plaintext_redis:
      page.paragraph(2, "This is plaintext Redis, without TLS: PING was answered " +
                            port->plaintext_answer,
                     Tone::red);
      return;
    case PortSpeech::other:
      page.paragraph(2, "This is neither TLS nor Redis: it answers " + port->tls_answer,
                     Tone::magenta);
      return;
  }
}

// --- Versions.

void write_version(const VersionOffer& offer, const TlsSurvey& survey, Page& page) {
  const Answer answer = offer.answer.answer;
  const bool old = offer.version < ProtocolVersion::tls1_2;
  std::string words;
  Tone tone = Tone::magenta;
  if (answer == Answer::supported) {
    tone = old ? Tone::red : Tone::green;
    words = "offered";
    if (const SuiteInventory* suites = survey.suites_of(offer.version)) {
      words += ", " + counted(suites->accepted.size(), "suite");
      if (suites->order != OrderBy::unknown && suites->accepted.size() > 1)
        words += fmt::format(", the {} decides the order", name_of(suites->order));
    }
  } else if (answer == Answer::not_supported) {
    tone = old ? Tone::green : Tone::plain;
    words = fmt::format("refused ({})", offer.answer.reason);
  } else {
    words = fmt::format("not known ({})", offer.answer.reason);
  }
  page.labelled(2, name_of(offer.version), 12, words, Tone::plain, tone);
}

void write_versions(const TlsSurvey& survey, Page& page) {
  page.heading("Versions");
  for (const VersionOffer& offer : survey.versions) write_version(offer, survey, page);
  for (const std::uint32_t kind : survey.ssl2_kinds)
    page.paragraph(4, fmt::format("{:06x} {}", kind, tls::ssl2_kind_name(kind)), Tone::red);
}

// --- Suites: code, name, key exchange, bits, strength.

void write_suite(const Endpoint& endpoint, const TlsSurvey& survey,
                 const SuiteInventory& inventory, CipherSuite suite, Page& page) {
  const Judged<std::string> strength = strength_of(suite, survey);
  const int bits = cipher_bits(suite);
  page.labelled(2,
                fmt::format("{:04x} {:<30} {:<9} {:>3}", suite, tls::openssl_suite_name(suite),
                            key_exchange_of(endpoint, inventory.version, suite),
                            bits > 0 ? std::to_string(bits) : "-"),
                53, strength.words, Tone::plain, tone_of(strength.strength));
}

std::vector<CipherSuite> strongest_first(const TlsSurvey& survey,
                                         const SuiteInventory& inventory) {
  std::vector<CipherSuite> suites;
  for (const AcceptedSuite& accepted : inventory.accepted) suites.push_back(accepted.suite);
  std::ranges::stable_sort(suites, {}, [&](CipherSuite suite) {
    return std::pair{strength_of(suite, survey).strength, -cipher_bits(suite)};
  });
  return suites;
}

void write_suites(const Endpoint& endpoint, const TlsSurvey& survey, Page& page) {
  for (const SuiteInventory& inventory : survey.suites) {
    page.heading(fmt::format("{:<37} {:<9} bits", fmt::format("Suites of {}",
                                                              name_of(inventory.version)),
                             "key exch."));
    for (const CipherSuite suite : strongest_first(survey, inventory))
      write_suite(endpoint, survey, inventory, suite, page);
    if (inventory.accepted.empty()) page.paragraph(2, "none", Tone::dim);
    for (const AcceptedSuite& broken : inventory.broken_off)
      page.paragraph(2, 4,
                     fmt::format("{:04x} {} is chosen, and then the server breaks off",
                                 broken.suite, tls::openssl_suite_name(broken.suite)),
                     Tone::dim);
    if (!inventory.complete)
      page.paragraph(2, 4,
                     (survey.gate_mode ? "only unwanted suites were offered"
                                       : "not complete: " + inventory.incomplete_reason),
                     Tone::magenta);
  }
}

// --- Groups.

std::string group_words(const GroupInventory& inventory) {
  std::vector<std::string> names;
  for (const AcceptedGroup& accepted : inventory.accepted) {
    std::string name = tls::group_name(accepted.group);
    if (inventory.accepted.size() == 1 && inventory.complete)
      name += " (only)";
    else if (inventory.preferred == accepted.group)
      name += " (preferred)";
    names.push_back(std::move(name));
  }
  std::string text = names.empty() ? "none" : join(names, ", ");
  if (inventory.order != OrderBy::unknown && names.size() > 1)
    text += fmt::format("; the {} decides", name_of(inventory.order));
  if (!inventory.complete) text += " (not complete: " + inventory.incomplete_reason + ")";
  return text;
}

std::string post_quantum_words(const GroupInventory& inventory, const TlsBehaviour& seen) {
  std::vector<std::string> names;
  for (const AcceptedGroup& accepted : inventory.accepted) {
    const tls::GroupProperties* group = tls::find_group(accepted.group);
    if (group != nullptr && group->is_post_quantum()) names.emplace_back(group->name);
  }
  if (!names.empty())
    return join(names, ", ") + (seen.post_quantum_exclusive == true   ? "; nothing else is taken"
                                : seen.post_quantum_preferred == true ? "; preferred to x25519"
                                                                      : "");
  return inventory.complete ? "none" : "not known";
}

void write_groups(const TlsSurvey& survey, Page& page) {
  if (survey.groups.empty() && survey.dh_parameters.empty()) return;
  page.heading("Key exchange");
  for (const GroupInventory& inventory : survey.groups)
    page.labelled(2, name_of(inventory.version), 16, group_words(inventory));
  if (const GroupInventory* newest = survey.groups_of(ProtocolVersion::tls1_3))
    page.labelled(2, "post-quantum", 16, post_quantum_words(*newest, survey.behaviour));
  for (const DhParameters& parameters : survey.dh_parameters) {
    const tls::PrimeFacts prime = tls::facts_of_prime(parameters.prime);
    page.labelled(
        2, "DH", 16,
        prime.name.empty() ? fmt::format("{} bits, a prime of its own", prime.bits) : prime.name);
  }
}

// --- Signatures.

void write_signatures(const TlsSurvey& survey, Page& page) {
  if (survey.signatures.empty()) return;
  page.heading("Signatures");
  for (const SchemeInventory& inventory : survey.signatures) {
    std::vector<std::string> names;
    for (const AcceptedScheme& accepted : inventory.accepted)
      names.push_back(tls::signature_name(accepted.scheme));
    std::string text = names.empty() ? "none seen" : join(names, ", ");
    if (!inventory.complete) text += " (not complete: " + inventory.incomplete_reason + ")";
    page.labelled(2, name_of(inventory.version), 16, text);
  }
}

// --- Behaviour.

void write_behaviour(const TlsSurvey& survey, Page& page) {
  const TlsBehaviour& seen = survey.behaviour;
  page.heading("Behaviour");
  // What needs an older version does not apply to TLS 1.3 alone.
  const bool older = std::ranges::any_of(survey.versions, [](const VersionOffer& offer) {
    return offer.version < ProtocolVersion::tls1_3 && offer.answer.answer == Answer::supported;
  });
  const auto line = [&](std::string_view what, const std::optional<bool>& value, bool good,
                        std::string_view claim = {}) {
    const std::string words =
        !value ? "not known: " + tls::why_not_seen(survey, claim) : *value ? "yes" : "no";
    page.labelled(2, what, kColumn, words, Tone::plain,
                  !value ? Tone::magenta : *value == good ? Tone::green : Tone::yellow);
  };
  const auto if_seen = [&](std::string_view what, const std::optional<bool>& value, bool good) {
    if (value) line(what, value, good);
  };
  if (older) line("compression", seen.compression_accepted, false, "compression_accepted");
  if (older) line("secure renegotiation", seen.secure_renegotiation, true, "secure_renegotiation");
  if_seen("fallback refused (SCSV)", seen.fallback_scsv_honoured, true);
  if_seen("downgrade mark", seen.downgrade_sentinel, true);
  if (older) line("extended master secret", seen.extended_master_secret, true, "extended_master_secret");
  if_seen("encrypt-then-MAC", seen.encrypt_then_mac, true);
  if (older) line("heartbeat", seen.heartbeat, false, "heartbeat");
  if_seen("ephemeral key used again", seen.ephemeral_key_reused, false);
  if_seen("SHA-1 signatures", seen.sha1_signature_accepted, false);
  if (seen.signature_scheme)
    page.labelled(2, "signature", kColumn, tls::signature_name(*seen.signature_scheme));
}

void write_fingerprint(const Endpoint& endpoint, Page& page) {
  page.heading("Fingerprint of the behaviour");
  if (!endpoint.behaviour_fingerprint.empty())
    page.paragraph(2, endpoint.behaviour_fingerprint);
  else
    page.paragraph(2, "none: " + endpoint.no_fingerprint_because, Tone::dim);
}

void write_footprint(const Footprint& cost, Page& page) {
  page.blank();
  page.paragraph(0,
                 fmt::format("{}, {} bytes sent, {} received, {} ms; up to {} in the server's log",
                             counted(cost.connections, "connection"), cost.bytes_sent,
                             cost.bytes_received, cost.milliseconds,
                             counted(cost.expected_log_lines, "line")),
                 Tone::dim);
}

}  // namespace

std::string survey_table(const Endpoint& endpoint, Timestamp as_of, const TextStyle& style) {
  Page page{style};
  page.heading(endpoint.key + (endpoint.address.empty() || endpoint.address == endpoint.key
                                   ? ""
                                   : " at " + endpoint.address));
  write_port(endpoint, page);
  if (const Gap* gap = endpoint.tls.gap()) {
    const PortAnswer* port = endpoint.port_answer.value();
    if (port == nullptr || port->speech == PortSpeech::tls || port->speech == PortSpeech::both)
      page.paragraph(2, "not surveyed: " + gap->detail, Tone::magenta);
    if (!gap->remedy.empty()) page.paragraph(2, gap->remedy, Tone::dim);
    if (endpoint.footprint.connections > 0) write_footprint(endpoint.footprint, page);
    return std::move(page).take();
  }
  const TlsSurvey& survey = *endpoint.tls;
  write_versions(survey, page);
  write_suites(endpoint, survey, page);
  write_groups(survey, page);
  write_signatures(survey, page);
  write_behaviour(survey, page);
  write_sessions(endpoint, page);
  write_certificates(endpoint, as_of, page);
  page.heading("Known attacks (derived from the above, not tried)");
  for (const std::string& attack : derived_attacks(survey))
    page.paragraph(2, 4, attack, Tone::yellow);
  const auto named = [&](std::string_view what, tls::Exposure exposure, Tone tone) {
    if (const auto names = attacks_of(survey, exposure); !names.empty())
      page.paragraph(2, 4, fmt::format("{}: {}", what, join(names, ", ")), tone);
  };
  named("excluded", tls::Exposure::excluded, Tone::green);
  named("not determined", tls::Exposure::open, Tone::magenta);
  write_fingerprint(endpoint, page);
  if (const std::string open = why_incomplete(endpoint); !open.empty()) {
    page.heading("Not complete");
    page.paragraph(2, 4, open, Tone::magenta);
  }
  write_footprint(endpoint.footprint, page);
  return std::move(page).take();
}

}  // namespace rta::reports

#include "reports/text/session_table.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "x509/certificate.h"
#include "x509/names.h"

namespace rta::reports {
namespace {

constexpr std::size_t kColumn = 28;

// --- Certificates.

std::string way_words(const ServedChain& chain) {
  switch (chain.way) {
    case ChainWay::usual:
      return chain.server_name_sent.empty() ? "as served"
                                            : "as served to " + chain.server_name_sent;
    case ChainWay::rsa_only:
      return "to clients that take RSA signatures only";
    case ChainWay::ecdsa_only:
      return "to clients that take ECDSA signatures only";
    case ChainWay::without_name:
      return "without a server name";
    case ChainWay::random_name:
      return "for a name that the server does not have";
    case ChainWay::other_address:
      return "at " + chain.address;
  }
  return {};
}

std::string days_words(Timestamp as_of, Timestamp end) {
  const auto days = std::chrono::floor<std::chrono::days>(end - as_of).count();
  if (days < 0) return fmt::format("expired {} ago", counted(static_cast<std::size_t>(-days), "day"));
  return fmt::format("{} left", counted(static_cast<std::size_t>(days), "day"));
}

std::string key_words(const x509::PublicKey& key) {
  if (!key.curve.empty()) return fmt::format("{} {}", key.type, key.curve);
  return key.bits > 0 ? fmt::format("{} {}", key.type, key.bits) : key.type;
}

void write_chain(const ServedChain& chain, Timestamp as_of, Page& page) {
  page.heading("Certificate " + way_words(chain));
  const Result<x509::Certificate> leaf = chain.certificates.empty()
                                             ? Result<x509::Certificate>{Error{"none was sent"}}
                                             : x509::parse_certificate(chain.certificates.front());
  if (!leaf) {
    page.paragraph(2, "cannot be read: " + leaf.error().text(), Tone::magenta);
    return;
  }
  page.labelled(2, "subject", 16, leaf->subject);
  page.labelled(2, "names", 16, x509::names_text(*leaf));
  page.labelled(2, "issuer", 16, leaf->issuer + (leaf->self_signed ? " (self-signed)" : ""));
  page.labelled(2, "key", 16, fmt::format("{}, signed by {}", key_words(leaf->key),
                                          leaf->signature_algorithm));
  if (leaf->dates_are_readable) {
    const bool bad = leaf->not_after < as_of || leaf->not_before > as_of;
    page.labelled(2, "valid", 16,
                  fmt::format("{} to {} ({})", to_rfc3339(leaf->not_before).substr(0, 10),
                              to_rfc3339(leaf->not_after).substr(0, 10),
                              leaf->not_before > as_of ? "not valid yet"
                                                       : days_words(as_of, leaf->not_after)),
                  Tone::dim, bad ? Tone::red : Tone::plain);
  } else {
    page.labelled(2, "valid", 16, "its dates cannot be read", Tone::dim, Tone::red);
  }
  page.labelled(2, "chain", 16, counted(chain.certificates.size(), "certificate"));
  page.labelled(2, "SHA-256", 16, leaf->sha256);
}

// --- Features, one line each, a column a version.

struct FeatureLine {
  SessionFeature feature;
  std::string_view words;
  std::optional<bool> good;  // absent: neither good nor bad
};

constexpr std::array kLines{
    FeatureLine{SessionFeature::tickets, "session tickets", {}},
    FeatureLine{SessionFeature::ticket_resumption, "resumption by ticket", {}},
    FeatureLine{SessionFeature::id_resumption, "resumption by id", {}},
    FeatureLine{SessionFeature::early_data, "early data (0-RTT)", false},
    FeatureLine{SessionFeature::client_renegotiation, "renegotiation by clients", false},
    FeatureLine{SessionFeature::ocsp_staple, "OCSP staple", {}},
    FeatureLine{SessionFeature::certificate_timestamps, "certificate timestamps", {}},
};

std::string answer_words(const SessionFact& fact) {
  switch (fact.answer) {
    case Answer::supported:
      return fact.seconds ? fmt::format("yes, for {} s", *fact.seconds) : "yes";
    case Answer::not_supported:
      return "no";
    case Answer::inconclusive:
    case Answer::violation:
      return "not known";
  }
  return {};
}

// Of the worst of the versions.
Tone tone_of(const std::vector<const SessionFact*>& seen, const std::optional<bool>& good) {
  const auto any = [&](Answer answer) {
    return std::ranges::any_of(seen, [&](const SessionFact* fact) { return fact->answer == answer; });
  };
  if (good && any(*good ? Answer::not_supported : Answer::supported)) return Tone::yellow;
  if (any(Answer::inconclusive) || any(Answer::violation)) return Tone::magenta;
  return good ? Tone::green : Tone::plain;
}

void write_features(const SessionFacts& sessions, Page& page) {
  page.heading("Sessions");
  std::vector<std::string> open;  // reasons, each once
  for (const FeatureLine& line : kLines) {
    std::vector<const SessionFact*> seen;
    std::vector<std::string> words;
    for (const SessionFact& fact : sessions.facts) {
      if (fact.feature != line.feature) continue;
      seen.push_back(&fact);
      words.push_back(fmt::format("{}: {}", name_of(fact.version), answer_words(fact)));
      if (fact.answer != Answer::inconclusive) continue;
      const std::string reason = fmt::format("{}: {}", name_of(fact.version), fact.reason);
      if (std::ranges::find(open, reason) == open.end()) open.push_back(reason);
    }
    if (!seen.empty())
      page.labelled(2, line.words, kColumn, join(words, "; "), Tone::plain,
                    tone_of(seen, line.good));
  }
  for (const std::string& reason : open) page.paragraph(2, 4, "not known at " + reason, Tone::magenta);
}

// --- Client certificates and server names.

void write_demand(const SessionFacts& sessions, Page& page) {
  page.heading("Client certificates");
  for (const VersionDemand& demand : sessions.demands)
    page.labelled(2, name_of(demand.version), kColumn,
                  fmt::format("{} ({})", name_of(demand.demand), demand.reason), Tone::plain,
                  demand.demand == ClientCertificateDemand::unknown ? Tone::magenta : Tone::plain);
  if (!sessions.acceptable_authorities.empty())
    page.labelled(2, "authorities asked for", kColumn,
                  join(sessions.acceptable_authorities, "; "));
  std::size_t refused = 0;
  for (const RogueCertificate& rogue : sessions.rogue_certificates) {
    if (rogue.outcome == RogueOutcome::refused) ++refused;
    if (rogue.outcome == RogueOutcome::refused) continue;
    page.labelled(2, "made-up certificate", kColumn,
                  fmt::format("{} {} at {}: {}", name_of(rogue.kind), name_of(rogue.outcome),
                              name_of(rogue.version), rogue.reason),
                  Tone::plain,
                  rogue.outcome == RogueOutcome::accepted ? Tone::red : Tone::magenta);
  }
  if (!sessions.rogue_certificates.empty())
    page.labelled(2, "made-up certificates", kColumn,
                  fmt::format("{} of {} refused", refused, sessions.rogue_certificates.size()),
                  Tone::plain,
                  refused == sessions.rogue_certificates.size() ? Tone::green : Tone::plain);
}

std::string name_words(const NameAnswer& answer) {
  switch (answer.asked) {
    case NameAsked::none:
      return "none sent";
    case NameAsked::usual:
      return answer.name;
    case NameAsked::random:
      return "one that nobody has";
  }
  return {};
}

void write_names(const SessionFacts& sessions, Page& page) {
  page.heading("Server name (SNI)");
  for (const NameAnswer& answer : sessions.names)
    page.labelled(2, name_words(answer), kColumn, answer.reason, Tone::plain,
                  answer.answer == Answer::inconclusive ? Tone::magenta : Tone::plain);
}

}  // namespace

void write_certificates(const Endpoint& endpoint, Timestamp as_of, Page& page) {
  if (const ServedChain* usual = endpoint.chain.value()) {
    write_chain(*usual, as_of, page);
  } else {
    page.heading("Certificate");
    page.paragraph(2, "not seen: " + endpoint.chain.gap()->detail, Tone::magenta);
  }
  for (const ServedChain& chain : endpoint.further_chains) write_chain(chain, as_of, page);
}

void write_sessions(const Endpoint& endpoint, Page& page) {
  const SessionFacts* sessions = endpoint.sessions.value();
  if (sessions == nullptr) {
    page.heading("Sessions");
    page.paragraph(2, "none made: " + endpoint.sessions.gap()->detail, Tone::magenta);
    return;
  }
  write_features(*sessions, page);
  write_demand(*sessions, page);
  write_names(*sessions, page);
}

}  // namespace rta::reports

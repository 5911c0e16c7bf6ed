// What each endpoint speaks: its port, its versions, and a matrix of suites
// and versions with words in the cells.
#include <algorithm>

#include "base/text.h"
#include "reports/common/strength.h"
#include "reports/common/tls_names.h"
#include "reports/html/sections.h"

namespace rta::reports {
namespace {

std::string gap_text(const Gap& gap) {
  return fmt::format("{} ({})", gap.detail, name_of(gap.reason));
}

std::string_view answer_word(Answer answer) {
  switch (answer) {
    case Answer::supported:
      return "accepted";
    case Answer::not_supported:
      return "refused";
    case Answer::inconclusive:
      return "not determined";
    case Answer::violation:
      return "answered against the protocol";
  }
  return "?";
}

std::string speech_text(const Observation<PortAnswer>& seen) {
  if (const Gap* gap = seen.gap()) return gap_text(*gap);
  switch (seen->speech) {
    case PortSpeech::tls:
      return "speaks TLS; plaintext was met with: " + seen->plaintext_answer;
    case PortSpeech::plaintext_redis:
      return "speaks Redis in plaintext, without TLS";
    case PortSpeech::both:
      return "speaks TLS and also answers in plaintext";
    case PortSpeech::other:
      return "answers, but is neither TLS nor Redis: " + seen->tls_answer;
  }
  return {};
}

// Versions with an inventory of suites, in order.
std::vector<const SuiteInventory*> inventories(const TlsSurvey& survey) {
  std::vector<const SuiteInventory*> columns;
  for (const SuiteInventory& inventory : survey.suites)
    if (!inventory.accepted.empty()) columns.push_back(&inventory);
  std::ranges::sort(columns, {},
                    [](const SuiteInventory* inventory) { return inventory->version; });
  return columns;
}

bool accepts(const SuiteInventory& inventory, CipherSuite suite) {
  return std::ranges::any_of(
      inventory.accepted, [&](const AcceptedSuite& accepted) { return accepted.suite == suite; });
}

// All accepted suites once: the newest version's first, each in the order of
// its inventory.
std::vector<CipherSuite> suites_of(const std::vector<const SuiteInventory*>& columns) {
  std::vector<CipherSuite> suites;
  for (auto column = columns.rbegin(); column != columns.rend(); ++column)
    for (const AcceptedSuite& accepted : (*column)->accepted)
      if (std::ranges::find(suites, accepted.suite) == suites.end())
        suites.push_back(accepted.suite);
  return suites;
}

void fill_cell(Dictionary& row, const SuiteInventory& inventory, CipherSuite suite) {
  Dictionary& cell = add(row, "CELL");
  const bool accepted = accepts(inventory, suite);
  put(cell, "KIND", accepted ? "yes" : "no");
  if (accepted)
    put(cell, "TEXT", inventory.chosen == suite ? "accepted, 1st" : "accepted");
  else if (is_tls13_suite(suite) != (inventory.version == ProtocolVersion::tls1_3))
    put(cell, "TEXT", "n/a");
  else
    put(cell, "TEXT", inventory.decides(suite) ? "refused" : "not determined");
}

std::string_view order_words(OrderBy order) {
  switch (order) {
    case OrderBy::server:
      return ", and the server's order decides";
    case OrderBy::client:
      return ", and the client's order decides";
    case OrderBy::unknown:
      return "";
  }
  return "";
}

std::string matrix_caption(const std::vector<const SuiteInventory*>& columns) {
  std::string caption =
      "Suites that are accepted, by version; \"1st\" is what the server takes when all are "
      "offered, \"n/a\" a suite that the version does not know.";
  for (const SuiteInventory* column : columns) {
    const std::string_view version = name_of(column->version);
    if (column->complete)
      caption += fmt::format(" {}: every other known suite was refused{}.", version,
                             order_words(column->order));
    else
      caption += fmt::format(" {}: not complete, {}.", version, column->incomplete_reason);
  }
  return caption;
}

void fill_matrix(Dictionary& section, const TlsSurvey& survey) {
  const std::vector<const SuiteInventory*> columns = inventories(survey);
  if (columns.empty()) return;
  Dictionary& matrix = add(section, "SUITES");
  put(matrix, "CAPTION", matrix_caption(columns));
  for (const SuiteInventory* column : columns)
    put(add(matrix, "COLUMN"), "NAME", name_of(column->version));
  for (const CipherSuite suite : suites_of(columns)) {
    Dictionary& row = add(matrix, "SUITE");
    put(row, "NAME", suite_name(suite));
    put(row, "SECRECY", secrecy_words(suite));
    put(row, "ENCRYPTION", encryption_words(suite));
    for (const SuiteInventory* column : columns) fill_cell(row, *column, suite);
  }
}

void fill_survey(Dictionary& section, const TlsSurvey& survey, std::string_view id) {
  Dictionary& part = add(section, "SURVEY");
  put(part, "ID", id);
  for (const VersionOffer& offer : survey.versions) {
    Dictionary& row = add(part, "VERSION");
    put(row, "NAME", name_of(offer.version));
    put(row, "CELL", offer.answer.answer == Answer::supported ? "yes" : "no");
    put(row, "ANSWER", answer_word(offer.answer.answer));
    put(row, "REASON", offer.answer.reason);
  }
  fill_matrix(part, survey);
}

std::string groups_text(const GroupInventory& inventory) {
  std::vector<std::string> names;
  for (const AcceptedGroup& group : inventory.accepted) names.push_back(group_name(group.group));
  std::string text = names.empty() ? "none" : join(names, ", ");
  if (inventory.preferred) text += "; preferred: " + group_name(*inventory.preferred);
  if (!inventory.complete) text += "; not complete: " + inventory.incomplete_reason;
  return text;
}

std::string yes_or_no(bool value) { return value ? "yes" : "no"; }

void fill_behaviour(Dictionary& section, const TlsBehaviour& seen) {
  const auto fact = [&](std::string_view name, const std::optional<bool>& value) {
    if (value) add_fact(section, "FACT", name, yes_or_no(*value));
  };
  fact("Secure renegotiation", seen.secure_renegotiation);
  fact("Compression", seen.compression_accepted);
  fact("Downgrade sentinel", seen.downgrade_sentinel);
  fact("Fallback signal honoured", seen.fallback_scsv_honoured);
  fact("Extended master secret", seen.extended_master_secret);
}

// What finished handshakes showed, each with the version where it was tried.
void fill_sessions(Dictionary& section, const SessionFacts& sessions) {
  const auto fact = [&](std::string_view name, SessionFeature feature) {
    for (const SessionFact& seen : sessions.facts)
      if (seen.feature == feature && seen.answer != Answer::inconclusive)
        add_fact(section, "FACT", fmt::format("{} ({})", name, name_of(seen.version)),
                 yes_or_no(seen.answer == Answer::supported));
  };
  fact("Client may renegotiate", SessionFeature::client_renegotiation);
  fact("Early data accepted", SessionFeature::early_data);
}

// Derived from the inventory; none was tried.
void fill_attacks(Dictionary& section, const TlsSurvey& survey) {
  const auto fact = [&](std::string_view label, const std::vector<std::string>& attacks) {
    if (!attacks.empty()) add_fact(section, "FACT", label, join(attacks, "; "));
  };
  fact("Known attacks that follow (derived)", derived_attacks(survey));
  fact("Known attacks excluded (derived)", attacks_of(survey, tls::Exposure::excluded));
  fact("Known attacks not determined", attacks_of(survey, tls::Exposure::open));
}

void fill_endpoint(Dictionary& page, const Endpoint& endpoint, std::size_t index) {
  Dictionary& section = add(page, "ENDPOINT");
  put(section, "KEY", endpoint.key);
  std::string address = endpoint.address.empty()
                            ? endpoint.host + ":" + std::to_string(endpoint.port)
                            : endpoint.address;
  if (!endpoint.aliases.empty()) address += "; also named " + join(endpoint.aliases, ", ");
  if (endpoint.stand_in_certificate) address += "; a stand-in certificate was used";
  put(section, "ADDRESS", address);
  put(section, "NAMED_BY",
      endpoint.named_by.empty()
          ? std::string{endpoint.kind == EndpointKind::rehearsal ? endpoint.rehearsed_source
                                                                 : "not recorded"}
          : join(endpoint.named_by, ", "));
  put(section, "PORT_ANSWER", speech_text(endpoint.port_answer));
  for (const SiblingPort& sibling : endpoint.siblings) {
    Dictionary& line = add(section, "SIBLING");
    put(line, "PORT", sibling.port);
    put(line, "TEXT", fmt::format("{} ({})", speech_text(sibling.answer), sibling.why));
  }
  if (const ServedChain* chain = endpoint.chain.value()) {
    add_fact(section, "FACT", "A client gets",
             fmt::format("{}, {}{}", name_of(chain->version), suite_name(chain->suite),
                         chain->group.empty() ? "" : ", " + chain->group));
    add_fact(section, "FACT", "Client certificate", name_of(chain->client_certificate));
  }
  if (const Gap* gap = endpoint.tls.gap()) {
    add_text(section, "GAP", "Protocol versions and suites were not determined: " + gap_text(*gap));
    return;
  }
  for (const GroupInventory& inventory : endpoint.tls->groups)
    add_fact(section, "FACT", fmt::format("Groups, {}", name_of(inventory.version)),
             groups_text(inventory));
  fill_behaviour(section, endpoint.tls->behaviour);
  if (const SessionFacts* sessions = endpoint.sessions.value()) fill_sessions(section, *sessions);
  fill_attacks(section, *endpoint.tls);
  fill_survey(section, *endpoint.tls, fmt::format("endpoint-{}", index + 1));
}

}  // namespace

void fill_protocol(Dictionary& page, const Subjects& subjects) {
  const std::vector<Endpoint>& endpoints = subjects.report.evidence->endpoints;
  if (endpoints.empty()) page.ShowSection("NO_ENDPOINTS");
  for (std::size_t i = 0; i < endpoints.size(); ++i) fill_endpoint(page, endpoints[i], i);
}

}  // namespace rta::reports

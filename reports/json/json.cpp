// The native report. Keys are sorted, arrays keep the report's order, and all
// that is not ASCII is escaped: the bytes are inert in any terminal and the
// same in any locale.
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/json_document.h"
#include "base/text.h"
#include "reports/common/inventory.h"
#include "reports/common/strength.h"
#include "reports/common/tls_names.h"
#include "reports/common/words.h"
#include "reports/json/utf8.h"
#include "reports/writer.h"

namespace rta {
namespace {

using nlohmann::json;
using reports::valid_utf8;

json texts(const std::vector<std::string>& list) {
  json array = json::array();
  for (const std::string& text : list) array.push_back(valid_utf8(text));
  return array;
}

template <class Range>
json names(const Range& values) {
  json array = json::array();
  for (const auto value : values) array.push_back(name_of(value));
  return array;
}

json optional_time(const std::optional<Timestamp>& instant) {
  return instant ? json(to_rfc3339(*instant)) : json(nullptr);
}

json location_json(const SourceLocation& location) {
  if (location.path.empty()) return nullptr;
  json place{{"path", valid_utf8(location.path)}};
  if (location.line > 0) place["line"] = location.line;
  if (location.column > 0) place["column"] = location.column;
  return place;
}

json gap_json(const Gap& gap) {
  return {{"reason", name_of(gap.reason)},
          {"detail", valid_utf8(gap.detail)},
          {"remedy", valid_utf8(gap.remedy)}};
}

json footprint_json(const Footprint& cost) {
  return {{"connections", cost.connections},   {"handshakes_completed", cost.handshakes_completed},
          {"bytes_sent", cost.bytes_sent},     {"bytes_received", cost.bytes_received},
          {"milliseconds", cost.milliseconds}, {"expected_log_lines", cost.expected_log_lines},
          {"commands", cost.commands}};
}

json counts_json(const StatusCounts& counts) {
  return {{"pass", counts.pass},       {"warn", counts.warn},
          {"fail", counts.fail},       {"manual", counts.manual},
          {"unknown", counts.unknown}, {"not_applicable", counts.not_applicable},
          {"waived", counts.waived}};
}

json run_json(const Report& report) {
  const Evidence& evidence = *report.evidence;
  const Policy& policy = *report.policy;
  return {{"id", report.run_id},
          {"tool", {{"name", "redis-tls-audit"}, {"version", report.tool_version}}},
          {"collected_with",
           {{"tool_version", valid_utf8(evidence.tool_version)},
            {"openssl_version", valid_utf8(evidence.openssl_version)}}},
          {"profile",
           {{"name", valid_utf8(policy.profile)},
            {"title", valid_utf8(policy.title)},
            {"digest", policy.digest}}},
          {"as_of", to_rfc3339(report.as_of)},
          {"evidence_digest", report.evidence_digest},
          {"footprint", footprint_json(report.footprint)}};
}

json scope_json(const Scope& scope) {
  json notes = json::array();
  for (const Gap& gap : scope.notes) notes.push_back(gap_json(gap));
  return {{"project", scope.project ? json(valid_utf8(*scope.project)) : json(nullptr)},
          {"targets", texts(scope.targets)},
          {"offline", scope.offline},
          {"ci", scope.ci},
          {"host_is_local", scope.host_is_local},
          {"collectors", texts(scope.collectors)},
          {"notes", std::move(notes)}};
}

json survey_json(const Observation<TlsSurvey>& seen) {
  if (const Gap* gap = seen.gap()) return {{"gap", gap_json(*gap)}};
  json versions = json::object();
  for (const VersionOffer& offer : seen->versions)
    versions[std::string{name_of(offer.version)}] = {{"answer", name_of(offer.answer.answer)},
                                                     {"reason", valid_utf8(offer.answer.reason)}};
  json suites = json::array();
  for (const SuiteInventory& inventory : seen->suites) {
    json accepted = json::array();
    for (const AcceptedSuite& suite : inventory.accepted)
      accepted.push_back({{"code_point", fmt::format("0x{:04X}", suite.suite)},
                          {"name", reports::suite_name(suite.suite)}});
    suites.push_back({{"version", name_of(inventory.version)},
                      {"complete", inventory.complete},
                      {"order", name_of(inventory.order)},
                      {"accepted", std::move(accepted)}});
  }
  json groups = json::array();
  for (const GroupInventory& inventory : seen->groups) {
    json accepted = json::array();
    for (const AcceptedGroup& group : inventory.accepted)
      accepted.push_back({{"code_point", fmt::format("0x{:04X}", group.group)},
                          {"name", reports::group_name(group.group)}});
    groups.push_back({{"version", name_of(inventory.version)},
                      {"complete", inventory.complete},
                      {"accepted", std::move(accepted)}});
  }
  json attacks = json::array();
  for (const std::string& attack : reports::derived_attacks(*seen))
    attacks.push_back(valid_utf8(attack));
  return {{"versions", std::move(versions)},
          {"suites", std::move(suites)},
          {"groups", std::move(groups)},
          {"derived_attacks", std::move(attacks)}};
}

json served_leaf(const Endpoint& endpoint) {
  const ServedChain* chain = endpoint.chain.value();
  if (chain == nullptr || chain->certificates.empty()) return nullptr;
  return sha256_hex(chain->certificates.front());
}

// Null where the server was not asked, or did not tell.
json users_with_two_passwords(const Endpoint& endpoint) {
  const RedisServer* server = endpoint.redis.value();
  const std::vector<AclUser>* users = server == nullptr ? nullptr : server->users.value();
  if (users == nullptr) return nullptr;
  json names = json::array();
  for (const AclUser& user : *users)
    if (user.enabled && user.passwords > 1) names.push_back(valid_utf8(user.name));
  return names;
}

json target_json(const Endpoint& endpoint) {
  json target{{"key", valid_utf8(endpoint.key)},
              {"kind", name_of(endpoint.kind)},
              {"host", valid_utf8(endpoint.host)},
              {"port", endpoint.port},
              {"address", valid_utf8(endpoint.address)},
              {"aliases", texts(endpoint.aliases)},
              {"named_by", texts(endpoint.named_by)},
              {"stand_in_certificate", endpoint.stand_in_certificate},
              {"served_leaf", served_leaf(endpoint)},
              {"users_with_two_passwords", users_with_two_passwords(endpoint)},
              {"tls", survey_json(endpoint.tls)},
              {"footprint", footprint_json(endpoint.footprint)}};
  if (const PortAnswer* answer = endpoint.port_answer.value())
    target["port_answer"] = {{"speech", name_of(answer->speech)},
                             {"plaintext_refused", answer->plaintext_refused}};
  else
    target["port_answer"] = {{"gap", gap_json(*endpoint.port_answer.gap())}};
  return target;
}

json consumer_json(const Consumer& consumer) {
  return {{"key", valid_utf8(consumer.key)},
          {"name", valid_utf8(consumer.name)},
          {"role", name_of(consumer.role)},
          {"source", valid_utf8(consumer.source)},
          {"endpoint", valid_utf8(consumer.endpoint)},
          {"library", valid_utf8(consumer.library)},
          {"verification", name_of(consumer.level)}};
}

json checklist_json(const Report& report) {
  json rows = json::array();
  for (const ChecklistRow& row : report.checklist) {
    json findings = json::array();
    for (const std::size_t index : row.findings)
      findings.push_back(report.findings[index].fingerprint);
    rows.push_back(
        {{"item", reports::item_label(row.item)},
         {"title", valid_utf8(row.title)},
         {"hipaa", valid_utf8(row.hipaa)},
         {"verdict", name_of(row.verdict)},
         {"sentence", valid_utf8(row.sentence)},
         {"required", row.required},
         {"grade", row.verdict == Status::pass ? json(name_of(row.grade)) : json(nullptr)},
         {"missing_checks", texts(row.missing_checks)},
         {"findings", std::move(findings)}});
  }
  return rows;
}

json item_labels(ItemSet items) {
  json labels = json::array();
  for (int item = 1; item <= kItemCount; ++item)
    if (items.has(item)) labels.push_back(reports::item_label(item));
  return labels;
}

json finding_json(const Report& report, const Finding& finding) {
  const CheckInfo& info = finding.check->info;
  json controls = json::array();
  for (const std::string_view control : info.controls) controls.push_back(control);
  return {
      {"id", finding.fingerprint},
      {"code", info.code.text},
      {"name", reports::check_name(report, finding)},
      {"title", info.title},
      {"status", name_of(finding.status)},
      {"severity", name_of(finding.severity)},
      {"subject",
       {{"kind", name_of(finding.subject.kind)},
        {"key", valid_utf8(finding.subject.key)},
        {"role", name_of(finding.subject.role)}}},
      {"variant", valid_utf8(finding.variant)},
      {"message", valid_utf8(finding.message)},
      {"expected", valid_utf8(finding.expected)},
      {"observed", valid_utf8(finding.observed)},
      {"remediation", valid_utf8(finding.remediation)},
      {"grade", name_of(finding.grade)},
      {"reason", finding.status == Status::unknown ? json(name_of(finding.reason)) : json(nullptr)},
      {"source",
       {{"collector", valid_utf8(finding.source.collector)},
        {"endpoint", valid_utf8(finding.source.endpoint)},
        {"method", valid_utf8(finding.source.method)},
        {"location", location_json(finding.source.location)}}},
      {"controls", std::move(controls)},
      {"items", {{"decides", item_labels(info.core)}, {"informs", item_labels(info.supports)}}},
      {"disposition", nullptr}};
}

json checks_json(const Report& report) {
  json rows = json::array();
  for (const CheckRun& run : report.checks)
    rows.push_back(
        {{"code", run.code},
         {"name", run.name},
         {"status", name_of(run.status)},
         {"subjects", run.subjects},
         {"problem", run.problem.empty() ? json(nullptr) : json(valid_utf8(run.problem))}});
  return rows;
}

json coverage_json(const Report& report) {
  std::size_t evaluated = 0;
  json problems = json::array();
  for (const CheckRun& run : report.checks) {
    if (run.subjects > 0) ++evaluated;
    if (!run.problem.empty()) problems.push_back(run.code);
  }
  json required = json::array();
  json undecided = json::array();
  for (const ChecklistRow& row : report.checklist) {
    if (row.required) required.push_back(reports::item_label(row.item));
    if (row.verdict == Status::unknown || row.verdict == Status::manual)
      undecided.push_back(reports::item_label(row.item));
  }
  return {{"complete", report.gate.complete},      {"checks", report.checks.size()},
          {"checks_with_findings", evaluated},     {"checks_with_problems", std::move(problems)},
          {"required_items", std::move(required)}, {"undecided_items", std::move(undecided)}};
}

json certificate_json(const reports::CertificateEntry& entry) {
  return {{"sha256", entry.sha256},
          {"subject", valid_utf8(entry.subject)},
          {"issuer", valid_utf8(entry.issuer)},
          {"serial", entry.serial},
          {"spki_sha256", entry.spki_sha256},
          {"key", valid_utf8(entry.key)},
          {"signature", valid_utf8(entry.signature)},
          {"names", texts(entry.names)},
          {"not_before", optional_time(entry.not_before)},
          {"not_after", optional_time(entry.not_after)},
          {"is_ca", entry.is_ca},
          {"self_signed", entry.self_signed},
          {"files", texts(entry.files)},
          {"served_by", texts(entry.served_by)},
          {"problem", entry.problem.empty() ? json(nullptr) : json(valid_utf8(entry.problem))}};
}

json attestation_json(const Attestation& attestation, Timestamp as_of) {
  return {{"kind", valid_utf8(attestation.kind)},
          {"targets", texts(attestation.targets)},
          {"statement", valid_utf8(attestation.statement)},
          {"by", valid_utf8(attestation.by)},
          {"role", valid_utf8(attestation.role)},
          {"date", to_rfc3339(attestation.date)},
          {"expires", to_rfc3339(attestation.expires)},
          {"valid", attestation.date <= as_of && as_of <= attestation.expires},
          {"evidence", texts(attestation.evidence)},
          {"location", location_json(attestation.location)}};
}

json action_json(const Report& report, const Action& action) {
  return {{"finding", report.findings[action.finding].fingerprint},
          {"title", valid_utf8(action.title)},
          {"why", valid_utf8(action.why)},
          {"fix", valid_utf8(action.fix)},
          {"resolves", action.resolves}};
}

}  // namespace

// Names in the order of the alphabet, as in every object inside.
std::string write_json(const Report& report) {
  const Evidence& evidence = *report.evidence;
  std::string text;
  JsonDocument document{{}, [&](std::string_view piece) { text += piece; }};
  document.array("actions", report.actions,
                 [&](const Action& a) { return action_json(report, a); });
  document.array("attestations", evidence.attestations,
                 [&](const Attestation& a) { return attestation_json(a, report.as_of); });
  document.array("certificates", reports::certificate_inventory(evidence), certificate_json);
  document.member("checklist", checklist_json(report));
  document.member("checks", checks_json(report));
  document.array("consumers", evidence.consumers, consumer_json);
  document.member("counts",
                  {{"items", counts_json(report.items)}, {"results", counts_json(report.results)}});
  document.member("coverage", coverage_json(report));
  document.array("findings", report.findings,
                 [&](const Finding& f) { return finding_json(report, f); });
  document.member("gate", {{"outcome", name_of(report.gate.outcome)},
                           {"exit_code", report.gate.exit_code},
                           {"complete", report.gate.complete},
                           {"fail_on", name_of(report.gate.fail_on)},
                           {"sentence", valid_utf8(report.gate.sentence)},
                           {"result_line", report.result_line()}});
  document.member("run", run_json(report));
  document.member("schema", "redis-tls-audit/report");
  document.member("scope", scope_json(evidence.scope));
  document.array("targets", evidence.endpoints, target_json);
  document.member("version", "1.2");
  document.end();
  return text;
}

}  // namespace rta

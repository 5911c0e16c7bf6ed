#include "collect/git/history.h"

#include <dirent.h>
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/live/endpoint_network.h"
#include "x509/certificate.h"

namespace rta {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kNotes = 8;           // files that could not be read, told one by one
constexpr std::size_t kEndpoints = 10'000;  // of one document
constexpr std::size_t kText = 400;

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text(const Json& object, const char* key) {
  const Json* value = member(object, key);
  return value != nullptr && value->is_string()
             ? printable(value->get_ref<const std::string&>(), kText)
             : std::string{};
}

std::optional<Timestamp> instant(const Json& object, const char* key) {
  return parse_timestamp(text(object, key));
}

const Json& list(const Json& object, const char* key) {
  static const Json none = Json::array();
  const Json* value = member(object, key);
  return value != nullptr && value->is_array() ? *value : none;
}

std::vector<std::string> texts(const Json& array) {
  std::vector<std::string> all;
  for (const Json& element : array)
    if (element.is_string()) all.push_back(printable(element.get_ref<const std::string&>(), kText));
  return all;
}

// The served leaf of a target, by its digest among the report's certificates.
void take_certificate(const Json& report, const std::string& sha256, EarlierScan& scan) {
  for (const Json& certificate : list(report, "certificates")) {
    if (text(certificate, "sha256") != sha256) continue;
    scan.serial = text(certificate, "serial");
    scan.spki_sha256 = text(certificate, "spki_sha256");
    if (const auto start = instant(certificate, "not_before")) scan.not_before = *start;
    return;
  }
}

std::vector<EarlierScan> scans_of_report(const Json& report, const EarlierScan& common) {
  std::vector<EarlierScan> scans;
  for (const Json& target : list(report, "targets")) {
    if (text(target, "kind") != "live" || scans.size() >= kEndpoints) continue;
    EarlierScan scan = common;
    scan.endpoint = text(target, "key");
    if (const std::string leaf = text(target, "served_leaf"); !leaf.empty())
      take_certificate(report, leaf, scan);
    if (const Json* users = member(target, "users_with_two_passwords"); users && users->is_array())
      scan.users_with_two_passwords = texts(*users);
    scans.push_back(std::move(scan));
  }
  return scans;
}

void take_served_leaf(const Json& endpoint, EarlierScan& scan) {
  const Json* chain = member(endpoint, "chain");
  const Json* value = chain == nullptr ? nullptr : member(*chain, "value");
  if (value == nullptr) return;
  const Json& certificates = list(*value, "certificates");
  if (certificates.empty() || !certificates[0].is_string()) return;
  const auto der = from_base64(certificates[0].get_ref<const std::string&>());
  const auto leaf = der ? x509::parse_certificate(*der) : Result<x509::Certificate>{Error{}};
  if (!leaf) return;
  scan.serial = leaf->serial;
  scan.spki_sha256 = leaf->spki_sha256;
  scan.not_before = leaf->not_before;
}

void take_users(const Json& endpoint, EarlierScan& scan) {
  const Json* server = member(endpoint, "redis");
  const Json* told = server == nullptr ? nullptr : member(*server, "value");
  const Json* users = told == nullptr ? nullptr : member(*told, "users");
  const Json* known = users == nullptr ? nullptr : member(*users, "value");
  if (known == nullptr || !known->is_array()) return;
  scan.users_with_two_passwords.emplace();
  for (const Json& user : *known)
    if (const Json* count = member(user, "passwords");
        count != nullptr && count->is_number_unsigned() && count->get<std::uint64_t>() > 1)
      scan.users_with_two_passwords->push_back(text(user, "name"));
}

std::vector<EarlierScan> scans_of_evidence(const Json& evidence, const EarlierScan& common) {
  std::vector<EarlierScan> scans;
  for (const Json& endpoint : list(evidence, "endpoints")) {
    if (text(endpoint, "kind") != "live" || scans.size() >= kEndpoints) continue;
    EarlierScan scan = common;
    scan.endpoint = text(endpoint, "key");
    take_served_leaf(endpoint, scan);
    take_users(endpoint, scan);
    scans.push_back(std::move(scan));
  }
  return scans;
}

struct TooDeep {};

std::optional<Json> parse(std::string_view text) {
  try {
    return Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
      if (depth > static_cast<int>(limits::kNesting)) throw TooDeep{};
      return true;
    });
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const TooDeep&) {
    return std::nullopt;
  }
}

std::vector<std::string> json_files(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open{::opendir(directory.c_str()), ::closedir};
  if (!open) return names;
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name.ends_with(".json") && !name.starts_with('.')) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

Result<std::vector<EarlierScan>> read_earlier_scan(std::string_view json,
                                                   const std::string& source) {
  const std::optional<Json> parsed = parse(json);
  if (!parsed) return Error{"is not JSON", source, ""};
  const Json& document = *parsed;
  const std::string schema = text(document, "schema");
  const bool is_report = schema == "redis-tls-audit/report";
  if (!is_report && schema != "redis-tls-audit/evidence")
    return Error{"is neither a report nor evidence of redis-tls-audit", source, ""};
  const Json* run = member(document, "run");
  const auto when = is_report ? run != nullptr ? instant(*run, "as_of") : std::nullopt
                              : instant(document, "as_of");
  if (!when) return Error{"does not tell when it was made", source, ""};
  EarlierScan common{.source = source, .when = *when};
  if (const Json* gate = member(document, "gate")) common.verdict = text(*gate, "outcome");
  std::vector<EarlierScan> scans =
      is_report ? scans_of_report(document, common) : scans_of_evidence(document, common);
  if (scans.empty()) scans.push_back(std::move(common));
  return scans;
}

Observation<std::vector<EarlierScan>> read_history(const std::string& directory, Timestamp now,
                                                   std::vector<Gap>& notes) {
  const Provenance from{"history", {}, {directory, 0, 0}, "earlier reports", Grade::observed};
  std::vector<std::string> names = json_files(directory);
  const std::size_t left_out = names.size() - std::min(names.size(), limits::kEarlierReports);
  names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(left_out));
  std::vector<EarlierScan> all;
  std::vector<std::string> unread;
  for (const std::string& name : names) {
    const Result<Bytes> bytes = read_operator_file(directory + "/" + name, limits::kEarlierReport);
    const Result<std::vector<EarlierScan>> scans =
        bytes ? read_earlier_scan(as_text(*bytes), name)
              : Result<std::vector<EarlierScan>>{Error{bytes.error()}};
    if (!scans) {
      unread.push_back(printable(name, 80));
      continue;
    }
    for (const EarlierScan& scan : *scans)
      if (scan.when < now) all.push_back(scan);
  }
  if (left_out > 0)
    notes.push_back({GapReason::too_large,
                     fmt::format("--history: the oldest {} of {} files were left out", left_out,
                                 left_out + names.size()),
                     "move old reports elsewhere"});
  if (!unread.empty()) {
    const std::size_t told = std::min(unread.size(), kNotes);
    const std::string more =
        unread.size() > told ? fmt::format(" and {} more", unread.size() - told) : "";
    unread.resize(told);
    notes.push_back(
        {GapReason::malformed,
         fmt::format("--history: no report could be read from {}{}", join(unread, ", "), more),
         ""});
  }
  std::ranges::stable_sort(
      all, {}, [](const EarlierScan& scan) { return std::tie(scan.when, scan.endpoint); });
  return {std::move(all), from};
}

void collect_history(CollectContext& context, Evidence& evidence) {
  if (context.settings.history_directory)
    evidence.history =
        read_history(*context.settings.history_directory, evidence.as_of, evidence.scope.notes);
}

}  // namespace rta

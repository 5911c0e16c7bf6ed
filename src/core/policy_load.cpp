#include "core/policy_load.h"

#include <fmt/format.h>

// toml++ without exceptions would need its own Result; errors are caught here.
#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <sstream>

#include "base/digest.h"
#include "base/text.h"
#include "base/text_file.h"
#include "checks/data_files.h"
#include "redis_tls_audit/check.h"
#include "redis_tls_audit/limits.h"

namespace rta {
namespace {

// One parameter of a profile: how it is read from TOML and printed again.
struct Parameter {
  std::string name;  // "certificates.min_rsa_bits"
  // Empty = fine, else what is wrong with the value.
  std::function<std::string(Policy&, const toml::node&)> read;
  std::function<std::string(const Policy&)> print;
};

template <class Owner, class T>
using Reach = T& (*)(Owner&);

std::string expected(std::string_view what) { return fmt::format("expected {}", what); }

std::string read_value(Verdict& out, const toml::node& node) {
  const auto text = node.value<std::string>();
  const auto verdict = text ? from_name<Verdict>(*text) : std::nullopt;
  if (!verdict) return expected("\"pass\", \"info\", \"warn\" or \"fail\"");
  out = *verdict;
  return {};
}

std::string read_value(bool& out, const toml::node& node) {
  if (!node.is_boolean()) return expected("true or false");
  out = *node.value<bool>();
  return {};
}

std::string read_value(int& out, const toml::node& node) {
  const auto number = node.is_integer() ? node.value<std::int64_t>() : std::nullopt;
  if (!number || *number < 0 || *number > 1'000'000)
    return expected("a whole number from 0 to 1000000");
  out = static_cast<int>(*number);
  return {};
}

std::string read_value(std::string& out, const toml::node& node) {
  if (!node.is_string()) return expected("a text");
  out = *node.value<std::string>();
  return {};
}

// A number of days, or "never".
std::string read_value(std::optional<int>& out, const toml::node& node) {
  if (node.value<std::string>() == "never") {
    out.reset();
    return {};
  }
  int days = 0;
  if (!read_value(days, node).empty()) return expected("a number of days or \"never\"");
  out = days;
  return {};
}

std::string read_value(std::optional<Timestamp>& out, const toml::node& node) {
  const auto text = node.value<std::string>();
  if (text == "never") {
    out.reset();
    return {};
  }
  const auto instant = text ? parse_timestamp(*text) : std::nullopt;
  if (!instant) return expected("a date such as \"2030-01-01\" or \"never\"");
  out = *instant;
  return {};
}

std::string read_value(Grade& out, const toml::node& node) {
  const auto text = node.value<std::string>();
  const auto grade = text ? from_name<Grade>(*text) : std::nullopt;
  if (!grade) return expected("attested, declared, rehearsed, effective or observed");
  out = *grade;
  return {};
}

template <class T, class Add>
std::string read_list(const toml::node& node, std::string_view what, Add add) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return expected(fmt::format("a list of {}", what));
  for (const toml::node& element : *list) {
    const auto value = element.value<T>();
    if (!value || !add(*value)) return expected(fmt::format("a list of {}", what));
  }
  return {};
}

std::string read_value(std::vector<std::string>& out, const toml::node& node) {
  out.clear();
  return read_list<std::string>(node, "texts", [&](const std::string& text) {
    out.push_back(text);
    return true;
  });
}

// Code points as integers: 0x1301.
std::string read_value(std::vector<std::uint16_t>& out, const toml::node& node) {
  out.clear();
  return read_list<std::int64_t>(node, "code points (0 to 0xFFFF)", [&](std::int64_t number) {
    if (number < 0 || number > 0xFFFF) return false;
    out.push_back(static_cast<std::uint16_t>(number));
    return true;
  });
}

std::string read_value(std::set<ProtocolVersion>& out, const toml::node& node) {
  out.clear();
  return read_list<std::string>(node, "versions such as \"TLS 1.2\"", [&](const std::string& text) {
    const auto version = from_name<ProtocolVersion>(text);
    if (version) out.insert(*version);
    return version.has_value();
  });
}

// Items of the checklist: 1 to 12 as numbers, S as text.
std::string read_value(std::set<int>& out, const toml::node& node) {
  constexpr std::string_view kWhat = "items: 1 to 12 and \"S\"";
  out.clear();
  const toml::array* list = node.as_array();
  if (list == nullptr) return expected(fmt::format("a list of {}", kWhat));
  for (const toml::node& element : *list) {
    const auto number = element.is_integer() ? element.value<std::int64_t>() : std::nullopt;
    if (number && *number >= 1 && *number <= 12)
      out.insert(static_cast<int>(*number));
    else if (element.value<std::string>() == "S")
      out.insert(kItemS);
    else
      return expected(fmt::format("a list of {}", kWhat));
  }
  return {};
}

std::string print_value(Verdict value) { return std::string{name_of(value)}; }
std::string print_value(Grade value) { return std::string{name_of(value)}; }
std::string print_value(bool value) { return value ? "true" : "false"; }
std::string print_value(int value) { return std::to_string(value); }
std::string print_value(const std::string& value) { return value; }
std::string print_value(const std::optional<int>& value) {
  return value ? std::to_string(*value) : "never";
}
std::string print_value(const std::optional<Timestamp>& value) {
  return value ? to_date(*value) : "never";
}
std::string print_value(const std::vector<std::string>& value) { return join(value, ", "); }
std::string print_value(const std::vector<std::uint16_t>& value) {
  return value.empty() ? "any" : fmt::format("{:#06x}", fmt::join(value, ", "));
}
std::string print_value(const std::set<ProtocolVersion>& value) {
  std::vector<std::string> names;
  for (const ProtocolVersion version : value) names.emplace_back(name_of(version));
  return join(names, ", ");
}
std::string print_value(const std::set<int>& value) {
  std::vector<std::string> labels;
  for (const int item : value) labels.push_back(item == kItemS ? "S" : std::to_string(item));
  return join(labels, ", ");
}

#define RTA_PARAMETER(key, field)                                                               \
  Parameter {                                                                                   \
    key, [](Policy& policy, const toml::node& node) { return read_value(policy.field, node); }, \
        [](const Policy& policy) { return print_value(policy.field); }                          \
  }

// The one list of parameters: file format, `profiles show` and the digest.
const std::vector<Parameter>& parameters() {
  static const std::vector<Parameter> list{
      RTA_PARAMETER("title", title),
      RTA_PARAMETER("description", description),
      RTA_PARAMETER("production", production),
      RTA_PARAMETER("tls.allowed", tls.allowed),
      RTA_PARAMETER("tls.tls13_missing", tls.tls13_missing),
      RTA_PARAMETER("suites.static_key_exchange", suites.static_key_exchange),
      RTA_PARAMETER("suites.cbc", suites.cbc),
      RTA_PARAMETER("suites.chacha20", suites.chacha20),
      RTA_PARAMETER("suites.ccm8", suites.ccm8),
      RTA_PARAMETER("suites.aria_camellia", suites.aria_camellia),
      RTA_PARAMETER("suites.exact_list", suites.exact_list),
      RTA_PARAMETER("key_exchange.allowed_groups", key_exchange.allowed_groups),
      RTA_PARAMETER("key_exchange.min_group_bits", key_exchange.min_group_bits),
      RTA_PARAMETER("key_exchange.weak_curves", key_exchange.weak_curves),
      RTA_PARAMETER("key_exchange.nist_curves_only", key_exchange.nist_curves_only),
      RTA_PARAMETER("key_exchange.min_dh_bits", key_exchange.min_dh_bits),
      RTA_PARAMETER("key_exchange.dhe", key_exchange.dhe),
      RTA_PARAMETER("key_exchange.post_quantum_missing", key_exchange.post_quantum_missing),
      RTA_PARAMETER("key_exchange.post_quantum_warn_from", key_exchange.post_quantum_warn_from),
      RTA_PARAMETER("certificates.min_rsa_bits", certificates.min_rsa_bits),
      RTA_PARAMETER("certificates.min_ec_bits", certificates.min_ec_bits),
      RTA_PARAMETER("certificates.allowed_key_types", certificates.allowed_key_types),
      RTA_PARAMETER("certificates.non_nist_curve", certificates.non_nist_curve),
      RTA_PARAMETER("certificates.max_days_warn", certificates.max_days_private.warn),
      RTA_PARAMETER("certificates.max_days_fail", certificates.max_days_private.fail),
      RTA_PARAMETER("certificates.san_required", certificates.san_required),
      RTA_PARAMETER("certificates.expiry_warn_days", certificates.expiry_warn_days),
      RTA_PARAMETER("certificates.expiry_warn_third", certificates.expiry_warn_third),
      RTA_PARAMETER("certificates.expiry_fail_days", certificates.expiry_fail_days),
      RTA_PARAMETER("trust.self_signed_leaf", trust.self_signed_leaf),
      RTA_PARAMETER("trust.placeholder_ca", trust.placeholder_ca),
      RTA_PARAMETER("verification.off", verification.off),
      RTA_PARAMETER("listeners.plaintext_on_loopback_configured",
                    listeners.plaintext_on_loopback_configured),
      RTA_PARAMETER("listeners.plaintext_on_loopback_observed",
                    listeners.plaintext_on_loopback_observed),
      RTA_PARAMETER("key_files.group_read", key_files.group_read),
      RTA_PARAMETER("key_files.world_read", key_files.world_read),
      RTA_PARAMETER("key_files.ca_key_in_tree", key_files.ca_key_in_tree),
      RTA_PARAMETER("access.unauthenticated", access.unauthenticated),
      RTA_PARAMETER("access.unauthenticated_on_loopback", access.unauthenticated_on_loopback),
      RTA_PARAMETER("access.shared_users", access.shared_users),
      RTA_PARAMETER("access.min_password_length", access.min_password_length),
      RTA_PARAMETER("access.min_password_bits", access.min_password_bits),
      RTA_PARAMETER("access.no_client_certificates", access.no_client_certificates),
      RTA_PARAMETER("rotation.max_age_warn", rotation.max_age.warn),
      RTA_PARAMETER("rotation.max_age_fail", rotation.max_age.fail),
      RTA_PARAMETER("rotation.same_key", rotation.same_key),
      RTA_PARAMETER("rotation.ca_days_left", rotation.ca_days_left),
      RTA_PARAMETER("rotation.second_password_days", rotation.second_password_days),
      RTA_PARAMETER("version_control.public_ca_tracked", version_control.public_ca_tracked),
      RTA_PARAMETER("monitoring.max_gap_days", monitoring.max_gap_days),
      RTA_PARAMETER("monitoring.min_threshold_days", monitoring.min_threshold_days),
      RTA_PARAMETER("connections.max_handshake_failures_percent",
                    connections.max_handshake_failures_percent),
      RTA_PARAMETER("versions.table_days", versions.table_days),
      RTA_PARAMETER("audit.informative_only", audit.informative_only),
      RTA_PARAMETER("audit.no_access_audit", audit.no_access_audit),
      RTA_PARAMETER("audit.local_days", audit.local_days),
      RTA_PARAMETER("audit.retention", audit.retention),
      RTA_PARAMETER("audit.min_acllog", audit.min_acllog),
      RTA_PARAMETER("audit.max_log_age_hours", audit.max_log_age_hours),
      RTA_PARAMETER("sessions.no_timeout", sessions.no_timeout),
      RTA_PARAMETER("sessions.max_timeout_seconds", sessions.max_timeout_seconds),
      RTA_PARAMETER("attestations.items", items_needing_attestation),
      RTA_PARAMETER("coverage.items", coverage.items),
      RTA_PARAMETER("coverage.min_grade", coverage.min_grade),
      RTA_PARAMETER("coverage.ci.items", coverage_ci.items),
      RTA_PARAMETER("coverage.ci.items_if_seen", coverage_ci.items_if_seen),
      RTA_PARAMETER("coverage.ci.min_grade", coverage_ci.min_grade),
      RTA_PARAMETER("checks.deselected", deselected),
      RTA_PARAMETER("applications.truthy", truthy),
  };
  return list;
}

Error error_at(std::string what, const std::string& path, const toml::source_region& region,
               std::string remedy = {}) {
  return {std::move(what), fmt::format("{}:{}:{}", path, region.begin.line, region.begin.column),
          std::move(remedy)};
}

Error unknown_parameter(const std::string& name, const std::string& path,
                        const toml::source_region& region) {
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters()) names.push_back(parameter.name);
  const auto close = did_you_mean(name, names);
  return error_at(fmt::format("unknown parameter \"{}\"", name), path, region,
                  close ? fmt::format("did you mean \"{}\"?", *close)
                        : "`redis-tls-audit profiles show hipaa` lists all parameters");
}

Result<void> read_severity(const toml::table& table, Policy& policy, const std::string& path) {
  for (const auto& [key, node] : table) {
    const std::string code{key.str()};
    const auto text = node.value<std::string>();
    const auto severity = text ? from_name<Severity>(*text) : std::nullopt;
    if (!severity)
      return error_at(
          fmt::format("severity of {}: expected info, low, medium, high or critical", code), path,
          node.source());
    policy.severity[code] = *severity;
  }
  return {};
}

Result<void> read_table(const toml::table& table, const std::string& prefix, Policy& policy,
                        const std::string& path) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string{key.str()};
    if (name == "extends") continue;
    if (name == "severity" && node.is_table()) {
      if (auto done = read_severity(*node.as_table(), policy, path); !done) return done;
      continue;
    }
    const auto found = std::ranges::find(parameters(), name, &Parameter::name);
    if (found != parameters().end()) {
      if (const std::string problem = found->read(policy, node); !problem.empty())
        return error_at(fmt::format("{}: {}", name, problem), path, node.source());
    } else if (const toml::table* child = node.as_table()) {
      if (auto done = read_table(*child, name + ".", policy, path); !done) return done;
    } else {
      return unknown_parameter(name, path, key.source());
    }
  }
  return {};
}

const DataFile* embedded_profile(const std::string& name) {
  for (const DataFile& file : data_files())
    if (file.name == "profiles/" + name + ".toml") return &file;
  return nullptr;
}

Result<Policy> parse_profile(std::string_view toml, const std::string& path, int depth);

Result<Policy> load_embedded(const std::string& name, int depth) {
  const DataFile* file = embedded_profile(name);
  if (file == nullptr) {
    const auto close = did_you_mean(name, profile_names());
    return Error{fmt::format("there is no profile \"{}\"", name), "",
                 close ? fmt::format("did you mean \"{}\"?", *close)
                       : "profiles of this build: " + join(profile_names(), ", ")};
  }
  Result<Policy> policy = parse_profile(file->content, std::string{file->name}, depth);
  if (policy) policy->profile = name;
  return policy;
}

Result<Policy> parse_profile(std::string_view toml, const std::string& path, int depth) {
  try {
    const toml::table table = toml::parse(toml, path);
    Policy policy;
    if (const toml::node* extends = table.get("extends")) {
      const auto base = extends->value<std::string>();
      if (!base || depth >= 8)
        return error_at("extends: expected the name of one profile of this build, without a circle",
                        path, extends->source());
      Result<Policy> inherited = load_embedded(*base, depth + 1);
      if (!inherited)
        return error_at(inherited.error().what, path, extends->source(), inherited.error().remedy);
      policy = std::move(*inherited);
    }
    policy.profile = path;
    if (auto done = read_table(table, "", policy, path); !done) return std::move(done).error();
    return policy;
  } catch (const toml::parse_error& problem) {
    return error_at(std::string{problem.description()}, path, problem.source());
  }
}

std::string digest_of(const Policy& policy) {
  std::string canonical;
  for (const auto& [name, value] : describe(policy)) canonical += name + "=" + value + "\n";
  return sha256_hex(canonical);
}

}  // namespace

std::vector<std::string> profile_names() {
  std::vector<std::string> names{"hipaa"};
  for (const DataFile& file : data_files()) {
    if (!file.name.starts_with("profiles/")) continue;
    const std::string name{file.name.substr(9, file.name.size() - 9 - 5)};
    if (name != "hipaa") names.push_back(name);
  }
  return names;
}

Result<Policy> parse_profile(std::string_view toml, const std::string& path) {
  Result<Policy> policy = parse_profile(toml, path, 0);
  if (!policy) return policy;
  // Whoever demands nothing would be told that everything holds.
  if (policy->coverage.items.empty())
    return Error{"this profile demands no item of the checklist", printable(path),
                 "begin it with extends = \"hipaa\", or name coverage.items"};
  policy->digest = digest_of(*policy);
  return policy;
}

Result<Policy> load_profile(const std::string& name_or_path) {
  const bool is_path =
      name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml");
  if (!is_path) {
    Result<Policy> policy = load_embedded(name_or_path, 0);
    if (policy) policy->digest = digest_of(*policy);
    return policy;
  }
  const Result<std::string> content = read_text_file(name_or_path);
  if (!content) return Error{content.error()}.while_doing("profile");
  return parse_profile(*content, name_or_path);
}

std::vector<std::pair<std::string, std::string>> describe(const Policy& policy) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const Parameter& parameter : parameters())
    lines.emplace_back(parameter.name, parameter.print(policy));
  for (const auto& [code, severity] : policy.severity)
    lines.emplace_back("severity." + code, std::string{name_of(severity)});
  std::ranges::sort(lines);
  return lines;
}

}  // namespace rta

#include <redis_tls_audit/check.h>

#include <charconv>

#include "base/provider.h"
#include "base/text.h"
#include "checks/common/settings.h"
#include "checks/live/version_table.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "hipaa.308.a.5.ii.B"sv, "nist.SI-2"sv,
                               "nist.SA-22"sv,         "nist.RA-5"sv,          "pci.6.3.1"sv,
                               "pci.6.3.3"sv};

struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
};

std::optional<Version> parse_version(std::string_view text) {
  std::array<int, 3> numbers{};
  const std::vector<std::string_view> parts = split(text, '.');
  if (parts.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::string_view part = parts[i];
    const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), numbers[i]);
    const bool has_rest = stop != part.data() + part.size();  // "-rc1" of the last one
    if (error != std::errc{} || (has_rest && i < 2)) return std::nullopt;
  }
  return Version{numbers[0], numbers[1], numbers[2]};
}

const ReleaseLine* line_of(std::string_view product, const Version& version) {
  for (const ReleaseLine& line : kReleaseLines)
    if (line.product == product && line.major == version.major && line.minor == version.minor)
      return &line;
  return nullptr;
}

bool is_past(std::string_view date, Timestamp now) {
  const std::optional<Timestamp> end = parse_timestamp(date);
  return end && now >= *end;
}

// Who may have patched this very version without changing its number.
const DistributionVersion* patched_by(std::string_view product, const Version& version,
                                      Timestamp now) {
  for (const DistributionVersion& shipped : kDistributionVersions)
    if (shipped.product == product && shipped.major == version.major &&
        shipped.minor == version.minor && shipped.patch == version.patch &&
        !is_past(shipped.until, now))
      return &shipped;
  return nullptr;
}

// How many days the audit is later than the table.
std::int64_t table_age(Timestamp now) {
  const std::optional<Timestamp> made = parse_timestamp(kVersionTableDate);
  return std::chrono::floor<std::chrono::days>(now - made.value_or(now)).count();
}

bool is_newer_than_table(std::string_view product, const Version& version) {
  return std::ranges::none_of(kReleaseLines, [&](const ReleaseLine& line) {
    return line.product == product &&
           std::pair{line.major, line.minor} >= std::pair{version.major, version.minor};
  });
}

Findings::Entry judge_version(const Subject& subject, const std::string& product,
                              const std::string& text, const Evidence& evidence,
                              const Policy& policy, Findings& findings) {
  const std::optional<Version> version = parse_version(text);
  if (!version)
    return findings.unknown(subject,
                            fmt::format("the version {} of {} cannot be understood", text, product),
                            GapReason::malformed);
  const std::string name = product + " " + text;
  const ReleaseLine* line = line_of(product, *version);
  if (line == nullptr && is_newer_than_table(product, *version))
    return findings.unknown(
        subject,
        fmt::format("{} is newer than this program's table of {}", name, kVersionTableDate),
        GapReason::unsupported);
  const DistributionVersion* distribution = patched_by(product, *version, evidence.as_of);
  const bool ended = line == nullptr || is_past(line->end_of_life, evidence.as_of);
  if (ended) {
    const std::string since =
        line == nullptr ? std::string{} : fmt::format(" since {}", line->end_of_life);
    if (distribution != nullptr)
      return findings.warn(
          subject,
          fmt::format(
              "{} is past its end of life upstream{}; {} may still patch it: verify the package",
              name, since, distribution->who));
    return findings.fail(subject, fmt::format("{} is past its end of life{}", name, since));
  }
  if (version->patch < line->fixed_patch) {
    const std::string flaw = fmt::format("{} has {}; {}.{}.{} fixes it", name, line->flaws,
                                         line->major, line->minor, line->fixed_patch);
    if (distribution == nullptr) return findings.fail(subject, flaw);
    return findings.warn(subject, fmt::format("{}, and {} may have patched it: verify the package",
                                              flaw, distribution->who));
  }
  if (version->patch < line->newest_patch)
    return findings.warn(subject, fmt::format("{} lacks the security fixes of {}.{}.{}", name,
                                              line->major, line->minor, line->newest_patch));
  const std::int64_t age = table_age(evidence.as_of);
  if (age > policy.versions.table_days)
    return findings.warn(
        subject, fmt::format("{} had the known fixes of {}; this program's table is {} days old, so "
                             "later ones are not known",
                             name, kVersionTableDate, age));
  return findings.pass(subject, fmt::format("{} is a supported release with the known fixes of {}",
                                            name, kVersionTableDate));
}

void judge_server(const Endpoint& endpoint, const RedisServer& server, const Evidence& evidence,
                  const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const std::string product = product_of_info(server.info);
  const std::string* version =
      server.info_value(product == "Valkey" ? "valkey_version" : "redis_version");
  if (version == nullptr) {
    findings.unknown(subject, untold(server, "its version (INFO)", "ACL SETUSER auditor +info"));
    return;
  }
  if (product != "Redis" && product != "Valkey") {
    findings.unknown(subject, fmt::format("this program knows no release lines of {}", product),
                     GapReason::unsupported);
    return;
  }
  judge_version(subject, product, *version, evidence, policy, findings)
      .expected("a supported release line with its latest fixes")
      .observed(fmt::format("{} {}", product, *version))
      .from({"redis_server", endpoint.key, {}, "INFO redis_version", server_grade(endpoint)});
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind == EndpointKind::rehearsal)
      continue;  // the rehearsed binary is this machine's
    if (const RedisServer* server = endpoint.redis.value())
      judge_server(endpoint, *server, evidence, policy, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), *endpoint.redis.gap());
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live server was asked for its version",
                     GapReason::not_requested);
}

}  // namespace

extern const Check live_supported_version;
constexpr Check live_supported_version{
    .info = {.code = "RTA-LIVE-003",
             .title = "The server's version is supported and holds the known fixes",
             .core = {},
             .supports = {kItemS},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::redis_server},
             .controls = kControls,
             .remediation = "apt-get install --only-upgrade redis-server"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

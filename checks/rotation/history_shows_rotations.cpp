#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/certificates.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.D"sv, "hipaa.316.b.2"sv, "nist.SC-12"sv,
                               "nist.CA-7"sv,          "pci.3.7.4"sv,     "pci.3.7.5"sv};

// A certificate of an endpoint as scans saw it one after the other.
struct Period {
  std::string serial;
  std::string spki_sha256;
  Timestamp not_before;
  Timestamp first_seen;
};

// Each certificate once, in the order in which they were issued: behind a load
// balancer scans may see two of them in turn.
std::vector<Period> periods_of(const Evidence& evidence, const Endpoint& endpoint,
                               const x509::Certificate& leaf) {
  std::vector<Period> periods;
  const auto add = [&](Period period) {
    if (std::ranges::count(periods, period.serial, &Period::serial) == 0)
      periods.push_back(std::move(period));
  };
  for (const EarlierScan& scan : *evidence.history)
    if (scan.endpoint == endpoint.key && !scan.serial.empty())
      add({scan.serial, scan.spki_sha256, scan.not_before, scan.when});
  add({leaf.serial, leaf.spki_sha256, leaf.not_before, evidence.as_of});
  std::ranges::stable_sort(periods, {}, &Period::not_before);
  return periods;
}

std::size_t observations(const Evidence& evidence, const Endpoint& endpoint) {
  return 1 + static_cast<std::size_t>(
                 std::ranges::count_if(*evidence.history, [&](const EarlierScan& scan) {
                   return scan.endpoint == endpoint.key && !scan.serial.empty();
                 }));
}

std::int64_t days_between(Timestamp earlier, Timestamp later) {
  return std::chrono::floor<std::chrono::days>(later - earlier).count();
}

// The period that the policy asks for, with a tenth for people's calendars.
std::optional<std::int64_t> longest_interval(const Policy& policy) {
  const std::optional<int> age =
      policy.rotation.max_age.warn ? policy.rotation.max_age.warn : policy.rotation.max_age.fail;
  if (!age) return std::nullopt;
  return *age + *age / 10;
}

void judge_keys(const Subject& subject, const std::vector<Period>& periods,
                const Provenance& from, const Policy& policy, Findings& findings) {
  for (std::size_t i = 1; i < periods.size(); ++i) {
    if (periods[i].spki_sha256.empty() || periods[i].spki_sha256 != periods[i - 1].spki_sha256)
      continue;
    judge(findings, policy.rotation.same_key, subject,
          fmt::format("the certificate of {} has the key of the one before it: the key was not "
                      "rotated",
                      to_date(periods[i].not_before)))
        .expected("a new key with every renewal")
        .observed(fmt::format("key {} in serials {} and {}", periods[i].spki_sha256.substr(0, 16),
                              printable(periods[i - 1].serial, 40), printable(periods[i].serial, 40)))
        .variant("key of serial " + printable(periods[i].serial, 60))
        .from(from);
  }
}

void judge_endpoint(const Endpoint& endpoint, const x509::Certificate& leaf,
                    const Evidence& evidence, const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const std::size_t seen = observations(evidence, endpoint);
  if (seen < 2) {
    findings.info(subject, "no earlier scan saw the certificate of this endpoint; renewals show "
                           "from the second one on");
    return;
  }
  const std::vector<Period> periods = periods_of(evidence, endpoint, leaf);
  const auto longest = longest_interval(policy);
  Provenance from = evidence.history.provenance();
  from.endpoint = endpoint.key;
  const std::string expected =
      longest ? fmt::format("a renewal every {} days at most", *longest) : "renewals";
  std::int64_t widest = 0;
  for (std::size_t i = 1; i < periods.size(); ++i)
    widest = std::max(widest, days_between(periods[i - 1].not_before, periods[i].not_before));
  const std::int64_t on_record = days_between(periods.front().first_seen, evidence.as_of);
  if (periods.size() == 1 && longest && on_record > *longest)
    findings
        .warn(subject, fmt::format("{} scans over {} days all saw the same certificate", seen,
                                   on_record))
        .expected(expected)
        .observed("serial " + printable(leaf.serial, 60))
        .from(from);
  else if (periods.size() == 1)
    findings.info(subject, fmt::format("{} scans over {} days saw one certificate; no renewal was "
                                       "due in that time",
                                       seen, on_record));
  else if (longest && widest > *longest)
    findings
        .warn(subject, fmt::format("{} certificates were seen, with up to {} days from one to the "
                                   "next",
                                   periods.size(), widest))
        .expected(expected)
        .observed(fmt::format("{} days", widest))
        .from(from);
  else
    findings
        .pass(subject, fmt::format("{} certificates were seen in {} scans, at most {} days from one "
                                   "to the next",
                                   periods.size(), seen, widest))
        .expected(expected)
        .from(from);
  judge_keys(subject, periods, from, policy, findings);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  if (const Gap* gap = evidence.history.gap()) {
    findings.unknown(Subject::deployment(), *gap);
    return;
  }
  say_chain_gaps(evidence, findings);
  for (const Endpoint& endpoint : evidence.endpoints) {
    const ServedChain* chain = real_chain(endpoint);
    if (endpoint.kind != EndpointKind::live || chain == nullptr) continue;
    if (const Result<x509::Certificate> leaf = x509::parse_certificate(chain->certificates.front()))
      judge_endpoint(endpoint, *leaf, evidence, policy, findings);
    else
      findings.unknown(Subject::endpoint(endpoint.key), "the served certificate cannot be read",
                       GapReason::malformed);
  }
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no live endpoint serves a certificate to follow",
                     GapReason::not_requested);
}

}  // namespace

extern const Check rotation_history_shows_rotations;
constexpr Check rotation_history_shows_rotations{
    .info = {.code = "RTA-ROT-004",
             .title = "Earlier scans show that certificates are renewed with new keys",
             .core = {},
             .supports = {10},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::served_chain, Need::history},
             .controls = kControls,
             .remediation = "make a new key with every renewal (certbot: no --reuse-key); scan "
                            "regularly with --history DIR"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

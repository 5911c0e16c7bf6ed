#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"
#include "files/clients/client_verdict.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv,    "nist.SC-23"sv, "nist.SI-2"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv,  "pci.6.3.2"sv};

constexpr const char* kExpected = "a client that checks the name by default, or is told to";

// "redis-py >=4.3" is a lower bound: a newer one may be installed.
struct Library {
  std::string name;
  std::string version;
  bool exact = true;
};

Library split_library(const std::string& text) {
  const std::size_t blank = text.find(' ');
  Library library{text.substr(0, blank), blank == std::string::npos ? "" : text.substr(blank + 1),
                  true};
  if (library.version.starts_with(">=")) {
    library.version.erase(0, 2);
    library.exact = false;
  }
  return library;
}

void judge_library(const Consumer& consumer, Findings& findings) {
  const Subject subject = consumer.subject();
  const SourceLocation where{consumer.source, 0, 0};
  const auto detail = [&](Findings::Entry entry) {
    entry.expected(kExpected).observed(consumer.library).at(where).grade(Grade::declared);
  };
  if (consumer.level == VerificationLevel::tls_verified)
    return detail(findings.pass(subject, "chain and name are verified: " + consumer.level_reason));
  const Library library = split_library(consumer.library);
  if (library.name.empty()) {
    findings
        .unknown(subject, "no manifest or lock file names its Redis client", GapReason::not_found)
        .expected(kExpected)
        .at(where);
  } else if (library.name == "ioredis" || library.name == "node-redis" ||
             library.name == "bullmq" || library.name == "bull" || library.name == "go-redis") {
    detail(findings.pass(
        subject, fmt::format("{} checks the name unless it is told not to", consumer.library)));
  } else if (library.name == "celery" || library.name == "kombu") {
    detail(findings.warn(subject, fmt::format("{} never checks the name, and accepts any "
                                              "certificate for rediss:// without ssl_cert_reqs",
                                              consumer.library)));
  } else if (library.name == "redis-py" && !library.version.empty()) {
    if (files::compare_versions(library.version, "6.0") >= 0)
      detail(
          findings.pass(subject, fmt::format("{} checks the name by default", consumer.library)));
    else if (library.exact)
      detail(findings.fail(subject, fmt::format("{} accepts any name on a certificate of its CA: "
                                                "ssl_check_hostname is False by default before 6.0",
                                                consumer.library)));
    else
      detail(findings.warn(
          subject,
          fmt::format("{} allows versions before 6.0, which do not check the name by default",
                      consumer.library)));
  } else {
    findings
        .unknown(subject, fmt::format("what {} checks by default is not known", consumer.library),
                 GapReason::unsupported)
        .expected(kExpected)
        .at(where);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : main_consumers(evidence)) {
    if (say_refused(*consumer, findings)) continue;
    if (tls_reading(*consumer, policy).state == TlsState::off)
      findings.not_applicable(consumer->subject(), "TLS is off here (RTA-ENV-001, RTA-ENV-002)");
    else
      judge_library(*consumer, findings);
  }
  if (findings.empty()) say_no_consumer(evidence, findings, "backend or worker");
}

}  // namespace

extern const Check applications_client_checks_names;
constexpr Check applications_client_checks_names{
    .info = {.code = "RTA-ENV-008",
             .title = "Client libraries check the name of the server",
             .core = {},
             .supports = {7},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "redis>=6.0, or ssl_check_hostname=True"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

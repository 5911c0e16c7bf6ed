#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include <algorithm>
#include "checks/common/checkout.h"
#include "checks/common/consumers.h"

#include "base/text.h"
#include "x509/certificate.h"
#include "x509/chain.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "nist.IA-5.2"sv, "nist.SC-23.5"sv,
                               "sp800-52r2.4.5"sv, "pci.4.2.1"sv};

constexpr const char* kExpected = "an absolute path of a readable CA certificate";

// The chain that this consumer's endpoint serves ends in the public store.
bool is_publicly_trusted(const Consumer& consumer, const Evidence& evidence) {
  const Endpoint* endpoint = evidence.endpoint(consumer.endpoint);
  const ServedChain* chain = endpoint == nullptr ? nullptr : endpoint->chain.value();
  if (chain == nullptr || evidence.public_store.empty()) return false;
  return x509::verify_chain({.served = chain->certificates,
                             .anchors = evidence.public_store,
                             .at = evidence.as_of})
      .accepted;
}

// The deployment brings its own Redis with TLS: its CA is no public one.
bool hosts_its_own_redis(const Evidence& evidence) {
  for (const RedisConfiguration& configuration : evidence.redis_configurations)
    if (configuration.value("tls-cert-file") != nullptr) return true;
  return std::ranges::any_of(evidence.endpoints,
                             [](const Endpoint& endpoint) { return endpoint.chain.has_value(); });
}

void judge_unnamed(const Consumer& consumer, const Evidence& evidence, Findings& findings) {
  const SourceLocation where{consumer.source, 0, 0};
  if (is_publicly_trusted(consumer, evidence))
    findings
        .warn(consumer.subject(),
              "names no CA; the served chain is publicly trusted, so any public CA could stand in")
        .expected(kExpected)
        .observed("unset")
        .at(where)
        .grade(Grade::declared);
  else if (hosts_its_own_redis(evidence))
    findings
        .fail(consumer.subject(),
              "names no CA, although the Redis of this deployment uses a private one")
        .expected(kExpected)
        .observed("unset")
        .at(where)
        .grade(Grade::declared);
  else
    findings
        .unknown(consumer.subject(),
                 "names no CA, and whether its server is publicly trusted was not seen",
                 GapReason::not_requested)
        .expected(kExpected)
        .observed("unset")
        .at(where);
}

// Empty when every certificate of the file can serve as an anchor now.
std::string problem_of(const Consumer& consumer, Timestamp now) {
  if (consumer.ca_certificates.empty()) return "holds no certificate";
  bool usable = false;
  std::string problem;
  for (const Bytes& der : consumer.ca_certificates) {
    const Result<x509::Certificate> certificate = x509::parse_certificate(der);
    if (!certificate)
      problem = "holds something that is no certificate";
    else if (!certificate->is_ca())
      problem = "holds a certificate that is not a CA: " + certificate->subject;
    else if (certificate->not_after < now)
      problem = "holds an expired CA: " + certificate->subject;
    else
      usable = true;
  }
  return usable ? "" : problem;
}

void judge_named(const Consumer& consumer, const NamedFile& ca, const Evidence& evidence,
                 Findings& findings) {
  const SourceLocation& where = ca.reference.named_at;
  const std::string path = printable(ca.declared);
  const auto fail = [&](const std::string& why, Grade grade) {
    findings.fail(consumer.subject(), fmt::format("its CA {} {}", path, why))
        .expected(kExpected)
        .observed(path)
        .at(where)
        .grade(grade);
  };
  if (ca.placeholder)
    return fail("is a placeholder of the documentation, not a path", Grade::declared);
  if (is_left_out(evidence, ca)) {
    findings.unknown(consumer.subject(), left_out(ca)).at(where);
    return;
  }
  if (const Gap* gap = ca.file.gap()) {
    if (gap->reason == GapReason::not_found)
      return fail("does not exist: " + gap->detail, Grade::observed);
    findings
        .unknown(consumer.subject(),
                 Gap{gap->reason, fmt::format("its CA {} was not read: {}", path, gap->detail),
                     gap->remedy})
        .at(where);
    return;
  }
  if (const std::string problem = problem_of(consumer, evidence.as_of); !problem.empty())
    return fail(problem, Grade::observed);
  if (!ca.declared.starts_with('/'))
    findings
        .warn(consumer.subject(), fmt::format("its CA {} is a relative path: it depends on the "
                                              "directory the application starts in",
                                              path))
        .expected(kExpected)
        .observed(path)
        .at(where)
        .grade(Grade::observed);
  else
    findings.pass(consumer.subject(), fmt::format("its CA {} exists and can anchor a chain", path))
        .expected(kExpected)
        .observed(path)
        .at(where)
        .grade(Grade::observed);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer& consumer : evidence.consumers) {
    if (consumer.template_file || consumer.role == ConsumerRole::other ||
        say_refused(consumer, findings))
      continue;
    const TlsReading tls = tls_reading(consumer, policy);
    if (consumer.ca)
      judge_named(consumer, *consumer.ca, evidence, findings);
    else if (say_left_out(consumer, findings, "its CA"))
      continue;
    else if (tls.state == TlsState::off)
      findings.not_applicable(consumer.subject(),
                              "TLS is off here (RTA-ENV-001, RTA-ENV-002), so no CA is needed");
    else
      judge_unnamed(consumer, evidence, findings);
  }
  if (findings.empty()) say_no_consumer(evidence, findings, "backend or worker");
}

}  // namespace

extern const Check applications_usable_ca;
constexpr Check applications_usable_ca{
    .info = {.code = "RTA-ENV-003",
             .title = "Each consumer names a usable CA",
             .core = {5, 6, 7},
             .supports = {},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::served_chain},
             .controls = kControls,
             .remediation = "REDIS_TLS_CA_PATH=/etc/ssl/redis/ca.pem"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

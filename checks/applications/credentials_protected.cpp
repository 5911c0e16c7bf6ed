#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "checks/common/consumers.h"
#include "checks/common/transport_remedy.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.d"sv, "hipaa.312.e.1"sv, "nist.IA-5.1"sv,
                               "nist.IA-5.7"sv, "pci.8.3.2"sv,     "pci.8.6.2"sv};

constexpr const char* kExpected = "a secret of its own, sent over TLS only";

void judge_credentials(const Consumer& consumer, const Policy& policy, Findings& findings) {
  const Subject subject = consumer.subject();
  if (!has_password(consumer)) {
    if (consumer.certificate && consumer.key_file)
      findings.pass(subject, "it identifies itself with a client certificate and holds no password")
          .expected(kExpected)
          .observed("client certificate")
          .at(consumer.certificate->reference.named_at)
          .grade(Grade::declared);
    else if (!say_left_out(consumer, findings, "its password"))
      findings
          .warn(subject,
                "it has neither a password nor a client certificate: its server must accept "
                "everyone (RTA-AUTH-001)")
          .expected(kExpected)
          .observed("no credential")
          .at({consumer.source, 0, 0})
          .grade(Grade::declared);
    return;
  }
  const Setting& password = *consumer.password;
  const TlsReading tls = tls_reading(consumer, policy);
  if (is_off_by_silence(consumer, tls) && say_left_out(consumer, findings, "whether it uses TLS"))
    return;
  const auto fail = [&](const std::string& message, const std::string& variant) {
    Findings::Entry entry = findings.fail(subject, message);
    entry.expected(kExpected)
        .observed(password.name)
        .at(password.location)
        .variant(variant)
        .grade(Grade::declared);
    const std::string remedy = variant == "plaintext" ? transport_remedy(consumer) : "";
    if (!remedy.empty()) entry.remediation(remedy);
  };
  if (tls.state == TlsState::off)
    fail(fmt::format("the password of {} is sent in clear: {}", password.name, tls.seen),
         "plaintext");
  if (password.secret.placeholder)
    fail(fmt::format("the password of {} is an example from documentation", password.name),
         "placeholder");
  if (tls.state != TlsState::off && !password.secret.placeholder)
    findings.pass(subject, fmt::format("{} holds a password, and TLS is asked for", password.name))
        .expected(kExpected)
        .observed(password.name)
        .at(password.location)
        .grade(Grade::declared);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const Consumer* consumer : main_consumers(evidence))
    if (!say_refused(*consumer, findings)) judge_credentials(*consumer, policy, findings);
  if (findings.empty()) say_no_consumer(evidence, findings, "backend or worker");
}

}  // namespace

extern const Check applications_credentials_protected;
constexpr Check applications_credentials_protected{
    .info = {.code = "RTA-ENV-010",
             .title = "Credentials are present and never sent in clear",
             .core = {},
             .supports = {5, 6},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files, Need::redis_server},
             .controls = kControls,
             .remediation = "REDIS_URL=rediss://backend:PASSWORD@HOST:6379/0"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

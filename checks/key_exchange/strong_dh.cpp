#include <redis_tls_audit/check.h>

#include "checks/common/tls_view.h"
#include "tls/dh_prime.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.SC-12"sv, "sp800-52r2.3.3.1"sv,
                               "sp800-52r2.3.4.2"sv, "pci.4.2.1"sv};

// Below this, a prime of the server's own is not trusted without a warning.
constexpr int kOwnPrimeBits = 3072;

struct Judged {
  Verdict verdict = Verdict::pass;
  std::string text;
};

Judged judge_prime(const DhParameters& parameters, const Policy& policy) {
  const tls::PrimeFacts prime = tls::facts_of_prime(parameters.prime);
  const std::string name =
      prime.name.empty() ? fmt::format("a prime of {} bits of its own", prime.bits) : prime.name;
  if (prime.composite)
    return {Verdict::fail, fmt::format("a number of {} bits that is not prime", prime.bits)};
  if (prime.origin == tls::PrimeOrigin::known_weak)
    return {Verdict::fail, name + ", which everybody shares"};
  if (prime.bits < policy.key_exchange.min_dh_bits) return {Verdict::fail, name};
  if (prime.origin == tls::PrimeOrigin::own && prime.bits < kOwnPrimeBits)
    return {Verdict::warn, name};
  return {policy.key_exchange.dhe, name};
}

// The project's own parameters could not be given to its rehearsed server.
const NamedFile* missing_parameters(const Evidence& evidence, const Endpoint& endpoint) {
  if (endpoint.kind != EndpointKind::rehearsal) return nullptr;
  for (const NamedFile& named : evidence.named_files)
    if (named.reference.use == FileUse::dh_parameters &&
        named.reference.by == endpoint.rehearsed_source && named.file.gap() != nullptr)
      return &named;
  return nullptr;
}

void judge_endpoint(const Evidence& evidence, const Endpoint& endpoint, const TlsSurvey& survey,
                    const Policy& policy, Findings& findings) {
  const Subject subject = Subject::endpoint(endpoint.key);
  const Provenance source = wire(endpoint, "ServerKeyExchange");
  if (endpoint.stand_in_certificate) {
    findings.unknown(
        subject,
        "the size follows the certificate's key, and a certificate made for the rehearsal stood in",
        GapReason::unsupported);
    return;
  }
  if (const NamedFile* missing = missing_parameters(evidence, endpoint)) {
    Gap gap = *missing->file.gap();
    gap.detail = fmt::format("the DH parameters of the project were not seen: {}", gap.detail);
    findings.unknown(subject, gap).at(missing->reference.named_at);
    return;
  }
  const std::vector<CipherSuite> dhe =
      accepted_suites(survey, [](const tls::SuiteProperties& suite) {
        return suite.key_exchange == tls::KeyExchange::dhe;
      });
  Judged worst;
  std::vector<std::string> seen;
  for (const DhParameters& parameters : survey.dh_parameters) {
    const Judged judged = judge_prime(parameters, policy);
    worst.verdict = worse(worst.verdict, judged.verdict);
    seen.push_back(judged.text);
  }
  bool groups = false;
  for (const GroupInventory& inventory : survey.groups)
    for (const AcceptedGroup& accepted : inventory.accepted)
      if (const tls::GroupProperties* group = tls::find_group(accepted.group);
          group != nullptr && group->kind == tls::GroupKind::finite_field) {
        groups = true;
        seen.push_back(std::string{group->name} + " of TLS 1.3");
      }
  const std::string expected = fmt::format("at least {} bits, a prime of RFC 7919 or RFC 3526",
                                           policy.key_exchange.min_dh_bits);
  // One answer shows the prime of all suites that prove the server alike; OpenSSL
  // fits it to the certificate's key, and takes a short one where there is none.
  const auto seen_prime = [&](const tls::SuiteProperties& suite) {
    return std::ranges::any_of(survey.dh_parameters, [&](const DhParameters& parameters) {
      const tls::SuiteProperties* with = tls::find_suite(parameters.suite);
      return parameters.suite == 0 || with == nullptr ||
             with->authentication == suite.authentication;
    });
  };
  const auto unseen = std::ranges::find_if(
      dhe, [&](CipherSuite code) { return !seen_prime(*tls::find_suite(code)); });
  auto open = suites_incomplete(survey, [&](const tls::SuiteProperties& suite) {
    return suite.key_exchange == tls::KeyExchange::dhe &&
           !(survey.gate_mode && seen_prime(suite));
  });
  if (!open && !survey.gate_mode) open = groups_incomplete(survey);
  if (worst.verdict == Verdict::fail || worst.verdict == Verdict::warn)
    judge(findings, worst.verdict, subject, "Diffie-Hellman uses " + listed(seen))
        .expected(expected)
        .observed(listed(seen))
        .from(source);
  else if (unseen != dhe.end())
    findings
        .unknown(subject,
                 "DHE suites are accepted, but no prime was seen with " +
                     tls::openssl_suite_name(*unseen),
                 GapReason::incomplete)
        .from(source);
  else if (open)
    findings.unknown(subject, "nothing weak was seen, but " + *open, GapReason::incomplete)
        .from(source);
  else if (dhe.empty() && !groups)
    findings.not_applicable(
        subject, survey.gate_mode ? "no DHE suite is offered; the finite-field groups of TLS 1.3 "
                                    "have 2048 bits and more"
                                  : "no finite-field Diffie-Hellman is offered");
  else
    findings.pass(subject, "Diffie-Hellman uses " + listed(seen))
        .expected(expected)
        .observed(listed(seen))
        .from(source);
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  each_survey(evidence, findings, [&](const Endpoint& endpoint, const TlsSurvey& survey) {
    judge_endpoint(evidence, endpoint, survey, policy, findings);
  });
}

}  // namespace

extern const Check key_exchange_strong_dh;
constexpr Check key_exchange_strong_dh{
    .info = {.code = "RTA-KEX-002",
             .title = "Finite-field Diffie-Hellman has at least 2048 bits and a good prime",
             .core = {},
             .supports = {2},
             .severity = Severity::high,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::tls_survey},
             .controls = kControls,
             .remediation = "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

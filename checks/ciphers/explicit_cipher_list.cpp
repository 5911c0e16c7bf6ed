#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/settings.h"
#include "checks/common/tls_view.h"
#include "tls/cipher_string.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.312.e.2.ii"sv, "nist.CM-6"sv, "nist.SC-13"sv,
                               "sp800-52r2.3.3.1"sv, "pci.4.2.1"sv, "pci.12.3.3"sv};

constexpr std::string_view kExpected = "a list of its own, such as ECDHE+AESGCM:ECDHE+CHACHA20";

// Kinds of key that the servers of this deployment hold, from the suites that
// they accept; both when nothing is known.
struct Keys {
  bool rsa = false;
  bool ecdsa = false;
};

Keys served_keys(const Evidence& evidence) {
  Keys keys;
  for (const Endpoint& endpoint : evidence.endpoints) {
    const TlsSurvey* survey = endpoint.tls.value();
    if (survey == nullptr || endpoint.stand_in_certificate) continue;
    for (const SuiteInventory& inventory : survey->suites)
      for (const AcceptedSuite& accepted : inventory.accepted)
        if (const tls::SuiteProperties* suite = tls::find_suite(accepted.suite)) {
          keys.rsa = keys.rsa || suite->authentication == tls::Authentication::rsa;
          keys.ecdsa = keys.ecdsa || suite->authentication == tls::Authentication::ecdsa;
        }
  }
  return keys.rsa || keys.ecdsa ? keys : Keys{true, true};
}

std::vector<CipherSuite> failing(const std::vector<CipherSuite>& expansion, const Keys& keys,
                                 const Policy& policy) {
  std::vector<CipherSuite> found;
  for (const CipherSuite code : expansion) {
    const tls::SuiteProperties* suite = tls::find_suite(code);
    if (suite != nullptr && tls::usable_with_key(code, keys.rsa, keys.ecdsa) &&
        verdict_of_suite(*suite, policy) == Verdict::fail)
      found.push_back(code);
  }
  return found;
}

// Offered on the wire, known to the OpenSSL of this program, and not in the expansion.
std::vector<CipherSuite> unexplained(const ConfigurationView& view,
                                     const std::vector<CipherSuite>& expansion) {
  std::vector<CipherSuite> found;
  const TlsSurvey* survey = view.endpoint == nullptr ? nullptr : view.endpoint->tls.value();
  if (survey == nullptr) return found;
  const auto everything = tls::expand_cipher_string("ALL:COMPLEMENTOFALL:@SECLEVEL=0");
  if (!everything) return found;
  for (const CipherSuite code : accepted_suites(
           *survey, [](const tls::SuiteProperties& suite) { return !suite.is_tls13(); }))
    if (std::ranges::count(expansion, code) == 0 && std::ranges::count(*everything, code) > 0)
      found.push_back(code);
  return found;
}

void judge_string(const ConfigurationView& view, const std::string& text, const Evidence& evidence,
                  const Policy& policy, Findings& findings) {
  const std::string shown = text.empty() ? "not set" : "\"" + printable(text, 200) + "\"";
  const Provenance source = view.provenance("tls-ciphers");
  const std::string expected{kExpected};
  const std::string remedy = cipher_remedy(policy) + "\n" + tls13_cipher_remedy(policy);
  const tls::CipherStringShape shape = tls::shape_of_cipher_string(text);
  const auto expansion = tls::expand_cipher_string(text.empty() ? "DEFAULT" : text);
  if (shape.security_level && *shape.security_level < 2) {
    findings
        .fail(view.subject, fmt::format("tls-ciphers lowers OpenSSL's security level to {}",
                                        *shape.security_level))
        .expected(expected)
        .remediation(remedy)
        .observed(shown)
        .from(source);
  } else if (!shape.enables_weak.empty()) {
    findings.fail(view.subject, "tls-ciphers switches on " + listed(shape.enables_weak))
        .expected(expected)
        .remediation(remedy)
        .observed(shown)
        .from(source);
  } else if (!expansion) {
    findings.warn(view.subject, "tls-ciphers cannot be expanded: " + expansion.error().what)
        .expected(expected)
        .remediation(remedy)
        .observed(shown)
        .from(source);
  } else if (const auto bad = failing(*expansion, served_keys(evidence), policy); !bad.empty()) {
    findings
        .fail(view.subject, fmt::format("tls-ciphers {} expands to {} that the profile fails: {}",
                                        shown, counted(bad.size(), "suite", "suites"), listed(bad)))
        .expected(expected)
        .remediation(remedy)
        .observed(shown)
        .from(source);
  } else if (const auto strange = unexplained(view, *expansion);
             !strange.empty() && !text.empty() && shape.broad_keyword.empty()) {
    findings
        .fail(view.subject,
              "suites are offered that tls-ciphers does not contain, so another program answers: " +
                  listed(strange))
        .expected(expected)
        .remediation(remedy)
        .observed(listed(strange, 100))
        .from(source);
  } else if (text.empty() || !shape.broad_keyword.empty()) {
    findings
        .warn(view.subject,
              text.empty() ? "tls-ciphers is not set: what is offered changes with every OpenSSL"
                           : "tls-ciphers starts from " + shape.broad_keyword +
                                 ", whose meaning changes with every OpenSSL")
        .expected(expected)
        .remediation(remedy)
        .observed(shown)
        .from(source);
  } else {
    findings.pass(view.subject, "tls-ciphers is an allow-list that the profile accepts")
        .expected(expected)
        .observed(shown)
        .from(source);
  }
}

void evaluate(const Evidence& evidence, const Policy& policy, Findings& findings) {
  for (const ConfigurationView& view : configurations(evidence)) {
    const std::string* tls_port = view.value("tls-port");
    const std::string* text = view.value("tls-ciphers");
    if (say_withheld(view, "RTA-CIP-001 to 005 judge what it offers on the wire", findings))
      continue;
    if (view.lacks("tls-ciphers") || (tls_port != nullptr && *tls_port == "0"))
      findings.not_applicable(view.subject, "no TLS listener is configured here");
    else if (text == nullptr)
      findings.unknown(view.subject, view.gap("tls-ciphers"));
    else
      judge_string(view, *text, evidence, policy, findings);
  }
  if (findings.empty()) say_no_configuration(evidence, findings);
}

}  // namespace

extern const Check ciphers_explicit_cipher_list;
constexpr Check ciphers_explicit_cipher_list{
    .info = {.code = "RTA-CIP-007",
             .title = "The cipher string is an explicit allow-list and equals what is offered",
             .core = {2},
             .supports = {},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files, Need::redis_server, Need::tls_survey},
             .controls = kControls,
             .remediation =
                 "tls-ciphers ECDHE+AESGCM:ECDHE+CHACHA20\ntls-ciphersuites "
                 "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"},
    .evaluate = evaluate,
};

}  // namespace rta::checks

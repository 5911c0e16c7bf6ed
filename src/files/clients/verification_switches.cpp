#include "files/clients/verification_switches.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "files/clients/option_value.h"
#include "files/clients/source_condition.h"
#include "files/keys/needle_finder.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool starts_word(std::string_view value, std::string_view word) {
  if (!value.starts_with(word)) return false;
  const char next = value.size() > word.size() ? value[word.size()] : ' ';
  return !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' ||
           (next >= '0' && next <= '9'));
}

// Code that asks where it runs.
bool asks_environment(std::string_view value) {
  const std::string lower = lower_ascii(value);
  return std::ranges::any_of(
      std::array{"env", "prod", "isdev", "development", "debug", "insecure", "skipverif"},
      [&](const char* word) { return lower.find(word) != std::string::npos; });
}

// A name, a call or a negation that gives the value: not a literal, and not a
// type of TypeScript or Python.
bool is_given_by_code(std::string_view value) {
  if (value.starts_with("${") || (value.starts_with('!') && !value.starts_with("!0"))) return true;
  // Of a choice each value is judged.
  value = value.substr(0, balanced_length(value, ",;"));
  if (value.find('?') != kNone || value.find(" if ") != kNone) return false;
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (value.empty() || !is_word(value[0])) return false;
  for (const std::string_view known : {"true",
                                       "True",
                                       "boolean",
                                       "bool",
                                       "Boolean",
                                       "string",
                                       "any",
                                       "undefined",
                                       "null",
                                       "None",
                                       "yes",
                                       "on",
                                       "required",
                                       "optional",
                                       "CERT_REQUIRED",
                                       "CERT_OPTIONAL",
                                       "ssl.CERT_REQUIRED",
                                       "ssl.CERT_OPTIONAL",
                                       "Optional",
                                       "Literal",
                                       "Union",
                                       "str"})
    if (starts_word(value, known) && !value.starts_with("Boolean(")) return false;
  return true;
}

// rejectUnauthorized, check_hostname, verify_peer: false is off. The text
// 'false' is not: Node verifies all the same.
Meaning off_when_false(std::string_view value) {
  for (const char* off : {"false", "False", "!1", "no", "off", "Boolean(0)"})
    if (starts_word(value, off) || value.starts_with("Boolean(0)"))
      // "false | true" is a type.
      return value.substr(std::string_view{off}.size()).starts_with('|') ? Meaning::none
                                                                         : Meaning::off;
  if (value.starts_with('\'') || starts_word(value, "true") || starts_word(value, "True"))
    return Meaning::none;
  if (fails_in_production(value.substr(0, balanced_length(value, ",;"))))
    return Meaning::off_in_production;
  return asks_environment(value) || is_given_by_code(value) ? Meaning::code_decides : Meaning::none;
}
Meaning off_when_true(std::string_view value) {
  if (starts_word(value, "true") || starts_word(value, "yes") || starts_word(value, "on"))
    return Meaning::off;
  const std::string_view whole = value.substr(0, balanced_length(value, ",;"));
  if (holds_in_production(whole) && whole.find('?') == kNone) return Meaning::off_in_production;
  if (starts_word(value, "false") || starts_word(value, "no") || starts_word(value, "off"))
    return Meaning::none;
  return asks_environment(value) || is_given_by_code(value) ? Meaning::code_decides : Meaning::none;
}
Meaning cert_reqs(std::string_view value) {
  for (const char* off : {"None", "none", "null", "ssl.CERT_NONE", "CERT_NONE", "_ssl.CERT_NONE",
                          "'none'", "'CERT_NONE'"})
    if (starts_word(value, off) || value.starts_with(std::string{off} + "'") ||
        (off[0] == '\'' && value.starts_with(off)))
      return Meaning::off;
  return is_given_by_code(value) ? Meaning::code_decides : Meaning::none;
}
Meaning verify_none(std::string_view value) {
  return value.find("VERIFY_NONE") != kNone || starts_word(value, "0") ||
                 value.starts_with("ssl.CERT_NONE") || starts_word(value, "CERT_NONE")
             ? Meaning::off
             : Meaning::none;
}
// Exactly 0; anything else keeps verification on.
Meaning kill_switch(std::string_view value) {
  if (value.starts_with("'0'") || starts_word(value, "0")) return Meaning::off;
  const bool literal =
      value.starts_with('\'') || value.empty() || (value[0] >= '0' && value[0] <= '9');
  return literal ? Meaning::none : Meaning::code_decides;
}
Meaning identity_check(std::string_view value) {
  const std::size_t end = balanced_length(value, ",;");
  value = value.substr(0, end);
  if (value.ends_with("checkServerIdentity") || value.empty()) return Meaning::none;
  for (const char* nothing :
       {"=>undefined", "=>null", "=>{}", "=>{return undefined", "=>{return}", "=>{return;}", "){}",
        "){return undefined", "=>void 0", "=>false", "=>{return null", "){return}", "){return;}"})
    if (value.find(nothing) != kNone) return Meaning::off;
  return value.find("=>") != kNone || value.starts_with("function") ? Meaning::code_decides
                                                                    : Meaning::none;
}
Meaning net_callback(std::string_view value) {
  if (value.find("=>true") != kNone || value.find("return true") != kNone) return Meaning::off;
  return Meaning::code_decides;
}
Meaning lettuce_peer(std::string_view value) {
  value = value.starts_with('\'') ? value.substr(1) : value;
  for (const std::string_view type : {"SslVerifyMode.", "SslVerificationMode."})
    if (value.starts_with(type)) value.remove_prefix(type.size());
  return starts_word(value, "NONE") || starts_word(value, "false") ? Meaning::off : Meaning::none;
}

// The other value of Python's "a if condition else b" and of "c ? a : b"; empty
// where there is no choice.
std::string_view other_choice(std::string_view value) {
  value = value.substr(0, balanced_length(value, ",;"));
  const std::size_t condition = value.find("if ");
  const std::size_t otherwise = condition == kNone ? kNone : value.find("else", condition);
  if (condition != 0 && otherwise != kNone) {
    value.remove_prefix(otherwise + 4);
    return value.starts_with(' ') ? value.substr(1) : value;
  }
  const std::size_t question = value.find('?');
  const std::size_t colon = question == kNone ? kNone : value.find(':', question);
  return colon == kNone ? std::string_view{} : value.substr(colon + 1);
}

constexpr std::array kSwitches{
    Switch{"rejectUnauthorized", "rejectUnauthorized: false", off_when_false},
    Switch{"checkServerIdentity", "checkServerIdentity override", identity_check},
    Switch{"NODE_TLS_REJECT_UNAUTHORIZED", "NODE_TLS_REJECT_UNAUTHORIZED set to 0", kill_switch,
           false},
    Switch{"ssl_cert_reqs", "ssl_cert_reqs none", cert_reqs, false},
    Switch{"ssl_check_hostname", "ssl_check_hostname=False", off_when_false, false},
    Switch{"check_hostname", "check_hostname = False", off_when_false},
    Switch{"verify_mode", "verify_mode without verification", verify_none},
    Switch{"InsecureSkipVerify", "InsecureSkipVerify: true", off_when_true},
    Switch{"insecure_skip_verify", "insecure_skip_verify = true", off_when_true},
    Switch{"CertificateValidation", "CertificateValidation callback", net_callback},
    Switch{"verifyPeer", "verifyPeer none", lettuce_peer},
    Switch{"verify_peer", "verify_peer false", off_when_false},
    Switch{"verify_peer_name", "verify_peer_name false", off_when_false},
    Switch{"allow_self_signed", "allow_self_signed true", off_when_true},
    Switch{"sslEnableEndpointIdentification", "sslEnableEndpointIdentification: false",
           off_when_false},
    Switch{"sslVerificationMode", "sslVerificationMode: NONE", lettuce_peer}};

constexpr std::array kPatterns{Pattern{"_create_unverified_context"},
                               Pattern{"disablePeerVerification", false},
                               Pattern{"setVerifyPeer(false"},
                               Pattern{"withVerifyPeer(false"},
                               Pattern{"VerifyPeer(SslVerifyMode.NONE"},
                               Pattern{"SslVerificationMode.NONE"},
                               Pattern{"EnableEndpointIdentification(false"},
                               Pattern{"TrustAllCert"},
                               Pattern{"InsecureTrustManagerFactory"},
                               Pattern{"NoopHostnameVerifier"},
                               Pattern{"ALLOW_ALL_HOSTNAME_VERIFIER"},
                               Pattern{"danger_accept_invalid_certs(true"},
                               Pattern{"danger_accept_invalid_hostnames(true"},
                               Pattern{"verify::verify_none", true, "verify: :verify_none"}};

constexpr std::array<std::string_view, 7> kUrlParameters{
    "ssl_cert_reqs=none",    "ssl_cert_reqs=CERT_NONE", "ssl_check_hostname=false",
    "ssl_check_hostname=no", "skip_verify=true",        "verifyPeer=NONE",
    "verifyPeer=false"};

}  // namespace

std::span<const Switch> verification_switches() { return kSwitches; }
std::span<const Pattern> verification_patterns() { return kPatterns; }
std::span<const std::string_view> url_parameters_without_verification() { return kUrlParameters; }

Meaning meaning_of_value(const Switch& one, std::string_view value) {
  const Meaning meaning = one.judge(value);
  const std::string_view other = other_choice(value);
  if (other.empty() || meaning == Meaning::code_decides) return meaning;
  const std::size_t question = value.find('?');
  const bool first_is_off =
      question != kNone && one.judge(value.substr(question + 1)) == Meaning::off;
  if (meaning == Meaning::off_in_production) return meaning;
  const bool any_off = meaning == Meaning::off || first_is_off || one.judge(other) == Meaning::off;
  return any_off ? Meaning::code_decides : meaning;
}

bool may_switch_off(ByteView bytes) {
  static constexpr std::array<std::string_view, 18> kNeedles{
      "rejectUnauthorized", "checkServer",  "NODE_TLS_REJECT", "cert_reqs",        "check_hostname",
      "verify_mode",        "SkipVerify",   "Validation",      "erifyPeer",        "verify_peer",
      "allow_self_signed",  "EndpointId",   "erificationMode", "PeerVerification", "insecure",
      "skip_verify",        ":verify_none", "danger_accept"};
  static const NeedleFinder finder{kNeedles};
  return finder.any_in(as_text(bytes));
}

}  // namespace rta::files

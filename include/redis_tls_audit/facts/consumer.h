// Consumer is one application that talks to Redis, as one source configures
// it: "backend@backend/.env" and "backend@docker-compose.yml" are two.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/facts/file.h>
#include <redis_tls_audit/facts/tls.h>
#include <redis_tls_audit/observation.h>
#include <redis_tls_audit/subject.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rta {

// What may be known about a secret. Two places with the same ordinal hold the
// same secret; no hash of it is kept.
struct SecretFacts {
  std::string ordinal;          // "secret#1"
  bool placeholder = false;     // on the list of documentation passwords
  bool left_out = false;        // the checkout does not hold it: nothing else is known
  std::size_t length = 0;       // characters
  int estimated_bits = 0;       // of entropy
};

// One variable as the consumer receives it.
struct Setting {
  std::string name;
  std::string value;            // user information of URLs masked; empty for secrets
  std::string raw;              // the bytes as written, escaped, when they differ; never for secrets
  bool is_secret = false;       // the value, or the password inside the URL, is a secret
  SecretFacts secret;
  SourceLocation location;
  // Overridden assignments of the same name in the same file that gave another
  // value: "backend/.env:3:1: false"; secrets show their place only.
  std::vector<std::string> overridden;
  // A known variable whose assignment was glued to the end of this value by
  // `echo >>` on a file without final newline: "REDIS_TLS_ENABLED".
  std::string glued;
  // Values that other plausible readers of the same file would see.
  std::vector<std::string> other_dialects;   // "python: unset"
};

// How far verification goes; from the client library's own rules where known.
enum class VerificationLevel { unknown, plaintext, tls_unverified, tls_chain_only, tls_verified };

template <>
struct EnumNames<VerificationLevel> {
  static constexpr std::array table{
      EnumName<VerificationLevel>{VerificationLevel::unknown, "unknown"},
      EnumName<VerificationLevel>{VerificationLevel::plaintext, "plaintext"},
      EnumName<VerificationLevel>{VerificationLevel::tls_unverified, "tls_unverified"},
      EnumName<VerificationLevel>{VerificationLevel::tls_chain_only, "tls_chain_only"},
      EnumName<VerificationLevel>{VerificationLevel::tls_verified, "tls_verified"}};
};

// Stage of a session made exactly with a consumer's own parameters.
enum class SessionStage { parameters, resolve, connect, tls, chain, name, authenticate, ping, done };

template <>
struct EnumNames<SessionStage> {
  static constexpr std::array table{
      EnumName<SessionStage>{SessionStage::parameters, "parameters"},
      EnumName<SessionStage>{SessionStage::resolve, "resolve"},
      EnumName<SessionStage>{SessionStage::connect, "connect"},
      EnumName<SessionStage>{SessionStage::tls, "tls"},
      EnumName<SessionStage>{SessionStage::chain, "chain"},
      EnumName<SessionStage>{SessionStage::name, "name"},
      EnumName<SessionStage>{SessionStage::authenticate, "authenticate"},
      EnumName<SessionStage>{SessionStage::ping, "ping"},
      EnumName<SessionStage>{SessionStage::done, "done"}};
};

struct ConsumerSession {
  SessionStage reached = SessionStage::parameters;   // `done` = the whole way, +PONG
  std::string failure;                  // why it ended before `done`
  bool inconclusive = false;            // could not be reached from here: no verdict
  bool left_out = false;                // inconclusive for want of what a checkout does not hold
  std::vector<std::string> stand_ins;   // what was made for the run: "its CA in place of tls/ca.pem"
  std::vector<Bytes> certificates;      // DER, as served to this consumer
  ProtocolVersion version = ProtocolVersion::tls1_3;
  CipherSuite suite = 0;
};

// How a consumer's source code turns a variable into yes or no:
// "process.env.REDIS_TLS_ENABLED === 'true'".
struct TruthIdiom {
  std::string variable;
  std::string comparison;               // as written, without blanks
  std::string takes_as_true;            // "exactly 'true'", "any text that is not empty"
  std::optional<bool> result;           // what it makes of this consumer's value; absent = not known
  SourceLocation location;
};

struct Consumer {
  std::string key;                      // "backend@backend/.env"
  std::string name;                     // "backend"
  ConsumerRole role = ConsumerRole::other;
  std::string source;                   // "backend/.env", "docker-compose.yml"
  std::string dialect;                  // "node", "python", "compose", ...
  std::string dialect_reason;           // "backend/package.json names dotenv"
  bool template_file = false;           // .env.example and the like
  std::optional<std::string> refused;   // the real reader refuses the file: its words
  std::vector<Setting> settings;        // Redis- and TLS-related ones, in file order

  // As interpreted, with the place that decided. Absent = not set.
  std::string host = "localhost";
  std::uint16_t port = 6379;
  bool host_defaulted = true;
  bool port_defaulted = true;
  std::optional<Setting> tls_switch;    // REDIS_TLS_ENABLED and its aliases
  std::optional<Setting> url;           // REDIS_URL and its aliases
  std::optional<bool> url_is_tls;       // rediss:// or valkeys://
  std::optional<NamedFile> ca;
  std::optional<NamedFile> certificate;
  std::optional<NamedFile> key_file;
  std::optional<Setting> verify;        // REDIS_TLS_VERIFY and its aliases
  std::optional<Setting> node_env;
  std::optional<Setting> username;
  std::optional<Setting> password;
  std::string endpoint;                 // key of the Endpoint it talks to, empty when none
  std::string library;                  // "ioredis 5.3.2", from manifests and lock files
  VerificationLevel level = VerificationLevel::unknown;
  std::string level_reason;
  std::optional<std::string> client_refuses;   // the client refuses these settings: which, and why
  std::vector<TruthIdiom> comparisons;  // of its own switches, in its own source code
  std::vector<std::string> left_out;    // env files of it that the checkout does not hold
  std::vector<Bytes> ca_certificates;   // DER of its CA file, for verification later

  Observation<ConsumerSession> session;

  [[nodiscard]] const Setting* setting(const std::string& wanted) const {
    for (const Setting& candidate : settings)
      if (candidate.name == wanted) return &candidate;
    return nullptr;
  }
  [[nodiscard]] Subject subject() const { return Subject::consumer(key, role); }
};

}  // namespace rta

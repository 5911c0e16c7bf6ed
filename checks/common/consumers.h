// What several checks ask about consumers: who counts, whether TLS is on, and
// what switches verification off.
#pragma once

#include <redis_tls_audit/check.h>

#include <optional>
#include <string>
#include <vector>

namespace rta::checks {

// Real consumers of a role (templates are left out).
std::vector<const Consumer*> consumers_of(const Evidence& evidence, ConsumerRole role);
// Backends and workers.
std::vector<const Consumer*> main_consumers(const Evidence& evidence);
// The finding when no such consumer was seen: unknown, never a pass.
void say_no_consumer(const Evidence& evidence, Findings& findings, const std::string& who);
// The finding for a consumer whose env file its reader refuses; false when it
// is not refused.
bool say_refused(const Consumer& consumer, Findings& findings);

// The finding for a setting that stands, if anywhere, in an env file that the
// checkout does not hold; false when every file of the consumer was seen.
bool say_left_out(const Consumer& consumer, Findings& findings, std::string_view what);

// What the settings say about TLS.
enum class TlsState {
  on,           // exactly "true", or a rediss:// URL
  application,  // "1", "yes", "TRUE", or a contradiction: the application decides
  off,
};
struct TlsReading {
  TlsState state = TlsState::off;
  std::string seen;  // "REDIS_TLS_ENABLED=true"
  SourceLocation location;
};
// Another switch that says the opposite, where the code does not tell which of
// them it reads.
const Setting* contradicting_switch(const Consumer& consumer);
TlsReading tls_reading(const Consumer& consumer, const Policy& policy);
// Off for want of any word about it, not by one.
bool is_off_by_silence(const Consumer& consumer, const TlsReading& tls);

// A setting that switches certificate verification off.
struct VerificationOff {
  std::string seen;  // "REDIS_TLS_VERIFY=false"
  SourceLocation location;
  std::string remedy;  // the line to write or to delete
};
std::optional<VerificationOff> verification_off(const Consumer& consumer);

// What its own client library verifies, as a sentence: our session is stricter
// than some clients.
std::string client_behaviour(const Consumer& consumer);

// "NAME=value" as far as it may be shown; "NAME=" for empty values.
std::string shown(const Setting& setting);
// Some password is known for this consumer and it is not empty.
bool has_password(const Consumer& consumer);

}  // namespace rta::checks

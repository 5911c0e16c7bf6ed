// The same question put to every source of Redis settings: the live server
// (CONFIG GET), a rehearsed one, and each declared configuration. A check asks
// a ConfigurationView and need not know which it is.
#pragma once

#include <redis_tls_audit/check.h>

#include <string>
#include <vector>

namespace rta::checks {

struct ConfigurationView {
  Subject subject;                                  // endpoint, file or service
  const Endpoint* endpoint = nullptr;               // one of the two is set
  const RedisConfiguration* declared = nullptr;
  // Behind a rehearsed endpoint: speaks where the private server had its own.
  const RedisConfiguration* rehearsed = nullptr;

  // The value as CONFIG GET prints it; null when it is not known here.
  [[nodiscard]] const std::string* value(const std::string& parameter) const;
  // The server was asked and does not know the parameter.
  [[nodiscard]] bool lacks(const std::string& parameter) const;
  // Why value() is null, for Findings::unknown().
  [[nodiscard]] Gap gap(const std::string& what) const;
  [[nodiscard]] Provenance provenance(const std::string& parameter) const;
  [[nodiscard]] const std::string* told_by_server(const std::string& parameter) const;
  // `bind` names loopback addresses only.
  [[nodiscard]] bool binds_loopback_only() const;
  [[nodiscard]] bool is_yes(const std::string& parameter) const;
};

// Where the parameter is set; for one that nobody set, the command that starts
// the service, or the file.
SourceLocation place_of_setting(const RedisConfiguration& declared, const std::string& parameter);

// Endpoints whose server was asked (also unsuccessfully), then every declared
// configuration.
std::vector<ConfigurationView> configurations(const Evidence& evidence);

// The finding for a deployment in which no configuration was seen at all.
void say_no_configuration(const Evidence& evidence, Findings& findings);

// Grade of what an endpoint shows on the wire or over RESP: a rehearsal is
// never more than rehearsed.
Grade wire_grade(const Endpoint& endpoint);       // observed or rehearsed
Grade server_grade(const Endpoint& endpoint);     // effective or rehearsed

// Why a server did not tell `what`. Where it let nobody in (a certificate or a
// password was missing, or refused), that is the reason and its remedy; else
// the command was not allowed, and `remedy` says how to allow it.
Gap untold(const RedisServer& server, const std::string& what, std::string remedy = {});

// By its role or its mode. It knows no CONFIG, no data and no cluster.
bool is_sentinel(const RedisServer& server);

// The managed service behind an endpoint, by its host name or its own word;
// empty for none.
std::string provider_of(const Endpoint& endpoint);

// Settings that nobody can ask for: a sentinel has no CONFIG, and a managed
// service took it away (then the provider alone sets it). Adds "not
// applicable", with what is judged instead; false where CONFIG may be asked.
bool say_withheld(const ConfigurationView& view, std::string_view instead, Findings& findings);

bool is_loopback_address(std::string_view address);

}  // namespace rta::checks

// What checks of compose files share.
#pragma once

#include <redis_tls_audit/check.h>

#include <string>
#include <vector>

namespace rta::checks {

// The project, or null after the reason was added as a finding: nothing
// collected and a refused project are unknown, no compose file does not apply.
const ComposeProject* compose_or_say(const Evidence& evidence, Findings& findings);

Subject service_subject(const ComposeProject& project, const ComposeService& service);

// Services that run redis-server; when there are none, that is said.
std::vector<const ComposeService*> redis_services_or_say(const ComposeProject& project,
                                                         Findings& findings);

// What the service's command line and files configure; null: never read.
const RedisConfiguration* configuration_of(const Evidence& evidence, const ComposeProject& project,
                                           const ComposeService& service);

Provenance compose_provenance(const SourceLocation& location, std::string method);

}  // namespace rta::checks

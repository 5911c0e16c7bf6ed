// What is told about a container, whoever starts it: the facts of a service out
// of its reading, with secrets replaced, and the configuration of its Redis.
#pragma once

#include <redis_tls_audit/facts/compose.h>

#include <string>
#include <string_view>

#include "collect/collector.h"
#include "files/compose/compose.h"

namespace rta {

// The name of a variable or setting whose value is a secret.
bool is_secret_name(std::string_view name);

// What its own image brings is read into `reading` first. Files whose text
// stands elsewhere are kept in the context, under the service's name.
ComposeService describe_service(CollectContext& context, ComposeServiceReading& reading);

// `file` says what starts the service; `service_name` is empty outside of compose.
void add_service_configuration(CollectContext& context, Evidence& evidence,
                               const ComposeServiceReading& reading, const ComposeService& service,
                               const std::string& file, const std::string& service_name);

}  // namespace rta

// The collectors, one function each; collector.h says what they promise.
#pragma once

#include "collect/collector.h"

namespace rta {

void collect_compose(CollectContext& context, Evidence& evidence);
void collect_kubernetes(CollectContext& context, Evidence& evidence);
void collect_redis_configurations(CollectContext& context, Evidence& evidence);
void collect_consumers(CollectContext& context, Evidence& evidence);
void collect_source_code(CollectContext& context, Evidence& evidence);
void collect_artefacts(CollectContext& context, Evidence& evidence);
void collect_build_contexts(CollectContext& context, Evidence& evidence);
void collect_certificates(CollectContext& context, Evidence& evidence);
void collect_key_files(CollectContext& context, Evidence& evidence);
void collect_repository(CollectContext& context, Evidence& evidence);
void collect_checkout(CollectContext& context, Evidence& evidence);
void collect_rehearsal(CollectContext& context, Evidence& evidence);
void collect_endpoints(CollectContext& context, Evidence& evidence);
void collect_tls_surveys(CollectContext& context, Evidence& evidence);
void collect_tls_sessions(CollectContext& context, Evidence& evidence);
// What the rehearsed servers tell their own user, beside what they tell strangers.
void collect_rehearsed_servers(CollectContext& context, Evidence& evidence);
void collect_reported_ports(CollectContext& context, Evidence& evidence);
void collect_service_account(CollectContext& context, Evidence& evidence);
void collect_server_files(CollectContext& context, Evidence& evidence);
void collect_server_logs(CollectContext& context, Evidence& evidence);
void collect_history(CollectContext& context, Evidence& evidence);
void collect_redis_servers(CollectContext& context, Evidence& evidence);
// The operator's anchors, and the entries of the system's store that the
// collected chains need: after endpoints and sessions.
void collect_trust(CollectContext& context, Evidence& evidence);
void collect_consumer_sessions(CollectContext& context, Evidence& evidence);

}  // namespace rta

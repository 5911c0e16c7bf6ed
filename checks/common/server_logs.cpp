#include "checks/common/server_logs.h"

#include <fmt/format.h>

namespace rta::checks {
namespace {

const Observation<ServerLog>* named_by(const Evidence& evidence, const Endpoint& endpoint) {
  for (const Observation<ServerLog>& log : evidence.server_logs)
    if (log.provenance().endpoint == endpoint.key) return &log;
  return nullptr;
}

}  // namespace

Observation<ServerLog> log_of(const Evidence& evidence, const Endpoint& endpoint) {
  const Observation<ServerLog>* seen = named_by(evidence, endpoint);
  if (seen == nullptr)
    return Gap{GapReason::not_requested, "no log file of the server was looked for", ""};
  if (seen->gap() != nullptr) return *seen;
  const ServerLog& log = **seen;
  const auto gap = [&](GapReason reason, std::string detail) {
    return Observation<ServerLog>{
        Gap{reason, std::move(detail), "run the audit on the server's own host"},
        seen->provenance()};
  };
  if (!log.newest)
    return gap(GapReason::malformed,
               fmt::format("no line in {} looks like one of redis-server", log.path));
  const RedisServer* server = endpoint.redis.value();
  const std::string* process = server == nullptr ? nullptr : server->info_value("process_id");
  if (process == nullptr)
    return gap(GapReason::incomplete,
               fmt::format("the server did not tell its process, so nothing ties {} to it", log.path));
  if (*process != log.process_id)
    return gap(GapReason::outside_scope,
               fmt::format("{} was written by process {} here, while the server is process {}: it is "
                           "another server's log",
                           log.path, log.process_id, *process));
  return *seen;
}

}  // namespace rta::checks

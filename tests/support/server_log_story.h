// A log of a server for stories: process 81, started a day ago, last written
// ten minutes ago.
#pragma once

#include <redis_tls_audit/evidence.h>

namespace rta::testing {

inline ServerLog& add_log(Evidence& evidence, const std::string& endpoint) {
  ServerLog log;
  log.path = "/var/log/redis/redis.log";
  log.endpoint = endpoint;
  log.lines = 100;
  log.process_id = "81";
  log.process_started = log.oldest = evidence.as_of - std::chrono::days{1};
  log.newest = evidence.as_of - std::chrono::minutes{10};
  evidence.server_logs.emplace_back(
      std::move(log), Provenance{"server_log", endpoint, {}, "the end of its log", Grade::observed});
  return *evidence.server_logs.back().value();
}

}  // namespace rta::testing

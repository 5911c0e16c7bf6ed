// ServerLog is what a log file of redis-server shows: whether it is alive, and
// which TLS handshakes failed. No line of it is kept as it stands.
#pragma once

#include <redis_tls_audit/facts/file.h>
#include <redis_tls_audit/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace rta {

struct ServerLog {
  std::string path;            // as the configuration or the server names it
  std::string endpoint;        // key of the endpoint that named it; empty: a file of the project did
  SourceLocation named_at;     // in the file that names it
  FileFacts file;
  std::uint64_t lines = 0;     // that were read, from the end of the file backwards
  bool complete = true;        // read from its first line on
  // Of the lines read. Redis writes local time without its zone; the file's
  // time of modification tells how far that is from UTC.
  std::optional<Timestamp> oldest;
  std::optional<Timestamp> newest;
  std::optional<Timestamp> process_started;   // the latest start of a server in these lines
  std::string process_id;      // that wrote the newest line
  // "wrong version number" -> how often, before this scan began and since
  // process_started when that was seen.
  std::map<std::string, std::uint64_t> handshake_failures;
};

}  // namespace rta

// The log files of the audited servers, where they lie in the project or in a
// directory that the operator allowed. Their newest part is read; what the
// audit itself made the server write is not counted.
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "files/redis_conf/redis_log.h"

namespace rta {
namespace {

struct Named {
  std::string path;
  std::string endpoint;     // key of the running server that named it
  SourceLocation location;  // of the file that did
};

// A certificate or a password was missing or wrong: nothing more was asked.
bool let_nobody_in(const RedisServer& server) {
  return server.users.gap() != nullptr &&
         std::ranges::none_of(server.commands, [](const CommandResult& result) {
           return result.outcome == CommandOutcome::ok;
         });
}

// Where the running servers say that they log, then where the project's own
// redis.conf files do.
std::vector<Named> named_logs(const Evidence& evidence, std::vector<Observation<ServerLog>>& gaps) {
  std::vector<Named> logs;
  const auto gap = [&](const Endpoint& endpoint, Gap why) {
    gaps.emplace_back(
        std::move(why),
        Provenance{"server_log", endpoint.key, {}, "CONFIG GET logfile", Grade::observed});
  };
  for (const Endpoint& endpoint : evidence.endpoints) {
    if (endpoint.kind != EndpointKind::live) continue;
    const RedisServer* server = endpoint.redis.value();
    const std::string* path = server == nullptr ? nullptr : server->config_value("logfile");
    const std::string* directory = server == nullptr ? nullptr : server->config_value("dir");
    if (server == nullptr)
      gap(endpoint, *endpoint.redis.gap());
    else if (path == nullptr && let_nobody_in(*server))
      gap(endpoint, *server->users.gap());
    else if (path == nullptr)
      gap(endpoint,
          {GapReason::denied, "the server did not tell where it logs (CONFIG GET logfile)",
           "let the audit user send CONFIG GET: +config|get"});
    else if (path->empty())
      gap(endpoint, {GapReason::not_found,
                     "the server writes no log file: its log goes to standard output or syslog",
                     "set logfile, or read the log where it is collected"});
    else if (path->starts_with('/') || directory == nullptr)
      logs.push_back({*path, endpoint.key, {}});
    else
      logs.push_back({*directory + "/" + *path, endpoint.key, {}});
  }
  for (const RedisConfiguration& configuration : evidence.redis_configurations) {
    const std::string* path = configuration.value("logfile");
    if (path == nullptr || path->empty() || configuration.container_image) continue;
    logs.push_back({*path, {}, configuration.where("logfile")});
  }
  return logs;
}

Observation<ServerLog> read_log(const ProjectFiles& files, const Named& named, Timestamp started) {
  const Provenance from{"server_log", named.endpoint, named.location,
                        "the end of " + printable(named.path), Grade::observed};
  const Observation<OpenedFile> opened = files.read_end(named.path, limits::kServerLogEnd);
  if (const Gap* gap = opened.gap()) return {*gap, from};
  ServerLog log;
  log.path = printable(named.path);
  log.endpoint = named.endpoint;
  log.named_at = named.location;
  log.file = opened->facts;
  log.complete = opened->facts.size_bytes <= opened->bytes.size();
  read_redis_log(as_text(opened->bytes),
                 {Timestamp{std::chrono::seconds{opened->facts.modified}}, started}, log);
  return {std::move(log), from};
}

}  // namespace

void collect_server_logs(CollectContext& context, Evidence& evidence) {
  const std::vector<Named> logs = named_logs(evidence, evidence.server_logs);
  if (logs.empty()) return;
  context.progress("reading server logs");
  // Without a project, what the operator allowed is all that may be read.
  std::optional<ProjectFiles> allowed;
  const ProjectFiles* files = context.files;
  const std::vector<std::string>& paths = context.settings.allow_paths;
  if (files == nullptr && !paths.empty())
    if (auto opened = ProjectFiles::open(paths.front(), paths))
      files = &allowed.emplace(std::move(*opened));
  for (const Named& named : logs) {
    if (files != nullptr) {
      evidence.server_logs.push_back(read_log(*files, named, context.started));
      continue;
    }
    const Gap gap{
        GapReason::outside_scope,
        printable(named.path) + " lies outside of what this audit may read",
        "on the server's host: --allow-path " +
            printable(named.path.substr(0, std::max<std::size_t>(named.path.rfind('/'), 1)))};
    evidence.server_logs.emplace_back(
        gap, Provenance{"server_log", named.endpoint, named.location, "", Grade::observed});
  }
}

}  // namespace rta

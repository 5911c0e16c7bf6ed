#include "rehearse/conf_rewrite.h"

#include <fmt/format.h>

#include "base/text.h"
#include "files/sds_words.h"

namespace rta::rehearse {
namespace {

// Taken over as they are: they shape handshakes and sessions, and nothing else.
constexpr std::string_view kAllowed[]{"tls-protocols",
                                      "tls-ciphers",
                                      "tls-ciphersuites",
                                      "tls-prefer-server-ciphers",
                                      "tls-auth-clients",
                                      "tls-session-caching",
                                      "tls-session-cache-timeout",
                                      "protected-mode",
                                      "timeout",
                                      "tcp-keepalive",
                                      "acllog-max-len",
                                      "loglevel"};

// They would reach outside, start something, or need other servers.
constexpr std::string_view kRefused[]{"loadmodule",
                                      "aclfile",
                                      "user",
                                      "rename-command",
                                      "replicaof",
                                      "cluster-enabled",
                                      "tls-replication",
                                      "tls-cluster",
                                      "unixsocket",
                                      "enable-debug-command",
                                      "enable-module-command",
                                      "enable-protected-configs",
                                      "tls-client-cert-file",
                                      "sentinel"};

// No command of a client may run code, reach another host or write a file.
constexpr std::string_view kRemoved[]{
    "eval",     "evalsha",      "eval_ro", "evalsha_ro", "script",   "function", "fcall",
    "fcall_ro", "module",       "debug",   "replicaof",  "slaveof",  "migrate",  "save",
    "bgsave",   "bgrewriteaof", "sync",    "psync",      "failover", "shutdown", "monitor"};

bool is_default(const RedisConfiguration& configuration, const std::string& name) {
  if (configuration.decided_at.contains(name)) {
    const std::string* value = configuration.value(name);
    return value == nullptr || value->empty() || *value == "no";
  }
  return std::ranges::none_of(configuration.directives,
                              [&](const Directive& line) { return line.name == name; });
}

}  // namespace

RewrittenConfiguration rewrite_configuration(const RedisConfiguration& configuration,
                                             const Stage& stage) {
  RewrittenConfiguration result;
  const auto add = [&result](std::string_view name, std::string_view value) {
    result.text += fmt::format("{} {}\n", name, quote_sds_word(value));
  };
  const auto is_on = [&configuration](const std::string& name) {
    const std::string* value = configuration.value(name);
    return value != nullptr && *value != "0";
  };
  add("bind", stage.address);
  add("port", is_on("port") ? fmt::format("{}", stage.port) : "0");
  add("tls-port", is_on("tls-port") ? fmt::format("{}", stage.tls_port) : "0");
  add("dir", stage.directory);
  add("save", "");
  for (const std::string_view off :
       {"appendonly", "daemonize", "syslog-enabled", "crash-log-enabled"})
    add(off, "no");
  add("logfile", "");
  add("maxclients", "64");
  add("maxmemory", "64mb");
  add("databases", "1");
  if (is_on("tls-port")) {
    add("tls-cert-file", stage.directory + "/certificate.pem");
    add("tls-key-file", stage.directory + "/key.pem");
    if (stage.has_ca) add("tls-ca-cert-file", stage.directory + "/ca.pem");
    if (stage.has_dh) add("tls-dh-params-file", stage.directory + "/dh.pem");
  }
  for (const std::string_view name : kAllowed)
    if (const std::string* value = configuration.value(std::string{name});
        value != nullptr && !value->empty())
      add(name, *value);
  if (!stage.password.empty()) add("requirepass", stage.password);
  for (const std::string_view command : kRemoved)
    result.text += fmt::format("rename-command {} \"\"\n", command);
  for (const std::string_view name : kRefused)
    if (!is_default(configuration, std::string{name}))
      result.not_applied.push_back(
          {GapReason::unsupported,
           fmt::format("{} of {} was not applied in the rehearsal", name, configuration.source),
           "scan the running server with --target"});
  return result;
}

}  // namespace rta::rehearse

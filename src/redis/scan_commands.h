// Everything that a scan says to a Redis server, as data: the commands with
// the ACL rule each needs, and the parameters that CONFIG GET asks for. All of
// them only read. The audit user that RTA-LIVE-001 prints is made from this
// table, so it holds exactly what a scan sends. Constants only.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace rta::redis {

using namespace std::string_view_literals;

enum class SentTo { every_server, cluster_node, sentinel };

struct ScanCommand {
  std::string_view words;
  std::string_view rule;
  SentTo to = SentTo::every_server;
};

inline constexpr std::array kScanCommands{
    ScanCommand{"PING", "+ping"},
    ScanCommand{"HELLO", "+hello"},  // names the connection, authenticates
    ScanCommand{"AUTH", "+auth"},    // where HELLO is unknown
    ScanCommand{"INFO", "+info"},
    ScanCommand{"CONFIG GET", "+config|get"},
    ScanCommand{"ACL WHOAMI", "+acl|whoami"},
    ScanCommand{"ACL LIST", "+acl|list"},
    ScanCommand{"ACL LOG", "+acl|log"},
    ScanCommand{"CLIENT LIST", "+client|list"},
    ScanCommand{"MODULE LIST", "+module|list"},
    ScanCommand{"ROLE", "+role"},
    ScanCommand{"TIME", "+time"},
    ScanCommand{"CLUSTER SHARDS", "+cluster|shards", SentTo::cluster_node},
    ScanCommand{"CLUSTER NODES", "+cluster|nodes", SentTo::cluster_node},
    ScanCommand{"SENTINEL MASTERS", "+sentinel|masters", SentTo::sentinel},
};

// The name of our connections in CLIENT LIST.
inline constexpr std::string_view kClientName = "redis-tls-audit";

// requirepass, masterauth and the passphrases come back in clear text and are
// never asked for; neither is "*", which would contain them.
inline constexpr std::array kConfigParameters{
    "port"sv,
    "tls-port"sv,
    "bind"sv,
    "protected-mode"sv,
    "unixsocket"sv,
    "unixsocketperm"sv,
    "tls-cert-file"sv,
    "tls-key-file"sv,
    "tls-client-cert-file"sv,
    "tls-client-key-file"sv,
    "tls-dh-params-file"sv,
    "tls-ca-cert-file"sv,
    "tls-ca-cert-dir"sv,
    "tls-protocols"sv,
    "tls-ciphers"sv,
    "tls-ciphersuites"sv,
    "tls-prefer-server-ciphers"sv,
    "tls-groups"sv,
    "tls-session-caching"sv,
    "tls-session-cache-size"sv,
    "tls-session-cache-timeout"sv,
    "tls-auth-clients"sv,
    "tls-auth-clients-user"sv,
    "tls-auto-reload-interval"sv,
    "tls-replication"sv,
    "tls-cluster"sv,
    "tls-allowlist"sv,
    "aclfile"sv,
    "acllog-max-len"sv,
    "acl-pubsub-default"sv,
    "loglevel"sv,
    "logfile"sv,
    "syslog-enabled"sv,
    "syslog-ident"sv,
    "daemonize"sv,
    "supervised"sv,
    "timeout"sv,
    "tcp-keepalive"sv,
    "maxclients"sv,
    "enable-debug-command"sv,
    "enable-protected-configs"sv,
    "enable-module-command"sv,
    "hide-user-data-from-log"sv,
    "slowlog-log-slower-than"sv,
    "cluster-enabled"sv,
    "cluster-port"sv,
    "cluster-announce-hostname"sv,
    "cluster-announce-ip"sv,
    "cluster-announce-port"sv,
    "cluster-announce-tls-port"sv,
    "cluster-preferred-endpoint-type"sv,
    "cluster-bus-port-protected-mode"sv,
    "replica-announce-ip"sv,
    "replica-announce-port"sv,
    "dir"sv,
    "appendonly"sv,
    "save"sv,
    "replica-read-only"sv,
};

constexpr bool is_scan_command(std::string_view words) {
  return std::ranges::any_of(kScanCommands,
                             [&](const ScanCommand& known) { return known.words == words; });
}

constexpr bool is_config_parameter(std::string_view name) {
  return std::ranges::find(kConfigParameters, name) != kConfigParameters.end();
}

// The user that may do what a scan of a Redis server does, and nothing else.
inline std::string audit_user_rules() {
  std::string rules = "resetkeys resetchannels -@all";
  for (const ScanCommand& command : kScanCommands)
    if (command.to != SentTo::sentinel) rules.append(" ").append(command.rule);
  return rules;
}

inline std::string audit_user_command() {
  return "ACL SETUSER auditor on '#<sha256 of a password from ACL GENPASS>' " + audit_user_rules();
}

}  // namespace rta::redis

// Redis servers for stories: one as it ought to be, and one as the guide
// leaves it.
#pragma once

#include <redis_tls_audit/evidence.h>

namespace rta::testing {

inline CommandResult outcome(std::string command, CommandOutcome outcome, std::string detail = {}) {
  return {std::move(command), outcome, std::move(detail)};
}

// Default user off, two narrow users, TLS only, everything readable.
inline RedisServer hardened_server() {
  RedisServer server;
  server.unauthenticated_ping =
      outcome("PING", CommandOutcome::noauth, "NOAUTH Authentication required.");
  server.unauthenticated_info =
      outcome("INFO", CommandOutcome::noauth, "NOAUTH Authentication required.");
  server.unauthenticated_config =
      outcome("CONFIG GET", CommandOutcome::noauth, "NOAUTH Authentication required.");
  server.authenticated_as = "auditor";
  server.credentials_used = true;
  for (const char* command :
       {"INFO", "CONFIG GET", "ACL LIST", "ACL LOG", "CLIENT LIST", "MODULE LIST", "ROLE"})
    server.commands.push_back(outcome(command, CommandOutcome::ok));
  server.info = {{"redis_version", "7.2.5"},
                 {"role", "master"},
                 {"connected_slaves", "0"},
                 {"cluster_enabled", "0"},
                 {"redis_mode", "standalone"}};
  server.config = {{"port", "0"},
                   {"tls-port", "6379"},
                   {"tls-auth-clients", "yes"},
                   {"loglevel", "verbose"},
                   {"logfile", "/var/log/redis/redis.log"},
                   {"syslog-enabled", "no"},
                   {"daemonize", "no"},
                   {"acllog-max-len", "128"},
                   {"timeout", "900"},
                   {"tcp-keepalive", "300"},
                   {"maxclients", "10000"},
                   {"tls-replication", "no"},
                   {"tls-cluster", "no"}};
  server.users = std::vector<AclUser>{{.name = "default",
                                       .enabled = false,
                                       .nopass = false,
                                       .commands = "-@all",
                                       .keys = "",
                                       .channels = ""},
                                      {.name = "backend",
                                       .enabled = true,
                                       .passwords = 1,
                                       .commands = "-@all +@read +@write -@dangerous",
                                       .keys = "~app:*",
                                       .channels = ""}};
  server.clients = std::vector<ClientEntry>{{.laddr = "10.0.0.1:6379",
                                             .local_port = 6379,
                                             .flags = "N",
                                             .user = "backend",
                                             .name = "backend",
                                             .address = "10.0.0.5"}};
  server.acl_log = std::vector<AclLogEntry>{};
  server.role = "master";
  server.clock_skew_seconds = 0;
  return server;
}

// Encrypted, and open to everyone.
inline RedisServer open_server() {
  RedisServer server = hardened_server();
  server.unauthenticated_ping = outcome("PING", CommandOutcome::ok, "+PONG");
  server.unauthenticated_info = outcome("INFO", CommandOutcome::ok, "180 fields");
  server.unauthenticated_config = outcome("CONFIG GET", CommandOutcome::ok, "port 0");
  server.authenticated_as = "default";
  server.credentials_used = false;
  server.config["tls-auth-clients"] = "no";
  server.config["loglevel"] = "notice";
  server.config["logfile"] = "";
  server.config["timeout"] = "0";
  server.users = std::vector<AclUser>{{.name = "default",
                                       .enabled = true,
                                       .nopass = true,
                                       .commands = "+@all",
                                       .keys = "~*",
                                       .channels = "&*"}};
  server.clients = std::vector<ClientEntry>{};
  return server;
}

inline Endpoint& add_endpoint(Evidence& evidence, RedisServer server,
                              std::string key = "redis:6379") {
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = std::move(key);
  endpoint.host = "redis";
  endpoint.address = "10.0.0.1:6379";
  endpoint.redis = Observation<RedisServer>{std::move(server)};
  return endpoint;
}

// A server that was asked and could not be reached.
inline Endpoint& add_silent_endpoint(Evidence& evidence, std::string key = "redis:6379") {
  Endpoint& endpoint = evidence.endpoints.emplace_back();
  endpoint.key = std::move(key);
  endpoint.redis = Gap{GapReason::timed_out, "no answer within 4 s", ""};
  return endpoint;
}

// A declared configuration: the guide's redis.conf unless changed.
inline RedisConfiguration& add_configuration(Evidence& evidence) {
  RedisConfiguration& conf = evidence.redis_configurations.emplace_back();
  conf.source = "redis.conf";
  conf.effective = {{"port", "0"},
                    {"tls-port", "6379"},
                    {"tls-auth-clients", "no"},
                    {"loglevel", "notice"},
                    {"logfile", ""},
                    {"syslog-enabled", "no"},
                    {"daemonize", "no"},
                    {"acllog-max-len", "128"},
                    {"timeout", "0"},
                    {"tcp-keepalive", "300"},
                    {"maxclients", "10000"},
                    {"supervised", "no"},
                    {"tls-replication", "no"},
                    {"tls-cluster", "no"},
                    {"cluster-enabled", "no"}};
  return conf;
}

inline Consumer& add_consumer(Evidence& evidence, std::string name, std::string user = {}) {
  Consumer& consumer = evidence.consumers.emplace_back();
  consumer.key = name + "@" + name + "/.env";
  consumer.source = name + "/.env";
  consumer.role = name == "backend"  ? ConsumerRole::backend
                  : name == "worker" ? ConsumerRole::worker
                                     : ConsumerRole::other;
  consumer.name = std::move(name);
  if (!user.empty()) {
    consumer.username.emplace();
    consumer.username->value = std::move(user);
  }
  return consumer;
}

inline Attestation& add_attestation(Evidence& evidence, std::string kind,
                                    std::chrono::days age = std::chrono::days{10}) {
  Attestation& attestation = evidence.attestations.emplace_back();
  attestation.kind = std::move(kind);
  attestation.targets = {"*"};
  attestation.by = "A. Officer";
  attestation.date = evidence.as_of - age;
  attestation.expires = evidence.as_of + std::chrono::days{80};
  return attestation;
}

}  // namespace rta::testing

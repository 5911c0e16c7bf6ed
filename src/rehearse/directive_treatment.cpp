#include "rehearse/directive_treatment.h"

#include <algorithm>
#include <array>

namespace rta::rehearse {
namespace {

using enum Treatment;

constexpr std::string_view kRunsCode = "it would run code of the project";
constexpr std::string_view kWidens = "it would open commands that reach outside";
constexpr std::string_view kOtherServers = "it would talk to other servers";
constexpr std::string_view kRenames = "the audit asks by the names that commands have";
constexpr std::string_view kAnnounces = "it tells others an address that is not the rehearsal's";

constexpr std::array kTreatments{
    DirectiveTreatment{"tls-protocols", applied},
    DirectiveTreatment{"tls-ciphers", applied},
    DirectiveTreatment{"tls-ciphersuites", applied},
    DirectiveTreatment{"tls-prefer-server-ciphers", applied},
    DirectiveTreatment{"tls-auth-clients", applied},
    DirectiveTreatment{"tls-replication", applied},
    DirectiveTreatment{"tls-cluster", applied},
    DirectiveTreatment{"tls-session-caching", applied},
    DirectiveTreatment{"tls-session-cache-size", applied},
    DirectiveTreatment{"tls-session-cache-timeout", applied},
    DirectiveTreatment{"protected-mode", applied},
    DirectiveTreatment{"timeout", applied},
    DirectiveTreatment{"tcp-keepalive", applied},
    DirectiveTreatment{"acllog-max-len", applied},
    DirectiveTreatment{"acl-pubsub-default", applied},
    DirectiveTreatment{"loglevel", applied},
    DirectiveTreatment{"cluster-enabled", applied},

    DirectiveTreatment{"bind", staged},
    DirectiveTreatment{"port", mirrored},
    DirectiveTreatment{"tls-port", mirrored},
    DirectiveTreatment{"cluster-port", mirrored},
    DirectiveTreatment{"cluster-config-file", staged},
    DirectiveTreatment{"unixsocket", staged},
    DirectiveTreatment{"unixsocketperm", staged},
    DirectiveTreatment{"dir", staged},
    DirectiveTreatment{"pidfile", staged},
    DirectiveTreatment{"logfile", staged},
    DirectiveTreatment{"dbfilename", staged},
    DirectiveTreatment{"appendfilename", staged},
    DirectiveTreatment{"appenddirname", staged},
    DirectiveTreatment{"appendonly", staged},
    DirectiveTreatment{"save", staged},
    DirectiveTreatment{"daemonize", staged},
    DirectiveTreatment{"supervised", staged},
    DirectiveTreatment{"syslog-enabled", staged},
    DirectiveTreatment{"syslog-ident", staged},
    DirectiveTreatment{"syslog-facility", staged},
    DirectiveTreatment{"crash-log-enabled", staged},
    DirectiveTreatment{"maxclients", staged},
    DirectiveTreatment{"maxmemory", staged},
    DirectiveTreatment{"databases", staged},
    DirectiveTreatment{"io-threads", staged},
    DirectiveTreatment{"oom-score-adj", staged},
    DirectiveTreatment{"oom-score-adj-values", staged},
    DirectiveTreatment{"tls-cert-file", mirrored},
    DirectiveTreatment{"tls-key-file", mirrored},
    DirectiveTreatment{"tls-key-file-pass", mirrored},
    DirectiveTreatment{"tls-ca-cert-file", mirrored},
    DirectiveTreatment{"tls-ca-cert-dir", mirrored},
    DirectiveTreatment{"tls-dh-params-file", mirrored},
    DirectiveTreatment{"aclfile", mirrored},
    DirectiveTreatment{"user", mirrored},
    DirectiveTreatment{"requirepass", mirrored},

    DirectiveTreatment{"loadmodule", refused, kRunsCode},
    DirectiveTreatment{"rename-command", refused, kRenames},
    DirectiveTreatment{"enable-debug-command", refused, kWidens},
    DirectiveTreatment{"enable-module-command", refused, kWidens},
    DirectiveTreatment{"enable-protected-configs", refused, kWidens},
    DirectiveTreatment{"replicaof", refused, kOtherServers},
    DirectiveTreatment{"slaveof", refused, kOtherServers},
    DirectiveTreatment{"masterauth", refused, kOtherServers},
    DirectiveTreatment{"masteruser", refused, kOtherServers},
    DirectiveTreatment{"tls-client-cert-file", refused, kOtherServers},
    DirectiveTreatment{"tls-client-key-file", refused, kOtherServers},
    DirectiveTreatment{"tls-client-key-file-pass", refused, kOtherServers},
    DirectiveTreatment{"sentinel", refused, kOtherServers},
    DirectiveTreatment{"cluster-announce-ip", refused, kAnnounces},
    DirectiveTreatment{"cluster-announce-port", refused, kAnnounces},
    DirectiveTreatment{"cluster-announce-tls-port", refused, kAnnounces},
    DirectiveTreatment{"cluster-announce-bus-port", refused, kAnnounces},
    DirectiveTreatment{"cluster-announce-hostname", refused, kAnnounces},
    DirectiveTreatment{"replica-announce-ip", refused, kAnnounces},
    DirectiveTreatment{"replica-announce-port", refused, kAnnounces},
};

constexpr std::array kRemoved{
    std::string_view{"eval"},      std::string_view{"evalsha"},      std::string_view{"eval_ro"},
    std::string_view{"evalsha_ro"}, std::string_view{"script"},      std::string_view{"function"},
    std::string_view{"fcall"},     std::string_view{"fcall_ro"},     std::string_view{"module"},
    std::string_view{"debug"},     std::string_view{"replicaof"},    std::string_view{"slaveof"},
    std::string_view{"migrate"},   std::string_view{"save"},         std::string_view{"bgsave"},
    std::string_view{"bgrewriteaof"}, std::string_view{"sync"},      std::string_view{"psync"},
    std::string_view{"failover"},  std::string_view{"shutdown"},     std::string_view{"monitor"},
};

}  // namespace

std::span<const DirectiveTreatment> directive_treatments() { return kTreatments; }

const DirectiveTreatment* treatment_of(std::string_view directive) {
  const auto found = std::ranges::find(kTreatments, directive, &DirectiveTreatment::name);
  return found == kTreatments.end() ? nullptr : &*found;
}

std::span<const std::string_view> removed_commands() { return kRemoved; }

}  // namespace rta::rehearse

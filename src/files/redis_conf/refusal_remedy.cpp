#include "files/redis_conf/refusal_remedy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/redis_conf/redis_directives.h"

namespace rta {
namespace {

struct Remedy {
  std::string_view words;  // of the reason, any case
  std::string_view remedy;
};

// In order: what is said more precisely stands first.
constexpr std::array kRemedies{
    Remedy{"no tls-cert-file configured",
           "name the certificate: tls-cert-file /etc/redis/tls/redis.crt"},
    Remedy{"no tls-key-file configured",
           "name the private key: tls-key-file /etc/redis/tls/redis.key"},
    Remedy{"either tls-ca-cert-file or tls-ca-cert-dir",
           "name the CA of the client certificates: tls-ca-cert-file /etc/redis/tls/ca.crt; or ask "
           "for none: tls-auth-clients no"},
    Remedy{"invalid tls-protocols", "tls-protocols \"TLSv1.2 TLSv1.3\""},
    Remedy{
        "failed to configure ciphersuites",
        "name suites of TLS 1.3: tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"},
    Remedy{"failed to configure ciphers",
           "try the string first: openssl ciphers -v 'ECDHE+AESGCM:ECDHE+CHACHA20'"},
    Remedy{"key values mismatch",
           "put the key beside the certificate that was issued for it: openssl x509 -noout -pubkey "
           "and openssl pkey -pubout print the same for a pair"},
    Remedy{"bad decrypt",
           "give the key's passphrase in tls-key-file-pass, or store the key without one"},
    Remedy{"failed to load certificate",
           "the file must exist where redis-server runs, hold the certificate as PEM, and be "
           "readable by its account"},
    Remedy{
        "failed to load private key",
        "the file must exist where redis-server runs, hold the key as PEM, and be readable by its "
        "account alone: chown redis: FILE; chmod 600 FILE; an encrypted one needs "
        "tls-key-file-pass"},
    Remedy{"failed to configure ca certificate",
           "the file must exist where redis-server runs, hold CA certificates as PEM, and be "
           "readable by its account"},
    Remedy{"dh params", "name a file with DH PARAMETERS, or leave tls-dh-params-file out"},
    Remedy{
        "unbalanced quotes",
        "close the quote; behind a closing quote stands a blank or the end, and a quote inside is "
        "written \\\""},
    Remedy{"duplicate user", "keep one line for each user"},
    Remedy{"error in user declaration", "mend the user's rules: ACL SETUSER takes the same words"},
    Remedy{"error loading acl rule", "mend the user's rules: ACL SETUSER takes the same words"},
    Remedy{
        "at the same setting an acl file",
        "keep users in one place: move the `user` lines into the ACL file, or leave aclfile out"},
    Remedy{"error loading acls, opening file",
           "the ACL file must exist where redis-server runs and be readable by its account"},
    Remedy{"spaces not allowed in acl usernames", "give the user a name without blanks"},
    Remedy{"is no address of this machine",
           "bind an address that the machine has; -ADDRESS forgives one that it lacks"},
    Remedy{"is no address", "write addresses separated by blanks: bind 127.0.0.1 -::1"},
    Remedy{"can't open config file", "name a file that exists where redis-server is started"},
    Remedy{"can't open the log file",
           "the log's directory must exist and be writable by the account of redis-server"},
    Remedy{"no such file or directory", "name a directory that exists where redis-server runs"},
    Remedy{"replicaof directive not allowed",
           "leave replicaof out: a cluster arranges its replicas by itself"},
    Remedy{"module configuration detected", "load the module first: loadmodule FILE"},
    Remedy{"no such command in rename-command", "name a command of this release"},
    Remedy{"target command name already exists", "rename it to a name that no command has"},
    Remedy{"sentinel directive while not in sentinel mode",
           "keep sentinel directives in a file of their own, and start it with redis-sentinel"},
    Remedy{"the file includes itself", "take the include out that leads back to its own file"},
    Remedy{"port number too high for cluster mode", "use a port below 55536, or set cluster-port"},
    Remedy{"no bind address is configured", "bind an address: bind * -::*"},
};

const Directive* last_of(const RedisConfiguration& configuration, std::string_view name) {
  const Directive* found = nullptr;
  for (const Directive& directive : configuration.directives)
    if (directive.name == name) found = &directive;
  return found;
}

// The port that a reason of listen() names.
std::string port_in(const std::string& reason) {
  const std::size_t at = reason.find("port ");
  const std::size_t end =
      at == std::string::npos ? at : reason.find_first_not_of("0123456789", at + 5);
  return at == std::string::npos ? "" : reason.substr(at + 5, end - at - 5);
}

// Both listeners want one port, or an address is named twice.
std::string remedy_for_port_in_use(const RedisConfiguration& configuration,
                                   const std::string& reason) {
  const Directive* plain = last_of(configuration, "port");
  const std::string value =
      plain == nullptr || plain->arguments.empty() ? "6379" : plain->arguments[0];
  if (reason.find("(TLS)") == std::string::npos || value != port_in(reason))
    return "name each address once in bind";
  return plain == nullptr
             ? fmt::format(
                   "add `port 0`: without it redis-server opens its plaintext port 6379 "
                   "first, which tls-port {} wants too",
                   value)
             : fmt::format(
                   "write `port 0`: the plaintext port {} is opened first, and tls-port wants "
                   "it too",
                   value);
}

std::string remedy_for_no_listener(const RedisConfiguration& configuration) {
  const Directive* bind = last_of(configuration, "bind");
  if (bind != nullptr && (bind->arguments.empty() || bind->arguments[0].empty()))
    return "give bind an address: bind * -::*";
  return "set tls-port 6379 beside port 0";
}

std::string joined_unit(const Directive& directive) {
  return directive.arguments.size() == 2
             ? fmt::format("write the number and its unit together: {} {}{}", directive.name,
                           printable(directive.arguments[0], 20),
                           printable(directive.arguments[1], 20))
             : fmt::format("write a number with or without a unit behind it: {} 100mb",
                           directive.name);
}

// By the grammar of the directive whose line is refused.
std::string remedy_for_value(const RedisConfiguration& configuration, const std::string& reason) {
  const auto here = std::ranges::find_if(configuration.directives, [&](const Directive& one) {
    return one.location == configuration.refused_at;
  });
  const DirectiveInfo* info =
      here == configuration.directives.end() ? nullptr : find_directive(here->name);
  if (info == nullptr) return {};
  const std::string initial = info->initial.empty() ? "\"\"" : std::string{info->initial};
  const bool of_count = reason.find("wrong number of arguments") != std::string::npos;
  switch (info->kind) {
    case DirectiveKind::yes_no:
      return fmt::format("write `{0} yes` or `{0} no`", info->name);
    case DirectiveKind::words:
    case DirectiveKind::word_list:
      return fmt::format("write one of the words that Redis knows for it; its default is `{} {}`",
                         info->name, initial);
    case DirectiveKind::number:
    case DirectiveKind::octal:
      return fmt::format("write one number that is in range; its default is `{} {}`", info->name,
                         initial);
    case DirectiveKind::memory:
    case DirectiveKind::memory_or_percent:
      return joined_unit(*here);
    case DirectiveKind::save:
      return "write pairs of seconds and changes: save 900 1; or save \"\" for no snapshots";
    case DirectiveKind::buffer_limits:
      return "write a class (normal, replica, pubsub), its hard limit, soft limit and seconds: "
             "client-output-buffer-limit normal 0 0 0";
    case DirectiveKind::oom_scores:
      return "write three numbers between -2000 and 2000: oom-score-adj-values 0 200 800";
    case DirectiveKind::replica_of:
      return "write the primary's host and port: replicaof redis-primary 6379";
    case DirectiveKind::percentiles:
      return "write percentiles between 0 and 100: latency-tracking-info-percentiles 50 99 99.9";
    case DirectiveKind::events:
      return "write letters of Ag$lshzxeKEtmdn alone, or notify-keyspace-events \"\" for none";
    case DirectiveKind::text:
    case DirectiveKind::directory:
      if (of_count)
        return fmt::format("give {} one value, in quotes if blanks are in it", info->name);
      return {};
    case DirectiveKind::addresses:
      return {};
  }
  return {};
}

// The name of a directive that Redis does not know stands in its reason alone.
std::string remedy_for_unknown(const RedisConfiguration& configuration) {
  if (configuration.unknown_directives.empty())
    return "give the directive the number of values that it takes; put one with blanks in quotes";
  const std::string& name = configuration.unknown_directives.back();
  std::vector<std::string> known;
  for (const DirectiveInfo& directive : redis_directives()) known.emplace_back(directive.name);
  const std::optional<std::string> near = did_you_mean(name, known);
  return near ? fmt::format("{} is no directive of Redis; {} is one", name, *near)
              : fmt::format(
                    "{} is no directive of Redis: take the line out, or run the release "
                    "that knows it",
                    name);
}

}  // namespace

std::string refusal_remedy(const RedisConfiguration& configuration) {
  if (!configuration.refused) return {};
  const std::string reason = lower_ascii(*configuration.refused);
  if (reason.find("is in use already") != std::string::npos)
    return remedy_for_port_in_use(configuration, *configuration.refused);
  if (reason.find("bad directive") != std::string::npos) return remedy_for_unknown(configuration);
  for (const Remedy& remedy : kRemedies)
    if (reason.find(remedy.words) != std::string::npos) return std::string{remedy.remedy};
  if (reason.find("configured to not listen anywhere") != std::string::npos)
    return remedy_for_no_listener(configuration);
  return remedy_for_value(configuration, reason);
}

std::string refusal_in_words(const RedisConfiguration& configuration) {
  const std::string& reason = *configuration.refused;
  const SourceLocation& at = configuration.refused_at;
  return at.path.empty() ? reason : fmt::format("{} ({})", reason, at.text());
}

}  // namespace rta

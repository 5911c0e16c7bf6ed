// What redis-server does after it has read its configuration: TLS, listeners,
// cluster and users, each with its reasons to refuse.
#include <fmt/format.h>

#include "base/text.h"
#include "files/redis_conf/redis_conf_reader.h"
#include "files/redis_conf/redis_values.h"

namespace rta {
namespace {

constexpr std::string_view kTlsFailed = "Failed to configure TLS: ";

// What getaddrinfo() may take for an address or a name.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == ':' || c == '_' || c == '%';
  });
}

// "tls-protocols": words between single blanks; anything else is refused.
bool are_protocols(std::string_view text) {
  if (text.empty()) return true;
  for (const std::string_view word : split(text, ' ')) {
    const std::string lower = lower_ascii(word);
    if (lower != "tlsv1" && lower != "tlsv1.1" && lower != "tlsv1.2" && lower != "tlsv1.3")
      return false;
  }
  return true;
}

std::string secret_of(const std::map<std::string, Secret>& secrets, const std::string& name) {
  const auto found = secrets.find(name);
  return found == secrets.end() ? "" : std::string{found->second.expose()};
}

bool is_numeric(std::string_view address) {
  return address.find(':') != std::string_view::npos ||
         address.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

bool RedisConfReader::start() {
  return start_tls() && start_listeners() && (sentinel_ || (start_cluster() && load_users()));
}

bool RedisConfReader::start_tls() {
  if (value("tls-port") == "0" && !is_yes("tls-replication") && !is_yes("tls-cluster")) return true;
  const auto refuse_tls = [this](const std::string& words, const std::string& directive) {
    return refuse_start(std::string{kTlsFailed} + words, directive);
  };
  if (value("tls-cert-file").empty()) return refuse_tls("No tls-cert-file configured!", "tls-port");
  if (value("tls-key-file").empty()) return refuse_tls("No tls-key-file configured!", "tls-port");
  const bool checks_peers =
      value("tls-auth-clients") != "no" || is_yes("tls-cluster") || is_yes("tls-replication");
  if (checks_peers && value("tls-ca-cert-file").empty() && value("tls-ca-cert-dir").empty())
    return refuse_tls(
        "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, "
        "tls-replication or tls-auth-clients are enabled!",
        "tls-port");
  if (!are_protocols(value("tls-protocols")))
    return refuse_tls(
        "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2' and "
        "'TLSv1.3'.",
        "tls-protocols");
  if (!files_.configure_tls) return true;
  const auto path = [this](const std::string& name) {
    return value(name).empty() ? "" : join_path(directory_, value(name));
  };
  const TlsMaterial material{
      .certificate_file = path("tls-cert-file"),
      .key_file = path("tls-key-file"),
      .key_passphrase = secret_of(reading_.secrets, "tls-key-file-pass"),
      .client_certificate_file = path("tls-client-cert-file"),
      .client_key_file = path("tls-client-key-file"),
      .client_key_passphrase = secret_of(reading_.secrets, "tls-client-key-file-pass"),
      .ca_file = path("tls-ca-cert-file"),
      .ca_directory = path("tls-ca-cert-dir"),
      .dh_file = path("tls-dh-params-file"),
      .ciphers = value("tls-ciphers"),
      .cipher_suites = value("tls-ciphersuites")};
  const std::string problem = files_.configure_tls(material);
  return problem.empty() || refuse_tls(problem, "tls-cert-file");
}

bool RedisConfReader::listen(const std::string& directive) {
  const std::string& port = value(directive);
  const std::string kind = directive == "port" ? "TCP" : "TLS";
  if (port == "0") return true;
  for (const std::string_view word : split(value("bind"), ' ')) {
    if (value("bind").empty()) break;
    std::string address{word.starts_with('-') ? word.substr(1) : word};
    if (address == "*") address = "0.0.0.0";
    if (address == "::*") address = "::";
    if (!is_host(address))
      return refuse_start(
          fmt::format("Failed listening on port {} ({}), aborting: '{}' is no address", port, kind,
                      printable(address, 80)),
          "bind");
    if (files_.listen_address) {
      const auto found = files_.listen_address(address);
      // "-" forgives an address that is not there, not a name that is none.
      if (!found && word.starts_with('-') && is_numeric(address)) continue;
      if (!found)
        return refuse_start(
            fmt::format("Failed listening on port {} ({}), aborting: {} is no address of "
                        "this machine",
                        port, kind, printable(address, 80)),
            "bind");
      address = *found;
    }
    const bool is_v6 = address.find(':') != std::string::npos;
    const std::string listener =
        fmt::format(fmt::runtime(is_v6 ? "[{}]:{}" : "{}:{}"), address, port);
    const std::string wildcard = fmt::format(fmt::runtime(is_v6 ? "[::]:{}" : "0.0.0.0:{}"), port);
    for (const std::string& other : reading_.listeners) {
      const bool same_family = other.starts_with('[') == is_v6 && other.ends_with(":" + port);
      if (other == listener || other == wildcard || (same_family && listener == wildcard))
        return refuse_start(
            fmt::format("Failed listening on port {} ({}), aborting: {} is in use already", port,
                        kind, listener),
            directive);
    }
    reading_.listeners.push_back(listener);
  }
  return true;
}

bool RedisConfReader::start_listeners() {
  if (!listen("port") || !listen("tls-port")) return false;
  if (reading_.listeners.empty() && value("unixsocket").empty())
    return refuse_start("Configured to not listen anywhere, exiting.",
                        value("bind").empty() ? "bind" : "port");
  return true;
}

bool RedisConfReader::start_cluster() {
  if (!is_yes("cluster-enabled")) return true;
  const std::string port_directive = is_yes("tls-cluster") ? "tls-port" : "port";
  const int port = std::atoi(value(port_directive).c_str());
  if (value("cluster-port") == "0" && port > 65535 - 10000)
    return refuse_start(
        "Redis port number too high for cluster mode. Usually because the port number is greater "
        "than "
        "55535.",
        port_directive);
  if (value("bind").empty())
    return refuse_start("No bind address is configured, but it is required for the Cluster bus.",
                        "bind");
  return true;
}

bool RedisConfReader::load_user(const AclUserLine& line) {
  const bool all_channels = value("acl-pubsub-default") == "allchannels";
  if (has_blanks(line.name)) return refuse_start("Spaces not allowed in ACL usernames", "user");
  AclRules& user = users_.insert_or_assign(line.name, AclRules::fresh(all_channels)).first->second;
  users_at_[line.name] = line.location;
  for (const std::string& rule : line.rules) {
    if (rule.starts_with('>')) reading_.user_passwords.push_back(rule.substr(1));
    if (const auto error = user.apply(rule)) {
      const bool told = *error == AclError::unknown_command;
      return refuse_start(fmt::format("Error loading ACL rule '{}' for the user named '{}': {}",
                                      told ? rule : "***", line.name, acl_error_text(*error)),
                          "user");
    }
  }
  return true;
}

bool RedisConfReader::load_users() {
  if (!module_setting_.empty() && !seen_.contains("loadmodule"))
    return refuse_start(
        "Module Configuration detected without loadmodule directive or no ApplyConfig call: "
        "aborting",
        module_setting_);
  AclRules& built_in =
      users_.insert_or_assign("default", AclRules::built_in_default()).first->second;
  const auto password = reading_.secrets.find("requirepass");
  if (password != reading_.secrets.end()) built_in.set_only_password(password->second.expose());

  if (!value("aclfile").empty() && !users_to_load_.empty())
    return refuse_start(
        "Configuring Redis with users defined in redis.conf and at the same setting an ACL file "
        "path is "
        "invalid.",
        "aclfile");
  for (const AclUserLine& line : users_to_load_)
    if (!load_user(line)) return false;
  return value("aclfile").empty() || load_acl_file();
}

// The file replaces every user: without a `default` line the built-in, open
// one is back, whatever requirepass says.
bool RedisConfReader::load_acl_file() {
  const std::string& name = value("aclfile");
  if (!files_.read) return true;
  const RedisConfFiles::Text file = files_.read(join_path(directory_, name));
  if (file.gap) {
    reading_.facts.gaps.push_back(*file.gap);
    users_.clear();
    return true;
  }
  if (!file.refusal.empty())
    return refuse_start(
        fmt::format("Aborting Redis startup because of ACL errors: Error loading ACLs, "
                    "opening file '{}': {}",
                    name, file.refusal),
        "aclfile");
  AclFileReading users =
      read_acl_file(file.text, name, value("acl-pubsub-default") == "allchannels");
  if (users.refused) {
    refuse_start(*users.refused, "aclfile");
    reading_.facts.refused_at = {file.path, users.refused_line, 0};
    return false;
  }
  users_.clear();
  users_at_.clear();
  users_.emplace("default", AclRules::built_in_default());
  for (AclUserLine& line : users.users) {
    line.location.path = file.path;
    if (!load_user(line)) return false;
  }
  return true;
}

void RedisConfReader::tell_effective() {
  RedisConfiguration& facts = reading_.facts;
  if (known_since_gap_) {
    for (const std::string& name : *known_since_gap_) facts.effective[name] = values_.at(name);
    facts.default_user_open = false;
    return;
  }
  facts.effective = values_;
  for (const DirectiveInfo& directive : redis_directives())
    if (!directive.alias.empty())
      facts.effective[std::string{directive.alias}] = values_.at(std::string{directive.name});
  facts.password_set = reading_.secrets.contains("requirepass");
  if (facts.password_set)
    facts.password_placeholder =
        looks_like_placeholder_secret(reading_.secrets.at("requirepass").expose());
  for (const auto& [name, user] : users_) {
    const auto at = users_at_.find(name);
    facts.users.push_back(user.facts(name, at == users_at_.end() ? SourceLocation{} : at->second));
  }
  const auto standard = users_.find("default");
  // A Sentinel's default user has no password either.
  facts.default_user_open = standard != users_.end() ? standard->second.open() : sentinel_;
}

void RedisConfReader::tell_duplicates() {
  for (const auto& [name, lines] : seen_) {
    if (!is_security_directive(name) || lines.size() < 2) continue;
    const RawDirective* differing = nullptr;
    for (const RawDirective& line : lines)
      if (line.words != lines.back().words) differing = &line;
    if (differing != nullptr)
      reading_.facts.duplicates.push_back(fmt::format(
          "{}: {} and {}", name, differing->location.text(), lines.back().location.text()));
  }
}

}  // namespace rta

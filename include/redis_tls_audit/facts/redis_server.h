// What a Redis server says of itself over RESP. A server may lie: checks say
// "the server reported". No secret is ever asked for (requirepass, masterauth
// and key passphrases are not in the list of parameters).
#pragma once

#include <redis_tls_audit/enum_names.h>
#include <redis_tls_audit/observation.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rta {

// Outcome of one command, told by the first word of the reply.
enum class CommandOutcome {
  ok, noauth, wrongpass, noperm, unknown_command, denied, loading, busy, error, no_answer, not_sent
};

template <>
struct EnumNames<CommandOutcome> {
  static constexpr std::array table{
      EnumName<CommandOutcome>{CommandOutcome::ok, "ok"},
      EnumName<CommandOutcome>{CommandOutcome::noauth, "noauth"},
      EnumName<CommandOutcome>{CommandOutcome::wrongpass, "wrongpass"},
      EnumName<CommandOutcome>{CommandOutcome::noperm, "noperm"},
      EnumName<CommandOutcome>{CommandOutcome::unknown_command, "unknown_command"},
      EnumName<CommandOutcome>{CommandOutcome::denied, "denied"},
      EnumName<CommandOutcome>{CommandOutcome::loading, "loading"},
      EnumName<CommandOutcome>{CommandOutcome::busy, "busy"},
      EnumName<CommandOutcome>{CommandOutcome::error, "error"},
      EnumName<CommandOutcome>{CommandOutcome::no_answer, "no_answer"},
      EnumName<CommandOutcome>{CommandOutcome::not_sent, "not_sent"}};
};

struct CommandResult {
  std::string command;               // "CONFIG GET", "ACL LIST": without arguments
  CommandOutcome outcome = CommandOutcome::not_sent;
  std::string detail;                // the error line, escaped, at most 200 bytes
};

struct AclUser {
  std::string name;
  bool enabled = false;
  bool nopass = false;
  int passwords = 0;                 // how many; hashes are dropped when read
  bool placeholder_password = false; // a hash matched the list of known words
  std::string commands;              // "-@all +ping"
  std::string keys;                  // "~*"
  std::string channels;
};

struct ClientEntry {
  std::string laddr;                 // "127.0.0.1:6379", or a path for unix sockets
  std::uint16_t local_port = 0;      // 0 = none given
  std::string flags;                 // N, S, M, O, U, P ...
  std::string user;
  std::string name;
  std::string library;               // lib-name, empty before 7.2
  std::string last_command;
  std::string address;               // peer, without port
};

struct AclLogEntry {
  std::string reason;                // auth, command, key, channel, tls-cert
  std::string username;
  std::uint64_t count = 0;
  std::uint64_t age_seconds = 0;
};

struct ReplicaLink {
  std::string address;
  std::uint16_t local_port = 0;      // laddr port on this node
};

struct ClusterNode {
  std::string id;
  std::string host;
  std::uint16_t port = 0;            // plaintext port as advertised, 0 = none
  std::uint16_t tls_port = 0;
  std::uint16_t bus_port = 0;
  std::string hostname;
};

// Where a sentinel sends its clients.
struct WatchedPrimary {
  std::string name;                  // "mymaster"
  std::string host;                  // name or address, as it is told to clients
  std::uint16_t port = 0;
};

struct RedisServer {
  // Before any credential was used.
  CommandResult unauthenticated_ping;
  CommandResult unauthenticated_info;
  CommandResult unauthenticated_config;
  std::string authenticated_as;      // ACL WHOAMI, or empty
  bool credentials_used = false;
  bool client_certificate_used = false;
  // A session without a client certificate was refused because of that: the
  // unauthenticated commands could not even be sent. In the server's words.
  bool client_certificate_demanded = false;
  std::string client_certificate_answer;         // "alert 116 certificate_required"

  std::vector<CommandResult> commands;           // capability matrix
  std::map<std::string, std::string> info;       // INFO fields by name
  // CONFIG GET by parameter; an absent key was not answered, see unanswered.
  std::map<std::string, std::string> config;
  std::vector<std::string> config_unknown;       // asked, empty array: not a parameter here
  Observation<std::vector<AclUser>> users;
  Observation<std::vector<ClientEntry>> clients; // our own connections left out
  bool clients_truncated = false;                // longer than our limit: never a pass
  Observation<std::vector<AclLogEntry>> acl_log;
  bool acl_log_truncated = false;
  std::vector<std::string> notes;                // oddities: "INFO names role twice"
  std::vector<std::string> modules;
  std::string role;                              // master, slave, sentinel
  std::vector<ReplicaLink> replicas;             // on a primary
  std::string master_host;
  std::uint16_t master_port = 0;
  Observation<std::vector<ClusterNode>> cluster_nodes;
  Observation<std::vector<WatchedPrimary>> watched_primaries;   // of a sentinel
  Observation<std::string> cluster_bus;          // what the bus port answered to a ClientHello
  std::optional<std::int64_t> clock_skew_seconds;   // server TIME minus ours
  std::string provider;                          // recognised managed service, or empty

  [[nodiscard]] const std::string* config_value(const std::string& name) const {
    const auto found = config.find(name);
    return found == config.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::string* info_value(const std::string& name) const {
    const auto found = info.find(name);
    return found == info.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const CommandResult* command(const std::string& name) const {
    for (const CommandResult& result : commands)
      if (result.command == name) return &result;
    return nullptr;
  }
};

}  // namespace rta

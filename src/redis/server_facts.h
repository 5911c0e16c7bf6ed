// The texts and arrays that Redis answers with, taken apart into facts. What
// a server says enters only as printable text; ACL hashes are compared with
// the list of documentation passwords and dropped. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/redis_server.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/reply.h"

namespace rta::redis {

// The first word of an error line tells what happened.
CommandOutcome outcome_of(const Reply& reply);

struct InfoFields {
  std::map<std::string, std::string> fields;
  std::vector<std::string> duplicates;  // the first value counts
};
InfoFields read_info(std::string_view text);

struct ListedClient {
  std::uint64_t id = 0;
  ClientEntry entry;
};
// One line of CLIENT LIST; absent when it has neither id nor addr.
std::optional<ListedClient> read_client(std::string_view line);

// One line of ACL LIST: "user alice on #<hash> ~app:* -@all +get".
std::optional<AclUser> read_acl_user(std::string_view line);

// One entry of ACL LOG: names and values in turn.
std::optional<AclLogEntry> read_acl_log_entry(const Reply& entry);

// "name" of each module of MODULE LIST.
std::vector<std::string> read_modules(const Reply& reply);

// The parameters of a CONFIG GET reply, in order.
std::vector<std::pair<std::string, std::string>> read_config(const Reply& reply);

// ROLE: role, and on a replica its master.
void read_role(const Reply& reply, RedisServer& server);

std::vector<ClusterNode> read_cluster_shards(const Reply& reply);
// CLUSTER NODES: "<id> ip:port@bus[,hostname][,tls-port=n] flags ...".
std::vector<ClusterNode> read_cluster_nodes(std::string_view text);
// One list from both commands: shards know the TLS ports, nodes the bus ports.
std::vector<ClusterNode> merge_cluster_nodes(std::vector<ClusterNode> shards,
                                             const std::vector<ClusterNode>& nodes);

// SENTINEL MASTERS: where clients are sent; entries without a place are left out.
std::vector<WatchedPrimary> read_watched_primaries(const Reply& reply);

// The value behind a name in a flat array of names and values.
const Reply* value_in(const Reply& pairs, std::string_view name);

// "192.0.2.1:6379", "[2001:db8::1]:6379", "/run/redis.sock:0": the part before
// the last colon, and the number behind it (0 when there is none).
std::pair<std::string, std::uint16_t> split_address(std::string_view text);

}  // namespace rta::redis

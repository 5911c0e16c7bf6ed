#include "redis/server_facts.h"

#include <charconv>
#include <cstdlib>

#include "base/digest.h"
#include "base/text.h"

namespace rta::redis {
namespace {

template <class Number>
Number number_or_zero(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : Number{};
}

std::uint16_t port_of(const Reply* reply) {
  if (reply == nullptr) return 0;
  if (reply->is_text()) return number_or_zero<std::uint16_t>(reply->text);
  return reply->integer > 0 && reply->integer <= 65535 ? static_cast<std::uint16_t>(reply->integer)
                                                       : std::uint16_t{0};
}

std::string text_of(const Reply* reply) {
  return reply != nullptr && reply->is_text() ? printable(reply->text) : std::string{};
}

// Redis keeps an unsalted SHA-256 of every password.
bool is_placeholder_hash(std::string_view hash) {
  static const std::vector<std::string> known = [] {
    std::vector<std::string> hashes;
    for (const std::string_view word : placeholder_secrets()) hashes.push_back(sha256_hex(word));
    return hashes;
  }();
  return std::ranges::find(known, hash) != known.end();
}

void append(std::string& list, std::string_view word) {
  if (!list.empty()) list += ' ';
  list += printable(word);
}

// One rule, outside or inside a selector's parentheses.
void read_acl_rule(std::string_view rule, AclUser& user) {
  if (rule == "on" || rule == "off") {
    user.enabled = rule == "on";
  } else if (rule == "nopass") {
    user.nopass = true;
  } else if (rule.starts_with('#') || rule.starts_with('>')) {
    ++user.passwords;
    if (rule.front() == '#' ? is_placeholder_hash(rule.substr(1))
                            : looks_like_placeholder_secret(rule.substr(1)))
      user.placeholder_password = true;
  } else if (rule.starts_with('~') || rule.starts_with('%') || rule == "allkeys") {
    append(user.keys, rule);
  } else if (rule.starts_with('&') || rule == "allchannels") {
    append(user.channels, rule);
  } else if (rule.starts_with('+') || rule.starts_with('-') || rule == "allcommands") {
    append(user.commands, rule);
  }
  // sanitize-payload, resetchannels, resetkeys and what later versions add
  // grant nothing.
}

}  // namespace

CommandOutcome outcome_of(const Reply& reply) {
  if (!reply.is_error()) return CommandOutcome::ok;
  const std::string_view line = reply.text;
  const std::string_view word = line.substr(0, line.find(' '));
  if (word == "NOAUTH") return CommandOutcome::noauth;
  if (word == "WRONGPASS") return CommandOutcome::wrongpass;
  if (word == "NOPERM") return CommandOutcome::noperm;
  if (word == "DENIED") return CommandOutcome::denied;
  if (word == "LOADING" || word == "MASTERDOWN") return CommandOutcome::loading;
  if (word == "BUSY") return CommandOutcome::busy;
  const std::string lower = lower_ascii(line);
  if (lower.starts_with("err unknown command") || lower.starts_with("err unknown subcommand"))
    return CommandOutcome::unknown_command;
  // Redis 6: "ERR Unknown subcommand or wrong number of arguments for ..."
  // Before 6.0 a wrong password was "ERR invalid password".
  if (lower.starts_with("err invalid password")) return CommandOutcome::wrongpass;
  if (lower.starts_with("err operation not permitted")) return CommandOutcome::noauth;
  return CommandOutcome::error;
}

InfoFields read_info(std::string_view text) {
  InfoFields info;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    const std::size_t colon = line.find(':');
    if (line.starts_with('#') || colon == std::string_view::npos || colon == 0) continue;
    const std::string name = printable(line.substr(0, colon), 100);
    if (info.fields.size() >= limits::kRespElements) break;
    if (!info.fields.emplace(name, printable(line.substr(colon + 1))).second &&
        info.duplicates.size() < 16)
      info.duplicates.push_back(name);
  }
  return info;
}

std::pair<std::string, std::uint16_t> split_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return {printable(text), 0};
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {printable(host), number_or_zero<std::uint16_t>(text.substr(colon + 1))};
}

std::optional<ListedClient> read_client(std::string_view line) {
  ListedClient client;
  bool has_address = false;
  for (const std::string_view word : split(trim(line), ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = word.substr(0, equals);
    const std::string_view value = word.substr(equals + 1);
    ClientEntry& entry = client.entry;
    if (name == "id") client.id = number_or_zero<std::uint64_t>(value);
    if (name == "addr") {
      entry.address = split_address(value).first;
      has_address = true;
    }
    if (name == "laddr") {
      entry.laddr = printable(value);
      entry.local_port = split_address(value).second;
    }
    if (name == "flags") entry.flags = printable(value, 40);
    if (name == "user") entry.user = printable(value, 100);
    if (name == "name") entry.name = printable(value, 100);
    if (name == "lib-name") entry.library = printable(value, 100);
    if (name == "cmd") entry.last_command = printable(value, 60);
  }
  if (client.id == 0 && !has_address) return std::nullopt;
  return client;
}

std::optional<AclUser> read_acl_user(std::string_view line) {
  std::vector<std::string_view> words = split(trim(line), ' ');
  if (words.size() < 2 || words[0] != "user") return std::nullopt;
  AclUser user;
  user.name = printable(words[1], 100);
  for (std::size_t i = 2; i < words.size(); ++i) {
    std::string_view rule = words[i];
    // A selector widens what the user may do: its rules count like the others.
    if (rule.starts_with('(')) rule.remove_prefix(1);
    if (rule.ends_with(')')) rule.remove_suffix(1);
    read_acl_rule(rule, user);
  }
  return user;
}

const Reply* value_in(const Reply& pairs, std::string_view name) {
  for (std::size_t i = 0; i + 1 < pairs.elements.size(); i += 2)
    if (pairs.elements[i].is_text() && pairs.elements[i].text == name)
      return &pairs.elements[i + 1];
  return nullptr;
}

std::optional<AclLogEntry> read_acl_log_entry(const Reply& reply) {
  const Reply* reason = value_in(reply, "reason");
  if (!reply.is_array() || reason == nullptr) return std::nullopt;
  AclLogEntry entry;
  entry.reason = text_of(reason).substr(0, 40);
  entry.username = text_of(value_in(reply, "username"));
  if (const Reply* count = value_in(reply, "count"); count != nullptr && count->integer > 0)
    entry.count = static_cast<std::uint64_t>(count->integer);
  if (const Reply* age = value_in(reply, "age-seconds"); age != nullptr && age->is_text()) {
    const double seconds = number_or_zero<double>(age->text);
    entry.age_seconds = seconds > 0 && seconds < 1e12 ? static_cast<std::uint64_t>(seconds) : 0;
  }
  return entry;
}

std::vector<std::string> read_modules(const Reply& reply) {
  std::vector<std::string> names;
  for (const Reply& module : reply.elements)
    if (const Reply* name = value_in(module, "name")) names.push_back(text_of(name));
  return names;
}

std::vector<std::pair<std::string, std::string>> read_config(const Reply& reply) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t i = 0; i + 1 < reply.elements.size(); i += 2) {
    const Reply& name = reply.elements[i];
    const Reply& value = reply.elements[i + 1];
    if (name.is_text() && value.is_text())
      parameters.emplace_back(name.text, printable(value.text, 4096));
  }
  return parameters;
}

void read_role(const Reply& reply, RedisServer& server) {
  if (!reply.is_array() || reply.elements.empty() || !reply.elements[0].is_text()) return;
  server.role = text_of(&reply.elements[0]);
  if (server.role == "slave" && reply.elements.size() >= 3) {
    server.master_host = text_of(&reply.elements[1]);
    server.master_port = port_of(&reply.elements[2]);
  }
}

std::vector<ClusterNode> read_cluster_shards(const Reply& reply) {
  std::vector<ClusterNode> nodes;
  for (const Reply& shard : reply.elements) {
    const Reply* members = value_in(shard, "nodes");
    if (members == nullptr) continue;
    for (const Reply& member : members->elements) {
      ClusterNode node;
      node.id = text_of(value_in(member, "id"));
      node.host = text_of(value_in(member, "ip"));
      node.hostname = text_of(value_in(member, "hostname"));
      node.port = port_of(value_in(member, "port"));
      node.tls_port = port_of(value_in(member, "tls-port"));
      nodes.push_back(std::move(node));
    }
  }
  return nodes;
}

std::vector<WatchedPrimary> read_watched_primaries(const Reply& reply) {
  std::vector<WatchedPrimary> primaries;
  for (const Reply& entry : reply.elements) {
    WatchedPrimary primary{text_of(value_in(entry, "name")), text_of(value_in(entry, "ip")),
                           port_of(value_in(entry, "port"))};
    if (!primary.host.empty() && primary.port != 0) primaries.push_back(std::move(primary));
  }
  return primaries;
}

std::vector<ClusterNode> read_cluster_nodes(std::string_view text) {
  std::vector<ClusterNode> nodes;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> words = split(trim(line), ' ');
    if (words.size() < 3) continue;
    const std::vector<std::string_view> parts = split(words[1], ',');
    const std::size_t at = parts[0].rfind('@');
    if (at == std::string_view::npos) continue;
    ClusterNode node;
    node.id = printable(words[0], 64);
    std::tie(node.host, node.port) = split_address(parts[0].substr(0, at));
    node.bus_port = number_or_zero<std::uint16_t>(parts[0].substr(at + 1));
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i].starts_with("tls-port="))
        node.tls_port = number_or_zero<std::uint16_t>(parts[i].substr(9));
      else if (i == 1 && parts[i].find('=') == std::string_view::npos)
        node.hostname = printable(parts[i], 255);
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::vector<ClusterNode> merge_cluster_nodes(std::vector<ClusterNode> shards,
                                             const std::vector<ClusterNode>& nodes) {
  for (const ClusterNode& node : nodes) {
    const auto known = std::ranges::find(shards, node.id, &ClusterNode::id);
    if (known == shards.end()) {
      shards.push_back(node);
      continue;
    }
    known->bus_port = node.bus_port;
    if (known->host.empty()) known->host = node.host;
  }
  return shards;
}

}  // namespace rta::redis

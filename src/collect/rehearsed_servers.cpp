// Asks each rehearsed server over its private socket, as the user that the
// rehearsal added for itself, what a stranger is not told: its configuration,
// users and the rest. What a stranger is told was asked over the network and
// stays as it is; of the added user nothing is kept. What was not rehearsed is
// taken out, so that checks say that they do not know.
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/deadline.h"
#include "base/text.h"
#include "collect/collectors.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/redis_server.h"
#include "redis/conversation.h"
#include "rehearse/conf_rewrite.h"
#include "rehearse/sandbox.h"

namespace rta {
namespace {

using namespace std::chrono_literals;

bool send_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
  return true;
}

int milliseconds_left(const Deadline& deadline) {
  return static_cast<int>(
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline.left()).count());
}

// Our own server on our own socket: blocking, with one deadline for all.
void converse(int fd, redis::Conversation& conversation) {
  const Deadline deadline = Deadline::after(5s);
  Bytes to_send = conversation.start();
  std::array<std::uint8_t, 16 * 1024> buffer{};
  while (true) {
    if (!send_all(fd, to_send)) return conversation.on_end(ConnectionEnd::reset, "closed");
    pollfd waiting{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, milliseconds_left(deadline)) <= 0)
      return conversation.on_end(ConnectionEnd::timed_out, "no answer");
    const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return conversation.on_end(ConnectionEnd::closed, "closed");
    const ProbeStep step =
        conversation.on_bytes(ByteView{buffer}.first(static_cast<std::size_t>(count)));
    if (step.finished) return;
    to_send = step.send;
  }
}

Observation<RedisServer> ask_as_observer(const rehearse::Rehearsal& rehearsal,
                                         const Provenance& from) {
  const UniqueFd fd = rehearsal.connect_to_socket();
  if (!fd)
    return {Gap{GapReason::unreachable, "the rehearsed server's socket took no connection", ""},
            from};
  redis::Conversation conversation{{.ask_as_nobody = false,
                                    .go_on = true,
                                    .user = rehearsal.observer().name,
                                    .password = &rehearsal.observer().password,
                                    .unix_seconds = {}}};
  converse(fd.get(), conversation);
  if (!conversation.was_answered())
    return {conversation.failure() != nullptr
                ? *conversation.failure()
                : Gap{GapReason::incomplete, "the rehearsed server did not answer", ""},
            from};
  return {conversation.take_server(), from};
}

// The observer was never there.
void forget_observer(RedisServer& server, const std::string& name) {
  server.authenticated_as.clear();
  server.credentials_used = false;
  if (std::vector<AclUser>* users = server.users.value())
    std::erase_if(*users, [&](const AclUser& user) { return user.name == name; });
  if (std::vector<ClientEntry>* clients = server.clients.value())
    std::erase_if(*clients, [&](const ClientEntry& client) { return client.user == name; });
  if (std::vector<AclLogEntry>* log = server.acl_log.value())
    std::erase_if(*log, [&](const AclLogEntry& entry) { return entry.username == name; });
  // Places of this run, which mean nothing to anybody.
  for (const char* field : {"config_file", "executable"}) server.info.erase(field);
}

// Only what was taken over from the project counts as told by its server.
void keep_what_was_rehearsed(RedisServer& server, const std::set<std::string>& unknown) {
  std::erase_if(server.config, [&](const auto& parameter) {
    return !rehearse::is_of_the_project(parameter.first) || unknown.contains(parameter.first);
  });
  // What the installed release lacks says nothing about the project's.
  server.config_unknown.clear();
}

// The users as the project gives them; passwords were never given to the server.
void restore_users(RedisServer& server, const RedisConfiguration& configuration) {
  const bool unknown = configuration.users.empty() && !rehearse::is_for_sentinel(configuration);
  if (!unknown) {
    if (std::vector<AclUser>* users = server.users.value())
      for (AclUser& user : *users)
        for (const ConfigurationUser& declared : configuration.users)
          if (declared.name == user.name) {
            user.placeholder_password = declared.placeholder_password;
            user.passwords = declared.passwords;
          }
    return;
  }
  Gap gap{GapReason::incomplete, "the users of the project could not be read", ""};
  if (!configuration.gaps.empty()) gap = configuration.gaps.front();
  server.users = gap;
  // Without them the answers to a stranger are of our making.
  for (CommandResult* result :
       {&server.unauthenticated_ping, &server.unauthenticated_info, &server.unauthenticated_config})
    *result = {result->command, CommandOutcome::not_sent, gap.detail};
}

void keep_as_stranger(RedisServer& server, const RedisServer& stranger) {
  server.unauthenticated_ping = stranger.unauthenticated_ping;
  server.unauthenticated_info = stranger.unauthenticated_info;
  server.unauthenticated_config = stranger.unauthenticated_config;
  server.client_certificate_demanded = stranger.client_certificate_demanded;
  server.client_certificate_answer = stranger.client_certificate_answer;
  server.cluster_bus = stranger.cluster_bus;
}

// The bus of a node that is alone: it shows whether it speaks TLS.
void ask_bus(const ScanSettings& settings, Endpoint& endpoint, RedisServer& server) {
  const auto address = dialled_address(endpoint);
  if (!address || server.cluster_bus.has_value()) return;
  net::Engine engine{settings.stop};
  const RedisTarget target{
      .key = endpoint.key, .address = *address, .budget = budget_for(settings, endpoint)};
  probe_cluster_bus(engine, target, server, endpoint.footprint);
}

void leave_open(SuiteInventory& suites, const std::string& reason) {
  suites.complete = false;
  suites.incomplete_reason = reason;
  suites.chosen.reset();
  suites.order = OrderBy::unknown;
}

// What this release could not be told, its handshakes do not show.
void forget_what_was_not_shown(Endpoint& endpoint, const std::set<std::string>& unknown) {
  TlsSurvey* survey = endpoint.tls.value();
  for (const std::string& name : unknown) {
    const std::string reason =
        "the installed redis-server does not know " + name + ", which the project sets";
    if (name == "tls-protocols" || name == "tls-auth-clients") {
      endpoint.tls = {Gap{GapReason::unsupported, reason, ""}, endpoint.tls.provenance()};
      return;
    }
    if (survey == nullptr) return;
    for (SuiteInventory& suites : survey->suites) {
      const bool is_tls13 = suites.version == ProtocolVersion::tls1_3;
      if ((name == "tls-ciphersuites" && is_tls13) || (name == "tls-ciphers" && !is_tls13))
        leave_open(suites, reason);
      if (name == "tls-prefer-server-ciphers") suites.order = OrderBy::unknown;
    }
    if (name != "tls-groups") continue;
    for (GroupInventory& groups : survey->groups) {
      groups.accepted.clear();
      groups.complete = false;
      groups.incomplete_reason = reason;
      groups.preferred.reset();
    }
  }
}

// Directives of later releases, which a rehearsal never passes on.
std::set<std::string> not_known_here(const rehearse::Rehearsal& rehearsal,
                                     const RedisConfiguration& configuration) {
  std::set<std::string> unknown = rehearsal.unknown_here();
  for (const std::string& told : configuration.unknown_directives)
    unknown.insert(told.substr(0, told.find(' ')));
  return unknown;
}

}  // namespace

void collect_rehearsed_servers(CollectContext& context, Evidence& evidence) {
  for (Endpoint& endpoint : evidence.endpoints) {
    const auto found = context.rehearsals.find(endpoint.key);
    if (endpoint.kind != EndpointKind::rehearsal || found == context.rehearsals.end()) continue;
    const rehearse::Rehearsal& rehearsal = *found->second;
    const auto configuration = std::ranges::find(
        evidence.redis_configurations, endpoint.rehearsed_source, &RedisConfiguration::source);
    if (configuration == evidence.redis_configurations.end()) continue;
    const std::set<std::string> unknown = not_known_here(rehearsal, *configuration);
    forget_what_was_not_shown(endpoint, unknown);

    const Provenance from{"rehearsed_servers", endpoint.key, {}, "RESP", Grade::rehearsed};
    Observation<RedisServer> told = ask_as_observer(rehearsal, from);
    if (const Gap* gap = told.gap()) {
      evidence.scope.notes.push_back(
          {gap->reason,
           fmt::format("{}: its own user was not answered: {}", endpoint.key, gap->detail), ""});
      // What a stranger was told goes through the same sieve.
      if (endpoint.redis.has_value()) told = std::move(endpoint.redis);
    } else if (const RedisServer* stranger = endpoint.redis.value()) {
      keep_as_stranger(*told.value(), *stranger);
    }
    if (RedisServer* server = told.value()) {
      ask_bus(context.settings, endpoint, *server);
      forget_observer(*server, rehearsal.observer().name);
      keep_what_was_rehearsed(*server, unknown);
      restore_users(*server, *configuration);
    }
    endpoint.redis = std::move(told);
  }
}

}  // namespace rta

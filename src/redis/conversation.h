// Conversation is what a scan says to one Redis server: first as nobody (PING,
// INFO, CONFIG GET port), then, logged in if a password was given, the rest of
// the read-only table. One command is in flight at a time; bytes that no
// command asked for end it. A Probe: no socket, no clock of its own. What was
// learnt is a RedisServer, however far it came.
#pragma once

#include <redis_tls_audit/facts/redis_server.h>
#include <redis_tls_audit/secret.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/probe.h"
#include "redis/command.h"
#include "redis/reply.h"

namespace rta::redis {

struct ConversationSettings {
  bool ask_as_nobody = true;         // before anything else: what an unauthenticated client is told
  bool go_on = true;                 // and then the rest
  std::string user;                  // empty: the default user
  const Secret* password = nullptr;  // null: none was given; tried once
  std::function<std::int64_t()> unix_seconds;  // our clock, to compare with TIME
};

class Conversation : public Probe {
 public:
  explicit Conversation(ConversationSettings settings);

  Bytes start() override;
  ProbeStep on_bytes(ByteView received) override;
  void on_end(ConnectionEnd end, const std::string& detail) override;
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] bool completes_handshake() const override { return true; }

  [[nodiscard]] const RedisServer& server() const { return server_; }
  [[nodiscard]] RedisServer take_server() { return std::move(server_); }
  // At least one command was answered.
  [[nodiscard]] bool was_answered() const { return answers_ > 0; }
  // Why the conversation ended before its end; null when it came to it.
  [[nodiscard]] const Gap* failure() const { return failure_ ? &*failure_ : nullptr; }
  [[nodiscard]] std::uint64_t commands_sent() const { return commands_sent_; }

 private:
  using Handler = void (Conversation::*)(const Reply&);
  struct Step {
    Command command;
    Handler read;
    ReplyShape shape = ReplyShape::whole;
  };
  enum class Phase { nobody, login, identify, facts, finished };

  ProbeStep proceed();
  Bytes send(Step step);
  void plan_next_phase();
  void plan_login();
  void plan_facts();
  void give_up(Gap gap);
  void skip_everything(const Gap& gap);
  void record(const Step& step, CommandOutcome outcome, std::string detail);
  void finish_step(const Reply& reply);

  void read_nobody_ping(const Reply& reply);
  void read_nobody_info(const Reply& reply);
  void read_nobody_config(const Reply& reply);
  void read_hello(const Reply& reply);
  void read_auth(const Reply& reply);
  void read_whoami(const Reply& reply);
  void read_info_reply(const Reply& reply);
  void read_config_all(const Reply& reply);
  void read_config_one(const Reply& reply);
  void read_users(const Reply& reply);
  void read_module_list(const Reply& reply);
  void read_role_reply(const Reply& reply);
  void read_time(const Reply& reply);
  void read_shards(const Reply& reply);
  void read_nodes(const Reply& reply);
  void read_masters(const Reply& reply);
  void read_acl_log(const Reply& reply);
  void read_clients(const Reply& reply);
  void take_client_line(std::string_view line);
  void take_acl_log_entry(const Reply& entry);

  ConversationSettings settings_;
  Phase phase_ = Phase::nobody;
  std::deque<Step> steps_;
  std::optional<Step> current_;
  ReplyReader reader_;
  RedisServer server_;
  std::uint64_t own_id_ = 0;  // told by HELLO; 0 = not known
  bool login_failed_ = false;
  std::size_t config_index_ = 0;  // for one parameter a call
  std::vector<ClientEntry> clients_;
  std::vector<AclLogEntry> acl_log_;
  std::size_t unreadable_lines_ = 0;
  std::uint64_t commands_sent_ = 0;
  std::uint64_t answers_ = 0;
  std::optional<Gap> failure_;
};

}  // namespace rta::redis

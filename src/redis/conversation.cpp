#include "redis/conversation.h"

#include "base/gap_reason.h"
#include "base/text.h"
#include "redis/server_facts.h"

namespace rta::redis {
namespace {

constexpr std::size_t kClientsKept = 20'000;  // twice Redis' own default of maxclients
constexpr std::size_t kAclLogKept = 20'000;
constexpr std::size_t kNotes = 32;

std::string detail_of(const Reply& reply) {
  return reply.is_error() ? printable(reply.text, 200) : std::string{};
}

GapReason reason_of(CommandOutcome outcome) {
  switch (outcome) {
    case CommandOutcome::noauth:
    case CommandOutcome::wrongpass:
    case CommandOutcome::noperm:
    case CommandOutcome::denied:
      return GapReason::denied;
    case CommandOutcome::unknown_command:
      return GapReason::unsupported;
    case CommandOutcome::not_sent:
      return GapReason::not_requested;
    case CommandOutcome::loading:
    case CommandOutcome::busy:
    case CommandOutcome::no_answer:
      return GapReason::timed_out;
    case CommandOutcome::ok:
    case CommandOutcome::error:
      break;
  }
  return GapReason::malformed;
}

// The rule that would let an ACL user send the command.
std::string remedy_for(std::string_view command, CommandOutcome outcome) {
  if (outcome == CommandOutcome::noauth || outcome == CommandOutcome::not_sent)
    return "give the audit user's credentials with --user and --password-file";
  if (outcome == CommandOutcome::wrongpass)
    return "correct the name or the password: --user and --password-file";
  if (outcome == CommandOutcome::loading) return "scan again when the server has loaded its data";
  if (outcome != CommandOutcome::noperm) return {};
  for (const ScanCommand& known : kScanCommands)
    if (known.words == command)
      return "let the audit user send it: ACL SETUSER <user> " + std::string{known.rule};
  return {};
}

Gap gap_of(std::string_view command, CommandOutcome outcome, const Reply& reply) {
  const std::string said = reply.is_error() ? detail_of(reply) : "an answer of an unexpected kind";
  return {reason_of(outcome), fmt::format("{} was answered with: {}", command, said),
          remedy_for(command, outcome)};
}

}  // namespace

Conversation::Conversation(ConversationSettings settings) : settings_(std::move(settings)) {
  server_.users = Gap{GapReason::not_requested, "ACL LIST was not sent", ""};
  server_.clients = Gap{GapReason::not_requested, "CLIENT LIST was not sent", ""};
  server_.acl_log = Gap{GapReason::not_requested, "ACL LOG was not sent", ""};
  server_.cluster_nodes = Gap{GapReason::not_requested, "the server reported no cluster", ""};
  server_.watched_primaries = Gap{GapReason::not_requested, "the server is no sentinel", ""};
  server_.unauthenticated_ping.command = "PING";
  server_.unauthenticated_info.command = "INFO";
  server_.unauthenticated_config.command = "CONFIG GET";
}

Bytes Conversation::start() {
  if (settings_.ask_as_nobody) {
    steps_.push_back({Command{"PING"}, &Conversation::read_nobody_ping});
    steps_.push_back({Command{"INFO"}, &Conversation::read_nobody_info});
    steps_.push_back({Command::config_get("port"), &Conversation::read_nobody_config});
  }
  return proceed().send;
}

ProbeStep Conversation::proceed() {
  while (steps_.empty() && phase_ != Phase::finished) plan_next_phase();
  if (steps_.empty()) return {.send = {}, .finished = true};
  Step step = std::move(steps_.front());
  steps_.pop_front();
  return {.send = send(std::move(step)), .finished = false};
}

Bytes Conversation::send(Step step) {
  ReplySinks sinks;
  sinks.line = [this](std::string_view line) { take_client_line(line); };
  sinks.entry = [this](const Reply& entry) { take_acl_log_entry(entry); };
  reader_ = ReplyReader{step.shape, std::move(sinks)};
  ++commands_sent_;
  Bytes wire = step.command.wire();
  current_.emplace(std::move(step));
  return wire;
}

ProbeStep Conversation::on_bytes(ByteView received) {
  if (!current_) {
    give_up({GapReason::malformed, "the server spoke without being asked", ""});
    return {.send = {}, .finished = true};
  }
  const std::size_t used = reader_.feed(received);
  if (const Gap* failure = reader_.failure()) {
    give_up({failure->reason,
             fmt::format("the answer to {}: {}", current_->command.name(), failure->detail), ""});
    return {.send = {}, .finished = true};
  }
  if (!reader_.done() && !reader_.truncated()) return {};
  // One answer a command. More means that we no longer
  // know which answer belongs to what, so this one is not believed either.
  if (reader_.done() && used < received.size()) {
    give_up({GapReason::malformed,
             fmt::format("more bytes than one answer came for {}", current_->command.name()), ""});
    return {.send = {}, .finished = true};
  }
  ++answers_;
  const bool was_truncated = reader_.truncated();
  const std::string name{current_->command.name()};
  finish_step(reader_.reply());
  if (was_truncated) {
    give_up({GapReason::too_large,
             fmt::format("the answer to {} is longer than {} MiB", name,
                         limits::kRespStreamed / limits::kMiB),
             ""});
    return {.send = {}, .finished = true};
  }
  return proceed();
}

void Conversation::finish_step(const Reply& reply) {
  const Step step = std::move(*current_);
  current_.reset();
  const bool as_nobody = phase_ == Phase::nobody;
  if (!as_nobody) record(step, outcome_of(reply), detail_of(reply));
  (this->*step.read)(reply);
}

// One row a command: with one call a parameter, the first refusal counts.
void Conversation::record(const Step& step, CommandOutcome outcome, std::string detail) {
  for (CommandResult& known : server_.commands) {
    if (known.command != step.command.name()) continue;
    if (known.outcome != CommandOutcome::ok && outcome == CommandOutcome::ok && config_index_ <= 1)
      known = {known.command, outcome, std::move(detail)};
    return;
  }
  server_.commands.push_back({std::string{step.command.name()}, outcome, std::move(detail)});
}

void Conversation::on_end(ConnectionEnd end, const std::string& detail) {
  const std::string after =
      current_ ? fmt::format("{} was not answered: {}", current_->command.name(), detail) : detail;
  give_up({gap_reason(end), after, ""});
}

void Conversation::give_up(Gap gap) {
  const Phase phase = std::exchange(phase_, Phase::finished);
  if (current_ && phase == Phase::nobody) {
    for (CommandResult* result : {&server_.unauthenticated_ping, &server_.unauthenticated_info,
                                  &server_.unauthenticated_config})
      if (result->command == current_->command.name() &&
          result->outcome == CommandOutcome::not_sent)
        *result = {result->command, CommandOutcome::no_answer, gap.detail};
  } else if (current_) {
    record(*current_, CommandOutcome::no_answer, gap.detail);
  }
  if (current_) steps_.push_front(std::move(*current_));
  current_.reset();
  for (const Step& step : steps_) {
    if (phase != Phase::nobody) record(step, CommandOutcome::not_sent, gap.detail);
    if (step.command.name() == "ACL LIST") server_.users = gap;
    if (step.command.name() == "CLIENT LIST") server_.clients = gap;
    if (step.command.name() == "ACL LOG") server_.acl_log = gap;
    if (step.command.name().starts_with("CLUSTER")) server_.cluster_nodes = gap;
    if (step.command.name() == "SENTINEL MASTERS") server_.watched_primaries = gap;
  }
  steps_.clear();
  if (!failure_) failure_ = std::move(gap);
}

void Conversation::plan_next_phase() {
  switch (phase_) {
    case Phase::nobody:
      phase_ = settings_.go_on ? Phase::login : Phase::finished;
      if (phase_ == Phase::login) plan_login();
      return;
    case Phase::login:
      phase_ = Phase::identify;
      if (login_failed_) return;
      steps_.push_back({Command{"ACL WHOAMI"}, &Conversation::read_whoami});
      steps_.push_back({Command{"INFO"}, &Conversation::read_info_reply});
      return;
    case Phase::identify:
      phase_ = Phase::facts;
      if (!login_failed_) plan_facts();
      return;
    case Phase::facts:
    case Phase::finished:
      phase_ = Phase::finished;
      return;
  }
}

void Conversation::plan_login() {
  const bool asks_for_password = server_.unauthenticated_ping.outcome == CommandOutcome::noauth;
  if (asks_for_password && settings_.password == nullptr) {
    skip_everything({GapReason::denied, "the server asks for a password and none was given",
                     "give the audit user's credentials with --user and --password-file"});
    return;
  }
  steps_.push_back({settings_.password == nullptr
                        ? Command::hello()
                        : Command::hello(settings_.user, *settings_.password),
                    &Conversation::read_hello});
}

void Conversation::plan_facts() {
  const std::string* mode = server_.info_value("redis_mode");
  const std::string* cluster = server_.info_value("cluster_enabled");
  if (mode != nullptr && *mode == "sentinel") {
    steps_.push_back({Command{"SENTINEL MASTERS"}, &Conversation::read_masters});
  } else {
    steps_.push_back({Command::config_get_all(), &Conversation::read_config_all});
    steps_.push_back({Command{"MODULE LIST"}, &Conversation::read_module_list});
  }
  steps_.push_back({Command{"ACL LIST"}, &Conversation::read_users});
  steps_.push_back({Command{"ROLE"}, &Conversation::read_role_reply});
  if (settings_.unix_seconds) steps_.push_back({Command{"TIME"}, &Conversation::read_time});
  if (cluster != nullptr && *cluster == "1") {
    server_.cluster_nodes =
        Gap{GapReason::incomplete, "the nodes of the cluster were not told", ""};
    steps_.push_back({Command{"CLUSTER SHARDS"}, &Conversation::read_shards});
    steps_.push_back({Command{"CLUSTER NODES"}, &Conversation::read_nodes});
  }
  // The two that may not fit come last: a truncated answer ends the conversation.
  steps_.push_back({Command::acl_log(100'000), &Conversation::read_acl_log, ReplyShape::entries});
  steps_.push_back({Command{"CLIENT LIST"}, &Conversation::read_clients, ReplyShape::lines});
}

void Conversation::read_nobody_ping(const Reply& reply) {
  server_.unauthenticated_ping = {"PING", outcome_of(reply), detail_of(reply)};
  if (reply.is_text()) server_.unauthenticated_ping.detail = "+" + printable(reply.text, 40);
}

void Conversation::read_nobody_info(const Reply& reply) {
  server_.unauthenticated_info = {"INFO", outcome_of(reply), detail_of(reply)};
  if (reply.kind != Reply::Kind::bulk) return;
  InfoFields info = read_info(reply.text);
  server_.unauthenticated_info.detail = counted(info.fields.size(), "field");
  server_.info = std::move(info.fields);
}

void Conversation::read_nobody_config(const Reply& reply) {
  server_.unauthenticated_config = {"CONFIG GET", outcome_of(reply), detail_of(reply)};
  for (const auto& [name, value] : read_config(reply))
    if (name == "port") server_.unauthenticated_config.detail = "port " + value;
}

void Conversation::read_hello(const Reply& reply) {
  const CommandOutcome outcome = outcome_of(reply);
  if (outcome == CommandOutcome::ok) {
    server_.credentials_used = settings_.password != nullptr;
    if (const Reply* id = value_in(reply, "id"); id != nullptr && id->integer > 0)
      own_id_ = static_cast<std::uint64_t>(id->integer);
    return;
  }
  // HELLO is there since 6.0 and may be renamed; nothing was tried then.
  if (outcome == CommandOutcome::unknown_command && settings_.password != nullptr) {
    steps_.push_back(
        {Command::auth(settings_.user, *settings_.password), &Conversation::read_auth});
    return;
  }
  if (settings_.password == nullptr && outcome != CommandOutcome::noauth) return;
  skip_everything(gap_of("HELLO", outcome, reply));
}

void Conversation::read_auth(const Reply& reply) {
  const CommandOutcome outcome = outcome_of(reply);
  server_.credentials_used = outcome == CommandOutcome::ok;
  if (outcome == CommandOutcome::ok) return;
  skip_everything(gap_of("AUTH", outcome, reply));
}

// Nothing more is asked without a login: it would only fill the server's logs.
void Conversation::skip_everything(const Gap& gap) {
  login_failed_ = true;
  for (const ScanCommand& known : kScanCommands)
    if (known.to == SentTo::every_server && known.words != "HELLO" && known.words != "AUTH" &&
        known.words != "PING")
      server_.commands.push_back({std::string{known.words}, CommandOutcome::not_sent, gap.detail});
  server_.users = gap;
  server_.clients = gap;
  server_.acl_log = gap;
  server_.cluster_nodes = gap;
}

void Conversation::read_whoami(const Reply& reply) {
  if (reply.is_text()) server_.authenticated_as = printable(reply.text, 100);
}

void Conversation::read_info_reply(const Reply& reply) {
  if (reply.kind != Reply::Kind::bulk) return;
  InfoFields info = read_info(reply.text);
  for (const std::string& name : info.duplicates)
    if (server_.notes.size() < kNotes)
      server_.notes.push_back("INFO names " + name + " more than once; the first counts");
  server_.info = std::move(info.fields);
}

void Conversation::read_config_all(const Reply& reply) {
  // Before 7.0 CONFIG GET takes one parameter.
  if (outcome_of(reply) == CommandOutcome::error ||
      (reply.is_error() && reply.text.find("arguments") != std::string::npos)) {
    steps_.push_front({Command::config_get(config_index_++), &Conversation::read_config_one});
    return;
  }
  if (!reply.is_array()) return;
  for (auto& [name, value] : read_config(reply))
    if (is_config_parameter(name)) server_.config.emplace(name, std::move(value));
  for (const std::string_view name : kConfigParameters)
    if (server_.config_value(std::string{name}) == nullptr)
      server_.config_unknown.emplace_back(name);
}

void Conversation::read_config_one(const Reply& reply) {
  const std::string asked{kConfigParameters.at(config_index_ - 1)};
  if (reply.is_error() || !reply.is_array()) return;
  for (auto& [name, value] : read_config(reply))
    if (name == asked) server_.config.emplace(name, std::move(value));
  if (reply.elements.empty()) server_.config_unknown.push_back(asked);
  if (config_index_ < kConfigParameters.size())
    steps_.push_front({Command::config_get(config_index_++), &Conversation::read_config_one});
}

void Conversation::read_users(const Reply& reply) {
  if (!reply.is_array()) {
    server_.users = gap_of("ACL LIST", outcome_of(reply), reply);
    return;
  }
  std::vector<AclUser> users;
  for (const Reply& line : reply.elements) {
    std::optional<AclUser> user = line.is_text() ? read_acl_user(line.text) : std::nullopt;
    if (!user) {
      server_.users = Gap{GapReason::malformed, "a line of ACL LIST cannot be understood", ""};
      return;
    }
    users.push_back(std::move(*user));
  }
  server_.users = std::move(users);
}

void Conversation::read_module_list(const Reply& reply) { server_.modules = read_modules(reply); }

void Conversation::read_role_reply(const Reply& reply) { read_role(reply, server_); }

void Conversation::read_time(const Reply& reply) {
  if (!reply.is_array() || reply.elements.empty() || !reply.elements[0].is_text()) return;
  const std::optional<std::int64_t> theirs = parse_resp_integer(reply.elements[0].text);
  constexpr std::int64_t kFarFuture = 1LL << 40;
  if (theirs && *theirs >= 0 && *theirs < kFarFuture)
    server_.clock_skew_seconds = *theirs - settings_.unix_seconds();
}

void Conversation::read_shards(const Reply& reply) {
  if (reply.is_array()) server_.cluster_nodes = read_cluster_shards(reply);
}

void Conversation::read_nodes(const Reply& reply) {
  if (reply.kind != Reply::Kind::bulk) {
    if (!server_.cluster_nodes.has_value())
      server_.cluster_nodes = gap_of("CLUSTER NODES", outcome_of(reply), reply);
    return;
  }
  std::vector<ClusterNode> shards;
  if (server_.cluster_nodes.has_value()) shards = std::move(*server_.cluster_nodes.value());
  server_.cluster_nodes = merge_cluster_nodes(std::move(shards), read_cluster_nodes(reply.text));
}

void Conversation::read_masters(const Reply& reply) {
  if (reply.is_array())
    server_.watched_primaries = read_watched_primaries(reply);
  else
    server_.watched_primaries = gap_of("SENTINEL MASTERS", outcome_of(reply), reply);
  for (const Reply& master : reply.elements)
    if (const Reply* name = value_in(master, "name");
        name != nullptr && server_.notes.size() < kNotes)
      server_.notes.push_back("watches " + printable(name->text, 100));
}

void Conversation::take_acl_log_entry(const Reply& reply) {
  std::optional<AclLogEntry> entry = read_acl_log_entry(reply);
  if (!entry) {
    ++unreadable_lines_;
  } else if (acl_log_.size() < kAclLogKept) {
    acl_log_.push_back(std::move(*entry));
  } else {
    server_.acl_log_truncated = true;
  }
}

void Conversation::read_acl_log(const Reply& reply) {
  if (!reader_.streamed()) {
    server_.acl_log = gap_of("ACL LOG", outcome_of(reply), reply);
    return;
  }
  server_.acl_log_truncated = server_.acl_log_truncated || reader_.truncated();
  if (std::exchange(unreadable_lines_, 0) > 0)
    server_.acl_log = Gap{GapReason::malformed, "an entry of ACL LOG cannot be understood", ""};
  else
    server_.acl_log = std::move(acl_log_);
}

void Conversation::take_client_line(std::string_view line) {
  std::optional<ListedClient> client = read_client(line);
  if (!client) {
    ++unreadable_lines_;
    return;
  }
  const ClientEntry& entry = client->entry;
  // A replica's link is told by its flag, whoever it belongs to.
  if (entry.flags.find('S') != std::string::npos && server_.replicas.size() < kClientsKept)
    server_.replicas.push_back({entry.address, entry.local_port});
  // Ours by its number; by name only where HELLO told none, because any client
  // may choose our name.
  const bool ours = own_id_ != 0
                        ? client->id == own_id_
                        : entry.name == kClientName && entry.last_command.starts_with("client");
  if (ours) return;
  if (clients_.size() < kClientsKept)
    clients_.push_back(std::move(client->entry));
  else
    server_.clients_truncated = true;
}

void Conversation::read_clients(const Reply& reply) {
  if (!reader_.streamed()) {
    server_.clients = gap_of("CLIENT LIST", outcome_of(reply), reply);
    return;
  }
  server_.clients_truncated = server_.clients_truncated || reader_.truncated();
  if (std::exchange(unreadable_lines_, 0) > 0)
    server_.clients = Gap{GapReason::malformed, "a line of CLIENT LIST cannot be understood", ""};
  else
    server_.clients = std::move(clients_);
}

}  // namespace rta::redis

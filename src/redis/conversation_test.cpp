#include "redis/conversation.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace rta;
using namespace rta::redis;

namespace {

std::string bulk(std::string_view text) { return fmt::format("${}\r\n{}\r\n", text.size(), text); }

std::string strings(const std::vector<std::string>& words) {
  std::string wire = fmt::format("*{}\r\n", words.size());
  for (const std::string& word : words) wire += bulk(word);
  return wire;
}

// A server that answers each command by a table: words -> bytes. A command
// that is not in the table is answered with the reply named "*".
struct Server {
  std::map<std::string, std::string> replies;
  std::vector<std::string> asked;

  std::string answer(ByteView wire) {
    const Result<Reply> command = parse_reply(wire);
    REQUIRE(command);
    std::vector<std::string> words;
    for (const Reply& word : command->elements) words.push_back(word.text);
    asked.push_back(join(words, " "));
    for (std::size_t count = words.size(); count > 0; --count) {
      const auto found = replies.find(
          join({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count)}, " "));
      if (found != replies.end()) return found->second;
    }
    return replies.contains("*") ? replies.at("*") : "-ERR unknown command\r\n";
  }

  [[nodiscard]] bool was_asked(const std::string& beginning) const {
    return std::ranges::any_of(
        asked, [&](const std::string& text) { return text.starts_with(beginning); });
  }
};

// Lets both talk until the end; pieces of `piece` bytes.
void talk(Conversation& conversation, Server& server, std::size_t piece = 1U << 20U) {
  Bytes request = conversation.start();
  while (!request.empty()) {
    const std::string answer = server.answer(request);
    request.clear();
    ByteView rest = as_bytes(answer);
    while (!rest.empty()) {
      const ByteView head = rest.first(std::min(piece, rest.size()));
      rest = rest.subspan(head.size());
      const ProbeStep step = conversation.on_bytes(head);
      if (step.finished) return;
      if (!step.send.empty()) request = step.send;
    }
    if (request.empty()) {
      conversation.on_end(ConnectionEnd::timed_out, "no answer within 4 s");
      return;
    }
  }
}

Server open_server() {
  Server server;
  server.replies = {
      {"PING", "+PONG\r\n"},
      {"INFO",
       bulk("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\ncluster_enabled:0\r\n")},
      {"CONFIG GET port", strings({"port", "0"})},
      {"CONFIG GET port tls-port",
       strings({"port", "0", "tls-port", "6379", "requirepass", "canary-secret"})},
      {"HELLO", "*4\r\n" + bulk("server") + bulk("redis") + bulk("id") + ":9\r\n"},
      {"ACL WHOAMI", bulk("default")},
      {"ACL LIST", strings({"user default on nopass ~* &* +@all"})},
      {"ACL LOG", "*0\r\n"},
      {"MODULE LIST", "*0\r\n"},
      {"ROLE", "*3\r\n" + bulk("master") + ":0\r\n*0\r\n"},
      {"TIME", strings({"1000", "5"})},
      {"CLIENT LIST",
       bulk("id=8 addr=10.0.0.5:1 laddr=10.0.0.1:6379 name= flags=N user=default\n"
            "id=9 addr=10.0.0.9:1 laddr=10.0.0.1:6379 name=redis-tls-audit flags=N user=default\n"
            "id=10 addr=10.0.0.6:1 laddr=10.0.0.1:6379 name=redis-tls-audit flags=S "
            "user=default\n")}};
  return server;
}

const CommandResult& row(const RedisServer& server, const std::string& command) {
  const CommandResult* found = server.command(command);
  REQUIRE_MESSAGE(found != nullptr, command);
  return *found;
}

}  // namespace

TEST_CASE("an open server tells everything, in pieces of any size") {
  for (const std::size_t piece : {1UL, 3UL, 1UL << 20U}) {
    Server server = open_server();
    Conversation conversation{{.user = {}, .unix_seconds = [] { return 990; }}};
    talk(conversation, server, piece);
    const RedisServer& told = conversation.server();
    CHECK(conversation.failure() == nullptr);
    CHECK(told.unauthenticated_ping.outcome == CommandOutcome::ok);
    CHECK(told.unauthenticated_ping.detail == "+PONG");
    CHECK(told.unauthenticated_config.detail == "port 0");
    CHECK(told.authenticated_as == "default");
    CHECK_FALSE(told.credentials_used);
    REQUIRE(told.config_value("tls-port") != nullptr);
    CHECK(*told.config_value("tls-port") == "6379");
    CHECK(told.users->front().nopass);
    CHECK(told.role == "master");
    CHECK(told.clock_skew_seconds == 10);
    for (const CommandResult& result : told.commands) CHECK(result.outcome == CommandOutcome::ok);
    CHECK(told.replicas.size() == 1);
  }
}

TEST_CASE("our own connection is left out by its number, a namesake is not") {
  Server server = open_server();
  Conversation conversation{{}};
  talk(conversation, server);
  REQUIRE(conversation.server().clients.has_value());
  CHECK(conversation.server().clients->size() == 2);
}

TEST_CASE("what was not asked for is not kept: a password in the answer stays out") {
  Server server = open_server();
  Conversation conversation{{}};
  talk(conversation, server);
  CHECK(conversation.server().config_value("requirepass") == nullptr);
  CHECK(conversation.server().config.size() == 2);
  CHECK(std::ranges::count(conversation.server().config_unknown, "loglevel") == 1);
}

TEST_CASE("a server that wants a password gets three questions and no more") {
  Server server;
  server.replies = {{"*", "-NOAUTH Authentication required.\r\n"}};
  Conversation conversation{{}};
  talk(conversation, server);
  const RedisServer& told = conversation.server();
  CHECK(server.asked.size() == 3);
  CHECK(told.unauthenticated_ping.outcome == CommandOutcome::noauth);
  CHECK(told.unauthenticated_info.outcome == CommandOutcome::noauth);
  CHECK(told.unauthenticated_config.outcome == CommandOutcome::noauth);
  CHECK(row(told, "ACL LIST").outcome == CommandOutcome::not_sent);
  REQUIRE(told.users.gap() != nullptr);
  CHECK(told.users.gap()->reason == GapReason::denied);
}

TEST_CASE("a password is tried once, and a wrong one ends the questions") {
  Server server;
  server.replies = {{"HELLO", "-WRONGPASS invalid username-password pair or user is disabled.\r\n"},
                    {"*", "-NOAUTH Authentication required.\r\n"}};
  const Secret password{"canary"};
  Conversation conversation{{.user = "auditor", .password = &password}};
  talk(conversation, server);
  CHECK(server.asked.size() == 4);
  CHECK(row(conversation.server(), "HELLO").outcome == CommandOutcome::wrongpass);
  CHECK_FALSE(conversation.server().credentials_used);
  CHECK(conversation.server().users.gap()->detail.find("WRONGPASS") != std::string::npos);
}

TEST_CASE("where HELLO is unknown, AUTH logs in") {
  Server server = open_server();
  server.replies["HELLO"] = "-ERR unknown command `HELLO`, with args beginning with: `2`, \r\n";
  server.replies["AUTH auditor canary"] = "+OK\r\n";
  const Secret password{"canary"};
  Conversation conversation{{.user = "auditor", .password = &password}};
  talk(conversation, server);
  CHECK(server.was_asked("AUTH auditor"));
  CHECK(conversation.server().credentials_used);
}

TEST_CASE("before 7.0 the parameters are asked one by one") {
  Server server = open_server();
  server.replies["CONFIG GET port tls-port"] =
      "-ERR Unknown subcommand or wrong number of arguments for 'GET'. Try CONFIG HELP.\r\n";
  server.replies["CONFIG GET tls-port"] = strings({"tls-port", "6379"});
  server.replies["*"] = "*0\r\n";
  Conversation conversation{{}};
  talk(conversation, server);
  const RedisServer& told = conversation.server();
  CHECK(*told.config_value("port") == "0");
  CHECK(*told.config_value("tls-port") == "6379");
  CHECK(told.config_unknown.size() == kConfigParameters.size() - 2);
  CHECK(row(told, "CONFIG GET").outcome == CommandOutcome::ok);
}

TEST_CASE("a renamed CONFIG is unknown and the rest is still told") {
  Server server = open_server();
  server.replies["CONFIG GET port"] =
      "-ERR unknown command 'CONFIG', with args beginning with: 'GET' \r\n";
  server.replies["CONFIG GET port tls-port"] = server.replies["CONFIG GET port"];
  Conversation conversation{{}};
  talk(conversation, server);
  CHECK(row(conversation.server(), "CONFIG GET").outcome == CommandOutcome::unknown_command);
  CHECK(conversation.server().config.empty());
  CHECK(conversation.server().clients.has_value());
}

TEST_CASE("a denied command is a gap with the rule that would be enough") {
  Server server = open_server();
  server.replies["CLIENT LIST"] =
      "-NOPERM this user has no permissions to run the 'client|list' command\r\n";
  Conversation conversation{{}};
  talk(conversation, server);
  REQUIRE(conversation.server().clients.gap() != nullptr);
  CHECK(conversation.server().clients.gap()->reason == GapReason::denied);
  CHECK(conversation.server().clients.gap()->remedy.find("+client|list") != std::string::npos);
}

TEST_CASE("two answers to one command end the conversation, and neither is believed") {
  Server server = open_server();
  server.replies["ACL LIST"] = strings({"user default off -@all"}) + "+OK\r\n";
  Conversation conversation{{}};
  talk(conversation, server);
  REQUIRE(conversation.failure() != nullptr);
  CHECK(conversation.failure()->reason == GapReason::malformed);
  CHECK_FALSE(conversation.server().users.has_value());
  CHECK_FALSE(conversation.server().clients.has_value());
  CHECK(row(conversation.server(), "ACL LIST").outcome == CommandOutcome::no_answer);
}

TEST_CASE("something that is no Redis ends the conversation at once") {
  Server server;
  server.replies["*"] = "HTTP/1.1 400 Bad Request\r\n\r\n";
  Conversation conversation{{}};
  talk(conversation, server);
  CHECK_FALSE(conversation.was_answered());
  CHECK(conversation.failure()->reason == GapReason::malformed);
  CHECK(conversation.server().unauthenticated_ping.outcome == CommandOutcome::no_answer);
  CHECK(conversation.server().unauthenticated_info.outcome == CommandOutcome::not_sent);
}

TEST_CASE("a server that falls silent, at any command, leaves gaps and no facts") {
  for (const std::string silent :
       {"PING", "INFO", "HELLO", "ACL LIST", "CLIENT LIST", "CONFIG GET port"}) {
    INFO(silent);
    Server server = open_server();
    server.replies[silent] = "";
    Conversation conversation{{}};
    talk(conversation, server);
    REQUIRE(conversation.failure() != nullptr);
    CHECK(conversation.failure()->reason == GapReason::timed_out);
    CHECK_FALSE(conversation.server().clients.has_value());
  }
}

TEST_CASE("answers of the wrong kind are gaps, not facts") {
  for (const std::string odd : {"$-1\r\n", ":5\r\n", "*1\r\n*1\r\n:1\r\n", "+OK\r\n"}) {
    INFO(odd);
    Server server;
    server.replies["*"] = odd;
    Conversation conversation{{.unix_seconds = [] { return 0; }}};
    talk(conversation, server);
    CHECK(conversation.server().info.empty());
    CHECK(conversation.server().config.empty());
    CHECK_FALSE(conversation.server().users.has_value());
    CHECK_FALSE(conversation.server().clock_skew_seconds.has_value());
  }
}

TEST_CASE("a cluster node is asked for its nodes") {
  Server server = open_server();
  server.replies["INFO"] = bulk("redis_mode:cluster\r\ncluster_enabled:1\r\n");
  server.replies["CLUSTER SHARDS"] = "-ERR unknown subcommand 'SHARDS'. Try CLUSTER HELP.\r\n";
  server.replies["CLUSTER NODES"] =
      bulk("abc 127.0.0.1:7001@17001 myself,master - 0 0 1 connected\n");
  Conversation conversation{{}};
  talk(conversation, server);
  REQUIRE(conversation.server().cluster_nodes.has_value());
  CHECK(conversation.server().cluster_nodes->front().bus_port == 17001);
}

TEST_CASE("every command that is sent stands in the table, and the other way round") {
  Server server = open_server();
  server.replies["INFO"] = bulk("redis_mode:cluster\r\ncluster_enabled:1\r\n");
  const Secret password{"canary"};
  Conversation conversation{{.user = "a", .password = &password, .unix_seconds = [] { return 0; }}};
  talk(conversation, server);
  for (const ScanCommand& known : kScanCommands) {
    // AUTH stands in for HELLO on servers that do not know it.
    if (known.to == SentTo::sentinel || known.words == "AUTH") continue;
    INFO(known.words);
    CHECK(server.was_asked(std::string{known.words}));
  }
  for (const std::string& asked : server.asked)
    CHECK(std::ranges::any_of(
        kScanCommands, [&](const ScanCommand& known) { return asked.starts_with(known.words); }));
}

TEST_CASE("a sentinel is not asked for what it does not know") {
  Server server = open_server();
  server.replies["INFO"] = bulk("redis_mode:sentinel\r\n");
  server.replies["SENTINEL MASTERS"] =
      "*2\r\n" + strings({"name", "mymaster", "ip", "10.0.0.1", "port", "6379"}) +
      strings({"name", "nowhere"});
  Conversation conversation{{}};
  talk(conversation, server);
  CHECK_FALSE(server.was_asked("CONFIG GET port tls-port"));
  CHECK(conversation.server().notes == std::vector<std::string>{"watches mymaster", "watches nowhere"});
  const auto* primaries = conversation.server().watched_primaries.value();
  REQUIRE(primaries != nullptr);
  REQUIRE(primaries->size() == 1);
  CHECK(primaries->at(0).host == "10.0.0.1");
  CHECK(primaries->at(0).port == 6379);
}

#include "redis/server_facts.h"

#include <doctest/doctest.h>

#include "base/digest.h"

using namespace rta;
using namespace rta::redis;

namespace {

Reply parsed(std::string_view wire) {
  Result<Reply> reply = parse_reply(as_bytes(wire));
  REQUIRE(reply);
  return *reply;
}

CommandOutcome outcome(const std::string& line) { return outcome_of(parsed("-" + line + "\r\n")); }

}  // namespace

TEST_CASE("error lines become outcomes by their first word") {
  CHECK(outcome("NOAUTH Authentication required.") == CommandOutcome::noauth);
  CHECK(outcome("WRONGPASS invalid username-password pair or user is disabled.") ==
        CommandOutcome::wrongpass);
  CHECK(outcome("NOPERM this user has no permissions to run the 'config|get' command") ==
        CommandOutcome::noperm);
  CHECK(outcome("ERR unknown command 'CONFIG', with args beginning with: 'GET' ") ==
        CommandOutcome::unknown_command);
  CHECK(outcome("ERR unknown subcommand 'SHARDS'. Try CLUSTER HELP.") ==
        CommandOutcome::unknown_command);
  CHECK(
      outcome(
          "ERR Unknown subcommand or wrong number of arguments for 'SHARDS'. Try CLUSTER HELP.") ==
      CommandOutcome::unknown_command);
  CHECK(outcome("DENIED Redis is running in protected mode") == CommandOutcome::denied);
  CHECK(outcome("LOADING Redis is loading the dataset in memory") == CommandOutcome::loading);
  CHECK(outcome("BUSY Redis is busy running a script.") == CommandOutcome::busy);
  CHECK(outcome("ERR max number of clients reached") == CommandOutcome::error);
  CHECK(outcome_of(parsed("+PONG\r\n")) == CommandOutcome::ok);
}

TEST_CASE("the first of two INFO fields counts, and the second is noted") {
  const InfoFields info = read_info(
      "# Server\r\nredis_version:7.0.15\r\nrole:master\r\nrole:slave\r\nbad line\r\n:x\r\n");
  CHECK(info.fields.at("redis_version") == "7.0.15");
  CHECK(info.fields.at("role") == "master");
  CHECK(info.duplicates == std::vector<std::string>{"role"});
  CHECK(info.fields.size() == 2);
}

TEST_CASE("what a server says is made printable") {
  CHECK(read_info("redis_version:\x1b[31m7\r\n").fields.at("redis_version").find('\x1b') ==
        std::string::npos);
}

TEST_CASE("lines of CLIENT LIST, of Redis 7 and of a unix socket") {
  const auto tls = read_client(
      "id=7 addr=10.0.0.5:41996 laddr=10.0.0.1:6379 fd=8 name=worker age=1 idle=0 flags=N db=0 "
      "cmd=client|list "
      "user=app redir=-1 resp=2 lib-name=redis-py lib-ver=5.0");
  REQUIRE(tls);
  CHECK(tls->id == 7);
  CHECK(tls->entry.address == "10.0.0.5");
  CHECK(tls->entry.laddr == "10.0.0.1:6379");
  CHECK(tls->entry.local_port == 6379);
  CHECK(tls->entry.user == "app");
  CHECK(tls->entry.library == "redis-py");
  const auto local =
      read_client("id=3 addr=/run/redis.sock:0 laddr=/run/redis.sock:0 name= flags=U user=default");
  REQUIRE(local);
  CHECK(local->entry.local_port == 0);
  CHECK(local->entry.flags == "U");
  // Redis before 6.2 tells no laddr.
  CHECK(read_client("id=3 addr=127.0.0.1:5 fd=8 name= flags=N")->entry.laddr.empty());
  CHECK_FALSE(read_client("HTTP/1.1 200 OK"));
}

TEST_CASE("an ACL line is read without its passwords") {
  const std::string hash = sha256_hex("changeme"sv);
  const auto user =
      read_acl_user("user alice on sanitize-payload #" + hash + " #" + std::string(64, 'a') +
                    " ~app:* resetchannels &news -@all +get +config|get");
  REQUIRE(user);
  CHECK(user->enabled);
  CHECK_FALSE(user->nopass);
  CHECK(user->passwords == 2);
  CHECK(user->placeholder_password);
  CHECK(user->keys == "~app:*");
  CHECK(user->channels == "&news");
  CHECK(user->commands == "-@all +get +config|get");
  const auto open = read_acl_user("user default on nopass ~* &* +@all");
  CHECK(open->nopass);
  CHECK(open->passwords == 0);
  CHECK_FALSE(read_acl_user("alice on"));
}

TEST_CASE("a selector's rules count as the user's") {
  const auto user = read_acl_user("user bob on #00 -@all (~cache:* -@all +get)");
  CHECK(user->commands == "-@all -@all +get");
  CHECK(user->keys == "~cache:*");
}

TEST_CASE("an entry of the ACL log") {
  const auto entry =
      read_acl_log_entry(parsed("*8\r\n$5\r\ncount\r\n:3\r\n$6\r\nreason\r\n$4\r\nauth\r\n$"
                                "8\r\nusername\r\n$3\r\nbob\r\n$11\r\nage-"
                                "seconds\r\n$5\r\n12.75\r\n"));
  REQUIRE(entry);
  CHECK(entry->reason == "auth");
  CHECK(entry->username == "bob");
  CHECK(entry->count == 3);
  CHECK(entry->age_seconds == 12);
  CHECK_FALSE(read_acl_log_entry(parsed("+OK\r\n")));
}

TEST_CASE("roles") {
  RedisServer replica;
  read_role(parsed("*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:6379\r\n$9\r\nconnected\r\n:14\r\n"),
            replica);
  CHECK(replica.role == "slave");
  CHECK(replica.master_host == "127.0.0.1");
  CHECK(replica.master_port == 6379);
  RedisServer odd;
  read_role(parsed("*1\r\n:1\r\n"), odd);
  CHECK(odd.role.empty());
}

TEST_CASE("cluster nodes from both commands are one list") {
  const auto shards =
      read_cluster_shards(parsed("*1\r\n*4\r\n$5\r\nslots\r\n*0\r\n$5\r\nnodes\r\n*1\r\n*6\r\n$"
                                 "2\r\nid\r\n$3\r\nabc\r\n$8\r\ntls-port\r\n:"
                                 "7001\r\n$2\r\nip\r\n$9\r\n127.0.0.1\r\n"));
  const auto nodes = read_cluster_nodes(
      "abc 127.0.0.1:7001@17001,redis-1.example,shard-id=x myself,master - 0 0 1 connected\n"
      "def :0@10000 master - 0 0 0 connected\n\n");
  REQUIRE(nodes.size() == 2);
  CHECK(nodes[0].hostname == "redis-1.example");
  CHECK(nodes[1].bus_port == 10000);
  const auto merged = merge_cluster_nodes(shards, nodes);
  REQUIRE(merged.size() == 2);
  CHECK(merged[0].tls_port == 7001);
  CHECK(merged[0].port == 0);
  CHECK(merged[0].bus_port == 17001);
}

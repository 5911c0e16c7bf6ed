// Users of a Redis and what their ACL rules let them do, the same for a live
// server (ACL LIST) and for a declared configuration (user lines, ACL file).
#pragma once

#include <redis_tls_audit/check.h>

#include <string>
#include <vector>

#include "checks/common/settings.h"

namespace rta::checks {

struct UserView {
  std::string name;
  bool enabled = false;
  bool nopass = false;
  bool has_password = false;
  bool placeholder_password = false;
  std::string commands;  // "-@all +get"
  std::string keys;      // "~*"
  std::string channels;  // "&*"
  Provenance from;
};

// The users of one server or configuration. `default` is always among them: a
// configuration that does not name it leaves it as Redis makes it.
Observation<std::vector<UserView>> users_of(const ConfigurationView& view);

// The key of one user as a Subject: "redis:6379#default".
Subject user_subject(const ConfigurationView& view, const UserView& user);

// What the rules of a user grant, worked out in their order.
struct Granted {
  bool everything = false;             // +@all and nothing taken away
  std::vector<std::string> forbidden;  // administrative commands: CONFIG, ACL, ...
  std::vector<std::string> disliked;   // FLUSHALL, FLUSHDB, KEYS, MONITOR
};
Granted granted(std::string_view rules);

bool covers_all_keys(std::string_view keys);
bool covers_all_channels(std::string_view channels);

// The unauthenticated client was let in: it got +PONG, or data.
bool answers_nobody(const RedisServer& server);

// The endpoint was dialled at a loopback address.
bool is_loopback_endpoint(const Endpoint& endpoint);

// "default" when nothing was set: the user that a consumer logs in as.
std::string user_of(const Consumer& consumer);

}  // namespace rta::checks

#include "checks/common/access.h"

#include "base/text.h"

namespace rta::checks {
namespace {

// Commands that a stolen application secret must not reach, with the ACL
// categories that contain them (redis 7.0, ACL CAT).
struct Sensitive {
  std::string_view command;
  std::string_view categories;
  bool forbidden;
};

constexpr std::array kSensitive{
    Sensitive{"config", "admin slow dangerous", true},
    Sensitive{"acl", "admin slow dangerous", true},
    Sensitive{"debug", "admin slow dangerous", true},
    Sensitive{"module", "admin slow dangerous", true},
    Sensitive{"replicaof", "admin slow dangerous", true},
    Sensitive{"slaveof", "admin slow dangerous", true},
    Sensitive{"migrate", "keyspace write slow dangerous", true},
    Sensitive{"shutdown", "admin slow dangerous", true},
    Sensitive{"flushall", "keyspace write slow dangerous", false},
    Sensitive{"flushdb", "keyspace write slow dangerous", false},
    Sensitive{"keys", "keyspace read slow dangerous", false},
    Sensitive{"monitor", "admin slow dangerous", false},
};

bool has_category(const Sensitive& command, std::string_view category) {
  return std::ranges::count(split(command.categories, ' '), category) > 0;
}

// The part of the rules that concerns keys or channels is not needed here.
std::string kept(std::string_view rules, auto&& wanted) {
  std::vector<std::string> words;
  for (const std::string_view word : split(rules, ' '))
    if (!word.empty() && wanted(word)) words.emplace_back(word);
  return join(words, " ");
}

UserView view_of(const ConfigurationUser& user, const RedisConfiguration& declared) {
  UserView view;
  view.name = user.name;
  view.enabled = user.enabled;
  view.nopass = user.nopass;
  view.has_password = user.passwords > 0;
  view.placeholder_password = user.placeholder_password;
  view.commands = kept(user.rules, [](std::string_view word) {
    return word.starts_with('+') || word.starts_with('-') || word.ends_with("commands");
  });
  view.keys = kept(user.rules, [](std::string_view word) {
    return word.starts_with('~') || word.starts_with('%') || word == "allkeys";
  });
  view.channels = kept(user.rules, [](std::string_view word) {
    return word.starts_with('&') || word == "allchannels";
  });
  // The built-in default user stands nowhere.
  const SourceLocation place =
      user.location.path.empty() ? place_of_setting(declared, "requirepass") : user.location;
  view.from = {"redis_conf", "", place, "user " + user.name, Grade::declared};
  return view;
}

UserView implied_default(const RedisConfiguration& declared) {
  UserView view;
  view.name = "default";
  view.enabled = true;
  view.nopass = declared.default_user_open;
  view.has_password = declared.password_set;
  view.placeholder_password = declared.password_placeholder;
  view.commands = "+@all";
  view.keys = "~*";
  view.channels = "&*";
  view.from = {"redis_conf", "", place_of_setting(declared, "requirepass"), "requirepass",
               Grade::declared};
  return view;
}

Observation<std::vector<UserView>> declared_users(const ConfigurationView& view) {
  const RedisConfiguration& declared = *view.declared;
  if (declared.refused) return view.gap("users");
  const std::string* aclfile = declared.value("aclfile");
  const bool names_aclfile = aclfile != nullptr && !aclfile->empty();
  if (names_aclfile && declared.users.empty() && !declared.gaps.empty())
    return Gap{declared.gaps.front().reason,
               "the users stand in an ACL file that was not read: " + *aclfile,
               declared.gaps.front().remedy};
  // Even the built-in user is only told by a configuration that was read whole.
  if (declared.users.empty() && !declared.gaps.empty()) return declared.gaps.front();
  std::vector<UserView> users;
  for (const ConfigurationUser& user : declared.users) users.push_back(view_of(user, declared));
  if (std::ranges::count(users, "default", &UserView::name) == 0)
    users.push_back(implied_default(declared));
  return users;
}

Observation<std::vector<UserView>> live_users(const ConfigurationView& view) {
  const RedisServer* server = view.endpoint->redis.value();
  if (server == nullptr) return *view.endpoint->redis.gap();
  if (const Gap* gap = server->users.gap()) return *gap;
  std::vector<UserView> users;
  for (const AclUser& user : *server->users) {
    users.push_back({.name = user.name,
                     .enabled = user.enabled,
                     .nopass = user.nopass,
                     .has_password = user.passwords > 0,
                     .placeholder_password = user.placeholder_password,
                     .commands = user.commands,
                     .keys = user.keys,
                     .channels = user.channels,
                     .from = {"redis_server", view.endpoint->key, {}, "ACL LIST",
                              server_grade(*view.endpoint)}});
  }
  return users;
}

}  // namespace

Observation<std::vector<UserView>> users_of(const ConfigurationView& view) {
  return view.declared != nullptr ? declared_users(view) : live_users(view);
}

Subject user_subject(const ConfigurationView& view, const UserView& user) {
  return Subject::user(view.subject.key + "#" + user.name);
}

Granted granted(std::string_view rules) {
  std::array<bool, kSensitive.size()> holds{};
  bool all = false;
  for (const std::string_view rule : split(rules, ' ')) {
    if (rule.size() < 2) continue;
    const bool gives = rule.front() == '+' || rule == "allcommands";
    const std::string name = lower_ascii(rule.substr(1));
    const bool everything = name == "@all" || rule == "allcommands" || rule == "nocommands";
    if (everything)
      all = gives;
    else if (!gives)
      all = false;
    for (std::size_t i = 0; i < kSensitive.size(); ++i) {
      const bool concerned = everything || name == kSensitive[i].command ||
                             (name.starts_with('@') && has_category(kSensitive[i], name.substr(1)));
      if (concerned) holds[i] = gives;
    }
    // One subcommand is not the command, but CONFIG SET and ACL SETUSER are enough.
    if (gives && name == "config|set") holds[0] = true;
    if (gives && name == "acl|setuser") holds[1] = true;
  }
  Granted result;
  result.everything = all;
  for (std::size_t i = 0; i < kSensitive.size(); ++i) {
    if (!holds[i]) continue;
    std::string name{kSensitive[i].command};
    std::ranges::transform(name, name.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    (kSensitive[i].forbidden ? result.forbidden : result.disliked).push_back(std::move(name));
  }
  return result;
}

bool covers_all_keys(std::string_view keys) {
  return std::ranges::any_of(split(keys, ' '), [](std::string_view word) {
    return word == "~*" || word == "allkeys" || word == "%RW~*" || word == "%R~*";
  });
}

bool covers_all_channels(std::string_view channels) {
  return std::ranges::any_of(split(channels, ' '), [](std::string_view word) {
    return word == "&*" || word == "allchannels";
  });
}

bool answers_nobody(const RedisServer& server) {
  return server.unauthenticated_ping.outcome == CommandOutcome::ok ||
         server.unauthenticated_info.outcome == CommandOutcome::ok ||
         server.unauthenticated_config.outcome == CommandOutcome::ok;
}

bool is_loopback_endpoint(const Endpoint& endpoint) {
  // A rehearsal's address is ours and says nothing about the project's.
  if (endpoint.kind == EndpointKind::rehearsal) return false;
  return is_loopback_address(endpoint.address.empty() ? endpoint.host : endpoint.address) ||
         endpoint.address.starts_with("[::1]") || endpoint.address.starts_with("::1");
}

std::string user_of(const Consumer& consumer) {
  return consumer.username && !consumer.username->value.empty() ? consumer.username->value
                                                                : "default";
}

}  // namespace rta::checks

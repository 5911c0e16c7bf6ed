// Rules of ACL users as Redis 7.0.15 applies them (src/acl.c): `user` lines of
// redis.conf and of the ACL file. Password hashes live only inside AclRules
// and never leave it. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

enum class AclError {
  unknown_command,
  syntax,
  pattern_after_all_keys,
  pattern_after_all_channels,
  no_such_password,
  bad_hash,
  duplicate_user,
  first_argument_of_subcommand
};

// In Redis' words.
std::string_view acl_error_text(AclError error);

// One user while its rules are applied, in order.
class AclRules {
 public:
  // A fresh user is off and may do nothing.
  static AclRules fresh(bool all_channels);
  // The built-in default user: on, nopass, everything allowed.
  static AclRules built_in_default();

  // Absent: applied.
  std::optional<AclError> apply(std::string_view rule);
  // What requirepass does to the default user; empty = none.
  void set_only_password(std::string_view password);

  [[nodiscard]] bool enabled() const { return enabled_; }
  [[nodiscard]] bool nopass() const { return nopass_; }
  // Anyone may use the server as this user without a password.
  [[nodiscard]] bool open() const { return enabled_ && nopass_; }
  // For Evidence: how many passwords, never which.
  [[nodiscard]] ConfigurationUser facts(const std::string& name, SourceLocation location) const;

 private:
  struct Selector {
    bool all_keys = false;
    bool all_channels = false;
    std::optional<AclError> apply(std::string_view rule);
  };

  std::optional<AclError> apply_password(std::string_view rule);
  std::optional<AclError> apply_selector(std::string_view rule);

  bool enabled_ = false;
  bool nopass_ = false;
  bool default_channels_ = false;  // acl-pubsub-default allchannels
  bool placeholder_ = false;
  std::set<std::string> hashes_;
  Selector root_;
  std::vector<std::string> shown_;  // rules without passwords, as written
};

// "(~a* +get" "+set)" become one rule; absent when a parenthesis stays open,
// with the index of the rule that opened it in `opened_at`.
std::optional<std::vector<std::string>> merge_selectors(std::span<const std::string> rules,
                                                        std::size_t& opened_at);

bool has_blanks(std::string_view text);  // also NUL

// One line of an ACL file or `user` directive.
struct AclUserLine {
  std::string name;
  std::vector<std::string> rules;  // selectors merged; holds passwords
  SourceLocation location;
};

// The text of an ACL file; the error is what Redis logs, with file and line.
struct AclFileReading {
  std::vector<AclUserLine> users;
  std::optional<std::string> refused;
  int refused_line = 0;
};
AclFileReading read_acl_file(std::string_view text, const std::string& name, bool all_channels);

}  // namespace rta

#include "rehearse/conf_rewrite.h"

#include <fmt/format.h>

#include "base/text.h"
#include "files/redis_conf/sds_words.h"
#include "rehearse/directive_treatment.h"

namespace rta::rehearse {
namespace {

// Stands for a password of the project, which the private server never learns:
// the hash of nothing that anybody could type.
constexpr std::string_view kNobodysHash =
    "#0000000000000000000000000000000000000000000000000000000000000000";

class Rewriting {
 public:
  Rewriting(const RedisConfiguration& configuration, const Stage& stage)
      : configuration_(configuration), stage_(stage) {}

  RewrittenConfiguration run() && {
    stage_itself();
    name_tls_files();
    apply_allowed();
    write_users();
    if (!is_for_sentinel(configuration_))
      for (const std::string_view command : removed_commands())
        line("rename-command", fmt::format("{} \"\"", command), {});
    tell_refused();
    tell_staged();
    return std::move(result_);
  }

 private:
  void line(std::string_view name, std::string_view rest, const SourceLocation& at) {
    result_.text += fmt::format("{} {}\n", name, rest);
    result_.lines.push_back({std::string{name}, at});
  }

  void own(std::string_view name, std::string_view value) { line(name, quote_sds_word(value), {}); }

  // A line of ours that stands for one of the project.
  void instead(const std::string& name, std::string_view value) {
    line(name, quote_sds_word(value), said_at(name));
  }

  [[nodiscard]] SourceLocation said_at(const std::string& name) const {
    const auto found = configuration_.decided_at.find(name);
    return found == configuration_.decided_at.end() ? SourceLocation{} : found->second;
  }

  [[nodiscard]] bool is(const std::string& name, std::string_view value) const {
    const std::string* found = configuration_.value(name);
    return found != nullptr && *found == value;
  }

  [[nodiscard]] bool listens(const std::string& name) const {
    return configuration_.value(name) != nullptr && !is(name, "0");
  }

  void stage_itself() {
    instead("bind", stage_.address);
    instead("port", listens("port") ? std::to_string(stage_.port) : "0");
    instead("tls-port", listens("tls-port") ? std::to_string(stage_.tls_port) : "0");
    if (is("cluster-enabled", "yes")) {
      instead("cluster-port", std::to_string(stage_.bus_port));
      own("cluster-config-file", "nodes.conf");
    }
    if (!stage_.observer.empty()) {
      own("unixsocket", kSocketFile);
      own("unixsocketperm", "600");
    }
    own("save", "");
    for (const std::string_view off :
         {"appendonly", "daemonize", "syslog-enabled", "crash-log-enabled"})
      own(off, "no");
    own("logfile", "");
    own("maxclients", "200");
    own("maxmemory", "64mb");
    own("databases", "1");
  }

  void name_tls_files() {
    if (!listens("tls-port") && !is("tls-replication", "yes") && !is("tls-cluster", "yes")) return;
    instead("tls-cert-file", stage_.certificate);
    instead("tls-key-file", stage_.key);
    if (!stage_.ca.empty()) instead("tls-ca-cert-file", stage_.ca);
    if (!stage_.dh.empty()) instead("tls-dh-params-file", stage_.dh);
  }

  void apply_allowed() {
    for (const DirectiveTreatment& known : directive_treatments()) {
      if (known.treatment != Treatment::applied) continue;
      const std::string name{known.name};
      const std::string* value = configuration_.value(name);
      if (value == nullptr || value->empty()) continue;
      if (stage_.unknown.contains(name)) {
        result_.not_applied.push_back(
            {GapReason::unsupported,
             fmt::format("{}: the installed redis-server does not know {}: what it decides "
                         "was not rehearsed",
                         place(said_at(name)), name),
             "rehearse with the release that the project runs"});
        continue;
      }
      instead(name, *value);
    }
  }

  // Every user with its rules and without its passwords.
  void write_users() {
    if (is_for_sentinel(configuration_)) {
      if (configuration_.password_set) own("requirepass", kNobodysHash);
    } else if (configuration_.users.empty()) {
      // Who may log in is not known: nobody, then.
      line("user", fmt::format("default on {} ~* &* +@all", kNobodysHash), {});
    }
    for (const ConfigurationUser& user : configuration_.users)
      line("user", user_rules(user), user.location);
    if (!stage_.observer.empty())
      line("user",
           fmt::format("{} reset on #{} {}", stage_.observer, stage_.observer_sha256,
                       stage_.observer_rules),
           {});
  }

  [[nodiscard]] std::string user_rules(const ConfigurationUser& user) const {
    std::string words = quote_sds_word(user.name);
    for (const std::string_view rule : split(user.rules, ' '))
      if (!rule.empty()) words += " " + quote_sds_word(rule);
    words += " resetpass";
    if (user.nopass)
      words += " nopass";
    else if (user.passwords > 0)
      words += stage_.password_sha256.empty() ? fmt::format(" {}", kNobodysHash)
                                              : fmt::format(" #{}", stage_.password_sha256);
    return words + (user.enabled ? " on" : " off");
  }

  [[nodiscard]] std::string place(const SourceLocation& at) const {
    return at.path.empty() ? configuration_.source : at.text();
  }

  static bool changes_nothing(const Directive& directive) {
    if (directive.arguments.empty()) return true;
    const std::string value = lower_ascii(directive.arguments.front());
    return value.empty() || value == "no" ||
           (directive.name == "replicaof" && value == "no" && directive.arguments.size() == 2);
  }

  void tell_refused() {
    for (const Directive& directive : configuration_.directives) {
      const DirectiveTreatment* known = treatment_of(directive.name);
      if (known == nullptr || known->treatment != Treatment::refused || changes_nothing(directive))
        continue;
      if (result_.not_applied.size() >= kToldRefusals) return;
      result_.not_applied.push_back(
          {GapReason::unsupported,
           fmt::format("{}: {} was not applied in the rehearsal: {}", place(directive.location),
                       directive.name, known->why),
           "scan the running server with --target"});
    }
  }

  // One sentence for all that the private server has of its own.
  void tell_staged() {
    std::vector<std::string> named;
    for (const Directive& directive : configuration_.directives) {
      const DirectiveTreatment* known = treatment_of(directive.name);
      if (known == nullptr || known->treatment != Treatment::staged) continue;
      std::string text = fmt::format("{} ({})", directive.name, place(directive.location));
      if (std::ranges::count(named, text) == 0 && named.size() < kToldStaged)
        named.push_back(std::move(text));
    }
    if (named.empty()) return;
    result_.not_applied.push_back({GapReason::not_requested,
                                   fmt::format("the rehearsal of {} has its own in place of {}",
                                               configuration_.source, join(named, ", ")),
                                   ""});
  }

  static constexpr std::size_t kToldRefusals = 64;
  static constexpr std::size_t kToldStaged = 40;

  const RedisConfiguration& configuration_;
  const Stage& stage_;
  RewrittenConfiguration result_;
};

}  // namespace

RewrittenConfiguration rewrite_configuration(const RedisConfiguration& configuration,
                                             const Stage& stage) {
  return Rewriting{configuration, stage}.run();
}

bool is_of_the_project(std::string_view parameter) {
  const DirectiveTreatment* known = treatment_of(parameter);
  return known != nullptr && known->treatment == Treatment::applied;
}

bool is_for_sentinel(const RedisConfiguration& configuration) {
  const std::string file = configuration.source.substr(configuration.source.rfind('/') + 1);
  return lower_ascii(file).find("sentinel") != std::string::npos ||
         std::ranges::count(configuration.argv, "--sentinel") > 0 ||
         std::ranges::any_of(configuration.directives, [](const Directive& directive) {
           return directive.name == "sentinel";
         });
}

}  // namespace rta::rehearse

#include "collect/service_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "collect/built_image.h"
#include "collect/configuration_files.h"
#include "files/clients/consumer_settings.h"
#include "files/clients/redis_url.h"
#include "files/keys/key_material.h"
#include "files/redis_conf/redis_directives.h"

namespace rta {
namespace {

// ALLOW_EMPTY_PASSWORD=yes: the name speaks of a secret, the value is none.
bool is_switch(std::string_view value) {
  const std::string lower = lower_ascii(value);
  for (const std::string_view word : {"yes", "no", "true", "false", "on", "off", "0", "1"})
    if (lower == word) return true;
  return false;
}

// Command-line options whose value is a secret.
bool takes_secret(std::string_view option) {
  if (!option.starts_with('-')) return false;
  if (option == "-a") return true;  // of redis-cli; "-A" is Celery's application
  if (!option.starts_with("--")) return false;
  const std::string name = lower_ascii(option.substr(2));
  return is_secret_directive(name) || name == "pass" || name.ends_with("password");
}

class ServiceFacts {
 public:
  ServiceFacts(CollectContext& context, const ComposeServiceReading& reading)
      : context_(context), reading_(reading) {}

  ComposeService make() {
    const RedisLaunch launch = redis_launch(reading_);
    ComposeService service;
    service.name = reading_.name;
    service.image = printable(reading_.image, 300);
    service.build_context = printable(reading_.build_context, 300);
    service.build_file = printable(reading_.build_file, 300);
    service.is_redis = launch.is_redis;
    service.started_by_default = reading_.active;
    if (launch.argv)
      service.redis_argv =
          masked_words(*launch.argv, reading_.command_is_literal && !launch.from_environment,
                       reading_.command_at, service);
    else
      look_through_commands(service);
    add_environment(service);
    for (const ComposePort& port : reading_.ports)
      service.ports.push_back(
          {port.host_ip, printable(port.published, 40), port.target, port.protocol, port.location});
    for (const ComposeMount& mount : reading_.mounts) {
      add_mount(mount, service);
      look_through_content(mount, service);
    }
    service.healthcheck = health_words(service);
    service.healthcheck_location = reading_.healthcheck_at;
    service.user = printable(reading_.user, 80);
    service.network_mode = printable(reading_.network_mode, 80);
    service.log_driver = printable(reading_.log_driver, 80);
    service.privileged = reading_.privileged;
    service.read_only_root = reading_.read_only_root;
    service.no_new_privileges = reading_.no_new_privileges;
    service.location = reading_.location;
    service.left_out = reading_.left_out;
    return service;
  }

 private:
  void found_literal(const std::string& name, const SourceLocation& at, ComposeService& service) {
    service.literal_secrets.push_back({printable(name, 80), at});
  }

  std::vector<std::string> masked_words(const std::vector<std::string>& words, bool literal,
                                        const SourceLocation& at, ComposeService& service) {
    std::vector<std::string> shown;
    bool next_is_secret = false;
    for (const std::string& word : words) {
      // "--requirepass secret" in one argument.
      const std::size_t blank = word.find_first_of(" =");
      if (next_is_secret && !word.empty() && !word.starts_with("--")) {
        (void)describe_secret(word, context_.secrets);
        if (literal) found_literal(shown.back(), at, service);
        shown.emplace_back("***");
      } else if (blank != std::string::npos &&
                 takes_secret(std::string_view{word}.substr(0, blank))) {
        (void)describe_secret(trim(std::string_view{word}.substr(blank + 1)), context_.secrets);
        if (literal) found_literal(word.substr(0, blank), at, service);
        shown.push_back(word.substr(0, blank) + " ***");
      } else {
        shown.push_back(printable(files::mask_url(word), 400));
      }
      next_is_secret = takes_secret(word);
    }
    return shown;
  }

  // What another program is started with, or a shell: literals show by their
  // options, and by URLs that hold a password.
  void look_through_commands(ComposeService& service) {
    std::vector<std::string> words;
    for (const auto* command : {&reading_.entrypoint, &reading_.command})
      if (*command)
        for (const std::string& part : **command)
          for (const std::string_view word : split(part, ' '))
            if (!word.empty()) words.emplace_back(word);
    const bool cli = std::ranges::any_of(
        words, [](const std::string& word) { return word.ends_with("redis-cli"); });
    for (std::string& word : words)  // what a shell puts in is no literal
      if (word.find('$') != std::string::npos || (word == "-a" && !cli)) word.clear();
    (void)masked_words(words, reading_.command_is_literal, reading_.command_at, service);
    if (!reading_.command_is_literal) return;
    for (const std::string& word : words)
      if (files::mask_url(word) != word)
        found_literal("a URL with a password", reading_.command_at, service);
  }

  void add_environment(ComposeService& service) {
    for (const auto& [name, variable] : reading_.environment) {
      if (!variable.value) continue;  // named, but unset
      // Ordinals, not stars: the service's consumer finds its password by them.
      const files::DescribeSecret describe = [this](std::string_view value) {
        return describe_secret(value, context_.secrets);
      };
      const bool url_with_password = files::mask_url(*variable.value) != *variable.value;
      std::string shown = files::hide_secret(name, *variable.value, describe);
      if (shown == *variable.value && is_secret_name(name) && !shown.empty())
        shown = describe(*variable.value).ordinal;
      if (shown == *variable.value) shown = files::mask_url(shown);
      // The path of a mounted secret is none.
      if (variable.literal && !variable.value->empty() && !is_switch(*variable.value) &&
          !variable.value->starts_with("/run/secrets/") &&
          (is_secret_name(name) || url_with_password))
        found_literal(name, variable.location, service);
      const std::string key = printable(name, 100);
      service.environment[key] = printable(shown, 400);
      service.environment_at[key] = variable.location;
    }
  }

  void add_mount(const ComposeMount& mount, ComposeService& service) const {
    Mount facts{.type = mount.type,
                .source = mount.source,
                .target = mount.target,
                .read_only = mount.read_only,
                .mode = mount.mode,
                .location = mount.location};
    const bool is_host_path =
        mount.type == "bind" || mount.type == "secret" || mount.type == "config";
    if (is_host_path && !mount.source.empty())
      facts.is_directory = context_.files->is_directory(mount.source);
    service.mounts.push_back(std::move(facts));
  }

  // A configuration that is written out in the compose file, with its passwords.
  void look_through_content(const ComposeMount& mount, ComposeService& service) {
    if (!mount.content || !mount.content_is_literal) return;
    for (const files::FoundMaterial& found : files::find_material(as_bytes(*mount.content)))
      if (files::is_secret(found.material) && !found.placeholder)
        found_literal(
            fmt::format("{} in {}", found.detail, printable(mount.target, 200)),
            {mount.content_at.path, mount.content_at.line + std::max(found.line - 1, 0), 0}, service);
  }

  // CMD-SHELL is one text: split it by blanks, which is enough to see options.
  std::vector<std::string> health_words(ComposeService& service) {
    std::vector<std::string> words;
    for (const std::string& part : reading_.healthcheck)
      if (part == reading_.healthcheck.back() && reading_.healthcheck[0] == "CMD-SHELL")
        for (const std::string_view word : split(part, ' ')) words.emplace_back(word);
      else
        words.push_back(part);
    std::erase(words, "");
    // `$$VAR` is read inside the container: no literal.
    const bool literal =
        std::ranges::none_of(words, [](const std::string& word) { return word.starts_with('$'); });
    return masked_words(words, literal, reading_.healthcheck_at, service);
  }

  CollectContext& context_;
  const ComposeServiceReading& reading_;
};

}  // namespace

bool is_secret_name(std::string_view name) {
  const std::string lower = lower_ascii(name);
  // Words about secrets, not secrets: PASSWORD_FILE, TOKEN_TTL, SECRET_NAME.
  for (const std::string_view end : {"_file", "_path", "_ttl", "_expiry", "_expires", "_expires_in",
                                     "_length", "_name", "_seconds", "_minutes", "_hours", "_days",
                                     "_enabled", "_required", "_policy", "_header", "_rounds"})
    if (lower.ends_with(end)) return false;
  for (const std::string_view word :
       {"password", "passwd", "secret", "token", "passphrase", "requirepass", "redis_pass",
        "rediscli_auth", "api_key", "apikey", "private_key"})
    if (lower.find(word) != std::string::npos) return true;
  return false;
}

void add_service_configuration(CollectContext& context, Evidence& evidence,
                               const ComposeServiceReading& reading, const ComposeService& service,
                               const std::string& file, const std::string& service_name) {
  const RedisLaunch launch = redis_launch(reading);
  RedisConfInput input{
      .working_directory = "/data",
      .source = file + "#" + service.name,
      .command_line_at = reading.command_at.path.empty() ? service.location : reading.command_at,
      .container_image = launch.official_image,
      .accept_newer = true};
  const PathMap paths =
      PathMap::of_container(mounts_and_copies(service.mounts, service.copies),
                            context.inline_files[service.name]);
  if (!launch.argv) {
    RedisConfiguration unknown;
    unknown.source = input.source;
    unknown.service = service_name;
    unknown.container_image = launch.official_image;
    unknown.default_user_open = false;
    unknown.gaps.push_back(
        {GapReason::unsupported,
         launch.why_not.empty()
             ? fmt::format("a shell or another program starts redis-server in {}", input.source)
             : fmt::format("how {} starts redis-server is not known: {}", input.source,
                           launch.why_not),
         "start redis-server directly, or name the running server with --target"});
    evidence.redis_configurations.push_back(std::move(unknown));
    return;
  }
  input.arguments.assign(launch.argv->begin() + 1, launch.argv->end());
  add_redis_configuration(context, evidence, input, paths, service_name);
  evidence.redis_configurations.back().argv = service.redis_argv.value_or(std::vector<std::string>{});
}

ComposeService describe_service(CollectContext& context, ComposeServiceReading& reading) {
  BuiltImage image = take_built_image(*context.files, reading);
  ComposeService service = ServiceFacts{context, reading}.make();
  service.copies = std::move(image.copies);
  InlineFiles& texts = context.inline_files[service.name];
  texts = std::move(image.texts);
  for (const ComposeMount& mount : reading.mounts)
    if (mount.content) texts[mount.target] = {*mount.content, mount.content_at};
  return service;
}

}  // namespace rta

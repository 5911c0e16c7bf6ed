#include "collect/client_levels.h"

#include <fmt/format.h>

#include "files/clients/client_verdict.h"
#include "files/clients/redis_variables.h"

namespace rta {
namespace {

void weigh(Consumer& consumer, const Setting& setting, const SourceLocation& manifest,
           const files::ClientJudgement& judgement) {
  using files::ClientVerdict;
  const std::string who = fmt::format("{} ({})", consumer.library, manifest.text());
  if (judgement.verdict == ClientVerdict::client_refuses_config) {
    if (!consumer.client_refuses)
      consumer.client_refuses = fmt::format("{} refuses {}={} ({}): {}", who, setting.name,
                                            setting.value, setting.location.text(), judgement.why);
    return;
  }
  const VerificationLevel level = files::level_of(judgement.verdict);
  if (level == VerificationLevel::unknown) return;
  if (consumer.level != VerificationLevel::unknown && consumer.level <= level) return;
  consumer.level = level;
  consumer.level_reason =
      fmt::format("{} {} with {} ({}): {}", who, files::behaviour_of(judgement.verdict),
                  setting.name, setting.location.text(), judgement.why);
}

// What decides in Node beside the options.
files::ClientEnvironment process_environment(const Consumer& consumer) {
  const Setting* setting = consumer.setting("NODE_TLS_REJECT_UNAUTHORIZED");
  if (setting == nullptr) return {};
  return {{setting->name, setting->value}};
}

void judge_spring_switch(Consumer& consumer) {
  const bool on = consumer.tls_switch->value == "true";
  const bool is_jedis = consumer.library.starts_with("jedis");
  const std::string form = is_jedis ? (on ? "rediss://h:6379" : "redis://h:6379")
                           : on     ? "spring.data.redis.ssl.enabled=true"
                                    : "spring.data.redis.ssl.enabled=false";
  if (consumer.library.empty()) consumer.library = "Spring Data Redis";
  weigh(consumer, *consumer.tls_switch, {consumer.source, 0, 0},
        files::judge_client_use({is_jedis ? "jedis" : "spring", "", ""}, form, {}));
}

}  // namespace

void judge_client(Consumer& consumer, const std::string& directory, const Manifests& manifests) {
  const files::ClientLibrary* library = manifests.library_for(directory);
  if (library == nullptr) return;
  consumer.library = library->version.empty()
                         ? library->name
                         : library->name + (library->exact ? " " : " >=") + library->version;
  const files::ClientLibrary* driver = manifests.named_library(directory, "redis-py");
  files::ClientUse use{library->name, library->version, ""};
  if (driver != nullptr && driver != library) use.driver_version = driver->version;
  const auto environment = process_environment(consumer);
  for (const Setting& setting : consumer.settings) {
    if (files::meaning_of_setting(setting.name, setting.value) != files::VariableMeaning::url ||
        setting.value.empty())
      continue;
    // Spring switches TLS on by either of the two.
    if (library->name == "spring" && consumer.tls_switch && consumer.tls_switch->value == "true") {
      judge_spring_switch(consumer);
      continue;
    }
    // Celery hands its broker to kombu, which has rules of its own.
    const bool names_backend = setting.name.find("BACKEND") != std::string::npos;
    if (library->name == "celery") use.name = names_backend ? "celery" : "kombu";
    weigh(consumer, setting, library->location,
          files::judge_client_use(use, setting.value, environment));
  }
}

void judge_spring_client(Consumer& consumer) {
  if (!consumer.url && consumer.tls_switch) judge_spring_switch(consumer);
}

}  // namespace rta

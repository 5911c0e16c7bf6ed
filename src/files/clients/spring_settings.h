// application.yml and application.properties of Spring Boot, as far as they
// configure its Redis connection in production (Spring Boot reference,
// "Externalized Configuration" and "Common Application Properties"). Pure; any
// thread.
#pragma once

#include <redis_tls_audit/bytes.h>
#include <redis_tls_audit/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/clients/consumer_settings.h"

namespace rta::files {

// application.yml, application.yaml, application.properties: of every
// environment; application-prod.yml: of one.
struct SpringFileName {
  std::string profile;  // "" of the file for every environment
};
std::optional<SpringFileName> spring_file_name(std::string_view path);
bool is_production_profile(std::string_view profile);  // "prod", "production"

struct SpringSettings {
  // By the name that an environment variable of the same meaning has, as
  // relaxed binding maps them: spring.data.redis.ssl.enabled is
  // SPRING_DATA_REDIS_SSL_ENABLED. Nothing but Redis; later ones first decide.
  std::vector<ReceivedVariable> variables;
  // Environment variables that decide TLS: ${REDIS_SSL} has no value here.
  std::vector<std::string> open;
  // A password that the environment gives; without its value.
  std::optional<ReceivedVariable> password_elsewhere;
};

// What the file sets outside of profiles, and for production. `environment`
// gives placeholders their values. At most limits::kTextFile bytes; an Error
// where Spring would not start.
Result<SpringSettings> spring_settings(ByteView bytes, const std::string& path,
                                       const Environment& environment = {});

// `later` wins, name by name.
void overlay(SpringSettings& base, SpringSettings later);
// So do variables of the environment, whatever files say.
void overlay_environment(SpringSettings& base, const std::vector<ReceivedVariable>& variables);

}  // namespace rta::files

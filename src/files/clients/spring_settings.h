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
#include "files/clients/spring_profiles.h"

namespace rta::files {

// application.yml, application.yaml, application.properties: of every
// environment; application-prod.yml: of one.
struct SpringFileName {
  std::string profile;  // "" of the file for every environment
};
std::optional<SpringFileName> spring_file_name(std::string_view path);

// What the process has around it.
struct SpringRun {
  Environment environment;
  // Nothing but `environment` is set: a default stands where it is silent.
  bool environment_is_whole = false;
  SpringProfiles profiles;
};

struct SpringSettings {
  // By the name that an environment variable of the same meaning has, as
  // relaxed binding maps them: spring.data.redis.ssl.enabled is
  // SPRING_DATA_REDIS_SSL_ENABLED. Nothing but Redis; later ones first decide.
  std::vector<ReceivedVariable> variables;
  // Environment variables that decide TLS: ${REDIS_SSL} has no value here.
  std::vector<std::string> open;
  // A password that the environment gives; without its value.
  std::optional<ReceivedVariable> password_elsewhere;
  std::string active_profiles;  // spring.profiles.active
};

// What the file sets outside of profiles, and for the active ones. At most
// limits::kTextFile bytes; an Error where Spring would not start.
Result<SpringSettings> spring_settings(ByteView bytes, const std::string& path,
                                       const SpringRun& run = {});

// `later` wins, name by name.
void overlay(SpringSettings& base, SpringSettings later);
// So do variables of the environment, whatever files say, also those that carry
// properties: SPRING_APPLICATION_JSON, and -D in JAVA_TOOL_OPTIONS.
void overlay_environment(SpringSettings& base, const std::vector<ReceivedVariable>& variables);

}  // namespace rta::files

// Subject is what one statement is about. Its key is logical and stable over
// scans: a name as people declared it, never an address that was looked up or
// an ephemeral port.
#pragma once

#include <redis_tls_audit/enum_names.h>

#include <string>

namespace rta {

enum class SubjectKind {
  deployment,    // the audited whole; key empty
  endpoint,      // "redis:6379", "rehearsal:redis.conf"
  consumer,      // "backend@backend/.env"
  file,          // path relative to the project
  certificate,   // SHA-256 of the DER, lower-case hex
  service,       // compose service: "docker-compose.yml#redis"
  repository,    // key "."
  user,          // ACL user: "redis:6379#default"
  client,        // connected client group: "redis:6379#listener 6379"
  artefact,      // schedule, rule or agent configuration: its path
};

template <>
struct EnumNames<SubjectKind> {
  static constexpr std::array table{
      EnumName<SubjectKind>{SubjectKind::deployment, "deployment"},
      EnumName<SubjectKind>{SubjectKind::endpoint, "endpoint"},
      EnumName<SubjectKind>{SubjectKind::consumer, "consumer"},
      EnumName<SubjectKind>{SubjectKind::file, "file"},
      EnumName<SubjectKind>{SubjectKind::certificate, "certificate"},
      EnumName<SubjectKind>{SubjectKind::service, "service"},
      EnumName<SubjectKind>{SubjectKind::repository, "repository"},
      EnumName<SubjectKind>{SubjectKind::user, "user"},
      EnumName<SubjectKind>{SubjectKind::client, "client"},
      EnumName<SubjectKind>{SubjectKind::artefact, "artefact"}};
};

// Role tells an application's place: items 5 and 6 of the checklist each look
// at the consumers of one role only.
enum class ConsumerRole { none, backend, worker, other };

template <>
struct EnumNames<ConsumerRole> {
  static constexpr std::array table{EnumName<ConsumerRole>{ConsumerRole::none, "none"},
                                    EnumName<ConsumerRole>{ConsumerRole::backend, "backend"},
                                    EnumName<ConsumerRole>{ConsumerRole::worker, "worker"},
                                    EnumName<ConsumerRole>{ConsumerRole::other, "other"}};
};

struct Subject {
  SubjectKind kind = SubjectKind::deployment;
  std::string key;
  ConsumerRole role = ConsumerRole::none;   // consumers only

  static Subject deployment() { return {}; }
  static Subject endpoint(std::string key) { return {SubjectKind::endpoint, std::move(key)}; }
  static Subject consumer(std::string key, ConsumerRole role) {
    return {SubjectKind::consumer, std::move(key), role};
  }
  static Subject file(std::string path) { return {SubjectKind::file, std::move(path)}; }
  static Subject certificate(std::string sha256) {
    return {SubjectKind::certificate, std::move(sha256)};
  }
  static Subject service(std::string key) { return {SubjectKind::service, std::move(key)}; }
  static Subject repository() { return {SubjectKind::repository, "."}; }
  static Subject user(std::string key) { return {SubjectKind::user, std::move(key)}; }
  static Subject client(std::string key) { return {SubjectKind::client, std::move(key)}; }
  static Subject artefact(std::string path) { return {SubjectKind::artefact, std::move(path)}; }

  [[nodiscard]] std::string text() const;   // "endpoint redis:6379"
  auto operator<=>(const Subject&) const = default;
};

}  // namespace rta

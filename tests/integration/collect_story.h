// What the stories of the collectors share: a context around settings, a
// project of the test, and consumers as the files would have given them.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <string>

#include "base/file_system.h"
#include "collect/collector.h"
#include "tests/support/redis_server.h"

namespace rta::testing {

struct CollectStory {
  explicit CollectStory(const std::string& project)
      : files(*ProjectFiles::open(project, {})), context{settings, &files, secrets, Needs{Need::port}} {}

  void target(const std::string& host, std::uint16_t port) {
    settings.targets.push_back({.address = {host, port}, .given = host});
  }

  ScanSettings settings;
  SecretVault secrets;
  ProjectFiles files;
  CollectContext context;
  Evidence evidence;
};

// A consumer of backend/.env with this host and port.
inline Consumer consumer_of(const std::string& host, std::uint16_t port) {
  Consumer consumer;
  consumer.key = "backend@backend/.env";
  consumer.name = "backend";
  consumer.role = ConsumerRole::backend;
  consumer.source = "backend/.env";
  consumer.host = host;
  consumer.port = port;
  consumer.host_defaulted = false;
  consumer.port_defaulted = false;
  consumer.settings.push_back(
      {.name = "REDIS_HOST", .value = host, .location = {"backend/.env", 1, 1}});
  consumer.level = VerificationLevel::tls_verified;
  return consumer;
}

}  // namespace rta::testing

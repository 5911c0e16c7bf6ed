// Rehearsal is a private redis-server that was started with what a project
// configures: on a loopback address and ports of its own, in an empty
// directory that goes away with it, with an empty environment and limits on
// memory, files and time. The server ends with this object. One thread.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/process.h"

namespace rta::rehearse {

// The project's own files as far as they could be read, in PEM; what is
// missing is replaced by material made for the run.
struct Material {
  std::string certificate;
  Secret key;
  std::string ca;
  std::string dh;
};

class Rehearsal {
 public:
  // An Error when the server refuses to start: its own message.
  static Result<Rehearsal> start(const RedisConfiguration& configuration, const Material& material,
                                 std::chrono::milliseconds patience = std::chrono::seconds{5});
  Rehearsal(Rehearsal&&) noexcept;
  Rehearsal& operator=(Rehearsal&&) noexcept;
  ~Rehearsal();

  [[nodiscard]] std::string address() const;  // "127.64.3.7:40213", TLS where there is TLS
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string endpoint_key() const;  // "rehearsal:compose:redis"
  [[nodiscard]] bool has_stand_in() const { return stand_in_; }
  [[nodiscard]] const std::vector<Gap>& not_applied() const { return not_applied_; }

 private:
  struct PrivateDirectory;
  Rehearsal();
  std::unique_ptr<PrivateDirectory> directory_;
  std::optional<ChildProcess> server_;  // ends before its directory goes
  std::string host_, source_, service_;
  std::uint16_t port_ = 0;
  bool stand_in_ = false;
  std::vector<Gap> not_applied_;
};

// "rehearsal:redis.conf", "rehearsal:compose:redis"
std::string rehearsal_key(const RedisConfiguration& configuration);

}  // namespace rta::rehearse

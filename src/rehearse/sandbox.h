// Rehearsal is a private redis-server that was started with what a project
// configures: on a loopback address and ports of its own, in an empty
// directory that goes away with it, with an empty environment and limits on
// memory, files and time. The server ends with this object, and with this
// program however that ends. One thread.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/process.h"
#include "base/unique_fd.h"
#include "rehearse/stand_in.h"

namespace rta::rehearse {

// One of the project's own files, in PEM: empty when it could not be read, and
// then material made for the run takes its place.
struct MaterialFile {
  std::string text;
  std::string path;  // as the project names it
};

class PrivateDirectory;

struct Material {
  std::vector<std::string> server_names;  // hosts by which clients know the server
  MaterialFile certificate;
  Secret key;
  std::string key_path;
  MaterialFile ca;
  MaterialFile dh;
};

// The user that the rehearsal adds for itself. It logs in over a socket in the
// private directory, so that nothing of what a stranger sees is changed.
struct Observer {
  std::string name;
  Secret password;
  std::string rules;  // in the words of ACL SETUSER
  // A fresh name and password.
  static Observer with(std::string rules);
};

// Why there is no rehearsal: the configuration itself (the server's own words
// with the place in the project), or something that says nothing about it.
struct Refusal {
  bool by_configuration = false;
  Error error;
  SourceLocation at;
};

class Rehearsal {
 public:
  static std::expected<Rehearsal, Refusal> start(
      const RedisConfiguration& configuration, const Material& material, Observer observer = {},
      std::chrono::milliseconds patience = std::chrono::seconds{5});
  Rehearsal(Rehearsal&&) noexcept;
  Rehearsal& operator=(Rehearsal&&) noexcept;
  ~Rehearsal();

  [[nodiscard]] std::string address() const;  // "127.164.3.7:40213", TLS where there is TLS
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string endpoint_key() const;  // "rehearsal:compose:redis"
  [[nodiscard]] pid_t pid() const { return server_->pid(); }
  [[nodiscard]] const std::string& directory() const;
  // The served certificate was made for the run; the CA for clients was.
  [[nodiscard]] bool has_stand_in() const { return stand_in_; }
  [[nodiscard]] bool has_stand_in_ca() const { return stand_in_ca_; }
  [[nodiscard]] const std::vector<Gap>& not_applied() const { return not_applied_; }
  // Directives of the project that the installed release does not know.
  [[nodiscard]] const std::set<std::string>& unknown_here() const { return unknown_here_; }
  [[nodiscard]] const Observer& observer() const { return observer_; }
  [[nodiscard]] const StandIns& stand_ins() const { return made_; }
  // Every user of the project that logs in with a password takes this one here:
  // the project's own passwords are never given to the server.
  [[nodiscard]] const Secret& stand_in_password() const { return password_; }
  // A connection to the private socket; nothing when there is none.
  [[nodiscard]] UniqueFd connect_to_socket() const;

 private:
  Rehearsal();
  std::unique_ptr<PrivateDirectory> directory_;
  std::optional<ChildProcess> server_;  // ends before its directory goes
  Observer observer_;
  std::string host_, source_, service_;
  std::uint16_t port_ = 0;
  bool stand_in_ = false;
  bool stand_in_ca_ = false;
  StandIns made_;
  Secret password_;
  std::vector<Gap> not_applied_;
  std::set<std::string> unknown_here_;
};

// "rehearsal:redis.conf", "rehearsal:compose:redis"
std::string rehearsal_key(const RedisConfiguration& configuration);

}  // namespace rta::rehearse

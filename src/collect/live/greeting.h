// Greeting is what an application does first: AUTH when it has a password,
// then PING. A Probe for the inside of a TLS session; it tells how far it came
// in the words of SessionStage.
#pragma once

#include <redis_tls_audit/facts/consumer.h>
#include <redis_tls_audit/secret.h>

#include <cstdint>
#include <string>

#include "base/probe.h"
#include "redis/reply.h"

namespace rta {

class Greeting final : public Probe {
 public:
  // Without credentials: PING alone. `password` must outlive the greeting.
  Greeting() = default;
  Greeting(std::string user, const Secret& password)
      : user_(std::move(user)), password_(&password) {}

  Bytes start() override;
  ProbeStep on_bytes(ByteView received) override;
  void on_end(ConnectionEnd end, const std::string& detail) override;
  [[nodiscard]] bool costs_signature() const override { return false; }

  // authenticate or ping: where it stands or ended; done: +PONG.
  [[nodiscard]] SessionStage stage() const { return stage_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }
  // The end says nothing about the credentials: the server was loading, or
  // broke off.
  [[nodiscard]] bool inconclusive() const { return inconclusive_; }
  [[nodiscard]] std::uint64_t commands_sent() const { return commands_sent_; }
  // A reply in RESP has come, whatever it says.
  [[nodiscard]] bool replied() const { return replied_; }
  // What came is the status line of a web server.
  [[nodiscard]] bool spoke_http() const { return heard_.starts_with("HTTP/"); }
  // The first line that came, printable; empty when nothing did.
  [[nodiscard]] std::string answer() const;

 private:
  ProbeStep on_authenticated(const redis::Reply& reply);
  ProbeStep on_pong(const redis::Reply& reply);
  ProbeStep fail(std::string why, bool inconclusive = false);
  Bytes ping();

  std::string user_;
  const Secret* password_ = nullptr;
  SessionStage stage_ = SessionStage::ping;
  redis::ReplyReader reader_;
  std::string failure_;
  bool inconclusive_ = false;
  bool replied_ = false;
  std::string heard_;  // the first bytes
  std::uint64_t commands_sent_ = 0;
};

}  // namespace rta

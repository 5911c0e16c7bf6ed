// HandshakeProbe makes one Offer to a server and reads until the answer is
// known: ServerHello or HelloRetryRequest in TLS 1.3, the whole flight up to
// ServerHelloDone before. It never finishes a handshake and holds no key.
//
//   start() -> hello        on_bytes()          on_end()
//   ------------------> ServerHello? -> judge -> (<= 1.2: read on) -> answer
//                       alert?       -> refused
//                       no TLS?      -> foreign
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <functional>
#include <optional>
#include <string>

#include "base/probe.h"
#include "tls/offer.h"
#include "tls/record.h"
#include "tls/server_hello.h"
#include "tls/server_key_exchange.h"
#include "tls/sslv2.h"

namespace rta::tls {

// How the connection of a probe came to its end.
enum class Ending {
  answered,   // a ServerHello decided
  alert,      // an alert came instead of a ServerHello
  foreign,    // bytes that are no TLS
  malformed,  // TLS that breaks its rules or our limits
  closed,
  reset,
  silent,
  unreachable,  // refused, no route, name unknown
  stopped,      // our own deadline or the operator
};

struct HandshakeAnswer {
  OfferAnswer outcome;
  Ending ending = Ending::stopped;
  std::optional<ServerHello> hello;
  std::optional<ServerKeyExchange> exchange;
  std::optional<Ssl2ServerHello> ssl2;
  bool certificate_requested = false;
  bool few_extensions = false;    // the hello had no others than a choice needs
  bool flight_completed = false;  // ServerHelloDone came, or TLS 1.3 was answered
  // The server chose a suite and then broke off with an alert: it cannot use it.
  bool broken_off = false;
  // The connection ended inside an answer; what it would have been is unknown.
  bool cut = false;
  // A refusal that no message told: the server turned this offer away again and again.
  bool inferred = false;
  // Hellos that worked before fail now: nothing more will be learnt here.
  bool endpoint_lost = false;

  [[nodiscard]] bool is(Answer answer) const { return outcome.answer == answer; }
  // The refusal is about the version, whatever else was offered.
  [[nodiscard]] bool refuses_version() const;
};

// Where an answer belongs, for the survey that gave the probe out.
struct ProbeTag {
  std::size_t slot = 0;
  std::uint32_t question = 0;
  std::uint32_t place = 0;
};

class HandshakeProbe : public Probe {
 public:
  HandshakeProbe(Offer offer, ProbeTag tag = {}) : offer_(std::move(offer)), tag_(tag) {}

  // Speaks only when `may_start` says so. `latest` makes the offer anew at that time;
  // where it gives none, or is absent, the offer stays as it is. Both must live as
  // long as the probe.
  using Latest = std::function<std::optional<Offer>()>;
  void hold_until(std::function<bool()> may_start, Latest latest = {}) {
    may_start_ = std::move(may_start);
    latest_ = std::move(latest);
  }
  void back_off(std::chrono::milliseconds pause) { pause_ = pause; }

  Bytes start() override;
  ProbeStep on_bytes(ByteView received) override;
  void on_end(ConnectionEnd end, const std::string& detail) override;
  [[nodiscard]] bool costs_signature() const override { return offer_.costs_signature(); }

  [[nodiscard]] std::chrono::milliseconds pause_before() const override { return pause_; }
  [[nodiscard]] bool may_start() const override { return !may_start_ || may_start_(); }

  [[nodiscard]] const Offer& offer() const { return offer_; }
  [[nodiscard]] const HandshakeAnswer& answer() const { return answer_; }
  [[nodiscard]] const ProbeTag& tag() const { return tag_; }
  // Of the hello that was sent, without its record header.
  [[nodiscard]] std::size_t hello_bytes() const { return hello_bytes_; }

 private:
  bool read_messages();
  bool read_ssl2();
  bool judge_hello(const HandshakeMessage& message);
  bool read_exchange(const ServerHello& hello, const HandshakeMessage& message);
  bool judge_stream();
  bool decide(Answer answer, Ending ending, std::string reason);

  Offer offer_;
  ProbeTag tag_;
  std::size_t hello_bytes_ = 0;
  std::function<bool()> may_start_;
  Latest latest_;
  std::chrono::milliseconds pause_{};
  MessageStream stream_;
  Bytes ssl2_bytes_;
  HandshakeAnswer answer_;
};

// Alerts by which a server refuses what was offered; all others leave it open.
bool is_refusal(std::uint8_t alert);

// "TLS 1.2", or the number for versions without a name.
std::string version_text(std::uint16_t version);

}  // namespace rta::tls

#include "net/port_probe.h"

#include <fmt/format.h>

#include "base/banner.h"
#include "base/byte_writer.h"
#include "base/text.h"
#include "tls/first_hello.h"

namespace rta::net {
namespace {

using std::chrono::milliseconds;

// What one connection showed.
enum class Speech { silence, tls, redis, other };

struct Heard {
  bool over = false;
  Speech speech = Speech::silence;
  std::string words;                 // "ServerHello", "-NOAUTH Authentication required."
  std::string protocol;              // of `other`, where its bytes betray it
  bool is_cut = false;               // it ended before its bytes could decide
  std::optional<ConnectionEnd> end;  // when the peer or the clock ended it
  std::string detail;
};

constexpr std::size_t kEnoughBytes = 512;
constexpr int kMostReads = 12;  // of a TLS server's first flight
// networking.c: at maxclients a TLS listener drops connections without a word.
constexpr const char* kFull = "look whether the server has reached maxclients, or a firewall is in between";

bool begins_like_redis(std::string_view line) {
  static constexpr std::array kReplies{"+PONG",    "-ERR",       "-NOAUTH",     "-DENIED",
                                       "-LOADING", "-BUSY",      "-MASTERDOWN", "-NOPERM",
                                       "-MISCONF", "-WRONGPASS", "-NOREPLICAS", "-CLUSTERDOWN"};
  return std::ranges::any_of(kReplies,
                             [&](std::string_view reply) { return line.starts_with(reply); });
}

// What the first bytes are, once they decide; nothing while more may come.
std::optional<Speech> speech_of(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  // RFC 8446 5.1: content type, then a version of major 3. SSLv2 is no answer
  // to a hello in the newer format.
  if (bytes[0] == 0x15 || bytes[0] == 0x16) {
    if (bytes.size() < 6) return std::nullopt;
    return bytes[1] == 3 && bytes[2] <= 4 ? Speech::tls : Speech::other;
  }
  if (bytes[0] != '+' && bytes[0] != '-') return Speech::other;
  if (text.find('\n') == std::string_view::npos && bytes.size() < kEnoughBytes) return std::nullopt;
  return begins_like_redis(text) ? Speech::redis : Speech::other;
}

std::string words_of(ByteView bytes, Speech speech) {
  if (speech == Speech::tls) {
    if (bytes[0] == 0x15) return bytes.size() > 6 ? fmt::format("alert {}", bytes[6]) : "alert";
    return bytes[5] == 2 ? "ServerHello" : fmt::format("handshake message {}", bytes[5]);
  }
  const std::string_view text = as_text(bytes);
  return printable(trim(text.substr(0, text.find('\n'))), 120);
}

// One connection that listens to the first answer. Shares what it heard with
// the survey, which outlives it.
class Listener : public Probe {
 public:
  explicit Listener(std::shared_ptr<Heard> heard) : heard_(std::move(heard)) {}

  ProbeStep on_bytes(ByteView received) override {
    const std::size_t room = kEnoughBytes - bytes_.size();
    received = received.first(std::min(received.size(), room));
    bytes_.insert(bytes_.end(), received.begin(), received.end());
    const std::optional<Speech> speech = speech_of(bytes_);
    if (!speech) return {};
    conclude(*speech);
    return {.finished = true};
  }
  void on_end(ConnectionEnd end, const std::string& detail) override {
    heard_->end = end;
    heard_->detail = detail;
    // A record header that did not come to its end is no other protocol.
    heard_->is_cut = !bytes_.empty() && !begins_like_redis(as_text(bytes_));
    conclude(bytes_.empty() || heard_->is_cut ? Speech::silence : Speech::redis);
  }

 private:
  void conclude(Speech speech) {
    heard_->over = true;
    heard_->speech = speech;
    if (bytes_.empty()) return;
    heard_->words = words_of(bytes_, speech);
    if (speech == Speech::other) heard_->protocol = protocol_of(bytes_);
  }
  std::shared_ptr<Heard> heard_;
  Bytes bytes_;
};

// Reads a TLS server's answer to its end, from where a survey goes on; not when it
// comes in drips, which a survey has its own time for.
class HelloProbe final : public Listener {
 public:
  HelloProbe(std::shared_ptr<Heard> heard, std::shared_ptr<tls::HandshakeAnswer> answer,
             std::string server_name)
      : Listener(heard),
        hello_(tls::first_hello(std::move(server_name))),
        heard_(std::move(heard)),
        answer_(std::move(answer)) {}
  Bytes start() override { return hello_.start(); }
  ProbeStep on_bytes(ByteView received) override {
    if (!is_told_) is_told_ = Listener::on_bytes(received).finished;
    const bool speaks_tls = !is_told_ || heard_->speech == Speech::tls;
    const bool finished = hello_.on_bytes(received).finished || ++reads_ == kMostReads;
    heard_->over = is_told_ && (finished || !speaks_tls);
    *answer_ = hello_.answer();
    return {.finished = heard_->over};
  }
  void on_end(ConnectionEnd end, const std::string& detail) override {
    if (!is_told_) Listener::on_end(end, detail);
    hello_.on_end(end, detail);
    *answer_ = hello_.answer();
    heard_->over = true;
  }
  [[nodiscard]] bool costs_signature() const override { return hello_.costs_signature(); }

 private:
  tls::HandshakeProbe hello_;
  std::shared_ptr<Heard> heard_;
  std::shared_ptr<tls::HandshakeAnswer> answer_;
  bool is_told_ = false;  // what the first bytes are
  int reads_ = 0;
};

class ShortHelloProbe final : public Listener {
 public:
  ShortHelloProbe(std::shared_ptr<Heard> heard, std::string server_name)
      : Listener(std::move(heard)), server_name_(std::move(server_name)) {}
  Bytes start() override {
    return tls::write_client_hello(tls::client_hello(tls::short_hello(server_name_)));
  }
  [[nodiscard]] bool costs_signature() const override { return true; }

 private:
  std::string server_name_;
};

class PingProbe final : public Listener {
 public:
  PingProbe(std::shared_ptr<Heard> heard) : Listener(heard), heard_(std::move(heard)) {}
  Bytes start() override {
    const ByteView ping = as_bytes("PING\r\n");
    return {ping.begin(), ping.end()};
  }
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] bool leaves_log_line() const override { return heard_->speech != Speech::redis; }

 private:
  std::shared_ptr<Heard> heard_;
};

// Says nothing: tells a peer that drops every connection from one that drops
// those which speak TLS or RESP to it.
class QuietProbe final : public Listener {
 public:
  using Listener::Listener;
  Bytes start() override { return {}; }
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] milliseconds patience() const override { return milliseconds{500}; }
};

// PostgreSQL answers nothing to strangers but a request for TLS (protocol 3,
// SSLRequest): "S" or "N".
class PostgresProbe final : public Listener {
 public:
  explicit PostgresProbe(std::shared_ptr<Heard> heard)
      : Listener(heard), postgres_(std::move(heard)) {}
  Bytes start() override { return {0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f}; }
  ProbeStep on_bytes(ByteView received) override {
    postgres_->over = true;
    if (received[0] != 'S' && received[0] != 'N') return {.finished = true};
    postgres_->speech = Speech::other;
    postgres_->protocol = "PostgreSQL";
    postgres_->words = received[0] == 'S' ? "takes a request for TLS" : "refuses a request for TLS";
    return {.finished = true};
  }
  [[nodiscard]] bool costs_signature() const override { return false; }
  [[nodiscard]] milliseconds patience() const override { return milliseconds{1'500}; }

 private:
  std::shared_ptr<Heard> postgres_;
};

bool dropped(const Heard& heard) {
  return heard.speech == Speech::silence && !heard.is_cut &&
         (heard.end == ConnectionEnd::closed || heard.end == ConnectionEnd::reset);
}

}  // namespace

struct PortSurvey::State {
  std::shared_ptr<Heard> hello = std::make_shared<Heard>();
  std::shared_ptr<Heard> ping = std::make_shared<Heard>();
  std::shared_ptr<Heard> quiet = std::make_shared<Heard>();
  std::shared_ptr<Heard> brief = std::make_shared<Heard>();
  std::shared_ptr<Heard> postgres = std::make_shared<Heard>();
  std::shared_ptr<tls::HandshakeAnswer> hello_answer = std::make_shared<tls::HandshakeAnswer>();
  std::string server_name;
  int given = 0;

  [[nodiscard]] bool unreachable() const {
    return hello->end == ConnectionEnd::refused || hello->end == ConnectionEnd::unreachable;
  }
  [[nodiscard]] bool both_over() const { return hello->over && ping->over; }
  [[nodiscard]] bool wants_quiet() const {
    return both_over() && dropped(*hello) && dropped(*ping);
  }
  // Drops who speaks, and waits for who does not.
  [[nodiscard]] bool wants_short_hello() const {
    return wants_quiet() && quiet->over && quiet->end == ConnectionEnd::timed_out;
  }
  [[nodiscard]] bool wants_postgres() const {
    return wants_short_hello() && brief->over && dropped(*brief);
  }
  [[nodiscard]] bool heard_tls() const {
    return hello->speech == Speech::tls || brief->speech == Speech::tls ||
           (hello->speech == Speech::silence && ping->speech == Speech::tls);
  }
  [[nodiscard]] PortAnswer value() const;
  [[nodiscard]] Gap gap() const;
};

PortSurvey::PortSurvey(std::string server_name) : state_(std::make_unique<State>()) {
  state_->server_name = std::move(server_name);
}

PortSurvey::~PortSurvey() = default;

// PING does not wait for the answer to the hello: a silent port costs one
// patience, and only a PING proves that plaintext is refused.
std::unique_ptr<Probe> PortSurvey::next() {
  State& state = *state_;
  if (state.given == 0) {
    ++state.given;
    return std::make_unique<HelloProbe>(state.hello, state.hello_answer, state.server_name);
  }
  const bool unreachable =
      state.hello->end == ConnectionEnd::refused || state.hello->end == ConnectionEnd::unreachable;
  if (state.given == 1 && !unreachable) {
    ++state.given;
    return std::make_unique<PingProbe>(state.ping);
  }
  if (state.given == 2 && state.wants_quiet()) {
    ++state.given;
    return std::make_unique<QuietProbe>(state.quiet);
  }
  if (state.given == 3 && state.wants_short_hello()) {
    ++state.given;
    return std::make_unique<ShortHelloProbe>(state.brief, state.server_name);
  }
  if (state.given == 4 && state.wants_postgres()) {
    ++state.given;
    return std::make_unique<PostgresProbe>(state.postgres);
  }
  return nullptr;
}

void PortSurvey::learn(std::unique_ptr<Probe>) {}  // the probes shared what they heard

bool PortSurvey::finished() const {
  const State& state = *state_;
  if (state.given == 1) return state.unreachable();
  if (state.given == 5) return state.postgres->over;
  if (state.given == 4) return state.brief->over && !state.wants_postgres();
  if (state.given == 3) return state.quiet->over && !state.wants_short_hello();
  return state.both_over() && !state.wants_quiet();
}

PortAnswer PortSurvey::State::value() const {
  const bool tls = heard_tls();
  const bool plain = hello->speech == Speech::redis || ping->speech == Speech::redis;
  PortAnswer answer;
  answer.speech = tls && plain ? PortSpeech::both
                  : tls        ? PortSpeech::tls
                  : plain      ? PortSpeech::plaintext_redis
                               : PortSpeech::other;
  answer.tls_answer =
      hello->words.empty() ? (hello->detail.empty() ? "no answer" : hello->detail) : hello->words;
  if (brief->speech == Speech::tls)
    answer.tls_answer = brief->words + " to a short hello of TLS 1.2, the usual one is dropped";
  answer.plaintext_answer = ping->words.empty() ? ping->detail : ping->words;
  if (ping->speech != Speech::redis && hello->speech == Speech::redis) {
    answer.plaintext_answer = hello->words;
  }
  if (answer.plaintext_answer.empty()) answer.plaintext_answer = "no answer";
  answer.plaintext_refused = !plain && (dropped(*ping) || ping->speech == Speech::tls);
  if (answer.speech == PortSpeech::other) {
    const Heard& told = postgres->speech == Speech::other ? *postgres
                        : hello->words.empty()            ? *ping
                                                          : *hello;
    answer.protocol = told.protocol.empty() ? ping->protocol : told.protocol;
    if (!answer.protocol.empty()) answer.tls_answer = answer.protocol + ": " + told.words;
  }
  return answer;
}

Gap PortSurvey::State::gap() const {
  const auto quiet_end = quiet->end;
  if (hello->is_cut || ping->is_cut) {
    const Heard& cut = hello->is_cut ? *hello : *ping;
    return {cut.end == ConnectionEnd::timed_out ? GapReason::timed_out : GapReason::reset,
            fmt::format("an answer began ({}) and did not come to an end: {}", cut.words, cut.detail),
            "give it more time with --timeout"};
  }
  if (!hello->end) return {GapReason::incomplete, "the port was not classified to the end", ""};
  switch (*hello->end) {
    case ConnectionEnd::refused:
      return {GapReason::refused, "the connection was refused",
              "start the server, or correct the port"};
    case ConnectionEnd::unreachable:
      return {GapReason::unreachable, "the port could not be reached: " + hello->detail,
              "run the audit where it is reachable"};
    case ConnectionEnd::timed_out:
      return {GapReason::timed_out,
              "the port takes connections and answers neither TLS nor plaintext", ""};
    case ConnectionEnd::closed:
    case ConnectionEnd::reset: {
      const bool closed = *hello->end == ConnectionEnd::closed;
      if (quiet_end == ConnectionEnd::closed) {
        return {GapReason::reset, "every connection is closed as soon as it is opened", kFull};
      }
      if (quiet_end == ConnectionEnd::reset) {
        return {GapReason::reset, "every connection is reset as soon as it is opened", kFull};
      }
      return {GapReason::reset,
              fmt::format("the connection is {} after the ClientHello, without an answer",
                          closed ? "closed" : "reset"),
              ""};
    }
    case ConnectionEnd::too_much:
    case ConnectionEnd::stopped:
      break;
  }
  return {GapReason::incomplete,
          "neither a PING nor a ClientHello was answered, and " + hello->detail,
          "give it more time with --timeout"};
}

Observation<PortAnswer> PortSurvey::answer() const {
  const State& state = *state_;
  const Provenance source{.method = "ClientHello and PING"};
  const bool something =
      state.hello->speech != Speech::silence || state.ping->speech != Speech::silence ||
      state.brief->speech != Speech::silence || state.postgres->speech != Speech::silence;
  if (something) return {state.value(), source};
  return {state.gap(), source};
}

std::optional<tls::HandshakeAnswer> PortSurvey::first_answer() const {
  if (!state_->hello_answer->is(Answer::supported)) return std::nullopt;
  return *state_->hello_answer;
}

Observation<PortAnswer> classify_port(Engine& engine, const Address& address, const Budget& budget,
                                      Footprint& footprint) {
  PortSurvey survey;
  add(footprint, engine.run(survey, address, budget));
  return survey.answer();
}

}  // namespace rta::net

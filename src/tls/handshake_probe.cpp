#include "tls/handshake_probe.h"

#include <redis_tls_audit/limits.h>

#include <algorithm>

#include "base/text.h"
#include "tls/code_points.h"

namespace rta::tls {
namespace {

constexpr std::size_t kRecordHeader = 5;

std::uint16_t number(ProtocolVersion version) { return static_cast<std::uint16_t>(version); }

template <class T>
bool contains(const std::vector<T>& list, T value) {
  return std::ranges::count(list, value) > 0;
}

// What in the ServerHello was not offered; empty when all was.
std::string outside_offer(const ServerHello& hello, const Offer& offer) {
  if (!contains(offer.suites, hello.suite))
    return "the server chose suite " + suite_name(hello.suite) + ", which was not offered";
  if (hello.compression > (offer.deflate ? 1 : 0))
    return fmt::format("the server chose compression {}, which was not offered", hello.compression);
  if (hello.group && !contains(offer.groups, *hello.group))
    return "the server chose group " + group_name(*hello.group) + ", which was not offered";
  const bool share_was_there =
      hello.group && std::ranges::count(offer.key_shares, *hello.group, &KeyShare::group) > 0;
  if (hello.is_hello_retry_request && share_was_there)  // RFC 8446 4.1.4
    return "the server asked again for the key share of " + group_name(*hello.group);
  return {};
}

}  // namespace

bool is_refusal(std::uint8_t alert) {
  return alert == alerts::kProtocolVersion || alert == alerts::kHandshakeFailure ||
         alert == alerts::kInsufficientSecurity || alert == alerts::kIllegalParameter ||
         alert == alerts::kInappropriateFallback;
}

std::string version_text(std::uint16_t version) {
  for (const auto& [known, name] : EnumNames<ProtocolVersion>::table)
    if (number(known) == version) return std::string{name};
  return fmt::format("version {:#06x}", version);
}

bool HandshakeAnswer::refuses_version() const {
  if (!is(Answer::not_supported)) return false;
  return outcome.alert == alerts::kProtocolVersion || hello.has_value();
}

Bytes HandshakeProbe::start() {
  if (auto latest = latest_ ? latest_() : std::nullopt) {
    latest->nonce = offer_.nonce;
    offer_ = std::move(*latest);
  }
  if (offer_.version == ProtocolVersion::ssl2)
    return write_ssl2_client_hello(all_ssl2_kinds(), noise(offer_.nonce, 16));
  Bytes hello = write_client_hello(client_hello(offer_));
  hello_bytes_ = hello.size() - kRecordHeader;
  return hello;
}

bool HandshakeProbe::decide(Answer answer, Ending ending, std::string reason) {
  answer_.outcome.answer = answer;
  answer_.outcome.reason = std::move(reason);
  answer_.ending = ending;
  if (answer_.outcome.deciding.empty()) answer_.outcome.deciding = stream_.captured();
  return true;
}

ProbeStep HandshakeProbe::on_bytes(ByteView received) {
  if (offer_.version == ProtocolVersion::ssl2) {
    ssl2_bytes_.insert(ssl2_bytes_.end(), received.begin(), received.end());
    if (ssl2_bytes_.size() > 2 && (ssl2_bytes_[0] & 0x80U) != 0) return {{}, read_ssl2()};
  }
  stream_.feed(received);
  return {{}, read_messages()};
}

bool HandshakeProbe::read_ssl2() {
  Bytes& deciding = answer_.outcome.deciding;
  deciding.assign(ssl2_bytes_.begin(),
                  ssl2_bytes_.begin() +
                      static_cast<std::ptrdiff_t>(std::min(ssl2_bytes_.size(), kCaptureLimit)));
  if (!looks_like_ssl2(ssl2_bytes_))  // an SSL 2.0 ERROR message, or something else
    return decide(Answer::not_supported, Ending::alert, "SSL 2.0 error message");
  auto hello = parse_ssl2_server_hello(ssl2_bytes_);
  if (!hello) return decide(Answer::violation, Ending::malformed, hello.error().what);
  if (!*hello) return false;
  answer_.ssl2 = std::move(**hello);
  answer_.flight_completed = true;
  return decide(Answer::supported, Ending::answered, "SERVER-HELLO");
}

// True when the answer is known.
bool HandshakeProbe::read_messages() {
  while (const auto message = stream_.next()) {
    if (!answer_.hello) {
      if (judge_hello(*message)) return true;
      continue;
    }
    switch (message->type) {
      case HandshakeType::server_key_exchange:
        if (read_exchange(*answer_.hello, *message)) return true;
        break;
      case HandshakeType::certificate_request:
        answer_.certificate_requested = true;
        break;
      case HandshakeType::server_hello_done:
        answer_.flight_completed = true;
        return true;
      default:
        break;  // Certificate and CertificateStatus are other probes' business
    }
  }
  return judge_stream();
}

bool HandshakeProbe::judge_hello(const HandshakeMessage& message) {
  const Bytes& captured = stream_.captured();
  answer_.outcome.deciding.assign(
      captured.begin(),
      captured.begin() + static_cast<std::ptrdiff_t>(std::min(message.end, captured.size())));
  if (message.type != HandshakeType::server_hello)
    return decide(
        Answer::violation, Ending::malformed,
        fmt::format("handshake message {} before any ServerHello", static_cast<int>(message.type)));
  Result<ServerHello> hello = parse_server_hello(message.body);
  if (!hello) return decide(Answer::violation, Ending::malformed, hello.error().what);
  const std::uint16_t version = hello->version;
  answer_.few_extensions = offer_.bare || offer_.plain;
  answer_.hello = std::move(*hello);
  const bool wanted = version == number(offer_.version) ||
                      (offer_.also_tls12 && version == number(ProtocolVersion::tls1_2));
  if (version < 0x0300 || version > number(offer_.version))
    return decide(Answer::violation, Ending::malformed,
                  "the server answered with " + version_text(version) + ", which was not offered");
  if (!wanted)
    return decide(Answer::not_supported, Ending::answered,
                  "the server answered with " + version_text(version));
  if (std::string problem = outside_offer(*answer_.hello, offer_); !problem.empty())
    return decide(Answer::violation, Ending::answered, std::move(problem));
  decide(Answer::supported, Ending::answered,
         answer_.hello->is_hello_retry_request ? "HelloRetryRequest" : "ServerHello");
  answer_.flight_completed = version == number(ProtocolVersion::tls1_3);
  return answer_.flight_completed;
}

bool HandshakeProbe::read_exchange(const ServerHello& hello, const HandshakeMessage& message) {
  Result<ServerKeyExchange> exchange =
      parse_server_key_exchange(message.body, hello.suite, hello.version);
  if (!exchange) return false;  // the suite was chosen all the same; the parameters stay unknown
  Bytes& kept = answer_.outcome.exchange;
  if (message.body.size() <= kCaptureLimit) {
    kept = {static_cast<std::uint8_t>(message.type), 0,
            static_cast<std::uint8_t>(message.body.size() >> 8U),
            static_cast<std::uint8_t>(message.body.size())};
    kept.insert(kept.end(), message.body.begin(), message.body.end());
  }
  if (exchange->group && !contains(offer_.groups, *exchange->group) && !offer_.groups.empty() &&
      !offer_.bare)
    return decide(
        Answer::violation, Ending::answered,
        "the server chose group " + group_name(*exchange->group) + ", which was not offered");
  answer_.exchange = std::move(*exchange);
  return false;
}

// Alerts, foreign bytes and broken rules, after all messages were read.
bool HandshakeProbe::judge_stream() {
  if (const auto& alert = stream_.alert()) {
    if (answer_.hello) {
      answer_.broken_off = true;
      answer_.outcome.reason += ", then " + alert_text(alert->description);
      return true;
    }
    answer_.outcome.alert = alert->description;
    return decide(is_refusal(alert->description) ? Answer::not_supported : Answer::inconclusive,
                  Ending::alert, alert_text(alert->description));
  }
  if (stream_.state() == MessageStream::State::reading) return false;
  if (answer_.hello) return true;  // what was chosen stands, whatever follows
  if (stream_.state() == MessageStream::State::foreign)
    return decide(Answer::inconclusive, Ending::foreign, stream_.problem());
  return decide(Answer::violation, Ending::malformed, stream_.problem());
}

void HandshakeProbe::on_end(ConnectionEnd end, const std::string& detail) {
  if (answer_.hello || answer_.ssl2) return;
  const bool cut = stream_.received() + ssl2_bytes_.size() > 0;
  answer_.cut = cut;
  const std::string after =
      cut ? fmt::format(" after {} bytes", stream_.received()) : " without an answer";
  switch (end) {
    case ConnectionEnd::closed:
      decide(Answer::inconclusive, Ending::closed, "closed" + after);
      return;
    case ConnectionEnd::reset:
      decide(Answer::inconclusive, Ending::reset, "reset" + after);
      return;
    case ConnectionEnd::timed_out:
      decide(Answer::inconclusive, Ending::silent, cut ? "silent" + after : "no answer in time");
      return;
    case ConnectionEnd::refused:
    case ConnectionEnd::unreachable:
      decide(Answer::inconclusive, Ending::unreachable, detail.empty() ? "not reachable" : detail);
      return;
    case ConnectionEnd::too_much:
      decide(Answer::violation, Ending::malformed, "more bytes than a handshake has");
      return;
    case ConnectionEnd::stopped:
      decide(Answer::inconclusive, Ending::stopped, detail.empty() ? "the time was up" : detail);
      return;
  }
}

}  // namespace rta::tls

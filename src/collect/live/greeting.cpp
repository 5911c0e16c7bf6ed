#include "collect/live/greeting.h"

#include "base/text.h"
#include "redis/command.h"

namespace rta {
namespace {

// The server says of itself that it cannot answer now.
bool is_indisposed(std::string_view error) {
  return error.starts_with("LOADING") || error.starts_with("BUSY") ||
         error.starts_with("MASTERDOWN") || error.starts_with("ERR max number of clients");
}

std::string error_text(const redis::Reply& reply) {
  // hiredis keeps the text without the leading dash.
  return printable(reply.text, 120);
}

constexpr std::size_t kHeard = 120;

}  // namespace

std::string Greeting::answer() const {
  return printable(trim(std::string_view{heard_}.substr(0, heard_.find('\n'))), 80);
}

Bytes Greeting::start() {
  if (password_ == nullptr) return ping();
  stage_ = SessionStage::authenticate;
  ++commands_sent_;
  return redis::Command::auth(user_, *password_).wire();
}

Bytes Greeting::ping() {
  stage_ = SessionStage::ping;
  reader_ = redis::ReplyReader{};
  ++commands_sent_;
  return redis::Command{"PING"}.wire();
}

ProbeStep Greeting::on_bytes(ByteView received) {
  heard_ += as_text(received).substr(0, kHeard - heard_.size());
  const std::size_t used = reader_.feed(received);
  if (const Gap* gap = reader_.failure()) return fail(gap->detail, true);
  if (!reader_.done()) return {};
  replied_ = true;
  if (used < received.size()) return fail("the server sent more than was asked for", true);
  return stage_ == SessionStage::authenticate ? on_authenticated(reader_.reply())
                                              : on_pong(reader_.reply());
}

ProbeStep Greeting::on_authenticated(const redis::Reply& reply) {
  if (!reply.is_error()) return {.send = ping()};
  if (is_indisposed(reply.text)) return fail("the server answered " + error_text(reply), true);
  // A server without any password: clients warn and go on.
  if (reply.text.contains("without any password configured") ||
      reply.text.contains("no password is set")) {
    return {.send = ping()};
  }
  return fail("AUTH was refused: " + error_text(reply));
}

ProbeStep Greeting::on_pong(const redis::Reply& reply) {
  if (!reply.is_error()) {
    stage_ = SessionStage::done;
    return {.finished = true};
  }
  if (reply.text.starts_with("NOAUTH")) {
    stage_ = SessionStage::authenticate;
    return fail("the server demands a password and none is configured");
  }
  const bool inconclusive = is_indisposed(reply.text) || reply.text.starts_with("NOPERM");
  return fail("PING was answered " + error_text(reply), inconclusive);
}

ProbeStep Greeting::fail(std::string why, bool inconclusive) {
  failure_ = std::move(why);
  inconclusive_ = inconclusive;
  return {.finished = true};
}

void Greeting::on_end(ConnectionEnd, const std::string& detail) { fail(detail, true); }

}  // namespace rta

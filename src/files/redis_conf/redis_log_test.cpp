#include "files/redis_conf/redis_log.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp kDay = std::chrono::sys_days{2026y / 11 / 26};
const RedisLogWindow kWindow{kDay + 18h, kDay + 24h};

ServerLog read(std::string_view text, RedisLogWindow window = kWindow) {
  ServerLog log;
  read_redis_log(text, window, log);
  return log;
}

using Failures = std::map<std::string, std::uint64_t>;

constexpr std::string_view kLog =
    "81:C 26 Nov 2026 09:00:00.100 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n"
    "81:M 26 Nov 2026 09:00:01.002 * Ready to accept connections\n"
    "81:M 26 Nov 2026 12:00:00.000 # Error accepting a client connection: "
    "error:0A00010B:SSL routines::wrong version number (conn: fd=8)\n"
    "81:M 26 Nov 2026 12:00:01.000 # Error accepting a client connection: "
    "error:1408F10B:SSL routines:ssl3_get_record:wrong version number (addr=10.0.0.7:40000 "
    "laddr=10.0.0.1:6379)\n"
    "81:M 26 Nov 2026 12:00:02.000 # Error accepting a client connection: (null) (conn: fd=9)\n"
    "92:C 26 Nov 2026 17:59:59.000 * DB saved on disk\n"
    "81:M 26 Nov 2026 18:00:00.500 * Background saving terminated with success\n";

}  // namespace

TEST_CASE("a log tells who wrote it, since when, and why handshakes failed") {
  const ServerLog log = read(kLog);
  CHECK(log.lines == 7);
  CHECK(log.oldest == kDay + 9h);
  CHECK(log.newest == kDay + 18h);
  CHECK(log.process_started == kDay + 9h + 1s);
  CHECK(log.process_id == "81");
  CHECK(log.handshake_failures == Failures{{"no reason told", 1}, {"wrong version number", 2}});
}

TEST_CASE("the zone of the server's clock follows from when the file was written") {
  const ServerLog ahead = read(kLog, {kDay + 12h + 30min, kDay + 24h});  // UTC+5:30
  CHECK(ahead.newest == kDay + 12h + 30min);
  CHECK(ahead.process_started == kDay + 3h + 30min + 1s);
  const ServerLog behind = read(kLog, {kDay + 26h, kDay + 30h});  // UTC-8
  CHECK(behind.newest == kDay + 26h);
  // Somebody copied the file a week later: its time tells no zone.
  CHECK(read(kLog, {kDay + 168h, kDay + 170h}).newest == kDay + 18h);
  CHECK(read(kLog, {kDay + 18h + 7min, kDay + 24h}).newest == kDay + 18h);
}

TEST_CASE("failures of the audit itself and of an earlier process are left out") {
  CHECK(read(kLog, {kDay + 18h, kDay + 12h + 1s}).handshake_failures ==
        Failures{{"wrong version number", 1}});
  const std::string restarted =
      std::string{kLog} + "99:M 26 Nov 2026 18:00:00.900 * Ready to accept connections tls\n";
  const ServerLog log = read(restarted);
  CHECK(log.handshake_failures.empty());
  CHECK(log.process_id == "99");
}

TEST_CASE("hostile reasons are bounded in number, length and bytes") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "1:M 26 Nov 2026 12:00:00.000 # Error accepting a client connection: a:b\x1b[31m" +
            std::to_string(i) + std::string(500, 'x') + "\n";
  const ServerLog log = read(text);
  CHECK(log.handshake_failures.size() == 17);
  CHECK(log.handshake_failures.at("other reasons") == 84);
  for (const auto& [reason, count] : log.handshake_failures) {
    CHECK(reason.size() < 100);
    CHECK(reason.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a log that is cut anywhere is read as far as it is one") {
  for (std::size_t size = 0; size <= kLog.size(); ++size) {
    const ServerLog head = read(kLog.substr(0, size));
    const ServerLog tail = read(kLog.substr(size));
    CHECK(head.lines <= 7);
    CHECK(tail.lines <= 7);
  }
  CHECK_FALSE(read("").newest.has_value());
  CHECK_FALSE(read("level=notice msg=hello\n:M 26 Nov\n1:M 31 Feb 2026 00:00:00 * x\n").newest);
}

#include "rehearse/last_words.h"

#include <doctest/doctest.h>

using namespace rta::rehearse;

namespace {

constexpr std::string_view kFatal =
    "1:C 26 Nov 2026 18:03:43.081 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n"
    "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n"
    "Reading the configuration file, at line 7\n"
    ">>> 'tls-auth-clients maybe'\n"
    "argument(s) must be one of the following: no, yes, optional\n";

constexpr std::string_view kTls =
    "1:M 26 Nov 2026 18:03:43.081 # Failed to configure ciphers: NOPE\n"
    "1:M 26 Nov 2026 18:03:43.081 # Failed to configure TLS. Check logs for more info.\n";

}  // namespace

TEST_CASE("an error of the configuration file has a line and its reason") {
  const LastWords words = read_last_words(kFatal);
  CHECK(words.about_configuration);
  CHECK(words.line == 7);
  CHECK_FALSE(words.unknown_directive);
  CHECK(words.text ==
        "'tls-auth-clients maybe': argument(s) must be one of the following: no, yes, optional");
}

TEST_CASE("a directive that a release does not know is told apart") {
  const LastWords words = read_last_words(
      "*** FATAL CONFIG FILE ERROR (Redis 6.0.1) ***\nReading the configuration file, at line 3\n"
      ">>> 'x 1'\nBad directive or wrong number of arguments\n");
  CHECK(words.unknown_directive);
  CHECK(words.line == 3);
}

TEST_CASE("what TLS could not be set up with is told, not that it could not") {
  const LastWords words = read_last_words(kTls);
  CHECK(words.about_configuration);
  CHECK(words.text == "Failed to configure ciphers: NOPE");
  CHECK(words.directive == "tls-ciphers");
}

TEST_CASE("a port in use or no memory says nothing about the configuration") {
  const LastWords words = read_last_words(
      "1:M 26 Nov 2026 18:03:43.081 # Failed listening on port 1 (TCP), aborting.\n");
  CHECK_FALSE(words.about_configuration);
  CHECK_FALSE(words.text.empty());
}

TEST_CASE("output that is cut anywhere is survived, and escapes are inert") {
  for (const std::string_view whole : {kFatal, kTls})
    for (std::size_t size = 0; size <= whole.size(); ++size)
      (void)read_last_words(whole.substr(0, size));
  CHECK(read_last_words("\x1b[31mred\n").text.find('\x1b') == std::string::npos);
}

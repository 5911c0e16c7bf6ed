#include "files/clients/truth_readings.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {

// "only true" and what it makes of "true", "1", "false" and "": "+--" and so on.
std::string told(std::string_view line, std::string_view path) {
  std::string all;
  for (const TruthReading& reading : truth_readings(as_bytes(line), path)) {
    all += (all.empty() ? "" : "; ") + reading.takes_as_true + " ";
    for (const char* value : {"true", "TRUE", "1", "false", ""}) {
      const std::optional<bool> result = truth_by(reading, value);
      all += !result ? '?' : *result ? '+' : '-';
    }
  }
  return all;
}

}  // namespace

TEST_CASE("each idiom takes as true what its language takes") {
  CHECK(told("const tls = process.env.REDIS_TLS_ENABLED === 'true'\n", "a.js") ==
        "only true +----");
  CHECK(told("if (process.env[\"REDIS_TLS_ENABLED\"] == \"true\") {\n", "a.js") ==
        "only true +----");
  CHECK(told("verify = process.env.REDIS_TLS_VERIFY !== 'false'\n", "a.ts") ==
        "anything but false +++-+");
  CHECK(told("const on = !!process.env.REDIS_TLS_ENABLED\n", "a.js") ==
        "any text that is not empty, false and 0 too ++++-");
  CHECK(told("if (process.env.REDIS_TLS) {\n", "a.js") ==
        "any text that is not empty, false and 0 too ++++-");
  CHECK(told("tls: process.env.REDIS_TLS ? {} : undefined\n", "a.js") ==
        "any text that is not empty, false and 0 too ++++-");
  CHECK(told("['1', 'true'].includes(process.env.REDIS_TLS_ENABLED)\n", "a.js") ==
        "any of 1, true +-+--");
  CHECK(told("JSON.parse(process.env.REDIS_TLS_ENABLED)\n", "a.js") ==
        "what JSON.parse() takes as true +?"
        "?-?");
  CHECK(told("v = bool(os.getenv('REDIS_TLS_VERIFY', ''))\n", "a.py") ==
        "any text that is not empty, false and 0 too ++++-");
  CHECK(told("v = os.getenv('REDIS_TLS_VERIFY', 'true').lower() == 'true'\n", "a.py") ==
        "only true, in any case ++---");
  CHECK(told("v = os.environ.get(\"REDIS_TLS_ENABLED\").lower() in ('1', 'true', 'yes')\n",
             "a.py") == "any of 1, true, yes, in any case +++--");
  CHECK(told("v = strtobool(os.environ['REDIS_TLS_ENABLED'])\n", "a.py") ==
        "any of y, yes, t, true, on, 1, in any case +++--");
  CHECK(told("b, err := strconv.ParseBool(os.Getenv(\"REDIS_TLS_ENABLED\"))\n", "a.go") ==
        "1, t, T, TRUE, true and True +++-?");
}

TEST_CASE("a question the other way round takes the same words as on") {
  CHECK(told("if (process.env.REDIS_TLS_VERIFY === 'false') insecure()\n", "a.js") ==
        "anything but false +++-+");
  CHECK(told("if (process.env.REDIS_TLS_ENABLED !== 'true') return\n", "a.js") ==
        "only true +----");
  CHECK(told("if os.getenv('REDIS_SSL_CERT_REQS') == 'none':\n", "a.py") ==
        "anything but none +++++");
  CHECK(told("if os.getenv('REDIS_SSL_CERT_REQS') == 'optional':\n", "a.py").empty());
}

TEST_CASE("other variables, assignments, comments and mere uses are no readings") {
  for (const char* line :
       {"process.env.REDIS_TLS_ENABLED_X === 'true'\n", "process.env.REDIS_HOST === 'true'\n",
        "// process.env.REDIS_TLS_ENABLED === 'true'\n", "process.env.REDIS_TLS_ENABLED = 'true'\n",
        "log('REDIS_TLS_ENABLED === true')\n", "const x = process.env.REDIS_TLS_ENABLED\n",
        "process.env.REDIS_TLS_ENABLED === expected\n"}) {
    INFO(line);
    CHECK(told(line, "a.js").empty());
  }
}

TEST_CASE("any cut of a line is read without harm") {
  const std::string_view whole =
      "['1'].includes(process.env['REDIS_TLS_ENABLED']) && os.getenv('REDIS_TLS','x').lower()in('1";
  for (std::size_t size = 0; size <= whole.size(); ++size)
    CHECK(truth_readings(as_bytes(whole.substr(0, size)), "a.py").size() <= 2);
}

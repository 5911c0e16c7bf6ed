#include "files/verification_patterns.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {
std::vector<VerificationHit> hits(std::string_view text, std::string_view path) {
  return verification_hits(as_bytes(text), path);
}
}  // namespace

TEST_CASE("verification switched off beside Redis is found with its line") {
  const auto found = hits(
      "const Redis = require('ioredis');\nnew Redis({ tls: { rejectUnauthorized : false } });\n",
      "a.js");
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 2);
  CHECK_FALSE(found[0].conditional);
  CHECK(hits("r = redis.Redis(ssl=True, ssl_cert_reqs=None)\n", "w.py").size() == 1);
  CHECK(hits("redis-cli --tls --insecure PING\n", "check.sh").size() == 1);
}

TEST_CASE("comments, docstrings and other connections are no hits") {
  CHECK(hits("// redis: rejectUnauthorized: false\n", "a.ts").empty());
  CHECK(hits("/* redis\n rejectUnauthorized: false */\n", "a.ts").empty());
  CHECK(hits("# redis ssl_cert_reqs=None\n", "a.py").empty());
  CHECK(hits("\"\"\"redis\nssl_cert_reqs=None\n\"\"\"\n", "a.py").empty());
  CHECK(hits("smtp({ tls: { rejectUnauthorized: false } })\n", "mail.js").empty());
  CHECK(hits("redis({ tls: { rejectUnauthorized: true } })\n", "a.js").empty());
  CHECK(hits("if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0') warn()\n", "a.js").empty());
}

TEST_CASE("a condition makes a hit conditional") {
  const auto found = hits(
      "if (process.env.NODE_ENV === 'development') {\n  redis.tls.rejectUnauthorized = false;\n}\n",
      "a.js");
  REQUIRE(found.size() == 1);
  CHECK(found[0].conditional);
}

TEST_CASE("tests and documents are told apart, and a host name check is seen") {
  CHECK(is_test_or_document("backend/tests/redis.js"));
  CHECK(is_test_or_document("docs/x.py"));
  CHECK_FALSE(is_test_or_document("backend/src/latest.js"));
  CHECK(is_source_file("a/b.py"));
  CHECK_FALSE(is_source_file("a/b.json"));
  CHECK(line_that_checks_host_names(as_bytes("x\nRedis(ssl_check_hostname = True)\n"), "a.py") ==
        2);
}

TEST_CASE("any cut of a source is searched without harm") {
  const std::string_view whole = "a = 'redis\\' /* \"\"\" # // `x\nssl_cert_reqs=None\\";
  for (std::size_t size = 0; size <= whole.size(); ++size)
    for (const std::string_view path : {"a.py", "a.js"})
      CHECK(hits(whole.substr(0, size), path).size() <= 1);
}

#include "collect/git/history.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "tests/support/check_story.h"
#include "tests/support/pki.h"
#include "tests/support/temporary_directory.h"
#include "x509/certificate.h"

using namespace rta;
using namespace rta::testing;
using Texts = std::vector<std::string>;

namespace {

std::string report(const std::string& as_of, const std::string& serial = "aa01") {
  return R"({"schema":"redis-tls-audit/report","version":"1.1","run":{"as_of":")" + as_of +
         R"("},"gate":{"outcome":"fail"},"targets":[
           {"key":"redis:6379","kind":"live","served_leaf":"d1","users_with_two_passwords":["backend"]},
           {"key":"rehearsal:redis.conf","kind":"rehearsal","served_leaf":"d2"},
           {"key":"other:6379","kind":"live","served_leaf":null,"users_with_two_passwords":null}],
         "certificates":[{"sha256":"d1","serial":")" +
         serial + R"(","spki_sha256":"f00d","not_before":"2026-09-01T00:00:00Z"}]})";
}

}  // namespace

TEST_CASE("a report tells what it saw at each live endpoint") {
  const auto scans = read_earlier_scan(report("2026-11-20T03:00:00Z"), "a.json");
  REQUIRE(scans.has_value());
  REQUIRE(scans->size() == 2);
  const EarlierScan& first = scans->at(0);
  CHECK(first.source == "a.json");
  CHECK(to_rfc3339(first.when) == "2026-11-20T03:00:00Z");
  CHECK(first.endpoint == "redis:6379");
  CHECK(first.serial == "aa01");
  CHECK(first.spki_sha256 == "f00d");
  CHECK(to_date(first.not_before) == "2026-09-01");
  CHECK(first.verdict == "fail");
  CHECK(first.users_with_two_passwords == Texts{"backend"});
  CHECK(scans->at(1).serial.empty());
  CHECK_FALSE(scans->at(1).users_with_two_passwords.has_value());
}

TEST_CASE("evidence that was collected earlier serves as well as a report") {
  const Issued leaf = make_server(make_authority());
  const std::string evidence =
      R"({"schema":"redis-tls-audit/evidence","version":"1.0","as_of":"2026-11-01T00:00:00Z",
          "endpoints":[{"key":"redis:6379","kind":"live",
            "chain":{"value":{"certificates":[")" +
      to_base64(leaf.der) +
      R"("]}},"redis":{"value":{"users":{"value":[{"name":"a","passwords":2},{"name":"b","passwords":1}]}}}}]})";
  const auto scans = read_earlier_scan(evidence, "e.json");
  REQUIRE(scans.has_value());
  REQUIRE(scans->size() == 1);
  const x509::Certificate certificate = *x509::parse_certificate(leaf.der);
  CHECK(scans->at(0).serial == certificate.serial);
  CHECK(scans->at(0).spki_sha256 == certificate.spki_sha256);
  CHECK(scans->at(0).users_with_two_passwords == Texts{"a"});
}

TEST_CASE("a scan without endpoints still shows that scans are made") {
  const auto scans = read_earlier_scan(
      R"({"schema":"redis-tls-audit/report","run":{"as_of":"2026-11-01T00:00:00Z"},"targets":[]})",
      "a");
  REQUIRE(scans.has_value());
  REQUIRE(scans->size() == 1);
  CHECK(scans->at(0).endpoint.empty());
}

TEST_CASE("whatever is no report is refused, cut off at any byte or nested without end") {
  const std::string whole = report("2026-11-20T03:00:00Z");
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(read_earlier_scan(whole.substr(0, size), "a").has_value());
  CHECK_FALSE(read_earlier_scan("[]", "a").has_value());
  CHECK_FALSE(read_earlier_scan(R"({"schema":"other"})", "a").has_value());
  CHECK_FALSE(read_earlier_scan(report("yesterday"), "a").has_value());
  CHECK_FALSE(read_earlier_scan(std::string(100'000, '['), "a").has_value());
  // Members of the wrong kind are as good as absent.
  CHECK(read_earlier_scan(
            R"({"schema":"redis-tls-audit/report","run":{"as_of":"2026-11-01T00:00:00Z"},
                "targets":[7,{"kind":"live","key":[]}],"certificates":{"a":1},"gate":null})",
            "a")
            .has_value());
}

TEST_CASE("a store is read in the order of time, without what is later than the audit") {
  const TemporaryDirectory store;
  store.write("2.json", report("2026-11-20T03:00:00Z", "bb"));
  store.write("1.json", report("2026-11-22T03:00:00Z", "cc"));
  store.write("3.json", report("2026-10-20T03:00:00Z", "aa"));
  store.write("4.json", report("2026-12-20T03:00:00Z", "later"));
  store.write("broken.json", "{");
  store.write("notes.txt", "not looked at");
  std::vector<Gap> notes;
  const auto history = read_history(store.path(), story_time(), notes);
  REQUIRE(history.has_value());
  Texts serials;
  for (const EarlierScan& scan : *history)
    if (scan.endpoint == "redis:6379") serials.push_back(scan.serial);
  CHECK(serials == Texts{"aa", "bb", "cc"});
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].detail == "--history: no report could be read from broken.json");
}

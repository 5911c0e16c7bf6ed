#include "x509/names.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::x509;

namespace {

Certificate with_names(std::vector<std::string> dns,
                       const std::vector<std::string>& addresses = {}) {
  Certificate certificate;
  AlternativeNames& names = certificate.alternative_names.emplace();
  names.dns = std::move(dns);
  for (const std::string& address : addresses) names.addresses.push_back(*parse_address(address));
  return certificate;
}

}  // namespace

TEST_CASE("a dNSName fits without regard to case and a final dot") {
  CHECK(dns_name_matches("Redis.Corp.Test", "redis.corp.test"));
  CHECK(dns_name_matches("redis.corp.test", "redis.corp.test."));
  CHECK(dns_name_matches("redis", "redis"));
  CHECK_FALSE(dns_name_matches("redis", "redis2"));
  CHECK_FALSE(dns_name_matches("", ""));
  CHECK_FALSE(dns_name_matches("redis.corp.test", "corp.test"));
}

TEST_CASE("a wildcard stands for one whole left-most label") {
  CHECK(dns_name_matches("*.corp.test", "cache.corp.test"));
  for (const auto& [presented, host] :
       std::vector<std::pair<std::string, std::string>>{{"*.corp.test", "a.b.corp.test"},
                                                        {"*.corp.test", "corp.test"},
                                                        {"*.corp.test", ".corp.test"},
                                                        {"*.test", "redis.test"},
                                                        {"*", "redis"},
                                                        {"r*.corp.test", "redis.corp.test"},
                                                        {"a.*.test", "a.b.test"},
                                                        {"*.*.test", "a.b.test"},
                                                        {"*.", "a."}})
    CHECK_FALSE(dns_name_matches(presented, host));
  CHECK(is_bad_wildcard("*.test"));
  CHECK(is_bad_wildcard("*"));
  CHECK(is_bad_wildcard("a.*.corp.test"));
  CHECK_FALSE(is_bad_wildcard("*.corp.test"));
  CHECK_FALSE(is_bad_wildcard("redis"));
}

TEST_CASE("a NUL in the certificate ends no comparison") {
  CHECK_FALSE(dns_name_matches(std::string_view("localhost\0evil", 14), "localhost"));
  CHECK(match_name(with_names({std::string("localhost\0evil", 14)}), "localhost") ==
        NameMatch::none);
}

TEST_CASE("addresses are compared with addresses, names with names") {
  const Certificate certificate = with_names({"127.0.0.1", "redis"}, {"10.0.0.1", "::1"});
  CHECK(match_name(certificate, "10.0.0.1") == NameMatch::exact);
  CHECK(match_name(certificate, "::1") == NameMatch::exact);
  CHECK(match_name(certificate, "[0:0:0:0:0:0:0:1]") == NameMatch::exact);
  CHECK(match_name(certificate, "127.0.0.1") == NameMatch::none);
  CHECK(match_name(certificate, "redis") == NameMatch::exact);
}

TEST_CASE("the common name never counts") {
  Certificate certificate;
  certificate.common_name = "redis";
  CHECK(match_name(certificate, "redis") == NameMatch::no_usable_names);
  CHECK(common_name_matches(certificate, "redis"));
  certificate.alternative_names.emplace().emails = {"redis@corp.test"};
  CHECK(match_name(certificate, "redis") == NameMatch::no_usable_names);
  certificate.alternative_names->dns = {"other"};
  CHECK(match_name(certificate, "redis") == NameMatch::none);
}

TEST_CASE("an exact name is told before a wildcard") {
  CHECK(match_name(with_names({"*.corp.test", "a.corp.test"}), "a.corp.test") == NameMatch::exact);
  CHECK(match_name(with_names({"*.corp.test"}), "a.corp.test") == NameMatch::wildcard);
}

TEST_CASE("label syntax") {
  CHECK(is_dns_syntax("redis-1.corp.test"));
  CHECK(is_dns_syntax("*.corp.test"));
  for (const std::string_view bad :
       {"", "a_b.test", "-a.test", "a-.test", "a..b", "a b", "*a.test"})
    CHECK_FALSE(is_dns_syntax(bad));
  CHECK_FALSE(is_dns_syntax(std::string(64, 'a') + ".test"));
}

TEST_CASE("names are shown escaped and cut") {
  const Certificate certificate = with_names({"a\x1b[0m", "b"}, {"10.0.0.1"});
  CHECK(names_text(certificate, 1) == "DNS:a\\x1b[0m and 2 more");
  CHECK(names_text(certificate) == "DNS:a\\x1b[0m, DNS:b, IP:10.0.0.1");
  CHECK(names_text(Certificate{}) == "no alternative names");
}

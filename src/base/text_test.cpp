#include "base/text.h"

#include <doctest/doctest.h>

using namespace rta;

TEST_CASE("printable text holds no control, bidi or broken bytes") {
  CHECK(printable("plain é 漢") == "plain é 漢");
  CHECK(printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(printable("tab\tline\nend\r") == "tab\\tline\\nend\\r");
  CHECK(printable("\xe2\x80\xae" "evil") == "\\u{202e}evil");
  CHECK(printable("bad \xff\xc0\xaf") == "bad \\xff\\xc0\\xaf");
  CHECK(printable(std::string_view{"nul\0x", 5}) == "nul\\x00x");
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");   // a surrogate is not UTF-8
}

TEST_CASE("printable text is cut at its limit with an ellipsis") {
  CHECK(printable("abcdef", 3) == "abc…");
  CHECK(printable("abc", 3) == "abc");
}

TEST_CASE("base64 and hex come back as they went, and refuse what is neither") {
  Bytes all;
  for (int i = 0; i < 256; ++i) {
    all.push_back(static_cast<std::uint8_t>(i));
    CHECK(from_base64(to_base64(all)) == all);
    CHECK(from_hex(to_hex(all)) == all);
  }
  CHECK_FALSE(from_base64("abc"));
  CHECK_FALSE(from_base64("a=bc"));
  CHECK_FALSE(from_base64("ab c"));
  CHECK_FALSE(from_hex("abc"));
  CHECK_FALSE(from_hex("zz"));
}

TEST_CASE("a typo finds its word and a stranger does not") {
  const std::vector<std::string> words{"hipaa", "development", "pci-dss-4"};
  CHECK(did_you_mean("hippa", words) == "hipaa");
  CHECK(did_you_mean("HIPAA", words) == "hipaa");
  CHECK(did_you_mean("developmnet", words) == "development");
  CHECK_FALSE(did_you_mean("zebra", words));
  CHECK(did_you_mean("devel", words) == "development");  // not written to its end
}

TEST_CASE("placeholders are known and real secrets are not") {
  CHECK(looks_like_placeholder_secret("YourSecurePassword"));
  CHECK(looks_like_placeholder_secret("<your password>"));
  CHECK_FALSE(looks_like_placeholder_secret("kT9vQ2mZr8Lw4XyB"));
  CHECK(looks_like_placeholder_path("/absolute/path/to/certs/ca.pem"));
  CHECK_FALSE(looks_like_placeholder_path("/etc/redis/tls/ca.pem"));
}

TEST_CASE("entropy estimates rank passwords as people would") {
  CHECK(estimated_entropy_bits("aaaaaaaaaaaaaaaaaaaa") < 20);
  CHECK(estimated_entropy_bits("abcdefghijklmnop") < 30);
  CHECK(estimated_entropy_bits("kT9vQ2mZr8Lw4XyB") > 60);
  CHECK(estimated_entropy_bits("") == 0);
}

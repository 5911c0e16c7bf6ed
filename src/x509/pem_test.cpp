#include "x509/pem.h"

#include <doctest/doctest.h>

#include "tests/support/pki.h"

using namespace rta;
using namespace rta::x509;

namespace {

constexpr std::string_view kBlock =
    "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";

PemText read(std::string_view text, std::size_t limit = 100) {
  return parse_pem(as_bytes(text), limit);
}

}  // namespace

TEST_CASE("blocks are read with their labels and lines") {
  const PemText text =
      read("Subject: x\n" + std::string{kBlock} + "\n-----BEGIN X-----\nREVG\n-----END X-----");
  REQUIRE(text.blocks.size() == 2);
  CHECK(text.blocks[0].label == "CERTIFICATE");
  CHECK(as_text(text.blocks[0].der) == "ABC");
  CHECK(text.blocks[0].line == 2);
  CHECK(text.blocks[1].label == "X");
  CHECK(as_text(text.blocks[1].der) == "DEF");
  CHECK(text.has_other_text);
  CHECK_FALSE(read(kBlock).has_other_text);
}

TEST_CASE("a byte order mark, CRLF and blanks do no harm") {
  const PemText text = read(
      "\xEF\xBB\xBF-----BEGIN CERTIFICATE-----\r\n  QU\r\n JD \r\n-----END CERTIFICATE-----\r\n");
  CHECK(text.has_byte_order_mark);
  REQUIRE(text.blocks.size() == 1);
  CHECK(as_text(text.blocks[0].der) == "ABC");
  CHECK_FALSE(text.has_other_text);
}

TEST_CASE("broken blocks are kept with what is wrong, and the good ones beside them are read") {
  const std::string good{kBlock};
  const auto problem = [&](const std::string& bad) {
    const PemText text = read(bad + good);
    REQUIRE(text.blocks.size() == 2);
    CHECK(text.blocks[1].problem.empty());
    return text.blocks[0].problem;
  };
  CHECK(problem("-----BEGIN A-----\nQUJD\n") == "no END line");
  CHECK(problem("-----BEGIN A-----\nQU!D\n-----END A-----\n") == "not base64");
  CHECK(problem("-----BEGIN A-----\n-----END A-----\n") == "empty");
  CHECK(problem("-----BEGIN A-----\nQUJD\n-----END B-----\n") == "END names another label");
  CHECK(read("-----BEGIN A-----").blocks[0].problem == "no END line");
}

TEST_CASE("encryption is seen in the label and in the headers") {
  CHECK(read("-----BEGIN ENCRYPTED PRIVATE KEY-----\nQUJD\n-----END ENCRYPTED PRIVATE KEY-----")
            .blocks[0]
            .encrypted);
  CHECK(read("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
             "AES-128-CBC,00\n\nQUJD\n"
             "-----END RSA PRIVATE KEY-----")
            .blocks[0]
            .encrypted);
  CHECK_FALSE(read(kBlock).blocks[0].encrypted);
}

TEST_CASE("ten thousand blocks are read, more than the limit are cut and told") {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += kBlock;
  CHECK(read(many, 20'000).blocks.size() == 10'000);
  const PemText cut = read(many, 10);
  CHECK(cut.blocks.size() == 10);
  CHECK(cut.is_cut);
}

TEST_CASE("every cut of a file gives at most its blocks, and only whole ones without a problem") {
  const std::string whole = std::string{kBlock} + std::string{kBlock};
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    const PemText text = read(std::string_view{whole}.substr(0, size));
    const auto sound = std::ranges::count_if(
        text.blocks, [](const PemBlock& block) { return block.problem.empty(); });
    CHECK(sound <= (size + 1 >= kBlock.size() ? 1 : 0));
  }
}

TEST_CASE("what the program writes, it reads") {
  const Bytes der = rta::testing::make_authority().der;
  CHECK(read(certificate_pem(der)).blocks[0].der == der);
  CHECK(is_private_key_label("RSA PRIVATE KEY"));
  CHECK_FALSE(is_private_key_label("PUBLIC KEY"));
}

#include "x509/chain.h"

#include <doctest/doctest.h>

#include "tests/support/check_story.h"
#include "tests/support/pki.h"

using namespace rta;
using namespace rta::x509;
using rta::testing::Issued;

namespace {

const Timestamp kNow = rta::testing::story_time();
using Chain = std::vector<Bytes>;

struct ThreeLevels {
  Issued root =
      rta::testing::make_self_signed(proper_ca("Corp Root", rta::testing::issued_at(), 3000, 1));
  Issued middle =
      rta::testing::make_issued(proper_ca("Corp Issuing", rta::testing::issued_at(), 2000), root);
  Issued leaf = rta::testing::make_server(middle);
};

ChainResult verify(const Chain& served, const Chain& anchors, bool strict = false,
                   bool partial = false) {
  return verify_chain({.served = served,
                       .anchors = anchors,
                       .at = kNow,
                       .strict = strict,
                       .partial_chain = partial});
}

}  // namespace

TEST_CASE("a chain up to its anchor is accepted, also strictly, and its path is told") {
  const ThreeLevels pki;
  const ChainResult result = verify({pki.leaf.der, pki.middle.der}, {pki.root.der}, true);
  CHECK(result.accepted);
  CHECK(result.text.empty());
  CHECK(result.path == Chain{pki.leaf.der, pki.middle.der, pki.root.der});
}

TEST_CASE("a missing intermediate, a foreign anchor and no anchor are refused in OpenSSL's words") {
  const ThreeLevels pki;
  const ChainResult missing = verify({pki.leaf.der}, {pki.root.der});
  CHECK_FALSE(missing.accepted);
  CHECK(missing.text == "unable to get local issuer certificate");
  CHECK(missing.depth == 0);
  CHECK_FALSE(
      verify({pki.leaf.der, pki.middle.der}, {rta::testing::make_authority("Other").der}).accepted);
  CHECK_FALSE(verify({pki.leaf.der, pki.middle.der, pki.root.der}, {}).accepted);
  CHECK_FALSE(verify({}, {pki.root.der}).accepted);
  CHECK_FALSE(verify({Bytes{1, 2, 3}}, {pki.root.der}).accepted);
}

TEST_CASE("an intermediate as only anchor is accepted by partial chains alone") {
  const ThreeLevels pki;
  CHECK_FALSE(verify({pki.leaf.der}, {pki.middle.der}).accepted);
  CHECK(verify({pki.leaf.der}, {pki.middle.der}, false, true).accepted);
}

TEST_CASE("the guide's CA is accepted, but not strictly") {
  const Issued ca = rta::testing::make_self_signed(guide_ca(rta::testing::issued_at()));
  const Issued leaf =
      rta::testing::make_issued(guide_leaf(rta::testing::issued_at(), "localhost", 1), ca);
  CHECK(verify({leaf.der, ca.der}, {ca.der}).accepted);
  const ChainResult strict = verify({leaf.der, ca.der}, {ca.der}, true);
  CHECK_FALSE(strict.accepted);
  CHECK(strict.text == "CA cert does not include key usage extension");
}

TEST_CASE("both ends of the validity are inside, to the second") {
  const Issued root = rta::testing::make_authority();
  const Issued leaf = rta::testing::make_server(root);
  const Certificate parsed = *parse_certificate(leaf.der);
  const Chain served{leaf.der}, anchors{root.der};
  const auto at = [&](Timestamp when) {
    return verify_chain({.served = served, .anchors = anchors, .at = when});
  };
  CHECK(at(parsed.not_before).accepted);
  CHECK(at(parsed.not_after).accepted);
  CHECK(at(parsed.not_after + std::chrono::seconds{1}).text == "certificate has expired");
  CHECK(at(parsed.not_before - std::chrono::seconds{1}).text == "certificate is not yet valid");
  CHECK(verify_chain({.served = served,
                      .anchors = anchors,
                      .at = kNow + std::chrono::days{9000},
                      .check_time = false})
            .accepted);
}

TEST_CASE("a client certificate is not a server's") {
  const Issued root = rta::testing::make_authority();
  const Issued client =
      rta::testing::make_issued(proper_client("worker", rta::testing::issued_at(), 90), root);
  const Chain served{client.der}, anchors{root.der};
  CHECK(verify(served, anchors).text == "unsuitable certificate purpose");
  CHECK(verify_chain(
            {.served = served, .anchors = anchors, .at = kNow, .purpose = ChainPurpose::tls_client})
            .accepted);
}

TEST_CASE("the shape of a chain: complete, root included, unordered, duplicates, strangers") {
  const ThreeLevels pki;
  const Bytes &leaf = pki.leaf.der, &middle = pki.middle.der, &root = pki.root.der;
  const Bytes stranger = rta::testing::make_authority("Other").der;

  const ChainShape good = shape_of(Chain{leaf, middle});
  CHECK_FALSE(good.complete);
  CHECK(good.missing_issuer == "CN=Corp Root");
  CHECK_FALSE((good.unordered || good.duplicates || good.root_included));
  CHECK(good.unrelated == 0);

  const ChainShape whole = shape_of(Chain{leaf, middle, root});
  CHECK(whole.root_included);
  CHECK(whole.complete);
  CHECK_FALSE(whole.unordered);

  CHECK(shape_of(Chain{leaf, root, middle}).unordered);
  const ChainShape twice = shape_of(Chain{leaf, middle, middle});
  CHECK(twice.duplicates);
  CHECK_FALSE(twice.unordered);
  CHECK(twice.unrelated == 0);
  CHECK(shape_of(Chain{leaf, middle, stranger}).unrelated == 1);
  CHECK(shape_of(Chain{leaf}).missing_issuer == "CN=Corp Issuing");
  const ChainShape alone = shape_of(Chain{root});
  CHECK(alone.complete);
  CHECK_FALSE(alone.root_included);
}

TEST_CASE("an issuer is who signed, not who has the name") {
  const Issued root = rta::testing::make_authority();
  const Issued impostor = rta::testing::make_authority();
  const Issued leaf = rta::testing::make_server(root);
  CHECK(was_issued_by(leaf.der, root.der));
  CHECK_FALSE(was_issued_by(leaf.der, impostor.der));
  CHECK_FALSE(was_issued_by(leaf.der, Bytes{1}));
}

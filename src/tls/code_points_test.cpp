#include "tls/code_points.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <set>

#include "base/free_with.h"
#include "tls/cipher_string.h"
#include "tls/dh_prime.h"

using namespace rta;
using namespace rta::tls;

namespace {

// What OpenSSL says of a suite, in our words.
KeyExchange key_exchange_of(const SSL_CIPHER* cipher) {
  switch (SSL_CIPHER_get_kx_nid(cipher)) {
    case NID_kx_any:
      return KeyExchange::any;
    case NID_kx_rsa:
      return KeyExchange::rsa;
    case NID_kx_ecdhe:
      return KeyExchange::ecdhe;
    case NID_kx_dhe:
      return KeyExchange::dhe;
    case NID_kx_psk:
      return KeyExchange::psk;
    case NID_kx_dhe_psk:
      return KeyExchange::dhe_psk;
    case NID_kx_ecdhe_psk:
      return KeyExchange::ecdhe_psk;
    case NID_kx_rsa_psk:
      return KeyExchange::rsa_psk;
    case NID_kx_srp:
      return KeyExchange::srp;
    default:
      return KeyExchange::gost;
  }
}

bool same_authentication(const SSL_CIPHER* cipher, Authentication ours) {
  switch (SSL_CIPHER_get_auth_nid(cipher)) {
    case NID_auth_any:
      return ours == Authentication::any;
    case NID_auth_rsa:
      return ours == Authentication::rsa || ours == Authentication::psk;
    case NID_auth_ecdsa:
      return ours == Authentication::ecdsa;
    case NID_auth_dss:
      return ours == Authentication::dss;
    case NID_auth_null:
      return ours == Authentication::none;
    case NID_auth_psk:
      return ours == Authentication::psk;
    case NID_auth_srp:
      return ours == Authentication::srp;
    default:
      return ours == Authentication::gost;
  }
}

}  // namespace

TEST_CASE("the table is sorted and every row has a name and a meaning") {
  const auto suites = all_suites();
  CHECK(std::ranges::is_sorted(suites, {}, &SuiteProperties::code));
  CHECK(std::ranges::is_sorted(all_groups(), {}, &GroupProperties::code));
  CHECK(std::ranges::is_sorted(all_signatures(), {}, &SignatureProperties::code));
  std::set<std::string_view> names;
  for (const SuiteProperties& suite : suites) {
    CHECK_MESSAGE(names.insert(suite.name).second, suite.name);
    CHECK((suite.bits > 0) == (suite.cipher != Cipher::null));
    CHECK(suite.is_aead() == (suite.mode == CipherMode::gcm || suite.mode == CipherMode::ccm ||
                              suite.mode == CipherMode::ccm8 ||
                              suite.mode == CipherMode::poly1305 ||
                              suite.mode == CipherMode::aead));
  }
  CHECK(std::ranges::count(suites, true, &SuiteProperties::registered) >= 345);
}

TEST_CASE(
    "OpenSSL agrees on name, key exchange, authentication, AEAD and bits of every suite it knows") {
  const std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>> context{SSL_CTX_new(TLS_server_method())};
  REQUIRE(SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0") == 1);
  const STACK_OF(SSL_CIPHER)* list = SSL_CTX_get_ciphers(context.get());
  REQUIRE(sk_SSL_CIPHER_num(list) > 100);
  for (int i = 0; i < sk_SSL_CIPHER_num(list); ++i) {
    const SSL_CIPHER* cipher = sk_SSL_CIPHER_value(list, i);
    const SuiteProperties* ours = find_suite(SSL_CIPHER_get_protocol_id(cipher));
    INFO(SSL_CIPHER_get_name(cipher));
    REQUIRE(ours != nullptr);
    CHECK(ours->name == SSL_CIPHER_standard_name(cipher));
    CHECK(ours->openssl_name == SSL_CIPHER_get_name(cipher));
    CHECK(ours->key_exchange == key_exchange_of(cipher));
    CHECK(same_authentication(cipher, ours->authentication));
    CHECK(ours->is_aead() == (SSL_CIPHER_is_aead(cipher) == 1));
    int bits = 0;
    SSL_CIPHER_get_bits(cipher, &bits);
    if (ours->cipher != Cipher::triple_des) CHECK(ours->bits == bits);
  }
}

TEST_CASE("the neutral order begins with the strongest suites and holds each once") {
  const std::vector<CipherSuite>& order = suites_in_neutral_order();
  CHECK(order.size() == all_suites().size());
  CHECK(std::set<CipherSuite>{order.begin(), order.end()}.size() == order.size());
  CHECK_FALSE(find_suite(order.front())->is_broken());
  CHECK(find_suite(order.back())->is_broken());
}

TEST_CASE("an unknown code point has its number for a name") {
  CHECK(suite_name(0x7A7B) == "0x7a7b");
  CHECK(group_name(0x11EC) == "X25519MLKEM768");
  CHECK(find_suite(0x00FF) == nullptr);
  CHECK(find_suite(0x5600) == nullptr);
}

TEST_CASE(
    "the guide's cipher string is DEFAULT in other words, 27 suites of which an RSA key can use "
    "20") {
  const auto guide = expand_cipher_string("DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL");
  const auto standard = expand_cipher_string("DEFAULT");
  REQUIRE(guide.has_value());
  REQUIRE(standard.has_value());
  const auto usable = [](const std::vector<CipherSuite>& suites) {
    return std::ranges::count_if(
        suites, [](CipherSuite suite) { return usable_with_key(suite, true, false); });
  };
  CHECK(usable(*guide) == 20);
  CHECK(usable(*standard) == 20);
  CHECK_FALSE(expand_cipher_string("NO-SUCH-CIPHER").has_value());
  CHECK_FALSE(expand_cipher_string(std::string(10'000, 'A')).has_value());
}

TEST_CASE("the shape of a cipher string is told from its words") {
  const CipherStringShape guide = shape_of_cipher_string("DEFAULT:!MEDIUM:!LOW:!aNULL:!eNULL");
  CHECK(guide.broad_keyword == "DEFAULT");
  CHECK(guide.enables_weak.empty());
  CHECK_FALSE(guide.security_level.has_value());
  const CipherStringShape weak = shape_of_cipher_string("ALL:eNULL:@SECLEVEL=0");
  CHECK(weak.security_level == 0);
  CHECK(weak.enables_weak == std::vector<std::string>{"ENULL"});
  CHECK(shape_of_cipher_string("ECDHE+AESGCM ECDHE+CHACHA20").broad_keyword.empty());
}

TEST_CASE("published primes are recognised, others are tested") {
  CHECK(facts_of_prime(Bytes{0x17}).bits == 5);
  CHECK_FALSE(facts_of_prime(Bytes{0x17}).composite);
  CHECK(facts_of_prime(Bytes{0x18}).composite);
  CHECK(facts_of_prime(Bytes{}).bits == 0);
  CHECK_FALSE(facts_of_prime(Bytes(1024, 0xFF)).checked);  // too large to test
}

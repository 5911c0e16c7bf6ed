#include "x509/weakness.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "x509/key.h"
#include "x509/openssl.h"

using namespace rta;
using namespace rta::x509;

namespace {

BignumHandle prime(int bits, const BIGNUM* at_least = nullptr) {
  BignumHandle number{BN_new()};
  if (at_least == nullptr) {
    BN_generate_prime_ex(number.get(), bits, 0, nullptr, nullptr, nullptr);
    return number;
  }
  BN_copy(number.get(), at_least);
  do BN_add_word(number.get(), 2);
  while (BN_check_prime(number.get(), nullptr, nullptr) != 1);
  return number;
}

Bytes product(const BignumHandle& one, const BignumHandle& other) {
  const BignumHandle n{BN_new()};
  BN_CTX* context = BN_CTX_new();
  BN_mul(n.get(), one.get(), other.get(), context);
  BN_CTX_free(context);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(n.get())));
  BN_bn2bin(n.get(), bytes.data());
  return bytes;
}

}  // namespace

TEST_CASE("neighbouring primes are factored, ordinary ones are not") {
  const BignumHandle p = prime(512);
  CHECK(is_fermat_factorable(product(p, prime(512, p.get()))));
  CHECK_FALSE(is_fermat_factorable(product(p, prime(512))));
  CHECK(modulus_weakness(product(p, p)).contains("close"));
}

TEST_CASE("a modulus that is a power of 65537 modulo every small prime has the ROCA shape") {
  const BignumHandle power{BN_new()};
  BN_set_word(power.get(), 1);
  BN_CTX* context = BN_CTX_new();
  const BignumHandle base{BN_new()};
  BN_set_word(base.get(), 65537);
  for (int i = 0; i < 41; ++i) BN_mul(power.get(), power.get(), base.get(), context);
  BN_CTX_free(context);
  Bytes modulus(static_cast<std::size_t>(BN_num_bytes(power.get())));
  BN_bn2bin(power.get(), modulus.data());
  CHECK(has_roca_shape(modulus));
  CHECK(modulus_weakness(modulus).contains("ROCA"));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(has_roca_shape(product(prime(512), prime(512))));
}

TEST_CASE("two moduli with a common prime are found, equal ones are no pair") {
  const BignumHandle shared = prime(256);
  const Bytes one = product(shared, prime(256));
  const Bytes other = product(shared, prime(256));
  const Bytes sound = product(prime(256), prime(256));
  const std::vector<Bytes> moduli{sound, one, other, sound};
  CHECK(sharing_a_prime(moduli) == std::vector<std::size_t>{1, 2});
  CHECK(modulus_weakness({}).empty());
}

TEST_CASE("tutorial subjects are known, real ones are not") {
  const auto telling = [](std::string type, std::string value) {
    return tutorial_subject({{type, value}});
  };
  CHECK(telling("O", "Organization") == "O=Organization");
  CHECK(telling("CN", "Redis-CA") == "CN=Redis-CA");
  CHECK(telling("O", "Internet Widgits Pty Ltd") == "O=Internet Widgits Pty Ltd");
  CHECK(telling("O", "Example Inc") == "O=Example Inc");
  CHECK(telling("CN", "test-ca") == "CN=test-ca");
  CHECK(telling("CN", "redis.corp.test").empty());
  CHECK(telling("O", "Contest Winners").empty());
  CHECK(telling("CN", "Corp Test Issuing 1").empty());
  CHECK(telling("O", "Organization for Health").empty());
  CHECK(telling("ST", "Ohio").empty());
}

#include "tls/dh_prime.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/free_with.h"
#include "tls/server_key_exchange.h"

namespace rta::tls {
namespace {

using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;

struct Published {
  const char* group;  // OpenSSL's name
  const char* name;
  PrimeOrigin origin;
};

constexpr std::array kPublished{
    Published{"ffdhe2048", "RFC 7919 ffdhe2048", PrimeOrigin::rfc7919},
    Published{"ffdhe3072", "RFC 7919 ffdhe3072", PrimeOrigin::rfc7919},
    Published{"ffdhe4096", "RFC 7919 ffdhe4096", PrimeOrigin::rfc7919},
    Published{"ffdhe6144", "RFC 7919 ffdhe6144", PrimeOrigin::rfc7919},
    Published{"ffdhe8192", "RFC 7919 ffdhe8192", PrimeOrigin::rfc7919},
    Published{"modp_1536", "RFC 3526 group 5 (1536 bits)", PrimeOrigin::rfc3526},
    Published{"modp_2048", "RFC 3526 group 14 (2048 bits)", PrimeOrigin::rfc3526},
    Published{"modp_3072", "RFC 3526 group 15 (3072 bits)", PrimeOrigin::rfc3526},
    Published{"modp_4096", "RFC 3526 group 16 (4096 bits)", PrimeOrigin::rfc3526},
    Published{"modp_6144", "RFC 3526 group 17 (6144 bits)", PrimeOrigin::rfc3526},
    Published{"modp_8192", "RFC 3526 group 18 (8192 bits)", PrimeOrigin::rfc3526},
    Published{"dh_1024_160", "RFC 5114 (1024 bits)", PrimeOrigin::known_weak},
};

Number prime_of_group(const char* group) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{
      EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr), EVP_PKEY_CTX_free};
  if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0) return nullptr;
  std::string name = group;
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, name.data(), 0),
      OSSL_PARAM_construct_end()};
  EVP_PKEY* raw = nullptr;
  std::array<OSSL_PARAM, 2> copy = parameters;
  if (EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_KEY_PARAMETERS, copy.data()) <= 0)
    return nullptr;
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{raw, EVP_PKEY_free};
  BIGNUM* prime = nullptr;
  EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_FFC_P, &prime);
  return Number{prime};
}

const Published* published(const BIGNUM* number, int bits) {
  static const std::array<Number, kPublished.size()> primes = [] {
    std::array<Number, kPublished.size()> made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = prime_of_group(kPublished[i].group);
    return made;
  }();
  static const Number oakley2{BN_get_rfc2409_prime_1024(nullptr)};
  static constexpr Published kOakley2{"", "RFC 2409 group 2 (1024 bits)", PrimeOrigin::known_weak};
  if (bits == 1024 && oakley2 && BN_cmp(number, oakley2.get()) == 0) return &kOakley2;
  for (std::size_t i = 0; i < primes.size(); ++i)
    if (primes[i] && BN_cmp(number, primes[i].get()) == 0) return &kPublished[i];
  return nullptr;
}

}  // namespace

PrimeFacts facts_of_prime(ByteView prime) {
  constexpr int kLargestTested = 4096;
  PrimeFacts facts;
  facts.bits = bit_length(prime);
  if (facts.bits == 0 || prime.size() > 65535) return facts;
  const Number number{BN_bin2bn(prime.data(), static_cast<int>(prime.size()), nullptr)};
  if (!number) return facts;
  if (const Published* known = published(number.get(), facts.bits)) {
    facts.origin = known->origin;
    facts.name = known->name;
    facts.checked = true;
  } else if (facts.bits <= kLargestTested) {
    const int verdict = BN_check_prime(number.get(), nullptr, nullptr);
    facts.checked = verdict >= 0;
    facts.composite = verdict == 0;
  }
  return facts;
}

}  // namespace rta::tls

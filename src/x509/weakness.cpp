#include "x509/weakness.h"

#include <array>
#include <set>

#include "base/text.h"
#include "x509/openssl.h"

namespace rta::x509 {
namespace {

using ContextHandle = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;

constexpr int kFermatSteps = 100;
constexpr std::size_t kComparedModuli = 500;

BignumHandle number_of(ByteView bytes) {
  return BignumHandle{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
}

// Residues that a power of 65537 can have modulo `prime`.
bool is_power_of_65537(unsigned long residue, unsigned long prime) {
  unsigned long power = 1;
  for (unsigned long i = 0; i < prime; ++i) {
    if (power == residue) return true;
    power = power * (65537UL % prime) % prime;
  }
  return false;
}

// floor(sqrt(n)) by Newton's method.
BignumHandle square_root(const BIGNUM* n, BN_CTX* context) {
  BignumHandle x{BN_new()};
  BN_set_bit(x.get(), (BN_num_bits(n) + 1) / 2);
  const BignumHandle next{BN_new()};
  for (int i = 0; i < 10'000; ++i) {
    BN_div(next.get(), nullptr, n, x.get(), context);
    BN_add(next.get(), next.get(), x.get());
    BN_rshift1(next.get(), next.get());
    if (BN_cmp(next.get(), x.get()) >= 0) return x;
    BN_copy(x.get(), next.get());
  }
  return x;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kTutorialParts{
    {{"O", "organization"},
     {"O", "organisation"},
     {"O", "internet widgits pty ltd"},
     {"O", "my company"},
     {"O", "company"},
     {"O", "acme"},
     {"O", "test"},
     {"O", "redis test"},
     {"O", "test organization"},
     {"O", "default company ltd"},
     {"O", "your organization"},
     {"L", "city"},
     {"L", "default city"},
     {"ST", "state"},
     {"ST", "some-state"},
     {"CN", "redis-ca"},
     {"CN", "test"},
     {"CN", "test ca"},
     {"CN", "test-ca"},
     {"CN", "my ca"},
     {"CN", "generic-cert"},
     {"CN", "certificate authority"}}};

// Words that make any part telling: "Example Inc". "Test" is none of them, for
// real companies have it in their names.
constexpr std::array<std::string_view, 3> kTutorialWords{"example", "snakeoil", "changeme"};

bool has_word(std::string_view value, std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  for (std::size_t at = value.find(word); at != std::string_view::npos;
       at = value.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_letter(value[at - 1])) && (end == value.size() || !is_letter(value[end])))
      return true;
  }
  return false;
}

}  // namespace

bool has_roca_shape(ByteView modulus) {
  const BignumHandle n = number_of(modulus);
  if (!n || BN_num_bits(n.get()) < 512) return false;
  for (unsigned long candidate = 3; candidate <= 167; candidate += 2) {
    bool is_prime = true;
    for (unsigned long divisor = 3; divisor * divisor <= candidate; divisor += 2)
      is_prime = is_prime && candidate % divisor != 0;
    if (is_prime && !is_power_of_65537(BN_mod_word(n.get(), candidate), candidate)) return false;
  }
  return true;
}

bool is_fermat_factorable(ByteView modulus) {
  const BignumHandle n = number_of(modulus);
  const ContextHandle context{BN_CTX_new()};
  if (!n || !context || BN_num_bits(n.get()) < 64 || BN_is_odd(n.get()) == 0) return false;
  const BignumHandle a = square_root(n.get(), context.get());
  const BignumHandle square{BN_new()};
  const BignumHandle rest{BN_new()};
  for (int step = 0; step <= kFermatSteps; ++step) {
    BN_sqr(square.get(), a.get(), context.get());
    BN_sub(rest.get(), square.get(), n.get());
    if (BN_is_negative(rest.get()) == 0) {
      if (BN_is_zero(rest.get()) == 1) return true;
      const BignumHandle root = square_root(rest.get(), context.get());
      BN_sqr(square.get(), root.get(), context.get());
      if (BN_cmp(square.get(), rest.get()) == 0) return true;
    }
    BN_add_word(a.get(), 1);
  }
  return false;
}

std::string modulus_weakness(ByteView modulus) {
  if (modulus.empty() || modulus.size() > 2048) return {};
  if (is_fermat_factorable(modulus)) return "its two primes are so close that anyone can find them";
  if (has_roca_shape(modulus))
    return "it has the shape of a key from Infineon's library (ROCA, CVE-2017-15361)";
  return {};
}

std::vector<std::size_t> sharing_a_prime(std::span<const Bytes> moduli) {
  const ContextHandle context{BN_CTX_new()};
  std::vector<BignumHandle> numbers;
  for (const Bytes& modulus : moduli.first(std::min(moduli.size(), kComparedModuli)))
    numbers.push_back(number_of(modulus));
  std::set<std::size_t> sharing;
  const BignumHandle divisor{BN_new()};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (std::size_t j = i + 1; j < numbers.size(); ++j) {
      if (BN_cmp(numbers[i].get(), numbers[j].get()) == 0)
        continue;  // the same key, not a weak one
      if (BN_gcd(divisor.get(), numbers[i].get(), numbers[j].get(), context.get()) != 1) continue;
      if (BN_num_bits(divisor.get()) < 64) continue;
      sharing.insert({i, j});
    }
  }
  return {sharing.begin(), sharing.end()};
}

std::string tutorial_subject(const std::vector<std::pair<std::string, std::string>>& parts) {
  for (const auto& [type, value] : parts) {
    const std::string lower = lower_ascii(value);
    for (const auto& [telling_type, telling] : kTutorialParts)
      if (type == telling_type && lower == telling) return type + "=" + printable(value, 60);
    // A host name below .test or .example is somebody's own choice.
    const bool is_host_name = type == "CN" && value.contains('.');
    if (is_host_name || (type != "O" && type != "OU" && type != "CN")) continue;
    for (const std::string_view word : kTutorialWords)
      if (has_word(lower, word)) return type + "=" + printable(value, 60);
  }
  return {};
}

}  // namespace rta::x509

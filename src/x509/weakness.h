// Keys and names that are known to be bad, told from certificates alone.
// Pure; every computation is bounded. Any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "x509/certificate.h"

namespace rta::x509 {

// The modulus has the shape of keys made by Infineon's library (ROCA,
// CVE-2017-15361); one random modulus in 2^27 has it too.
bool has_roca_shape(ByteView modulus);
// The primes lie so close that Fermat's method finds them (CVE-2022-26320).
bool is_fermat_factorable(ByteView modulus);
// Why this RSA modulus alone is unsafe; empty when nothing is known.
std::string modulus_weakness(ByteView modulus);
// Indices of moduli that share a prime with another, different one. At most
// the first 500 are compared.
std::vector<std::size_t> sharing_a_prime(std::span<const Bytes> moduli);

// A subject out of a tutorial or a default: "O=Organization", "Internet
// Widgits Pty Ltd", "Redis Test". Returns the telling part, "O=Organization",
// or empty.
std::string tutorial_subject(const std::vector<std::pair<std::string, std::string>>& parts);

}  // namespace rta::x509

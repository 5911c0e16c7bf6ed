// wipe() overwrites bytes that were secret, for good: a plain fill may be left
// out by a compiler that sees nobody read it again.
#pragma once

#include <openssl/crypto.h>

#include <cstdint>
#include <span>

namespace rta {

inline void wipe(std::span<std::uint8_t> bytes) {
  // Nothing at a null pointer is no argument for the C functions.
  if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace rta

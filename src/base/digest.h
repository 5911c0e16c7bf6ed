// SHA-256 and what is made of it. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace rta {

Bytes sha256(ByteView bytes);
std::string sha256_hex(ByteView bytes);
std::string sha256_hex(std::string_view text);

// SHA-256 of what comes in pieces. One thread.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view piece);
  [[nodiscard]] std::string hex() &&;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// RFC 9562 5.5 over our own namespace.
std::string uuid_v5(std::string_view name);

}  // namespace rta

// RogueRedis is four servers on 127.0.0.1, one for each certificate that a
// client ought to tell apart. Each answers TLS and plaintext on one port, and
// remembers which user tried to log in how: a client that sends its password
// has accepted what it saw. Its destructor ends all of them.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace rta::testing {

enum class Face {
  stranger,    // localhost, issued by a CA that nobody trusts
  other_name,  // other.example, issued by the right CA
  expired,     // localhost, the right CA, ended yesterday
  right,       // localhost and 127.0.0.1, the right CA
};
inline constexpr std::array kFaces{Face::stranger, Face::other_name, Face::expired, Face::right};
std::string_view name_of_face(Face face);

// What one user did at one face.
struct Login {
  bool in_plaintext = false;
  bool through_tls = false;
};

class RogueRedis {
 public:
  RogueRedis();
  ~RogueRedis();
  RogueRedis(const RogueRedis&) = delete;
  RogueRedis& operator=(const RogueRedis&) = delete;

  [[nodiscard]] std::uint16_t port(Face face) const;
  [[nodiscard]] const std::string& ca_pem() const;
  // Logins of the user "caseNx", by N and face.
  [[nodiscard]] std::map<std::pair<int, Face>, Login> logins() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rta::testing

// The attacks on TLS that have names, as far as they follow from one survey.
// Nothing is tried: what was accepted makes an attack possible, what was
// refused excludes it, and what stayed open leaves it open. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta::tls {

enum class Exposure { excluded, open, exposed };

struct NamedAttack {
  std::string_view name;  // "SWEET32"
  Exposure exposure = Exposure::open;
  std::string because;    // "64-bit blocks at TLS 1.2", "no such suite was accepted"
};

// All that are known here, in the order of their publication; nothing for a
// survey in which no version was accepted.
std::vector<NamedAttack> named_attacks(const TlsSurvey& survey);

}  // namespace rta::tls

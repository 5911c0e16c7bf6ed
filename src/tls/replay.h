// Reads a survey's claims again from the bytes that prove them: the recorded
// ServerHello, HelloRetryRequest, alert or ServerKeyExchange decides, not the
// field beside it. Used when recorded evidence is judged. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>
#include <vector>

namespace rta::tls {

// Corrects every claim that its bytes contradict or do not carry, and says for
// each what was wrong. A claim of absence without any refusal that covers it
// makes its inventory incomplete; it never becomes a presence.
std::vector<std::string> follow_the_bytes(TlsSurvey& survey);

}  // namespace rta::tls

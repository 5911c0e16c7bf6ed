// What one survey claims, held against what another one proved.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>

namespace rta::testing {

// Every claim of `seen` that `proven` contradicts, a line each; empty when there
// is none. An open answer contradicts nothing.
std::string contradictions(const TlsSurvey& proven, const TlsSurvey& seen);

// The survey claims nothing at all: no version, suite or group either way.
bool claims_nothing(const TlsSurvey& survey);

}  // namespace rta::testing

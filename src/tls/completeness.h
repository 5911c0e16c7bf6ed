// Whether a survey came to its end. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>

namespace rta::tls {

// The first part that stayed open, with its reason; empty when every version,
// suite and group was answered.
std::string why_open(const TlsSurvey& survey);

}  // namespace rta::tls

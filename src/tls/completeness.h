// Whether a survey came to its end. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/tls.h>

#include <string>
#include <string_view>

namespace rta::tls {

// The first part that stayed open, with its reason; empty when every version,
// suite and group was answered.
std::string why_open(const TlsSurvey& survey);

// Why a claim of TlsBehaviour ("heartbeat") has no value, by what was asked and
// answered; empty when it has one.
std::string why_not_seen(const TlsSurvey& survey, std::string_view claim);

}  // namespace rta::tls

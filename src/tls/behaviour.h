// What the hellos and flights of a survey tell beside versions and suites:
// extensions that were acknowledged, signatures, key reuse, DH parameters.
// Pure; any thread.
#pragma once

#include "tls/lane.h"

namespace rta::tls {

// Fills what follows from flights that were seen anyway.
void describe_flights(const std::vector<HandshakeAnswer>& flights, TlsSurvey& survey);

// The same public value twice is reuse; its absence is told only after three
// exchanges on one group or prime.
std::optional<bool> ephemeral_key_reused(const std::vector<HandshakeAnswer>& flights);

}  // namespace rta::tls

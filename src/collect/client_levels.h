// How far a consumer's own client verifies, by the rules of the library and
// version that the manifests of its folder name. Pure; any thread.
#pragma once

#include <redis_tls_audit/facts/consumer.h>

#include <string>

#include "collect/manifests.h"

namespace rta {

// What the client makes of each URL that it gets: library, level and refusal
// of `consumer`; the weakest URL counts. Nothing where no library is named.
void judge_client(Consumer& consumer, const std::string& directory, const Manifests& manifests);

// Spring Boot's client without a URL: its switch decides, and the trust store
// of the JVM verifies.
void judge_spring_client(Consumer& consumer);

}  // namespace rta

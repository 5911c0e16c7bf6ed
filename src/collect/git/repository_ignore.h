// ask_ignore_rules asks the rules of a checkout about the names of key
// material and secrets: those that the project's files name, those that lie in
// the tree, and usual ones that may come. For repository.cpp. One thread.
#pragma once

#include <redis_tls_audit/evidence.h>

#include "collect/git/repository_reading.h"

namespace rta {

// `repository.hits` are known already. Fills the verdicts, what is tracked
// although ignored, and the changes that git was told to hide.
void ask_ignore_rules(RepositoryReading& reading, const Evidence& evidence, Repository& repository);

}  // namespace rta

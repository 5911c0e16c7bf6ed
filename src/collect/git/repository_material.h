// find_repository_material searches a repository for key material wherever git
// keeps it or its checkout holds it: objects, indexes, submodules, work tree.
// For repository.cpp. One thread.
#pragma once

#include "collect/git/git_search.h"
#include "collect/git/repository_reading.h"

namespace rta {

// Fills hits, gaps, counts and whether the history is complete.
void find_repository_material(RepositoryReading& reading, const Progress& progress,
                              Repository& repository);

}  // namespace rta

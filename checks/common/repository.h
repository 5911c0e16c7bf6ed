// What all checks of version control share: whether the repository was read,
// and what a hit is called in a sentence.
#pragma once

#include <redis_tls_audit/check.h>

#include <string>

namespace rta::checks {

// The repository, or null after it said `unknown` (no checkout, or not readable).
const Repository* repository_or_unknown(const Evidence& evidence, Findings& findings);
// Says `unknown` when the index could not be read; true when it did.
bool index_is_unknown(const Repository& repository, const Evidence& evidence, Findings& findings);
// A place that git keeps and shares or can share; worktree files are not.
bool stands_in_git(const MaterialHit& hit);
// Only in this clone: reflog or unreachable.
bool stands_in_this_clone_only(const MaterialHit& hit);
std::string describe(Material material);
// Where the hit stands, in words: not all of a thousand tags.
std::string places_of(const MaterialHit& hit);
// A path of the tree, which may have any name, as one word of a shell's
// command line that somebody copies from a report.
std::string shell_word(std::string_view path);
// The command that makes the top .gitignore ignore this one path, whatever its
// name and whether or not the file ends with a line end.
std::string ignore_command(std::string_view path);
Subject subject_of(const MaterialHit& hit);  // its file, or the repository

}  // namespace rta::checks

// What the tests of the repository collector share: collecting a fixture, and
// asking what was found where.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "collect/collectors.h"
#include "tests/support/git_fixture.h"
#include "x509/issue.h"

namespace rta::testing {

inline Observation<Repository> collected(const GitFixture& fixture, Evidence evidence = {},
                                         std::vector<std::string> allowed = {}) {
  const ProjectFiles files = *ProjectFiles::open(fixture.root(), allowed);
  const ScanSettings settings;
  SecretVault vault;
  CollectContext context{settings, &files, vault, {}, [](const std::string&) {}};
  collect_repository(context, evidence);
  return evidence.repository;
}

inline std::string places(const Repository& repository, const std::string& path) {
  std::vector<std::string> all;
  for (const MaterialHit& hit : repository.hits)
    if (hit.path == path) all.insert(all.end(), hit.places.begin(), hit.places.end());
  return join(all, " ");
}

inline const x509::PrivateKey& a_key() {
  static const x509::PrivateKey made = *x509::PrivateKey::make_ec();
  return made;
}
inline std::string key_pem() { return std::string{a_key().pem().expose()}; }

inline bool has_gap(const Repository& repository, GapReason reason) {
  return std::ranges::any_of(repository.gaps, [&](const Gap& gap) { return gap.reason == reason; });
}

}  // namespace rta::testing

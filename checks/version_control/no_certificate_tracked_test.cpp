#include "checks/version_control/repository_story.h"

namespace rta::checks {
extern const Check version_control_no_certificate_tracked;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::version_control_no_certificate_tracked;
}

TEST_CASE("VCS-003: a repository without any passes") {
  CHECK(verdicts(check, repository_story()) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-003: a certificate of a local key, a request and a CA directory fail") {
  Evidence evidence = repository_story();
  add_hit(evidence, "server.pem", Material::certificate, {"index"}).pairs_with_local_key = true;
  add_hit(evidence, "server.csr", Material::certificate_request, {"index"});
  add_hit(evidence, "ca.srl", Material::certificate, {"index"}).detail = "CA directory";
  CHECK(verdicts(check, evidence) == Verdicts{{"file ca.srl", Status::fail},
                                              {"file server.csr", Status::fail},
                                              {"file server.pem", Status::fail}});
}

TEST_CASE("VCS-003: a public CA bundle warns under hipaa and passes in development") {
  Evidence evidence = repository_story();
  add_hit(evidence, "bundle.pem", Material::certificate, {"index"}).is_ca = true;
  CHECK(verdicts(check, evidence) == Verdicts{{"file bundle.pem", Status::warn}});
  CHECK(verdicts(check, evidence, profile("development")) ==
        Verdicts{{"file bundle.pem", Status::pass}});
}

TEST_CASE("VCS-003: certificates of the past and ignored ones do not fail") {
  Evidence evidence = repository_story();
  add_hit(evidence, "old.pem", Material::certificate, {"history"}).pairs_with_local_key = true;
  add_hit(evidence, "certs/server.pem", Material::certificate, {"worktree-ignored"});
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::pass}});
}

TEST_CASE("VCS-003: no checkout is unknown, and so is a repository that cannot be read") {
  Evidence evidence = story();
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Gap{GapReason::not_found, "the project has no .git", "use a checkout"};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
  evidence.repository = Repository{};
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

TEST_CASE("VCS-003: an unreadable index is unknown, never a pass") {
  Evidence evidence = repository_story();
  evidence.repository.value()->index_read = false;
  CHECK(verdicts(check, evidence) == Verdicts{{"repository .", Status::unknown}});
}

#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_source_keeps_verification;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_source_keeps_verification;
}  // namespace

namespace {

Evidence searched(std::vector<Artefact> artefacts = {}) {
  Evidence evidence = story();
  evidence.scope.collectors = {"source_code"};
  evidence.source_files_searched = 12;
  evidence.artefacts = std::move(artefacts);
  return evidence;
}

Artefact hit() {
  Artefact artefact;
  artefact.kind = ArtefactKind::source_code;
  artefact.purpose = Purpose::verification_off;
  artefact.location = {"backend/src/redis.js", 7, 0};
  artefact.summary = "rejectUnauthorized: false";
  return artefact;
}

Artefact clean_file() {
  Artefact artefact = hit();
  artefact.enabled = false;
  artefact.summary = "names Redis";
  return artefact;
}

const std::string kFile = "file backend/src/redis.js";

}  // namespace

TEST_CASE("an unconditional place fails, and warns in development") {
  CHECK(told(check, searched({hit()})) == one(kFile, Status::fail));
  CHECK(verdicts(check, searched({hit()}), profile("development")) == one(kFile, Status::warn));
}

TEST_CASE("the remedy is of the place's own language") {
  const auto remedy = [](const char* path, const char* summary) {
    Artefact place = hit();
    place.location.path = path;
    place.summary = summary;
    return findings(check, searched({place})).at(0).remediation;
  };
  CHECK(remedy("a.js", "rejectUnauthorized: false").find("readFileSync") != std::string::npos);
  CHECK(remedy("a.go", "InsecureSkipVerify: true").find("RootCAs") != std::string::npos);
  CHECK(remedy("a.py", "ssl_cert_reqs none").find("ssl_ca_certs") != std::string::npos);
  CHECK(remedy("a.rb", "verify_mode without verification").find("ca_file") != std::string::npos);
  CHECK(remedy("Procfile", "NODE_TLS_REJECT_UNAUTHORIZED set to 0").find("NODE_EXTRA_CA_CERTS") !=
        std::string::npos);
  CHECK(remedy("a.sh", "redis-cli --insecure").find("--cacert") != std::string::npos);
}

TEST_CASE("a condition or a test lowers it to a warning") {
  Artefact conditional = hit();
  conditional.conditional = true;
  CHECK(told(check, searched({conditional})) == one(kFile, Status::warn));
  Artefact test = hit();
  test.test_or_document = true;
  CHECK(findings(check, searched({test}))[0].severity == Severity::info);
}

TEST_CASE("another purpose is not this check's, and a clean search passes") {
  Artefact other = hit();
  other.purpose = Purpose::rotation;
  CHECK(told(check, searched({other, clean_file()})) == Verdicts{{"deployment", Status::pass}});
}

TEST_CASE("a search that met no code about Redis proves nothing") {
  CHECK(told(check, searched()) == Verdicts{{"deployment", Status::unknown}});
}

TEST_CASE("nothing searched is unknown, nothing to search does not apply") {
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
  Evidence empty = searched();
  empty.source_files_searched = 0;
  CHECK(told(check, empty) == Verdicts{{"deployment", Status::not_applicable}});
  // An application that is built here has its code here.
  ComposeService backend;
  backend.name = "backend";
  backend.build_context = "backend";
  empty.compose = Observation<ComposeProject>{ComposeProject{.services = {backend}}};
  CHECK(told(check, empty) == Verdicts{{"deployment", Status::unknown}});
}

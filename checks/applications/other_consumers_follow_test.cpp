#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_other_consumers_follow;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_other_consumers_follow;
}  // namespace

namespace {

const std::string kOther = "consumer admin@docker-compose.yml";

Evidence other(const std::string& text) {
  return consumer_story("admin", "docker-compose.yml", ConsumerRole::other, text);
}

Evidence template_with(const std::string& text) {
  Evidence evidence = consumer_story("backend", "backend/.env.example", ConsumerRole::other, text);
  evidence.consumers[0].template_file = true;
  return evidence;
}

const std::string kTemplate = "consumer backend@backend/.env.example";

}  // namespace

TEST_CASE("another consumer with TLS passes, in plaintext it fails in production only") {
  CHECK(told(check, other("REDIS_URL=rediss://h\n")) == one(kOther, Status::pass));
  Evidence plain = other("REDIS_URL=redis://h\n");
  CHECK(told(check, plain) == one(kOther, Status::warn));
  plain.consumers[0].dialect = "compose";
  CHECK(told(check, plain) == one(kOther, Status::fail));
  CHECK(verdicts(check, plain, profile("development")) == one(kOther, Status::warn));
}

TEST_CASE("a real secret beside plaintext fails; a password alone says nothing of transport") {
  CHECK(told(check, other("REDIS_HOST=h\nREDIS_PASSWORD=kV93hx0Rz\n")) ==
        one(kOther, Status::fail));
  CHECK(told(check, other("REDIS_PASSWORD=kV93hx0Rz\n")) == one(kOther, Status::unknown));
}

TEST_CASE("templates: safe passes, unsafe warns, a secret fails") {
  CHECK(told(check, template_with("REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=changeme\n")) ==
        one(kTemplate, Status::pass));
  CHECK(told(check, template_with("REDIS_TLS_VERIFY=false\n")) == one(kTemplate, Status::warn));
  CHECK(told(check, template_with("REDIS_TLS_ENABLED=true\nREDIS_PASSWORD=kV93hx0Rz\n")) ==
        one(kTemplate, Status::fail));
}

TEST_CASE("backend and worker are not judged here; without a project nothing is known") {
  CHECK(told(check, backend("REDIS_URL=redis://h\n")) ==
        Verdicts{{"deployment", Status::not_applicable}});
  Evidence nothing;
  CHECK(told(check, nothing) == Verdicts{{"deployment", Status::unknown}});
}

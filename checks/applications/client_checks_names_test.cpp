#include <doctest/doctest.h>

#include "checks/applications/consumer_stories.h"

namespace rta::checks {
extern const Check applications_client_checks_names;
}

using namespace rta;
using namespace rta::testing;

namespace {
const Check& check = checks::applications_client_checks_names;
}  // namespace

namespace {

Verdicts with_library(const std::string& library,
                      VerificationLevel level = VerificationLevel::unknown) {
  Evidence evidence = worker("REDIS_TLS_ENABLED=true\n");
  evidence.consumers[0].library = library;
  evidence.consumers[0].level = level;
  return told(check, evidence);
}

}  // namespace

TEST_CASE("clients that check the name pass") {
  for (const char* library : {"ioredis 5.3.2", "node-redis 4.6.7", "redis-py 6.1.0",
                              "redis-py >=6.0", "go-redis 9.5.1"}) {
    INFO(library);
    CHECK(with_library(library) == one(kWorker, Status::pass));
  }
}

TEST_CASE("redis-py before 6 fails when pinned, unless the name check is asked for") {
  CHECK(with_library("redis-py 4.3.4") == one(kWorker, Status::fail));
  CHECK(with_library("redis-py 5.2.1", VerificationLevel::tls_verified) ==
        one(kWorker, Status::pass));
}

TEST_CASE("open ranges and Celery warn") {
  CHECK(with_library("redis-py >=4.3") == one(kWorker, Status::warn));
  CHECK(with_library("celery 5.2.6") == one(kWorker, Status::warn));
}

TEST_CASE("unknown libraries are unknown, and without TLS nothing applies") {
  CHECK(with_library("") == one(kWorker, Status::unknown));
  CHECK(with_library("redis-py") == one(kWorker, Status::unknown));
  CHECK(with_library("mystery 1.0") == one(kWorker, Status::unknown));
  CHECK(told(check, worker("REDIS_HOST=h\n")) == one(kWorker, Status::not_applicable));
  CHECK(told(check, story()) == Verdicts{{"deployment", Status::unknown}});
}

// The rules of each client, one function a client; client_verdict.cpp chooses.
// For this room only.
#pragma once

#include "files/clients/client_form.h"
#include "files/clients/client_verdict.h"

namespace rta::files {

// Not before the version; an unknown version counts as a new one.
inline bool is_since(std::string_view version, std::string_view wanted) {
  return compare_versions(version, wanted) >= 0;
}

ClientJudgement judge_ioredis(const ClientForm& form, const ClientEnvironment& environment);
ClientJudgement judge_node_redis(const ClientForm& form, std::string_view version,
                                 const ClientEnvironment& environment);
ClientJudgement judge_redis_py(const ClientForm& form, std::string_view version);
// Each judges as its own settings name it; the driver is redis-py.
ClientJudgement judge_kombu(const ClientForm& form, std::string_view driver_version);
ClientJudgement judge_celery(const ClientForm& form, std::string_view driver_version);
ClientJudgement judge_go_redis(const ClientForm& form);
ClientJudgement judge_stack_exchange(const ClientForm& form);
ClientJudgement judge_lettuce(const ClientForm& form);
ClientJudgement judge_spring(const ClientForm& form);
ClientJudgement judge_jedis(const ClientForm& form);
ClientJudgement judge_redis_cli(const ClientForm& form);

}  // namespace rta::files

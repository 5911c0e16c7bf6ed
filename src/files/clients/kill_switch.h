// Node's switch against all verification, NODE_TLS_REJECT_UNAUTHORIZED=0, where
// programs are started and not written: package.json, Dockerfiles, Procfiles,
// Makefiles, units, manifests, pipelines. Env files and compose files have
// readers of their own. Pure; any thread.
#pragma once

#include <redis_tls_audit/bytes.h>

#include <string_view>
#include <vector>

#include "files/clients/verification_search.h"

namespace rta::files {

bool may_start_programs(std::string_view path);
std::vector<VerificationHit> find_kill_switches(ByteView bytes, std::string_view path);

}  // namespace rta::files

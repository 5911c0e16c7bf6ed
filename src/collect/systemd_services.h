// The redis-server commands of the project's systemd units.
#pragma once

#include <string>
#include <vector>

#include "collect/collector.h"
#include "files/artefacts/systemd_exec.h"

namespace rta {

struct RedisUnit {
  std::string path;  // of the unit, or of the drop-in that says what is started
  files::UnitCommand command;
};

std::vector<RedisUnit> find_redis_units(const ProjectFiles& files);

}  // namespace rta

// Where compose turns text into a boolean or a number before it looks at the
// schema, so that "${X}" and "yes" work there. Pure; any thread.
#pragma once

#include <redis_tls_audit/result.h>

#include "files/compose/tree_path.h"
#include "files/compose/yaml_tree.h"

namespace rta {

// An Error when compose refuses the text at this place.
Result<void> cast_compose_text(const TreePath& path, YamlNode& scalar);

}  // namespace rta

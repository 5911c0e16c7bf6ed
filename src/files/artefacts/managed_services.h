// What the readers of managed Redis share: each one's Artefacts carry their
// defects as "fail: ..." and "warn: ...". Included by files/artefacts only.
#pragma once

#include <string>
#include <vector>

#include "files/artefacts/artefact_text.h"

namespace rta::files {

// A Terraform resource that begins on line `i` of `lines`.
void read_terraform_block(std::vector<Artefact>& found, const std::vector<TextLine>& lines,
                          std::size_t i, const std::string& path);

}  // namespace rta::files

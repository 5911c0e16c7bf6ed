#include "reports/writer.h"

namespace rta {

std::string write_json(const Report&) { return "{}\n"; }

}  // namespace rta

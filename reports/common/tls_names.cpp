#include "reports/common/tls_names.h"

#include <fmt/format.h>

namespace rta::reports {

std::string suite_name(CipherSuite suite) { return fmt::format("0x{:04X}", suite); }
std::string group_name(NamedGroup group) { return fmt::format("0x{:04X}", group); }

}  // namespace rta::reports

#include "reports/writer.h"

namespace rta {

std::string write_text(const Report& report, const TextStyle&) {
  return report.gate.sentence + "\n" + report.result_line() + "\n";
}

}  // namespace rta

#include <fmt/format.h>
#include <redis_tls_audit/report.h>

namespace rta {

std::string ChecklistRow::label() const { return item == kItemS ? "S" : std::to_string(item); }

std::string Report::result_line() const {
  return fmt::format(
      "RESULT {} items={} pass={} warn={} fail={} manual={} unknown={} waived={} complete={} "
      "exit={}",
      name_of(gate.outcome), checklist.size(), items.pass, items.warn, items.fail, items.manual,
      items.unknown, items.waived, gate.complete, gate.exit_code);
}

}  // namespace rta

#include "base/gap_reason.h"

namespace rta {

GapReason gap_reason(ConnectionEnd end) {
  switch (end) {
    case ConnectionEnd::closed:
    case ConnectionEnd::reset:
      return GapReason::reset;
    case ConnectionEnd::refused:
      return GapReason::refused;
    case ConnectionEnd::unreachable:
      return GapReason::unreachable;
    case ConnectionEnd::too_much:
      return GapReason::too_large;
    case ConnectionEnd::timed_out:
    case ConnectionEnd::stopped:
      return GapReason::timed_out;
  }
  return GapReason::internal_error;
}

}  // namespace rta

#include "tls/completeness.h"

#include <fmt/format.h>

#include "tls/gate_lane.h"
#include "tls/survey_parts.h"

namespace rta::tls {

std::string why_open(const TlsSurvey& survey) {
  for (const VersionOffer& offer : survey.versions)
    if (offer.answer.answer == Answer::inconclusive)
      return fmt::format("{} stayed open: {}", name_of(offer.version), offer.answer.reason);
  // A gate ends where everything forbidden was asked, and --only where the
  // operator wanted it to.
  const auto incomplete = [](std::string_view what, const auto& inventories) {
    for (const auto& inventory : inventories)
      if (!inventory.complete && inventory.incomplete_reason != kOnlyForbidden &&
          inventory.incomplete_reason != kNotAskedFor)
        return fmt::format("the {} of {} are not complete: {}", what, name_of(inventory.version),
                           inventory.incomplete_reason);
    return std::string{};
  };
  std::string open = incomplete("suites", survey.suites);
  return open.empty() ? incomplete("groups", survey.groups) : open;
}

}  // namespace rta::tls

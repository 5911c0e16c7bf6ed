#include "tls/survey_parts.h"

#include <algorithm>

#include "base/text.h"

namespace rta::tls {
namespace {

// What the name of a part turns on; false when there is no such part.
bool turn_on(std::string_view name, SurveyParts& parts) {
  if (name == "versions") return true;
  if (name == "behaviour") parts.behaviour = true;
  if (name == "behaviour" || name == "groups") parts.groups = true;
  if (name == "behaviour" || name == "groups" || name == "suites") return parts.suites = true;
  if (name == "certificates") return parts.certificates = true;
  if (name == "sessions") return parts.sessions = true;
  return false;
}

}  // namespace

Result<SurveyParts> parse_survey_parts(std::string_view list) {
  SurveyParts parts{false, false, false, false, false};
  for (const std::string_view name : split(list, ','))
    if (!turn_on(trim(name), parts))
      return Error{"there is no part \"" + printable(trim(name), 40) + "\"", "--only",
                   "versions, suites, groups, behaviour, certificates, sessions"};
  return parts;
}

}  // namespace rta::tls

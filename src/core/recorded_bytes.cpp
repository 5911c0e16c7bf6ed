#include "core/recorded_bytes.h"

#include <fmt/format.h>

#include "tls/replay.h"

namespace rta {

void follow_recorded_bytes(Evidence& evidence) {
  for (Endpoint& endpoint : evidence.endpoints) {
    const TlsSurvey* recorded = endpoint.tls.value();
    if (recorded == nullptr) continue;
    TlsSurvey survey = *recorded;
    const std::vector<std::string> notes = tls::follow_the_bytes(survey);
    if (notes.empty()) continue;
    endpoint.tls = {std::move(survey), endpoint.tls.provenance()};
    for (const std::string& note : notes)
      evidence.scope.notes.push_back(
          {GapReason::malformed,
           fmt::format("{}: the recorded evidence disagrees with its own bytes ({})", endpoint.key,
                       note),
           "collect the evidence again; what the bytes say was judged"});
  }
}

}  // namespace rta

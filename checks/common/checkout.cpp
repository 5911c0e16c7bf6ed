#include "checks/common/checkout.h"

#include <fmt/format.h>

#include "base/text.h"

namespace rta::checks {
namespace {

constexpr const char* kRemedy = "scan the running server with --target";

}  // namespace

bool is_left_out(const Evidence& evidence, const NamedFile& file) {
  const Gap* gap = file.file.gap();
  if (!evidence.scope.ci || gap == nullptr || file.placeholder) return false;
  return gap->reason == GapReason::left_out ||
         (gap->reason == GapReason::not_found && !file.path.starts_with('/'));
}

Gap left_out(const NamedFile& file) {
  if (const Gap* gap = file.file.gap(); gap != nullptr && gap->reason == GapReason::left_out)
    return *gap;
  return {GapReason::not_found,
          fmt::format("{} is not in the checkout, and no ignore rule of the project keeps it out",
                      printable(file.declared, 200)),
          "ignore it where it is made elsewhere, or write its right path"};
}

Gap stand_in_gap(const Evidence& evidence, const Endpoint& endpoint) {
  std::string why = "its certificate or its key is not in the checkout";
  GapReason reason = GapReason::not_found;
  for (const NamedFile& named : evidence.named_files)
    if (named.reference.by == endpoint.rehearsed_source && named.file.gap() != nullptr &&
        (named.reference.use == FileUse::server_certificate ||
         named.reference.use == FileUse::server_key)) {
      why = named.file.gap()->detail;
      reason = named.file.gap()->reason;
      break;
    }
  return {reason,
          fmt::format("{} served a stand-in made for the rehearsal, which is not judged: {}",
                      endpoint.key, why),
          kRemedy};
}

void say_stand_ins(const Evidence& evidence, Findings& findings) {
  for (const Endpoint& endpoint : evidence.endpoints)
    if (endpoint.kind == EndpointKind::rehearsal && endpoint.stand_in_certificate)
      findings.unknown(Subject::endpoint(endpoint.key), stand_in_gap(evidence, endpoint));
}

}  // namespace rta::checks

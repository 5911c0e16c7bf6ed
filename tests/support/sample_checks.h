// Checks that sample reports speak of: enough of the catalogue to fill every
// part of a report. They judge nothing.
#pragma once

#include <redis_tls_audit/check.h>

#include <span>
#include <string_view>

namespace rta::testing {

struct SampleCheck {
  std::string_view name;
  Check check;
};

std::span<const SampleCheck> sample_checks();
const SampleCheck& sample_check(std::string_view code);

}  // namespace rta::testing

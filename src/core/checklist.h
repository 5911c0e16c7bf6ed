// The checklist itself: the guide's twelve items and S, the supporting
// safeguards, with the checks that decide each. Constant data.
#pragma once

#include <span>
#include <string_view>

namespace rta {

struct ChecklistItem {
  int number = 0;                                  // 13 = S
  std::string_view title;                          // the guide's words
  std::string_view hipaa;                          // paragraphs of 45 CFR 164
  std::span<const std::string_view> core;          // codes of the checks that decide it
  std::span<const std::string_view> attestations;  // kinds that complete it
};

// Thirteen items in order.
std::span<const ChecklistItem> checklist_items();

}  // namespace rta

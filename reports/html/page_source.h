// The page's style sheet and template as embedded by the build: style.css,
// and template/*.tpl joined in the order of their names.
#pragma once

#include <string_view>

namespace rta::reports {

std::string_view page_style();
std::string_view page_body();

}  // namespace rta::reports

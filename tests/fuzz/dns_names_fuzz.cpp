// Presented name and host, parted by the first line feed.
#include "base/text.h"
#include "x509/names.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta::x509;
  const std::string_view text = rta::as_text({data, size});
  const std::size_t end = text.find('\n');
  const std::string_view presented = text.substr(0, end);
  const std::string_view host = end == std::string_view::npos ? "" : text.substr(end + 1);
  const bool matched = dns_name_matches(presented, host);
  if (matched && (is_bad_wildcard(presented) || presented.contains('\0') || host.empty()))
    std::abort();
  is_dns_syntax(presented);
  parse_address(host);
  return 0;
}

// Rules, a byte 0xFF, then a path: any of them may be anything.
#include "files/git/gitignore.h"

#include <redis_tls_audit/bytes.h>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = rta::as_text({data, size});
  const std::size_t end = std::min(input.find('\xFF'), input.size());
  const std::string rules{input.substr(0, end)};
  for (const bool fold_case : {false, true}) {
    rta::files::GitIgnore ignore{[&](const std::string& path) -> std::optional<std::string> {
                                   if (path.size() > 40) return std::nullopt;
                                   return rules;
                                 },
                                 fold_case};
    static_cast<void>(ignore.ask(end < input.size() ? input.substr(end + 1) : "certs/redis/k.pem"));
  }
  return 0;
}
